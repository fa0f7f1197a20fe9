"""Which function freezes the data of which kind of paper."""

from collections.abc import Callable

from sqlmodel import Session

from registry.documents.rules import Order
from registry.documents.service.cap_table import cap_table_data
from registry.documents.service.inspection import inspection_data
from registry.documents.service.municipal import municipal_data
from registry.documents.service.permit import permit_data
from registry.documents.service.printing import Sheet
from registry.identity.rules import Actor
from registry.kernel.vocabulary import DocumentKind

SHEETS: dict[DocumentKind, Callable[[Session, Order, Actor], Sheet]] = {
    DocumentKind.permit: lambda session, order, actor: permit_data(session, order.subject, actor),
    DocumentKind.inspection: lambda session, order, actor: inspection_data(
        session, order.subject, order.year or 0, actor
    ),
    DocumentKind.cap_table: lambda session, order, actor: cap_table_data(
        session, order.year or 0, order.subject, actor
    ),
    DocumentKind.municipal: lambda session, order, actor: municipal_data(
        session, order.year or 0, order.subject, order.edition, actor
    ),
}
