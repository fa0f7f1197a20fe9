"""Builds the frozen data of papers, prints and keeps them, and tells whether one is genuine.

Read inside a transaction, close it, and only then lay out: a page takes long, and nobody shall wait
for a lock meanwhile.
"""

from registry.documents.service.batches import (
    BATCH,
    FILTERS,
    batch_for,
    batch_kinds,
    given_batch,
    order_batch,
    print_batch,
    read_batch,
)
from registry.documents.service.bundles import bundle
from registry.documents.service.cap_table import cap_table_data
from registry.documents.service.inspection import inspection_data
from registry.documents.service.issuing import issue, kept_bytes, standing_paper
from registry.documents.service.keeping import (
    PRINT,
    Checked,
    check_digest,
    check_file,
    check_number,
    document_for,
    order_print,
    revoke,
)
from registry.documents.service.permit import permit_data
from registry.documents.service.printing import Sheet, pdf_of
from registry.documents.service.right_file import CapPart, RightFile, right_file

__all__ = [
    "BATCH",
    "FILTERS",
    "PRINT",
    "CapPart",
    "Checked",
    "RightFile",
    "Sheet",
    "batch_for",
    "batch_kinds",
    "bundle",
    "cap_table_data",
    "check_digest",
    "check_file",
    "check_number",
    "document_for",
    "given_batch",
    "inspection_data",
    "issue",
    "kept_bytes",
    "order_batch",
    "order_print",
    "pdf_of",
    "permit_data",
    "print_batch",
    "read_batch",
    "revoke",
    "right_file",
    "standing_paper",
]
