"""Alarms as people look at them: a list of those wanted, and one with everything it rests on."""

from registry.workflows.alarm_book.listing import Listed, every, find, newest_behind
from registry.workflows.alarm_book.one import Cause, OneAlarm, one_alarm
from registry.workflows.alarm_book.urgent import most_urgent
from registry.workflows.alarm_book.wanted import Wanted, read_wanted

__all__ = [
    "Cause",
    "Listed",
    "OneAlarm",
    "Wanted",
    "every",
    "find",
    "most_urgent",
    "newest_behind",
    "one_alarm",
    "read_wanted",
]
