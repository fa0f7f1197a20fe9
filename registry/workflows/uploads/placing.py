"""To which regions an uploaded table belongs: by them it is shown, ended and repeated."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.vocabulary import UploadKind
from registry.output.service.importing import Report
from registry.platform.tables import Row
from registry.regions.queries import all_regions, top
from registry.registration.columns import column_named
from registry.rights.queries import rights_by_number
from registry.workflows.import_returns import return_rows

PERMISSION = {UploadKind.returns: "output.record", UploadKind.rights: "right.import"}
_STEP = 500  # numbers asked for at once


def named_in(kind: UploadKind, table: Sequence[Row]) -> frozenset[str]:
    """Return what the rows of a table name to say where they belong: rights, or regions; "" for no word."""
    if kind is UploadKind.returns:
        report = Report()
        names = {fields["right_no"].strip() for _, fields in return_rows(list(table), report)}
        return frozenset(names | ({""} if report.rejected else set()))
    return frozenset(_region_named(row) for row in table)


def _region_named(row: Row) -> str:
    return next((text.strip() for title, text in row.cells.items() if column_named(title) == "region"), "")


def regions_of(session: Session, actor: Actor, kind: UploadKind, names: Collection[str]) -> list[str]:
    """Return the regions of a table's rows, as far as the actor may see them.

    A row that names nothing the actor may see may be about any region in which they act by such tables.
    """
    known = (_of_rights if kind is UploadKind.returns else _of_places)(session, names)
    seen = visible(session, actor, "job.read")
    found = {name: code for name, code in known.items() if seen is None or code in seen}
    regions = set(found.values())
    if set(names) - found.keys():
        regions |= {top(session)} if actor.is_system else actor.regions_permitting(PERMISSION[kind])
    return sorted(regions)


def _of_rights(session: Session, names: Collection[str]) -> dict[str, str]:
    asked = sorted(name for name in names if name.isprintable())
    found: dict[str, str] = {}
    for start in range(0, len(asked), _STEP):
        part = rights_by_number(session, asked[start : start + _STEP])
        found |= {number: right.region for number, right in part.items()}
    return found


def _of_places(session: Session, names: Collection[str]) -> dict[str, str]:
    places = all_regions(session)
    known = {place.name: place.code for place in places} | {place.code: place.code for place in places}
    return {name: known[name] for name in names if name in known}
