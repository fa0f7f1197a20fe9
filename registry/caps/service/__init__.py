"""What is done to caps: returns are posted, capacity is committed, holds are placed, all is judged."""

from registry.caps.service.holds import place_hold, release_hold, use_hold
from registry.caps.service.licensing import admit, assess, commit_capacity, end_commitments, judge_licensed
from registry.caps.service.posting import MeterChange, Part, Posting, post, rejudge_output
from registry.caps.service.rejudging import rejudge

__all__ = [
    "MeterChange",
    "Part",
    "Posting",
    "admit",
    "assess",
    "commit_capacity",
    "end_commitments",
    "judge_licensed",
    "place_hold",
    "post",
    "rejudge",
    "rejudge_output",
    "release_hold",
    "use_hold",
]
