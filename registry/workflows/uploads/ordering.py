"""Takes an uploaded table in: what cannot be read as a whole is refused at once, the rest becomes a job."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from registry.identity.queries import require_anywhere
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import UploadKind
from registry.output.queries import newest_revision
from registry.output.rules import read_reason
from registry.output.service.importing import Report as ReturnReport
from registry.platform import files, jobs
from registry.platform.jobs import Job
from registry.platform.tables import Row, rows_of
from registry.registration.importing import Report as RightReport
from registry.registration.importing import check_header
from registry.workflows import import_returns, import_rights
from registry.workflows.uploads.placing import PERMISSION, named_in, regions_of

MOST_BYTES = 10 * 2**20
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Order:
    """One uploaded table and what shall be done with it."""

    kind: UploadKind
    name: str
    content: bytes
    dry_run: bool = False
    correct: bool = False
    reason: str = ""
    mark: int | None = None  # the newest revision at the trial run whose table this is

    @property
    def shown_name(self) -> str:
        """The name of the file without a path and without signs that cannot be seen; only ever shown."""
        last = self.name.replace("\\", "/").rsplit("/", 1)[-1]
        return "".join(sign for sign in last if sign.isprintable()).strip()[-_LONGEST_NAME:] or "file"


@dataclass(frozen=True, slots=True)
class Taken:
    """A table that was taken in: the SHA-256 of its bytes, and what its rows say of where they belong.

    Rows of returns name rights, rows of rights name regions.
    """

    digest: str
    names: frozenset[str]


def check(order: Order) -> list[Row]:
    """Return the rows of an uploaded table, or refuse it as a whole; what it is, its content says.

    Raises:
        Invalid: too large, another kind of file, protected, broken, larger unpacked than is read here,
            without the columns it needs, without rows, or a correction without a reason.
    """
    if len(order.content) > MOST_BYTES:
        raise Invalid("file_too_large", "file", len(order.content), accepted=f"≤ {MOST_BYTES // 2**20} MB")
    if order.correct:
        read_reason(order.reason, "更正须写明理由")
    table = rows_of(order.content, order.shown_name)
    if not table:
        raise Invalid("rows_missing", "file", order.shown_name, accepted="表头下至少一行")
    if order.kind is UploadKind.returns:
        import_returns.return_rows(table, ReturnReport())
    else:
        check_header(table, RightReport())
    most = (import_returns if order.kind is UploadKind.returns else import_rights).MOST_TRIED
    if order.dry_run and len(table) > most:
        raise Invalid("trial_too_long", "file", len(table), accepted=f"≤ {most}")
    return table


def take_in(actor: Actor, order: Order, folder: Path) -> Taken:
    """Judge an uploaded table and keep its bytes; no transaction waits for it.

    Raises:
        Forbidden: no role of the actor permits it anywhere; each row is judged by its region later.
        Invalid: see `check`.
    """
    require_anywhere(actor, PERMISSION[order.kind])
    table = check(order)
    return Taken(files.keep(folder, order.content), named_in(order.kind, table))


def place(session: Session, actor: Actor, order: Order, taken: Taken, key: str | None) -> Job:
    """Write the job that imports a table that was taken in; the same form sent twice is one job.

    It is shown by the regions of its rows, and knows what was in the book when the table was uploaded.

    Raises:
        Invalid: the key was used for another table (`idempotency_mismatch`).
    """
    return jobs.enqueue(
        session, order.kind, actor.name, about=regions_of(session, actor, order.kind, taken.names),
        mark=newest_revision(session) if order.mark is None else order.mark, key=key, file=taken.digest,
        name=order.shown_name, dry_run=order.dry_run, correct=order.correct, reason=order.reason.strip(),
    )  # fmt: skip
