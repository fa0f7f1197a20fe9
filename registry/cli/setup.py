"""`registry init`: brings the database to the newest migration and loads the catalogue."""

import typer

from registry.cli.common import opened as engine
from registry.platform.db import transaction
from registry.platform.migrations import alone, migrate
from seed.catalogue import load_catalogue


def init() -> None:
    """Create the database, or bring it to the newest migration; then load the catalogue."""
    changed = prepare()
    where = engine().url.render_as_string(hide_password=True)
    typer.echo(f"数据库已就绪：{where}" + ("，目录已更新" if changed else ""))


def prepare() -> bool:
    """Migrate and load the catalogue; repeating it changes nothing. Tell whether the catalogue was new."""
    with alone(engine()):
        migrate(engine())
        with transaction(engine()) as session:
            return load_catalogue(session)
