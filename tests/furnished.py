"""The demonstration as a desk has it: everybody has a password, and a neighbour keeps a book beside it.

It is made once for a run and each kind of database, and copied for whoever asks.
"""

import json
import secrets
from csv import DictWriter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from registry.alarms.queries import alarms
from registry.documents.rules import Order
from registry.documents.service import document_for, issue, kept_bytes, order_batch, pdf_of, read_batch
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user, password_hash, set_password
from registry.jobs.tasks import TASKS
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import AlarmCode, DocumentKind, Role, UploadKind
from registry.minerals.queries import catalogue
from registry.output.rules import read_output
from registry.output.service import record
from registry.plans.queries import documents
from registry.plans.rules import read_amendment
from registry.plans.service import enter_amendment, keep_scan
from registry.platform import jobs
from registry.platform.db import connect, transaction
from registry.settings import settings
from registry.workflows.import_rights import import_rights
from registry.workflows.uploads import Order as Upload
from registry.workflows.uploads import place, take_in
from seed.play import ACCOUNTS
from tests.databases import ROOT, Database, once

HOME, NEIGHBOUR = "500240", "500230"
NEIGHBOURS: dict[str, Role] = {"linxian": Role.clerk, "linxianshenhe": Role.reviewer}
NEIGHBOURS_RIGHT = "500230-2020-0001"
_RIGHT = {
    "right_no": NEIGHBOURS_RIGHT, "permit_no": f"示例-{NEIGHBOURS_RIGHT}", "permit_from": "2020-01-01",
    "permit_to": "2029-12-31", "holder": "示例邻县建材有限公司", "mine": "示例邻县采石场",
    "region": NEIGHBOUR, "mineral": "建筑石料用灰岩", "kind": "采矿权", "scale": "30",
    "scale_unit": "万吨/年", "method": "露天开采", "valid_from": "2020-01-01", "valid_to": "2029-12-31",
    "authority": "示例", "state": "生产@2020-06-01",
}  # fmt: skip
_TOLD = {
    "right_no": "SZ-2016-0008", "mineral": "建筑用砂岩", "period": "2025-12", "quantity": "10240",
    "unit": "m³", "lost": "298", "lost_unit": "m³",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Furnished:
    """A copy of the furnished demonstration: `ids` are the public ids of what was put in, by what it is."""

    url: str
    passwords: dict[str, str]
    ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Making:
    """The demonstration while it is furnished."""

    engine: Engine
    folder: Path
    passwords: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def furnished(database: Database) -> Furnished:
    """Return a copy of its own for whoever asks; kept files lie where all of the run lie, by their hash."""
    with once(database.folder, f"furnished-{database.kind}") as answer:
        if not answer.exists():
            answer.write_text(json.dumps(_make(database)))
        made = json.loads(answer.read_text())
    return Furnished(database.create(made["template"]), made["passwords"], made["ids"])


def _make(database: Database) -> dict[str, object]:
    made = Making(connect(database.demonstration()), database.folder)
    for step in (_accounts, _neighbours_book, _papers, _batch, _amendment, _alarms, _imports):
        step(made)
    made.engine.dispose()
    return {"template": made.engine.url.database, "passwords": made.passwords, "ids": made.ids}


def _accounts(made: Making) -> None:
    """Give everybody one password of this run; hashing takes long on purpose, so it is hashed once."""
    password = secrets.token_urlsafe(18)
    hashed = password_hash(password, "nobody")
    with transaction(made.engine) as session:
        for name, role in NEIGHBOURS.items():
            add_user(session, SYSTEM, name, role, NEIGHBOUR)
        for name in (*(name for name, *_ in ACCOUNTS), *NEIGHBOURS):
            set_password(session, SYSTEM, name, hashed)
            made.passwords[name] = password


def _neighbours_book(made: Making) -> None:
    """Enter one right of the neighbour and one return of it."""
    report = import_rights(made.engine, _sheet(made, [_RIGHT]), "linxian").public()
    assert not report["rejected"], report
    fields = {"right_no": NEIGHBOURS_RIGHT, "mineral": "建筑石料用灰岩", "period": "2025-11"}
    with transaction(made.engine) as session:
        command = read_output(fields | {"quantity": "2.5", "unit": "万吨"})
        record(session, actor_named(session, "linxian"), command)


def _amendment(made: Making) -> None:
    """Let the clerk enter an amendment, with a scan, that waits for its second person."""
    source = read_yaml((ROOT / "seed/examples/amendment.yaml").read_bytes())
    with transaction(made.engine) as session:
        [plan] = documents(session, {HOME})
        actor, command = actor_named(session, "jingban"), read_amendment(source, catalogue(session))
        scan = keep_scan(settings().files_dir, kept_bytes(document_for(session, actor, made.ids["document"])))
        document = enter_amendment(session, actor, command, scan)
        made.ids.update({"plan": str(plan.id), "amendment": str(document.id)})


def _papers(made: Making) -> None:
    """Print a permit, the county's table of caps and its yearly report, which nobody lays out here."""
    for kind, subject, year in (
        (DocumentKind.permit, "示例-SZ-2015-0001", None), (DocumentKind.cap_table, HOME, 2025),
    ):  # fmt: skip
        made.ids["document"] = issue(made.engine, Order(kind, subject, year), "jingban", pdf_of)
    report = Order(DocumentKind.municipal, HOME, 2025, "快报")
    made.ids["report"] = issue(made.engine, report, "jingban", lambda _sheet: "%PDF-1.7 示例".encode())


def _batch(made: Making) -> None:
    """Order the permits of one mine as a batch: the one that is printed already."""
    with transaction(made.engine) as session:
        actor = actor_named(session, "jingban")
        job = order_batch(session, actor, read_batch(session, actor, "permit", "", {"q": "SZ-2015-0001"}))
    jobs.run(made.engine, job.id or 0, TASKS[job.kind])
    made.ids["batch"] = str(job.id)


def _alarms(made: Making) -> None:
    """Find the alarms of the cap that was passed and of days: their numbers differ by database."""
    with transaction(made.engine) as session:
        passed = [one for one in alarms(session, {HOME}) if one.code is AlarmCode.cap_exceeded]
        for name, mineral in (("alarm", "建筑石料用灰岩"), ("alarm-of-days", "地热")):
            made.ids[name] = str(
                next(one.id for one in passed if one.mineral == mineral and one.right is None)
            )


def _imports(made: Making) -> None:
    """Upload a sheet with a row that is there already and two that nobody can read."""
    rows = [_TOLD, _TOLD | {"quantity": "很多"}, _TOLD | {"right_no": "SZ-1900-0001"}]
    upload = Upload(UploadKind.returns, "示例-12月报表.csv", _sheet(made, rows).read_bytes())
    with transaction(made.engine) as session:
        actor = actor_named(session, "jingban")
        taken = take_in(actor, upload, settings().files_dir)
        job = place(session, actor, upload, taken, None)
    jobs.run(made.engine, job.id or 0, TASKS[job.kind])
    made.ids.update({"import": str(job.id), "job": str(job.id)})


def _sheet(made: Making, rows: list[dict[str, str]]) -> Path:
    """Write a sheet whose header is that of its first row."""
    path = made.folder / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = DictWriter(stream, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
    return path
