"""What entries of the audit trail were done to: how people call it, and the page that shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import select
from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.caps.models import Commitment
from registry.kernel.vocabulary import AlarmCode, CapPeriod, Kind, MeterSide
from registry.platform.rows import table_of
from registry.rights.models import MineralRight

ALARM, COMMITMENT, RIGHT = table_of(Alarm).c, table_of(Commitment).c, table_of(MineralRight).c


class Named(NamedTuple):
    """What people call a record, and where it is shown."""

    words: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What entries are about: alarms by key, rights and kinds of quantity by what a commitment rests on."""

    alarms: Mapping[str, Any] = field(default_factory=dict)
    rights: Mapping[str, set[str]] = field(default_factory=dict)
    kinds: Mapping[tuple[str, str], Kind] = field(default_factory=dict)

    def named(self, act: str, record: str, facts: Mapping[str, Any], places: Mapping[str, str]) -> Named:
        """Return how a record is called and where it is shown."""
        area = act.partition(".")[0]
        if area == "alarm":
            return self._alarm(record, places)
        if area in ("commitment", "hold") or act == "cap.admit":
            rights = self.rights.get(record, set())
            return Named(record, _address("rights", *rights) if len(rights) == 1 else None)
        if area in ("cap", "meter"):
            return _cap(record, places)
        if area == "plan":
            known = facts.get("document")
            return Named(f"《{record}》", f"/plans/{known}" if isinstance(known, int) else None)
        if area in ("threshold", "catalogue") or act == "job.nightly":
            return Named("" if area == "catalogue" else record)
        return _plain(area, record)

    def _alarm(self, key: str, places: Mapping[str, str]) -> Named:
        found = self.alarms.get(key)
        code, _, subject = key.partition(":")
        if found is None:
            known = AlarmCode.read(code)
            return Named(f"“{known.label if known else code}” {subject}")
        side = MeterSide(found.side).label if found.side else None
        about = found.right or f"{places.get(found.region, found.region)} {found.mineral or ''}".strip()
        told = [about, found.mineral if found.right else None, side, found.period]
        words = " ".join(str(part) for part in told if part)
        return Named(f"“{AlarmCode(found.code).label}”（{words}）", f"/alarms/{found.id}")


def _cap(record: str, places: Mapping[str, str]) -> Named:
    name, _, of = record.partition(":")
    region, _, rest = name.partition("/")
    mineral, _, period = rest.partition("/")
    known = CapPeriod.read(period)
    told = f"{places.get(region, region)} {mineral}" + (f"（按{known.label}计）" if known else "")
    return Named(f"{told} {of}".strip(), _address("caps", name))


def _plain(area: str, record: str) -> Named:
    right, _, rest = record.partition("/")
    if area == "output":
        return Named(f"{right} {rest.replace('/', ' ')}".strip(), _address("outputs/one", record))
    if area in ("right", "reserves"):
        return Named(f"{right} {rest.replace('/', ' ')}".strip(), _address("rights", right))
    folder = {"document": "documents", "job": "jobs", "user": "users"}.get(area)
    return Named(record, _address(folder, record) if folder else None)


def _address(folder: str, name: str) -> str:
    return f"/{folder}/{quote(name, safe='/')}"


def look_up(session: Session, done: Sequence[tuple[str, str]]) -> Records:
    """Return the alarms and commitments that entries are about, in a statement each."""
    keys = {record for act, record in done if act.startswith("alarm.")}
    references = {record for act, record in done if act.startswith(("commitment.", "hold.", "cap.admit"))}
    alarms: dict[str, Any] = {}
    rights: dict[str, set[str]] = defaultdict(set)
    kinds: dict[tuple[str, str], Kind] = {}
    if keys:
        statement = select(
            ALARM.id, ALARM.key, ALARM.code, ALARM.region, ALARM.mineral, ALARM.right, ALARM.side,
            ALARM.period, ALARM.kind,
        )  # fmt: skip
        alarms = {row.key: row for row in session.execute(statement.where(ALARM.key.in_(sorted(keys))))}
    if references:
        joined = table_of(Commitment).outerjoin(table_of(MineralRight), RIGHT.id == COMMITMENT.right_id)
        asked = select(COMMITMENT.reference, COMMITMENT.mineral, COMMITMENT.kind, RIGHT.number)
        asked = asked.select_from(joined).where(COMMITMENT.reference.in_(sorted(references)))
        for reference, mineral, kind, right in session.execute(asked):
            kinds[reference, mineral] = Kind(kind)
            rights[reference] |= {right} if right else set()
    return Records(alarms, rights, kinds)
