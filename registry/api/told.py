"""Figures, returns and their history in the public form of the API."""

from datetime import date, datetime
from typing import Any

from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import Kind
from registry.output.models import OutputReturn
from registry.output.queries import ReturnLine
from registry.platform.jobs import Job
from registry.wording import say
from registry.workflows.return_effects import AlarmEffect, MeterStep
from registry.workflows.return_history import History, Revision


def quantity(found: Quantity | None) -> dict[str, Any] | None:
    """Return a quantity as a figure in t or m3 with its unit."""
    return None if found is None else {"value": in_base_unit(found), "unit": BASE_UNIT[found.kind]}


def amount(kind: Kind, base: int | None) -> dict[str, Any] | None:
    """Return whole base units as a figure in t or m3 with its unit."""
    return None if base is None else quantity(of_kind(kind, base))


def day(found: date | None) -> str | None:
    """Return a day as YYYY-MM-DD."""
    return None if found is None else found.isoformat()


def returned(line: ReturnLine) -> dict[str, Any]:
    """Return one standing return as a list shows it."""
    return {
        "return": line.public_id, "right": line.number, "mine": line.mine, "region": line.region,
        "mineral": line.mineral, "period": line.period, "standing": line.standing, **_facts(line),
    }  # fmt: skip


def told_history(found: History) -> dict[str, Any]:
    """Return one return with all its revisions."""
    duty, row = found.duty, found.standing
    return {
        "return": found.return_id, "right": found.right.number, "mine": found.right.mine,
        "region": found.right.region, "mineral": row.mineral, "period": row.period,
        "revisions": [_revision(one) for one in found.revisions],
        "duty": duty and {
            "grain": duty.grain, "due_on": duty.due_on.isoformat(),
            "fulfilled_at": moment(duty.fulfilled_at), "in_time": duty.in_time,
        },
        "alarms": [_effect(one) for one in found.alarms],
    }  # fmt: skip


def _facts(row: ReturnLine | OutputReturn) -> dict[str, Any]:
    return {
        "revision": row.revision, "quantity": amount(row.kind, row.quantity),
        "written": {"value": row.value, "unit": row.unit}, "nil": row.nil, "covered": row.covered,
        "during_stop": row.during_stop, "counted": row.counted, "note": row.note, "reason": row.reason,
        "actor": row.actor, "source": row.source, "recorded_at": moment(row.recorded_at),
    }  # fmt: skip


def _revision(found: Revision) -> dict[str, Any]:
    row = found.row
    return _facts(row) | {
        "lost": amount(row.kind, row.lost),
        "voided": row.voided,
        "superseded_at": moment(row.superseded_at),
        "meters": [_step(one) for one in found.meters],
    }


def _step(found: MeterStep) -> dict[str, Any]:
    return {
        "cap": found.cap.name, "period": str(found.period), "before": in_base_unit(found.before),
        "after": in_base_unit(found.after), "unit": BASE_UNIT[found.cap.kind],
    }  # fmt: skip


def _effect(found: AlarmEffect) -> dict[str, Any]:
    return {"act": found.act, "at": moment(found.at), "alarm": found.told}


def moment(at: datetime | None) -> str | None:
    """Return a moment with its offset."""
    return None if at is None else at.isoformat()


def why(job: Job) -> str:
    """Return why a job failed; of a mistake in the program nothing of its inside."""
    if job.error_code == "unexpected":
        return say("internal_error", {})
    return say(job.error_code or "", job.trouble)
