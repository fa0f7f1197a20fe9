"""How passwords are hashed: argon2id, always outside of a transaction."""

import secrets
from functools import cache

from pwdlib import PasswordHash

from registry.identity.rules import normal


@cache
def hasher() -> PasswordHash:
    """Return the hasher with the recommended parameters of argon2id; a hash takes about 0.1 s and 64 MB."""
    return PasswordHash.recommended()


def hashed(password: str) -> str:
    """Return the hash under which a password is kept."""
    return hasher().hash(_bytes(password))


def fits(password: str, stored: str | None) -> bool:
    """Tell whether a password has this hash; without one it takes as long and never fits."""
    nobodys = nobodys_hash()  # made before either way, so that its first making tells nothing
    return hasher().verify(_bytes(password), stored or nobodys) and stored is not None


@cache
def nobodys_hash() -> str:
    """Return a hash that no password fits."""
    return hashed(secrets.token_urlsafe())


def _bytes(password: str) -> bytes:
    return normal(password).encode(errors="surrogatepass")
