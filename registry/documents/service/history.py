"""How a right came to be what it is, as its registration sheet tells it: newest first, with the ground."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from registry.kernel.vocabulary import GreenLevel, OperatingState, Word
from registry.platform import clock
from registry.platform.audit_trail import Act, acts_on
from registry.rights.models import MineralRight, Permit, RightVersion
from registry.rights.queries import every_permit_of, every_version_of
from reports.registration import Entry

_Told = tuple[datetime, str, str | None]
_ACTS = {"import": "导入登记", "grant": "出让登记"}
# The acts whose facts name a word: (field of the word, family, what it is about).
_WORDS: dict[str, tuple[str, type[Word], str]] = {
    "right.state": ("state", OperatingState, "运行状态"),
    "right.green": ("level", GreenLevel, "绿色矿山"),
}


def history_of(session: Session, right: MineralRight) -> tuple[Entry, ...]:
    """Return the versions of a right, its permits and the changes of state and level, the newest first."""
    key = right.id or 0
    told = [
        *(_version(one) for one in every_version_of(session, key)),
        *(entry for one in every_permit_of(session, key) for entry in _permit(one)),
        *(entry for act in acts_on(session, right.number) for entry in _change(act)),
    ]
    return tuple(_entry(*one) for one in sorted(told, key=lambda one: one[0], reverse=True))


def _entry(at: datetime, what: str, document: str | None) -> Entry:
    return Entry(clock.local_day(at), what, document)


def _version(version: RightVersion) -> _Told:
    what = f"权利登记第 {version.version} 版（{_ACTS.get(version.act, version.act)}）"
    return version.recorded_at, what, version.document


def _permit(permit: Permit) -> Iterator[_Told]:
    if permit.superseded_at is not None:
        yield permit.superseded_at, f"许可证 {permit.number} 登记内容更新", None
    yield permit.recorded_at, f"许可证 {permit.number} 登记", None


def _change(act: Act) -> Iterator[_Told]:
    """Give a change of state or level; what came with the right itself is part of its first version."""
    if act.act not in _WORDS or act.facts.get("reason") in _ACTS:
        return
    field, family, about = _WORDS[act.act]
    word, since = family.read(str(act.facts.get(field))), act.facts.get("since")
    told = f"{about}：{word.label if word else '—'}" + (f"，自 {since}" if since else "")
    yield act.at, told, act.facts.get("reason")
