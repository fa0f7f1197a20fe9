"""How facts are worded on paper; which papers there are, how they are numbered and told apart."""

from registry.documents.rules.batches import Batch, file_name
from registry.documents.rules.facts import (
    area,
    attribute,
    coordinates,
    corner_label,
    depth,
    of_year,
    office_figure,
    standing,
    term,
)
from registry.documents.rules.orders import Order, is_document_number, number_in, read_order
from registry.documents.rules.verdicts import NotCurrent, verdict

__all__ = [
    "Batch",
    "NotCurrent",
    "Order",
    "area",
    "attribute",
    "coordinates",
    "corner_label",
    "depth",
    "file_name",
    "is_document_number",
    "number_in",
    "of_year",
    "office_figure",
    "read_order",
    "standing",
    "term",
    "verdict",
]
