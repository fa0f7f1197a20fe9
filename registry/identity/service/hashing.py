"""How passwords are hashed: argon2id, always outside of a transaction."""

import secrets
from functools import cache

from pwdlib import PasswordHash


@cache
def hasher() -> PasswordHash:
    """Return the hasher with the recommended parameters of argon2id; a hash takes about 0.1 s."""
    return PasswordHash.recommended()


def hashed(password: str) -> str:
    """Return the hash under which a password is kept."""
    return hasher().hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Tell whether a password has this hash; without one it takes as long and never fits."""
    return hasher().verify(password, stored or nobodys_hash()) and stored is not None


@cache
def nobodys_hash() -> str:
    """Return a hash that no password fits."""
    return hashed(secrets.token_urlsafe())
