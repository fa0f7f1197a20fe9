"""One alarm with what it rests on: the right, the act that caused it, the plan and clause, the caps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarm_numbered, public
from registry.alarms.rules import Step, behind
from registry.caps.service.judging import CARRIED
from registry.kernel.errors import NotFound
from registry.kernel.vocabulary import AlarmAct
from registry.output.models import OutputReturn
from registry.output.queries import revisions_of, split_public_id
from registry.plans.models import Cap, PlanClause, PlanDocument
from registry.plans.queries import caps_over, documents, rows_of
from registry.regions.queries import lineage
from registry.rights.models import MineralRight
from registry.rights.queries import right_if_any


@dataclass(frozen=True, slots=True)
class Cause:
    """What caused an alarm, as far as it is on the books: a return, a right or a document."""

    told: str
    returned: OutputReturn | None = None
    right: MineralRight | None = None
    document: PlanDocument | None = None


@dataclass(frozen=True, slots=True)
class OneAlarm:
    """One alarm in its public form, and the records that it names.

    `clause` is the code of a clause that the document really has; `behind` are those whose own acts the
    alarm is about, who therefore do not handle it.
    """

    told: dict[str, Any]
    region: str
    right: MineralRight | None
    cause: Cause | None
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
    return OneAlarm(
        told=told,
        region=alarm.region,
        right=right,
        cause=_cause(session, alarm, right, known),
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


def _cause(
    session: Session, alarm: Alarm, right: MineralRight | None, known: Sequence[PlanDocument]
) -> Cause | None:
    told = alarm.caused_by
    if told is None:
        return None
    named = next((one for one in known if told in (one.number, one.title)), None)
    if named is not None:
        return Cause(told, document=named)
    number, returned = told, None
    try:
        number, mineral, period = split_public_id(told)
    except NotFound:
        mineral = period = ""
    cause = right if right and right.number == number else right_if_any(session, number)
    if cause is not None and period:
        returned = next(reversed(revisions_of(session, cause.id or 0, mineral, period)), None)
    return Cause(told, returned=returned, right=cause)
