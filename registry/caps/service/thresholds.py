"""The shares of a yearly cap at which somebody is told: data with validity dates and a source."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from registry.caps.models import Threshold
from registry.caps.rules import FULL
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.platform import audit
from registry.platform.upsert import insert_once
from registry.regions.queries import all_regions

MOST = 2


def set_thresholds(
    session: Session, actor: Actor, shares: Collection[int], valid_from: date, source: str
) -> int:
    """Set thresholds, in hundredths of a percent, from a day on; return how many were new.

    Raises:
        Invalid: not one or two between 0 and 100 %: the first is 接近, the second 逼近, and alarms have
            no third word.
    """
    if not 1 <= len(shares) <= MOST or not all(0 < share < FULL for share in shares):
        raise Invalid("thresholds_not_usable", "thresholds", sorted(shares), accepted="0 – 100 %, ≤ 2")
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
