"""`registry init`: brings the database to the newest migration and loads the catalogue."""

from pathlib import Path

import typer

from registry.cli.common import engine
from registry.platform.db import transaction
from seed.catalogue import load_catalogue

_ROOT = Path(__file__).resolve().parent.parent.parent


def init() -> None:
    """Create the database, or bring it to the newest migration; then load the catalogue."""
    changed = prepare()
    typer.echo("数据库已就绪" + ("，目录已更新" if changed else ""))


def prepare() -> bool:
    """Migrate and load the catalogue; repeating it changes nothing. Tell whether the catalogue was new."""
    _migrate()
    with transaction(engine()) as session:
        return load_catalogue(session)


def _migrate() -> None:
    from alembic import command
    from alembic.config import Config

    with engine().connect() as connection:
        config = Config(_ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
