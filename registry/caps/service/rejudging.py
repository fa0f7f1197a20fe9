"""Judges every meter of caps anew when a plan was adopted or amended, or a meter was repaired."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from registry.caps.models import Meter
from registry.caps.service.licensing import judge_licensed_caps
from registry.caps.service.posting import rejudge_output
from registry.identity.rules import Actor
from registry.kernel.period import Year
from registry.plans.models import Cap
from registry.plans.queries import figure, lines_of
from registry.platform import audit


def rejudge(session: Session, actor: Actor, caps: Collection[Cap], cause: str = "plan") -> None:
    """Raise and recede the alarms of both meters of these caps as their limits stand now."""
    found = sorted(caps, key=lambda cap: cap.id or 0)
    judge_licensed_caps(session, actor, found, cause)
    lines = lines_of(session, found)
    year_of = func.substr(Meter.period, 1, 4)
    statement = select(year_of).where(col(Meter.cap_id).in_([cap.id for cap in found])).distinct()
    for year in sorted(int(text) for text in session.exec(statement).all()):
        figures = [figure(cap, lines.get(cap.id or 0, []), Year(year)) for cap in found]
        rejudge_output(session, actor.name, figures, year, cause)
    for cap in found:
        audit.note(session, cap.region, actor.name, "cap.rejudge", cap.name, cause=cause)
