"""What is refused about returns."""

from registry.kernel.errors import Refused


class AlreadyReturned(Refused):
    """That period has a return with other figures; send a correction with a reason instead."""

    code = "already_returned"


class NotReturned(Refused):
    """There is no standing return to take back."""

    code = "not_returned"
