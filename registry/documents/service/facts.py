"""What right and permit say, worded for paper."""

from datetime import date

from sqlmodel import Session

from registry.documents.queries import RightBook
from registry.documents.rules import area, depth, standing, term
from registry.kernel.density import Density
from registry.kernel.display import written_rate
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import CapPeriod
from registry.minerals.grounds import grounds
from registry.minerals.queries import scale_lines
from registry.minerals.rules import Classified, Line, scale_class
from registry.registration.rules import NotOnTheBooks
from registry.rights.models import MineralRight, Permit
from reports.confidence import Source
from reports.permit import PermitFacts


def facts_of(session: Session, book: RightBook, permit: Permit | None, day: date) -> PermitFacts:
    """Return the facts of a right and one of its permits as they stand on a day."""
    right, version, holder = book.right, book.version, book.holder
    scale, note, source = _scale_class(session, book, permit)
    return PermitFacts(
        right=right.number,
        number=permit.number if permit else None,
        national=bool(permit and permit.national),
        holder=holder.name if holder else None,
        credit_code=holder.credit_code if holder else None,
        address=holder.address if holder else None,
        mine=right.mine,
        economic_type=holder.economic_type if holder else None,
        mineral=book.main or "—",
        associated=book.associated,
        method=permit.method.label if permit and permit.method else None,
        scale=yearly_scale(permit),
        scale_class=scale,
        scale_note=note,
        max_day=most_a_day(permit),
        area=area(version.area_m2 if version else None),
        depth=depth(version.top_mm, version.bottom_mm) if version else None,
        term=_term(book, permit),
        authority=_authority(book, permit),
        standing=_standing(permit, day),
        scale_source=source,
    )


def refuse_named(right: MineralRight) -> None:
    """Refuse a mine that a plan only names: no authority has put anything about it on the books.

    Raises:
        NotOnTheBooks: the mine is one of those.
    """
    if not right.counted:
        raise NotOnTheBooks(
            field="right_no", value=right.number, accepted="登记在册的矿业权，如 SZ-2025-0007"
        )


def yearly_scale(permit: Permit | None) -> str | None:
    """Return the licensed production scale of a permit, such as 120 万吨/年."""
    if permit is None:
        return None
    return written_rate(permit.scale_value, permit.scale_unit, permit.kind, permit.scale, CapPeriod.year)


def most_a_day(permit: Permit | None) -> str | None:
    """Return the recorded maximum day of a permit, such as 380 m³/日."""
    if permit is None:
        return None
    return written_rate(permit.max_day_value, permit.max_day_unit, permit.kind, permit.max_day, CapPeriod.day)


def _term(book: RightBook, permit: Permit | None) -> str | None:
    if permit is not None:
        return term(permit.valid_from, permit.valid_to)
    return term(book.version.valid_from, book.version.valid_to) if book.version else None


def _authority(book: RightBook, permit: Permit | None) -> str | None:
    own = permit.authority if permit else None
    return own or (book.version.authority if book.version else None)


def _standing(permit: Permit | None, day: date) -> str | None:
    if permit is None:
        return "未登记许可证"
    if permit.superseded_at is not None:
        return "登记已更新，此为原登记内容"
    return standing(permit.valid_from, permit.valid_to, day)


def _scale_class(
    session: Session, book: RightBook, permit: Permit | None
) -> tuple[str | None, str | None, Source | None]:
    """Return the class of the mine, what it rests on and where its limits come from; or 待定 and why."""
    if book.main is None:
        return None, None, None
    lines = scale_lines(session, [book.main]).get(book.main, [])
    grams = book.version.density_g_m3 if book.version else None
    density = Density(grams) if grams else None
    scale = (
        of_kind(permit.kind, permit.scale) if permit and permit.kind and permit.scale is not None else None
    )
    found = scale_class(scale, lines, density, permit.method if permit else None)
    if not isinstance(found, Classified):
        return found.label, found.reason.label, None
    return found.label, "，".join(grounds(found, scale, density)) or None, _limits(found.line)


def _limits(line: Line) -> Source:
    text = f"{line.source}（{line.note}）" if line.note else line.source
    return Source(f"矿山规模分级界限（{line.name}）", line.confidence, text)
