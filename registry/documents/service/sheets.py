"""Which function freezes the data of which kind of paper."""

from collections.abc import Callable

from sqlmodel import Session

from registry.documents.rules import Order
from registry.documents.service.cap_table import cap_table_data
from registry.documents.service.inspection import inspection_data
from registry.documents.service.municipal import municipal_data
from registry.documents.service.notices import alarm_notice_data, missing_notice_data, renewal_notice_data
from registry.documents.service.permit import permit_data
from registry.documents.service.printing import Sheet
from registry.documents.service.progress import progress_data
from registry.documents.service.registration import registration_data
from registry.identity.rules import Actor
from registry.kernel.vocabulary import DocumentKind

SHEETS: dict[DocumentKind, Callable[[Session, Order, Actor], Sheet]] = {
    DocumentKind.permit: lambda session, order, actor: permit_data(session, order.subject, actor),
    DocumentKind.registration: lambda session, order, actor: registration_data(session, order.subject, actor),
    DocumentKind.inspection: lambda session, order, actor: inspection_data(
        session, order.subject, order.year or 0, actor
    ),
    DocumentKind.cap_table: lambda session, order, actor: cap_table_data(
        session, order.year or 0, order.subject, actor
    ),
    DocumentKind.municipal: lambda session, order, actor: municipal_data(
        session, order.year or 0, order.subject, order.edition, actor
    ),
    DocumentKind.progress: lambda session, order, actor: progress_data(
        session, order.year or 0, int(order.edition), order.subject, actor
    ),
    DocumentKind.alarm_notice: lambda session, order, actor: alarm_notice_data(
        session, int(order.subject), actor
    ),
    DocumentKind.missing_notice: lambda session, order, actor: missing_notice_data(
        session, order.subject, order.year or 0, actor
    ),
    DocumentKind.renewal_notice: lambda session, order, actor: renewal_notice_data(
        session, order.subject, actor
    ),
}
