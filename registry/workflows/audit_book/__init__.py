"""The audit trail as people read it: who did what, found by filters and told in sentences."""

from registry.workflows.audit_book.finding import count_entries, find
from registry.workflows.audit_book.telling import Line, sentences
from registry.workflows.audit_book.wanted import FILTERS, Wanted, read_wanted

__all__ = ["FILTERS", "Line", "Wanted", "count_entries", "find", "read_wanted", "sentences"]
