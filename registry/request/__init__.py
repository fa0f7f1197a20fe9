"""What any endpoint may ask for: a session, the actor, the posted form."""

from registry.request.addresses import printable
from registry.request.database import (
    DatabaseNotMigrated,
    Reader,
    Transaction,
    attach,
    check_migrated,
    engine_of,
    newest_migration,
)
from registry.request.posting import Form, Posted, Upload
from registry.request.signing import address_of, allowed, cookie_name, signed_in_as
from registry.request.turns import HashingTurn

__all__ = [
    "DatabaseNotMigrated",
    "Form",
    "HashingTurn",
    "Posted",
    "Reader",
    "Transaction",
    "Upload",
    "address_of",
    "allowed",
    "attach",
    "check_migrated",
    "cookie_name",
    "engine_of",
    "newest_migration",
    "printable",
    "signed_in_as",
]
