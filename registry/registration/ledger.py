"""The register of mining rights as an office prints it (采矿权台账): frozen data, no layout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from registry.greenmine.rules import level_on
from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.display import office_unit
from registry.kernel.quantity import of_kind, plain
from registry.kernel.vocabulary import CapPeriod, ReserveCategory, RightKind
from registry.minerals.queries import scale_lines
from registry.minerals.rules import Line, scale_class
from registry.platform import clock
from registry.regions.queries import names
from registry.registration.queries import Record, records, scale_of
from registry.rights.models import MineralRight, Permit
from registry.rights.queries import rights_by_id, rights_in
from registry.rights.rules import state_on

_RESOURCES = (ReserveCategory.measured, ReserveCategory.indicated, ReserveCategory.inferred)
_RESERVES = (ReserveCategory.proved, ReserveCategory.probable)
Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One right as the printed register shows it; None is unknown, and so is an empty text."""

    number: str
    holder: str | None
    credit_code: str | None
    mine: str
    permit_no: str | None
    mineral: str | None
    associated: str
    method: str | None
    scale: str | None
    max_day: str | None
    scale_class: str
    area_km2: Decimal | None
    top_m: Decimal | None
    bottom_m: Decimal | None
    valid_from: date | None
    valid_to: date | None
    authority: str | None
    region: str
    township: str | None
    state: str | None
    green: str | None
    resources: str
    reserves: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The register on a day, or the part of it that `scope` describes.

    `named` are mines that a plan only names, and counts nowhere; `explorations` are rights to explore,
    which only a list of all rights has.
    """

    title: str
    day: date
    made_at: datetime
    source: str
    lines: tuple[LedgerLine, ...]
    named: tuple[LedgerLine, ...]
    explorations: tuple[LedgerLine, ...] = ()
    scope: str = ""


def ledger(session: Session, actor: Actor, region: str | None = None) -> Ledger:
    """Return the mining rights that the actor may read, at and below a region, as they stand today."""
    codes = readable(session, actor, "rights.read", region)
    rights = [r for r in rights_in(session, codes, named=True) if r.kind is RightKind.mining]
    place = names(session)[region] if region else ""
    return _ledger(session, rights, f"{place}采矿权台账")


def ledger_of(session: Session, right_ids: Sequence[int], scope: str) -> Ledger:
    """Return the register of these rights in their order; `scope` says in words which they are."""
    found = rights_by_id(session, right_ids)
    rights = [found[key] for key in right_ids]
    mines = all(right.kind is RightKind.mining for right in rights)
    return replace(_ledger(session, rights, "采矿权台账" if mines else "矿业权台账"), scope=scope)


def _ledger(session: Session, rights: Sequence[MineralRight], title: str) -> Ledger:
    today = clock.today(session)
    found = records(session, rights, today)
    lines = scale_lines(session, {record.main for record in found if record.main})
    mines = [record for record in found if record.right.kind is RightKind.mining]
    called = names(session)

    def line(record: Record, known: list[Line]) -> LedgerLine:
        return _line(record, known, called[record.right.region])

    return Ledger(
        title=title,
        day=today,
        made_at=clock.now(session),
        source="矿产资源总量调控与矿业权登记簿",
        lines=tuple(line(r, lines.get(r.main or "", [])) for r in mines if r.right.counted),
        named=tuple(line(r, []) for r in mines if not r.right.counted),
        explorations=tuple(line(r, []) for r in found if r.right.kind is not RightKind.mining),
    )


def _line(record: Record, lines: list[Line], place: str) -> LedgerLine:
    right, version, holder, permit = record.right, record.version, record.holder, record.permit
    state, level = state_on(record.spells, record.day), level_on(record.green, record.day)
    method, is_mine = permit.method if permit else None, right.counted and right.kind is RightKind.mining
    classified = scale_class(scale_of(permit), lines, record.density, method)
    return LedgerLine(
        right.number, holder.name if holder else None, holder.credit_code if holder else None, right.mine,
        permit.number if permit else None, record.main, "、".join(record.associated), method and method.label,
        _scale(permit), _max_day(permit), classified.label if is_mine else "",
        _decimal(version.area_m2, 6), _decimal(version.top_mm, 3), _decimal(version.bottom_mm, 3),
        permit.valid_from if permit else version.valid_from, permit.valid_to if permit else version.valid_to,
        version.authority, f"{place}（{right.region}）", right.township, state and state.label,
        level and level.label, _held(record, _RESOURCES), _held(record, _RESERVES),
    )  # fmt: skip


def _scale(permit: Permit | None) -> str | None:
    known = permit is not None and permit.scale is not None
    return f"{permit.scale_value} {permit.scale_unit}" if permit and known else None


def _max_day(permit: Permit | None) -> str | None:
    known = permit is not None and permit.max_day is not None
    return f"{permit.max_day_value} {permit.max_day_unit}" if permit and known else None


def _decimal(base: int | None, places: int) -> Decimal | None:
    return None if base is None else Decimal(base).scaleb(-places).normalize()


def _held(record: Record, categories: tuple[ReserveCategory, ...]) -> str:
    """Return the main mineral's balances by category with one unit; a category without a ledger is a dash."""
    entries = [record.ledger.get((record.main or "", category), []) for category in categories]
    known = [ledger[-1] for ledger in entries if ledger]
    if not known:
        return ""
    unit = office_unit(known[0].kind, CapPeriod.year)
    figures = (plain(of_kind(e[-1].kind, e[-1].balance_after), unit) if e else "—" for e in entries)
    return f"{' / '.join(figures)} {unit}"
