"""How passwords are hashed: argon2id, always outside of a transaction."""

import secrets
from functools import cache

from pwdlib import PasswordHash


@cache
def hasher() -> PasswordHash:
    """Return the hasher with the recommended parameters of argon2id; a hash takes about 0.1 s."""
    return PasswordHash.recommended()


def fits(password: str, stored: str | None) -> bool:
    """Tell whether a password has this hash; without one it takes as long and never fits."""
    return hasher().verify(password, stored or _nobodys_hash()) and stored is not None


@cache
def _nobodys_hash() -> str:
    return hasher().hash(secrets.token_urlsafe())
