"""Notices: to the mines under a cap, to a mine that owes returns, to a mine whose permit ends."""

from registry.documents.service.notices.alarm import alarm_notice_data
from registry.documents.service.notices.missing import Reminder, missing_notice_data, reminder
from registry.documents.service.notices.refusing import refuse_alarm, refuse_notice
from registry.documents.service.notices.renewal import renewal_notice_data

__all__ = [
    "Reminder",
    "alarm_notice_data",
    "missing_notice_data",
    "refuse_alarm",
    "refuse_notice",
    "reminder",
    "renewal_notice_data",
]
