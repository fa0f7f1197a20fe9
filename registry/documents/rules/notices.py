"""When a notice has nothing to tell: it is refused, and the sentence says why."""

from registry.kernel.errors import Refused
from registry.kernel.vocabulary import AlarmCode

CAP_ALARMS = (AlarmCode.cap_near, AlarmCode.cap_warning, AlarmCode.cap_exceeded)


class NotACapAlarm(Refused):
    """Only what a cap's meter has come to is told to the mines under it; other alarms have other papers."""

    code = "notice_not_of_a_cap"


class AlarmReceded(Refused):
    """The reading has gone back: a notice would tell what is no longer so."""

    code = "notice_receded"


class NothingMissing(Refused):
    """Every return that was due has come: there is nothing to remind of."""

    code = "notice_nothing_missing"


class NoEnd(Refused):
    """The register has no day on which the right or its permit ends: there is nothing to count to."""

    code = "notice_no_end"
