"""The environment read into one frozen Settings object."""

import os
from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

DEMONSTRATION_KEY = "demonstration-key-for-loopback-only"


class Settings(BaseSettings):
    """What an installation may set; every name is read from REGISTRY_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", frozen=True)

    database_url: str = "sqlite:///var/registry.db"
    files_dir: Path = Path("var/files")
    fonts_dir: Path = Path(__file__).resolve().parent.parent / ".assets" / "fonts"
    secret_key: str = DEMONSTRATION_KEY
    public_url: str = "http://127.0.0.1:8000"
    today: str | None = None


def announce(address: str) -> None:
    """Let links and prints name the address at which pages are served, unless the installation names one.

    What is started from here inherits it.
    """
    if "public_url" not in settings().model_fields_set and settings().public_url != address:
        os.environ["REGISTRY_PUBLIC_URL"] = address
        settings.cache_clear()


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
