"""One alarm with what it rests on: the right, the act that caused it, the plan and clause, the caps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarm_numbered, public
from registry.alarms.rules import Step, behind
from registry.caps.service.judging import CARRIED
from registry.kernel.vocabulary import AlarmAct
from registry.output.models import OutputReturn
from registry.output.queries import revisions_named, split_public_id
from registry.plans.models import Cap, PlanClause, PlanDocument
from registry.plans.queries import caps_over, documents, rows_of
from registry.regions.queries import lineage
from registry.rights.models import MineralRight
from registry.rights.queries import right_if_any


@dataclass(frozen=True, slots=True)
class Cause:
    """What caused an alarm, as far as it is on the books: a return, a right or a document.

    Of a return it has mineral and period, and the revision that raised the alarm where that is known.
    """

    told: str
    mineral: str = ""
    period: str = ""
    returned: OutputReturn | None = None
    right: MineralRight | None = None
    document: PlanDocument | None = None


@dataclass(frozen=True, slots=True)
class OneAlarm:
    """One alarm in its public form, and the records that it names.

    `taken` has for each step the revision of the return that took it, where there is one and it is known;
    `clause` is the code of a clause that the document really has; `behind` are those whose own acts the
    alarm is about, who therefore do not handle it.
    """

    told: dict[str, Any]
    region: str
    right: MineralRight | None
    cause: Cause | None
    taken: list[OutputReturn | None]
    document: PlanDocument | None
    clause: str | None
    caps: list[Cap]
    behind: frozenset[str]


def one_alarm(session: Session, alarm_id: int, regions: Collection[str] | None) -> OneAlarm:
    """Return one alarm of these regions (of any for None).

    Raises:
        NotFound: there is none.
    """
    alarm = alarm_numbered(session, alarm_id, regions)
    [told] = public(session, [alarm])
    right = right_if_any(session, alarm.right) if alarm.right else None
    known = documents(session, lineage(session, alarm.region))
    document = _document(known, alarm.document)
    returns = revisions_named(session, {step["caused_by"] for step in told["steps"] if step["caused_by"]})
    taken = [_taken(returns.get(step["caused_by"], []), step) for step in told["steps"]]
    return OneAlarm(
        told=told,
        region=alarm.region,
        right=right,
        cause=_cause(session, alarm, right, known, returns, _raising(told["steps"], taken)),
        taken=taken,
        document=document,
        clause=_clause(session, document, alarm.clause),
        caps=caps_over(session, [alarm.region], [alarm.mineral]) if alarm.mineral else [],
        behind=behind(
            Step(AlarmAct(step["act"]), step["actor"], step["caused_by"]) for step in told["steps"]
        ),
    )


def _document(known: Sequence[PlanDocument], cited: str | None) -> PlanDocument | None:
    """Return the plan document that an alarm cites; it may cite a permit or a law instead."""
    name = (cited or "").removesuffix(CARRIED)
    return next((one for one in known if name in (one.cited, one.title)), None)


def _clause(session: Session, document: PlanDocument | None, code: str | None) -> str | None:
    if document is None or code is None:
        return None
    return code if code in {clause.code for clause in rows_of(session, PlanClause, document)} else None


def _taken(revisions: Sequence[OutputReturn], step: Mapping[str, Any]) -> OutputReturn | None:
    """Return the revision that took a step; of a step that does not name it, the newest one of its time.

    Where several were recorded at that very moment, as in a demonstration, none of them is told.
    """
    if step["revision"] is not None:
        return next((one for one in revisions if one.revision == step["revision"]), None)
    known = [one for one in revisions if one.recorded_at <= datetime.fromisoformat(step["at"])]
    newest = [one for one in known if one.recorded_at == known[-1].recorded_at]
    return newest[0] if len(newest) == 1 else None


def _raising(steps: Sequence[Mapping[str, Any]], taken: Sequence[OutputReturn | None]) -> OutputReturn | None:
    """Return the revision that raised an alarm, or raised it anew the last time."""
    pairs = zip(reversed(steps), reversed(taken), strict=True)
    return next((row for step, row in pairs if step["act"] in (AlarmAct.raised, AlarmAct.reopened)), None)


def _cause(
    session: Session, alarm: Alarm, right: MineralRight | None, known: Sequence[PlanDocument],
    returns: Mapping[str, Sequence[OutputReturn]], raising: OutputReturn | None,
) -> Cause | None:  # fmt: skip
    told = alarm.caused_by
    if told is None:
        return None
    named = next((one for one in known if told in (one.number, one.title)), None)
    if named is not None:
        return Cause(told, document=named)
    number, mineral, period = split_public_id(told) if told in returns else (told, "", "")
    cause = right if right and right.number == number else right_if_any(session, number)
    return Cause(told, mineral, period, returned=raising if period else None, right=cause)
