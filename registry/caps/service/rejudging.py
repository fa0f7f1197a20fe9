"""Judges every meter of caps anew when a plan was adopted or amended, or a meter was repaired."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from registry.caps.models import Meter
from registry.caps.service.licensing import judge_licensed_caps
from registry.caps.service.posting import rejudge_output
from registry.identity.rules import Actor
from registry.plans.models import Cap
from registry.plans.queries import lines_of
from registry.platform import audit
from registry.platform.db import locked


def rejudge(session: Session, actor: Actor, caps: Collection[Cap], cause: str = "plan") -> None:
    """Raise and recede the alarms of both meters of these caps as their limits stand now.

    Locks the standing meters in the order of the postings, then the caps, which keeps first returns
    from making new ones: a return either is seen here, or waits and then sees the new limit.
    """
    ids = [cap.id for cap in caps]
    locked(session, select(Meter).where(col(Meter.cap_id).in_(ids)).order_by(col(Meter.cap_id), Meter.period))
    found = locked(session, select(Cap).where(col(Cap.id).in_(ids)).order_by(col(Cap.id)))
    judge_licensed_caps(session, actor, list(found), cause)
    year_of = func.substr(Meter.period, 1, 4)
    years = session.exec(select(year_of).where(col(Meter.cap_id).in_(ids)).distinct()).all()
    lines = lines_of(session, found)
    for year in sorted(int(text) for text in years):
        rejudge_output(session, actor.name, found, lines, year, cause)
    for cap in found:
        audit.note(session, cap.region, actor.name, "cap.rejudge", cap.name, cause=cause)
