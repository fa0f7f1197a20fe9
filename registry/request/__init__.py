"""What any endpoint may ask for: a session, the actor, the posted form."""

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
from registry.request.signing import allowed, cookie_name, signed_in_as

__all__ = [
    "DatabaseNotMigrated",
    "Form",
    "Posted",
    "Reader",
    "Transaction",
    "Upload",
    "allowed",
    "attach",
    "check_migrated",
    "cookie_name",
    "engine_of",
    "newest_migration",
    "signed_in_as",
]
