"""The demonstration as a desk has it: everybody has a password, and a neighbour keeps a book beside it.

It is made once for a run and each kind of database, and copied for whoever asks.
"""

import json
import secrets
import shutil
from collections.abc import Callable
from csv import DictWriter
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user, password_hash, set_password
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import Role
from registry.minerals.queries import catalogue
from registry.output.rules import read_output
from registry.output.service import record
from registry.plans.rules import read_amendment
from registry.plans.service import enter_amendment
from registry.platform.db import connect, transaction
from registry.workflows.import_rights import import_rights
from seed.play import ACCOUNTS
from tests.databases import ROOT, Database, once

HOME, NEIGHBOUR, CITY = "500240", "500230", "500000"
NEIGHBOURS: dict[str, Role] = {"linxian": Role.clerk, "linxianshenhe": Role.reviewer}
NEIGHBOURS_RIGHT = "500230-2020-0001"


@dataclass(frozen=True, slots=True)
class Furnished:
    """A copy of the furnished demonstration."""

    url: str
    files: Path
    passwords: dict[str, str]


def furnished(database: Database, folder: Path) -> Furnished:
    """Return a copy of its own for whoever asks; the kept files go below `folder`."""
    with once(database.folder, f"furnished-{database.kind}") as answer:
        if not answer.exists():
            answer.write_text(json.dumps(_make(database, database.folder / f"files-{database.kind}")))
        made = json.loads(answer.read_text())
    files = folder / f"files-{uuid4().hex}"
    shutil.copytree(made["files"], files)
    return Furnished(database.create(made["template"]), files, made["passwords"])


def _make(database: Database, files: Path) -> dict[str, object]:
    files.mkdir()
    url = database.demonstration()
    engine = connect(url)
    passwords: dict[str, str] = {}
    for step in _STEPS:
        step(engine, files, passwords)
    engine.dispose()
    return {"template": engine.url.database, "files": str(files), "passwords": passwords}


def _accounts(engine: Engine, _files: Path, passwords: dict[str, str]) -> None:
    """Give everybody one password of this run; hashing takes long on purpose, so it is hashed once."""
    password = secrets.token_urlsafe(18)
    hashed = password_hash(password, "nobody")
    with transaction(engine) as session:
        for name, role in NEIGHBOURS.items():
            add_user(session, SYSTEM, name, role, NEIGHBOUR)
        for name in (*(name for name, *_ in ACCOUNTS), *NEIGHBOURS):
            set_password(session, SYSTEM, name, hashed)
            passwords[name] = password


def _neighbours_book(engine: Engine, files: Path, _passwords: dict[str, str]) -> None:
    """Enter one right of the neighbour and one return of it."""
    sheet = files / "rights.csv"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        lines = DictWriter(stream, _RIGHT)
        lines.writeheader()
        lines.writerow(_RIGHT)
    report = import_rights(engine, sheet, "linxian").public()
    sheet.unlink()
    assert not report["rejected"], report
    fields = {"right_no": NEIGHBOURS_RIGHT, "mineral": "建筑石料用灰岩", "period": "2025-11"}
    with transaction(engine) as session:
        command = read_output(fields | {"quantity": "2.5", "unit": "万吨"})
        record(session, actor_named(session, "linxian"), command)


def _amendment(engine: Engine, _files: Path, _passwords: dict[str, str]) -> None:
    """Let the clerk enter an amendment that waits for its second person."""
    source = read_yaml((ROOT / "seed/examples/amendment.yaml").read_bytes())
    with transaction(engine) as session:
        enter_amendment(
            session, actor_named(session, "jingban"), read_amendment(source, catalogue(session)), None
        )


_RIGHT = {
    "right_no": NEIGHBOURS_RIGHT, "permit_no": f"示例-{NEIGHBOURS_RIGHT}", "permit_from": "2020-01-01",
    "permit_to": "2029-12-31", "holder": "示例邻县建材有限公司", "mine": "示例邻县采石场",
    "region": NEIGHBOUR, "mineral": "建筑石料用灰岩", "kind": "采矿权", "scale": "30",
    "scale_unit": "万吨/年", "method": "露天开采", "valid_from": "2020-01-01", "valid_to": "2029-12-31",
    "authority": "示例", "state": "生产@2020-06-01",
}  # fmt: skip
_STEPS: tuple[Callable[[Engine, Path, dict[str, str]], None], ...] = (_accounts, _neighbours_book, _amendment)
