"""The environment read into one frozen Settings object."""

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


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
