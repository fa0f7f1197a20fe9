"""Alarms: the list, one with its steps, and the row of an alarm that other pages show."""

from registry.web.alarms.pages import router

__all__ = ["router"]
