"""The mines of some regions as a plan counts them, read in one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from registry.greenmine.rules import BUILT
from registry.kernel.vocabulary import GreenLevel, MineralRole, OperatingState, RightKind, ScaleClass
from registry.minerals.models import ScaleLine, ScaleLineMineral
from registry.minerals.queries import as_line
from registry.minerals.rules import Classified, Line, Pending
from registry.platform.rows import table_of
from registry.rights.models import Permit, RightMineral, RightVersion
from registry.workflows.rights_list import today as on_day
from registry.workflows.rights_list.rows import class_of

_RIGHT, _VERSION, _PERMIT = on_day.RIGHT, table_of(RightVersion), table_of(Permit)
_MAIN, _FOLLOWS = table_of(RightMineral), table_of(ScaleLineMineral)
_ALIVE = and_(_VERSION.c.right_id == _RIGHT.c.id, _VERSION.c.superseded_at.is_(None))
_OWN = and_(_MAIN.c.right_id == _RIGHT.c.id, _MAIN.c.role == MineralRole.main)
_TABLES = (
    _RIGHT.join(_VERSION, _ALIVE)
    .outerjoin(_MAIN, _OWN)
    .outerjoin(_PERMIT, _PERMIT.c.id == on_day.permit)
    .outerjoin(_FOLLOWS, _FOLLOWS.c.mineral == _MAIN.c.mineral)
    .outerjoin(ScaleLine, table_of(ScaleLine).c.id == _FOLLOWS.c.line_id)
)
_COLUMNS: tuple[Any, ...] = (
    *(_RIGHT.c[name] for name in ("id", "number", "mine", "region", "township")),
    _MAIN.c.mineral,
    _VERSION.c.density_g_m3,
    _PERMIT.c.kind.label("permit_kind"),
    _PERMIT.c.scale,
    _PERMIT.c.scale_value,
    _PERMIT.c.scale_unit,
    _PERMIT.c.method,
    on_day.state.label("state"),
    on_day.green.label("green"),
    _FOLLOWS.c.id.label("follows"),
    _FOLLOWS.c.method.label("line_method"),
    ScaleLine,
)
_LARGE_OR_MEDIUM = (ScaleClass.large, ScaleClass.medium)


@dataclass(frozen=True, slots=True)
class Mine:
    """One mine on a day: its class as derived, its green level and what it is doing."""

    number: str
    name: str
    region: str
    township: str | None
    mineral: str | None
    scale: str | None
    scale_class: Classified | Pending
    green: GreenLevel | None
    state: OperatingState | None

    @property
    def is_classified(self) -> bool:
        """Whether a class can be derived."""
        return isinstance(self.scale_class, Classified)

    @property
    def is_large_or_medium(self) -> bool:
        """Whether it is 大型 or 中型."""
        return isinstance(self.scale_class, Classified) and self.scale_class.scale_class in _LARGE_OR_MEDIUM

    @property
    def is_green(self) -> bool:
        """Whether it is built at the municipal standard or above."""
        return self.green in BUILT


def mines(session: Session, regions: Collection[str] | None, day: date) -> list[Mine]:
    """Return the mines of these regions (of all for None) that had begun by a day, by number.

    A mine is a mining right that counts; one that a plan only names is none. What it is on the day is
    told by the book as it stands now.
    """
    begun = or_(_VERSION.c.valid_from.is_(None), _VERSION.c.valid_from <= day)
    statement = (
        select(*_COLUMNS)
        .select_from(_TABLES)
        .where(_RIGHT.c.counted.is_(True), _RIGHT.c.kind == RightKind.mining, begun)
        .order_by(_RIGHT.c.number, _FOLLOWS.c.id)
    )
    if regions is not None:
        statement = statement.where(_RIGHT.c.region.in_(regions))
    rows: dict[int, Any] = {}
    lines: dict[int, list[Line]] = {}
    for row in session.execute(statement, {"today": day}):
        rows.setdefault(row.id, row)
        if row.ScaleLine is not None:
            lines.setdefault(row.id, []).append(as_line(row.ScaleLine, row.line_method))
    return [_mine(row, lines.get(key, [])) for key, row in rows.items()]


def _mine(row: Any, lines: list[Line]) -> Mine:
    written = f"{row.scale_value} {row.scale_unit}" if row.scale_value and row.scale_unit else None
    return Mine(
        row.number, row.mine, row.region, row.township, row.mineral, written, class_of(row, lines),
        GreenLevel(row.green) if row.green else None, OperatingState(row.state) if row.state else None,
    )  # fmt: skip
