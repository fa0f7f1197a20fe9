"""The plan's indicators with the mines behind each, and the mines by scale class and green level."""

from collections.abc import Callable, Mapping, Sequence

from registry.documents.rules import attribute
from registry.kernel.vocabulary import Confidence, GreenLevel, ScaleClass
from registry.minerals.rules import UNDETERMINED, Line, Pending
from registry.workflows.indicators import Answer, Mine, figure_told, standing_shown, target_told
from reports.confidence import Source
from reports.municipal import Aim, MineLine, Tallies, Tally

_CLASSES = (*(one.label for one in ScaleClass), UNDETERMINED)
_UNRECORDED = "未登记"
_LEVELS = (*(one.label for one in GreenLevel), _UNRECORDED)


def aim(answer: Answer) -> Aim:
    """Return one indicator as the report prints it."""
    line = answer.indicator
    baseline = f"{line.baseline}{'%' if line.unit == '%' else ''}（{line.baseline_year}年）"
    return Aim(
        name=line.name,
        plan=answer.plan.title,
        clause=line.clause,
        binding=attribute(line.binding),
        own=answer.is_own,
        numerator=answer.numerator,
        denominator=answer.denominator if answer.is_share and answer.numerator is not None else None,
        figure=figure_told(answer),
        target=target_told(answer),
        target_year=line.year,
        cumulative=line.cumulative,
        baseline=baseline if line.baseline else None,
        standing=standing_shown(answer),
        lacking=answer.lacking,
        counted=_numbers(answer.counted or ()),
        others=_numbers(answer.others),
        left_out=_numbers(answer.left_out),
    )


def _numbers(found: Sequence[Mine]) -> tuple[str, ...]:
    return tuple(mine.number for mine in found)


def mine_line(mine: Mine, names: Mapping[str, str], several: bool) -> MineLine:
    """Return one mine of the list behind the indicators."""
    of_class = mine.scale_class
    place = f"{names[mine.region]} {mine.township or ''}".strip() if several else mine.township
    return MineLine(
        number=mine.number,
        name=mine.name,
        place=place or names[mine.region],
        mineral=mine.mineral,
        scale=mine.scale,
        scale_class=of_class.label,
        why=of_class.reason.label if isinstance(of_class, Pending) else None,
        source=source_of(of_class.line) if of_class.line else None,
        green=mine.green.label if mine.green else None,
        state=mine.state.label if mine.state else None,
    )


def source_of(line: Line) -> Source:
    """Return the line of the scale table as the source of a class."""
    text = f"{line.source}{'（' + line.note + '）' if line.note else ''}"
    return Source(f"矿山规模类别（“{line.name}”行）", Confidence(line.confidence), text)


def by_scale(found: Sequence[Mine]) -> Tallies:
    """Return mines by scale class down and green level across."""
    return _tallies(
        found, _LEVELS, lambda mine: mine.green.label if mine.green else _UNRECORDED, _CLASSES,
        lambda mine: mine.scale_class.label,
    )  # fmt: skip


def by_mineral(found: Sequence[Mine]) -> Tallies:
    """Return mines by main mineral down and scale class across."""
    minerals = sorted({mine.mineral or "—" for mine in found})
    return _tallies(
        found, _CLASSES, lambda mine: mine.scale_class.label, minerals, lambda mine: mine.mineral or "—"
    )


def _tallies(
    found: Sequence[Mine],
    columns: Sequence[str],
    column_of: Callable[[Mine], str],
    rows: Sequence[str],
    row_of: Callable[[Mine], str],
) -> Tallies:
    lines = [_tally(row, [mine for mine in found if row_of(mine) == row], columns, column_of) for row in rows]
    return Tallies(tuple(columns), (*lines, _tally("合计", found, columns, column_of)))


def _tally(
    name: str, found: Sequence[Mine], columns: Sequence[str], column_of: Callable[[Mine], str]
) -> Tally:
    counts = tuple(sum(column_of(mine) == column for mine in found) for column in columns)
    return Tally(name, counts, len(found))
