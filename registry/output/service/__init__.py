"""What is done with returns: recorded, corrected, taken back, imported, owed."""

from registry.output.service.duties import open_duties
from registry.output.service.importing import import_rows
from registry.output.service.preparing import Recorded
from registry.output.service.recording import record, record_many, record_once
from registry.output.service.voiding import backfill, take_back, void

__all__ = [
    "Recorded",
    "backfill",
    "import_rows",
    "open_duties",
    "record",
    "record_many",
    "record_once",
    "take_back",
    "void",
]
