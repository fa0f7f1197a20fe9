"""Pure arithmetic of the reserve ledger (矿山资源储量变动台账).

保有 at year's end = at its beginning - 开采量 - 损失量 + 勘查增减 + 重算增减 + 划转增减; 累计查明 moves with
the last three only, so 累计查明 less 保有 grows by exactly what was consumed. A transfer (reclassification,
change of boundary, 压覆, cancellation) moves both, because the resource moves with its history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.errors import Invalid, Refused
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import Kind, ReserveCategory, ReserveMove

_CONSUMED = (ReserveMove.extracted, ReserveMove.lost)


class AlreadyOpened(Refused):
    """The ledger of this right, mineral and category has another opening."""

    code = "reserves_opened"


class AlreadySurveyed(Refused):
    """The survey of this year, or of a later one, is posted."""

    code = "reserves_surveyed"


class NotInTurn(Refused):
    """A year between the last survey and this one is missing, or the ledger has no opening."""

    code = "reserves_not_in_turn"


class DoesNotBalance(Refused):
    """The survey's opening or closing differs from what the ledger gives."""

    code = "reserves_do_not_balance"


class BelowZero(Refused):
    """More would be consumed than is there."""

    code = "reserves_below_zero"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What a report states for one category at the start of the ledger; `unit` is as written."""

    category: ReserveCategory
    amount: Quantity
    unit: str
    cumulative: Quantity | None = None


@dataclass(frozen=True, slots=True)
class PostOpening:
    """The opening of a ledger from a reserve report; the deposit is the mine's own unless named."""

    right: str
    mineral: str
    at: date
    lines: tuple[OpeningLine, ...]
    source: str
    deposit: str = ""


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One category in the surveyed yearly report (储量年报), in base units of the ledger's kind.

    The last three are signed. `opening` and `closing` are what the report states, None where it is silent.
    """

    category: ReserveCategory
    extracted: int = 0
    lost: int = 0
    explored: int = 0
    reestimated: int = 0
    transferred: int = 0
    opening: int | None = None
    closing: int | None = None

    def moves(self) -> list[tuple[ReserveMove, int]]:
        """Return the movements in the order posted: gains first, so that no step dips below zero needlessly.

        Consumption is always among them, even when it is nil: it shows that the year was surveyed.
        """
        signed = [
            (ReserveMove.explored, self.explored),
            (ReserveMove.reestimated, self.reestimated),
            (ReserveMove.transferred, self.transferred),
        ]
        gains = [pair for pair in signed if pair[1] > 0]
        losses = [pair for pair in signed if pair[1] < 0]
        return [*gains, (ReserveMove.extracted, self.extracted), (ReserveMove.lost, self.lost), *losses]


@dataclass(frozen=True, slots=True)
class PostYear:
    """The surveyed movements of one mineral of a right in one year."""

    right: str
    mineral: str
    year: int
    lines: tuple[SurveyLine, ...]
    source: str
    unit: str


def opening_year(at: date) -> int:
    """Return the year that an opening belongs to: the last day of a year opens the next one."""
    return at.year + 1 if (at.month, at.day) == (12, 31) else at.year


def effect(move: ReserveMove, amount: int) -> int:
    """Return what a movement does to the balance."""
    return -amount if move in _CONSUMED else amount


def cumulative_effect(move: ReserveMove, amount: int) -> int:
    """Return what a movement does to the cumulative figure (累计查明)."""
    return 0 if move in _CONSUMED else amount


@dataclass(frozen=True, slots=True)
class Balance:
    """保有 and 累计查明 of one category after a movement, in base units."""

    held: int
    cumulative: int

    def after(self, move: ReserveMove, amount: int) -> "Balance":
        """Return the balance after one more movement."""
        return Balance(self.held + effect(move, amount), self.cumulative + cumulative_effect(move, amount))


def walk(start: Balance, line: SurveyLine, kind: Kind) -> list[tuple[ReserveMove, int, Balance]]:
    """Return the movements of a survey line with the balance after each.

    Raises:
        Invalid: a consumption is negative; only explored, reestimated and transferred are signed.
        DoesNotBalance: the stated opening or closing differs from the ledger.
        BelowZero: the balance would fall below zero.
    """
    for name in ("extracted", "lost"):
        if getattr(line, name) < 0:
            raise Invalid("negative", name, getattr(line, name), accepted="≥ 0")
    _agree(line, "opening", line.opening, start.held, kind)
    steps, at = [], start
    for move, amount in line.moves():
        at = at.after(move, amount)
        if at.held < 0 or at.cumulative < 0:
            raise BelowZero(
                category=line.category.label, move=move.label, amount=_shown(kind, amount),
                balance=_shown(kind, at.held - effect(move, amount)),
            )  # fmt: skip
        steps.append((move, amount, at))
    _agree(line, "closing", line.closing, at.held, kind)
    return steps


def _agree(line: SurveyLine, side: str, stated: int | None, kept: int, kind: Kind) -> None:
    if stated is not None and stated != kept:
        raise DoesNotBalance(
            category=line.category.label, side=side, stated=_shown(kind, stated), kept=_shown(kind, kept)
        )


def _shown(kind: Kind, base: int) -> str:
    return f"{in_base_unit(of_kind(kind, base))} {BASE_UNIT[kind]}"


class Entry(Protocol):
    """One line of the ledger as the arithmetic sees it."""

    @property
    def seq(self) -> int:
        """The place in the ledger of this right, mineral and category."""

    @property
    def year(self) -> int:
        """The year it belongs to."""

    @property
    def move(self) -> ReserveMove:
        """What moved."""

    @property
    def amount(self) -> int:
        """By how much; signed where the column is."""

    @property
    def balance_after(self) -> int:
        """保有 after it, as stored."""

    @property
    def cumulative_after(self) -> int:
        """累计查明 after it, as stored."""


def year_sums(entries: Iterable[Entry], year: int) -> dict[str, int] | None:
    """Return opening, the yearly sums of each column, closing and cumulative; None before the ledger opens.

    `entries` are of one right, mineral and category, in their order.
    """
    known = [entry for entry in entries if entry.year <= year]
    if not known:
        return None
    within = [entry for entry in known if entry.year == year]
    sums = {move.value: sum(e.amount for e in within if e.move is move) for move in ReserveMove}
    before = [entry for entry in known if entry.year < year]
    if before:
        sums["opening"] = before[-1].balance_after
    return sums | {"closing": known[-1].balance_after, "cumulative": known[-1].cumulative_after}


def recomputed(entries: Iterable[Entry]) -> list[tuple[Entry, int, Balance]]:
    """Return each entry with the place and the balance it should have, from the opening on."""
    at, found = Balance(0, 0), []
    for place, entry in enumerate(entries, start=1):
        if entry.move is ReserveMove.opening:
            # The cumulative figure of an opening is stated by its report; nothing before it can prove it.
            at = Balance(at.held + entry.amount, max(entry.cumulative_after, entry.amount))
        else:
            at = at.after(entry.move, entry.amount)
        found.append((entry, place, at))
    return found
