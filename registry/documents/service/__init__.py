"""Builds the frozen data of papers, and prints them outside any transaction.

Read inside a transaction, close it, and only then call `pdf_of`: laying out a page takes long, and
nobody shall wait for a lock meanwhile.
"""

from registry.documents.service.inspection import inspection_data
from registry.documents.service.municipal import municipal_data
from registry.documents.service.permit import permit_data
from registry.documents.service.printing import Sheet, pdf_of

__all__ = ["Sheet", "inspection_data", "municipal_data", "pdf_of", "permit_data"]
