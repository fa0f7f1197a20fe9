"""The shares of a yearly cap at which somebody is told: data with validity dates and a source."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from registry.caps.models import Threshold
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.platform import audit
from registry.platform.upsert import insert_once
from registry.regions.queries import all_regions


def set_thresholds(
    session: Session, actor: Actor, shares: Collection[int], valid_from: date, source: str
) -> int:
    """Set thresholds, in hundredths of a percent, from a day on; return how many were new."""
    tops = [region.code for region in all_regions(session) if region.parent is None]
    for top in tops:
        require(session, actor, "catalogue.load", top)
    rows = [{"hundredths": share, "valid_from": valid_from, "source": source} for share in sorted(shares)]
    new = sum(insert_once(session, Threshold, row, ["hundredths", "valid_from"]) for row in rows)
    for top in tops if new else ():
        audit.note(
            session, top, actor.name, "threshold.set", str(valid_from), shares=sorted(shares), source=source
        )
    return new
