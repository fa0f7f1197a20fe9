"""Judges every meter of caps anew when a plan was adopted or amended, or a meter was repaired."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from registry.caps.models import Meter
from registry.caps.service.licensing import judge_licensed_caps
from registry.caps.service.posting import rejudge_output
from registry.identity.rules import Actor
from registry.plans.models import Cap, PlanDocument
from registry.plans.queries import lines_of
from registry.platform import audit
from registry.regions.queries import below
from registry.rights.queries import locked_in


def rejudge(
    session: Session,
    actor: Actor,
    caps: Collection[Cap],
    cause: str = "plan",
    document: PlanDocument | None = None,
) -> None:
    """Raise and recede the alarms of both meters of these caps as their limits stand now.

    The output meters are judged in every year; the licensed ones in that of today, and in those that
    `document`, which was just put in force, has given another figure (decision 21).
    Locks every right below the caps: a return under way is waited for and then seen here, and one
    that begins later waits and then sees the new limit.
    """
    locked_in(session, {place for cap in caps for place in below(session, cap.region)})
    found = sorted(caps, key=lambda cap: cap.id or 0)
    ids = [cap.id for cap in found]
    judge_licensed_caps(session, actor, found, cause, document)
    year_of = func.substr(Meter.period, 1, 4)
    years = session.exec(select(year_of).where(col(Meter.cap_id).in_(ids)).distinct()).all()
    lines = lines_of(session, found)
    for year in sorted(int(text) for text in years):
        rejudge_output(session, actor.name, found, lines, year, cause)
    for cap in found:
        audit.note(session, cap.region, actor.name, "cap.rejudge", cap.name, cause=cause)
