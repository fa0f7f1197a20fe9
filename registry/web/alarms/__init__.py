"""Alarms: the list, one with its steps, and the card that other pages show."""

from registry.web.alarms.pages import router
from registry.web.alarms.rows import AlarmRow, about, standing

__all__ = ["AlarmRow", "about", "router", "standing"]
