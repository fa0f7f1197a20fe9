"""Orders and prints many papers at once; what is printed and still says the same is not printed again.

So a batch that was cancelled or whose worker was killed goes on where it stood when it is run once more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from itertools import chain
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from registry.alarms.queries import alarms
from registry.documents.queries import by_number
from registry.documents.rules import Order
from registry.documents.rules.batches import MOST, Batch, Line
from registry.documents.service.issuing import issue
from registry.documents.service.printing import Sheet
from registry.documents.service.sheets import SHEETS
from registry.identity.queries import readable, require_anywhere, visible
from registry.identity.rules import Actor
from registry.kernel.errors import Forbidden, Invalid, NotFound, Refused
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import AlarmCode, DocumentKind
from registry.minerals.queries import name_meant
from registry.platform import clock, jobs
from registry.platform.db import reader
from registry.platform.files import FileUnwritable
from registry.rights.queries import permits_of, rights_by_id
from registry.rights.rules import current_permit
from registry.wording import say
from registry.workflows.job_book import job_for
from registry.workflows.renewals import expiries, notice_days
from registry.workflows.rights_list import Wanted, read_wanted, rights_wanted

BATCH = "batch"  # the kind of the job
FILTERS = ("q", "mineral", "township", "region", "state", "scale", "green", "permit")
_CAP_ALARMS = (AlarmCode.cap_near, AlarmCode.cap_warning, AlarmCode.cap_exceeded)
_ALARM_FILTERS = {"mineral", "region"}


def batch_kinds() -> list[DocumentKind]:
    """Return the kinds of paper that may be printed by a filter: about permits, rights or alarms of caps."""
    return [kind for kind in DocumentKind if kind in SHEETS and kind.about != "region"]


_Found = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # subjects, absent, regions


def read_batch(session: Session, actor: Actor, kind: str, year: str, filters: Mapping[str, str]) -> Batch:
    """Return what a filter of the list of rights finds for a kind of paper; a filter not set asks for all.

    Raises:
        Forbidden: no role of the actor permits a print anywhere.
        Invalid: a word or year that cannot be read, nothing found, or more than one batch may have.
        NotFound: the region asked for does not exist, or the actor may read nothing of it.
    """
    require_anywhere(actor, "report.print")
    known = DocumentKind.read(kind)
    if known is None or known not in batch_kinds():
        accepted = "、".join(one.label for one in batch_kinds())
        raise Invalid("word_unknown", "kind", kind, accepted=accepted)
    of_year = parse_year(year).year if known.has_year else None
    asked = {name: text for name in FILTERS if (text := filters.get(name, "").strip())}
    found = _alarms if known.about == "alarm" else _rights
    subjects, absent, regions = found(session, actor, known, asked)
    if not subjects:
        raise Invalid("batch_empty", "kind", known.label, accepted="至少找到一份")
    if len(subjects) > MOST:
        raise Invalid("batch_too_large", "kind", len(subjects), accepted=f"≤ {MOST}")
    return Batch(known, of_year, asked, subjects, absent, regions)


def _wanted(session: Session, asked: Mapping[str, str]) -> Wanted:
    wanted = read_wanted(asked)
    return replace(wanted, mineral=name_meant(session, wanted.mineral))


def _rights(session: Session, actor: Actor, kind: DocumentKind, asked: Mapping[str, str]) -> _Found:
    """Return the numbers of the rights wanted; for permits of those, and the rights that have none.

    Reminders of a renewal go to those on the list of expiries, unless the filter says how permits stand.
    """
    wanted, today = _wanted(session, asked), clock.today(session)
    keys = rights_wanted(session, actor, wanted)
    if kind is DocumentKind.renewal_notice and wanted.permit is None:
        due = {one.right_id for one in expiries(session, today, notice_days(session))}
        keys = [key for key in keys if key in due]
    by_id = rights_by_id(session, keys)
    rights = [by_id[key] for key in keys]
    regions = tuple(sorted({right.region for right in rights}))
    if kind.about == "right":
        return tuple(right.number for right in rights), (), regions
    permits = permits_of(session, keys)
    held = [(right, current_permit(permits.get(right.id or 0, []), today)) for right in rights]
    # A mine that a plan only names is refused when its turn comes, as it would be by itself.
    numbers = tuple(p.number if p else right.number for right, p in held if p or not right.counted)
    return numbers, tuple(right.number for right, p in held if right.counted and p is None), regions


def _alarms(session: Session, actor: Actor, _kind: DocumentKind, asked: Mapping[str, str]) -> _Found:
    """Return the numbers of the open alarms of caps; of the filters only mineral and region concern them."""
    if unfit := sorted(set(asked) - _ALARM_FILTERS):
        raise Invalid("filter_unfit", unfit[0], asked[unfit[0]], accepted="矿种、行政区")
    wanted = _wanted(session, asked)
    codes = readable(session, actor, "alarms.read", wanted.region)
    found = [
        one
        for one in reversed(alarms(session, codes, open_only=True))
        if one.code in _CAP_ALARMS and wanted.mineral in (None, one.mineral)
    ]
    return tuple(str(one.id) for one in found), (), tuple(sorted({one.region for one in found}))


def order_batch(session: Session, actor: Actor, batch: Batch, key: str | None = None) -> jobs.Job:
    """Let a worker print a batch; the same key gives the job that is there."""
    return jobs.enqueue(session, BATCH, actor.name, about=batch.regions, key=key, **asdict(batch))


def given_batch(given: Mapping[str, Any]) -> Batch:
    """Return the batch that a job was given."""
    listed = (tuple(given[name]) for name in ("subjects", "absent", "regions"))
    return Batch(DocumentKind(given["kind"]), given["year"], given["filters"], *listed)


def batch_for(session: Session, actor: Actor, number: int) -> tuple[jobs.Job, Batch]:
    """Return a batch whose job and whose papers the actor may see.

    Raises:
        NotFound: there is none of this number, it is somebody else's, or about another jurisdiction.
    """
    job = job_for(session, actor, number)
    if job.kind != BATCH:
        raise NotFound("job", number)
    batch, seen = given_batch(job.given), visible(session, actor, "documents.read")
    if seen is not None and not seen.issuperset(batch.regions):
        raise NotFound("job", number)
    return job, batch


def print_batch(
    engine: Engine, batch: Batch, name: str | None, lay_out: Callable[[Sheet], bytes]
) -> Iterator[Line]:
    """Print the papers of a batch one by one and tell what came of each; a refusal does not end it.

    Raises:
        RegistryError: a template, a full disk or a lock in the way; what has been printed stays.
    """
    absent = (Line(subject, refused=_why(NotFound("permit", subject))) for subject in batch.absent)
    return chain((_printed(engine, order, name, lay_out) for order in batch.orders), absent)


def _printed(engine: Engine, order: Order, name: str | None, lay_out: Callable[[Sheet], bytes]) -> Line:
    try:
        number = issue(engine, order, name, lay_out)
    except FileUnwritable:
        raise
    except (Forbidden, Invalid, NotFound, Refused) as refused:
        return Line(order.subject, refused=_why(refused))
    with reader(engine) as session:
        found = by_number(session, number)
    if found is None:
        raise NotFound("document", number)
    return Line(found.subject, number, found.title, found.sha256, found.size)


def _why(error: Forbidden | Invalid | NotFound | Refused) -> str:
    return say(error.code, error.facts)
