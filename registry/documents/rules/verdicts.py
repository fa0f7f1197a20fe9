"""Whether a paper still holds, and what is told to whoever checks one."""

from registry.kernel.errors import Refused
from registry.kernel.vocabulary import DocumentState, DocumentVerdict

_VERDICTS = {
    DocumentState.current: DocumentVerdict.genuine,
    DocumentState.replaced: DocumentVerdict.replaced,
    DocumentState.revoked: DocumentVerdict.revoked,
}


class NotCurrent(Refused):
    """The paper does not hold any more: it has been replaced or revoked."""

    code = "document_not_current"


def verdict(state: DocumentState | None) -> DocumentVerdict:
    """Return what is told about a paper that is there, or is not."""
    return DocumentVerdict.unknown if state is None else _VERDICTS[state]
