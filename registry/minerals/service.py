"""Loads the mineral catalogue and the scale table from parsed files, and keeps what plans say of minerals."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete
from sqlmodel import Session, select

from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.quantity import Quantity
from registry.minerals.models import Mineral, MineralAlias, Restriction, ScaleLine, ScaleLineMineral
from registry.minerals.queries import as_line, catalogue, scale_lines
from registry.minerals.rules import Line, LineRow, MineralRow, read_lines, read_minerals, refuse_collisions
from registry.platform import audit
from registry.regions.queries import all_regions


def load(session: Session, minerals: object, scale_table: object, actor: Actor = SYSTEM) -> bool:
    """Bring catalogue and scale table to what two parsed files say; tell whether anything changed.

    Minerals that the file does not name stay, for other records may refer to them; the scale table
    becomes exactly the file's.

    Raises:
        Invalid: a field cannot be read, or a word would mean two minerals.
    """
    tops = [region.code for region in all_regions(session) if region.parent is None]
    for top in tops:
        require(session, actor, "catalogue.load", top)
    rows = read_minerals(minerals)
    changed = _load_minerals(session, rows)
    lines = read_lines(scale_table, catalogue(session))
    changed = _load_lines(session, lines) or changed
    for top in tops if changed else ():
        audit.note(
            session, top, actor.name, "catalogue.load", "minerals", minerals=len(rows), lines=len(lines)
        )
    return changed


def restrict(session: Session, restrictions: Sequence[Restriction]) -> None:
    """Keep what an adopted plan bans or restricts."""
    session.add_all(restrictions)
    session.flush()


def _load_minerals(session: Session, rows: Sequence[MineralRow]) -> bool:
    listed = {row.name for row in rows}
    refuse_collisions(rows, {word: m.name for word, m in catalogue(session).items() if m.name not in listed})
    changed = [_merge(session, _mineral(row)) for row in rows]
    session.flush()
    aliases = {alias: row.name for row in rows for alias in row.aliases}
    stored = session.exec(select(MineralAlias)).all()
    for stale in (alias for alias in stored if alias.mineral in listed and alias.alias not in aliases):
        session.delete(stale)
        changed.append(True)
    changed += [_merge(session, MineralAlias(alias=alias, mineral=name)) for alias, name in aliases.items()]
    session.flush()
    return any(changed)


def _merge(session: Session, row: Mineral | MineralAlias) -> bool:
    merged = session.merge(row)
    return merged in session.new or session.is_modified(merged)


def _mineral(row: MineralRow) -> Mineral:
    return Mineral(
        name=row.name, code=row.code, mineral_class=row.mineral_class, kind=row.kind, source=row.source,
        confidence=row.confidence,
    )  # fmt: skip


def _load_lines(session: Session, rows: Sequence[LineRow]) -> bool:
    """Replace the whole table when it differs: no record refers to its rows."""
    follows = {(mineral, row.line) for row in rows for mineral in row.minerals}
    held = {(mineral, line) for mineral, lines in scale_lines(session).items() for line in lines}
    wanted = {replace(row.line, method=None) for row in rows}
    stored = {as_line(line) for line in session.exec(select(ScaleLine)).all()}
    if follows == held and wanted == stored:
        return False
    for table in (ScaleLineMineral, ScaleLine):
        session.execute(delete(table))
    fresh = {replace(row.line, method=None): _table_row(row.line) for row in rows}
    session.add_all(fresh.values())
    session.flush()
    for row in rows:
        line_id = fresh[replace(row.line, method=None)].id or 0
        session.add_all(_link(mineral, row.line, line_id) for mineral in row.minerals)
    session.flush()
    return True


def _link(mineral: str, line: Line, line_id: int) -> ScaleLineMineral:
    return ScaleLineMineral(mineral=mineral, method=line.method, line_id=line_id, assumed=line.assumed)


def _table_row(line: Line) -> ScaleLine:
    def base(quantity: Quantity | None) -> int | None:
        return None if quantity is None else quantity.base

    return ScaleLine(
        line=line.name, unit=line.unit, kind=line.kind, large_from=base(line.large_from),
        small_below=base(line.small_below), minimum=base(line.minimum), mark=line.mark,
        confidence=line.confidence, note=line.note, source=line.source,
    )  # fmt: skip
