"""Marks a text for the catalogue; the msgid is the Chinese."""

_ = str
