"""What is done with users: added, given roles and passwords, signed in and out, given tokens."""

from registry.identity.service.hashing import fits as password_fits
from registry.identity.service.passwords import (
    Change,
    change_password,
    new_password,
    password_hash,
    set_password,
)
from registry.identity.service.signing import end_sign_in, end_sign_ins, mark_seen, sign_in
from registry.identity.service.tokens import end_token, end_tokens, make_token
from registry.identity.service.users import add_user, remove_role, set_active

__all__ = [
    "Change",
    "add_user",
    "change_password",
    "end_sign_in",
    "end_sign_ins",
    "end_token",
    "end_tokens",
    "make_token",
    "mark_seen",
    "new_password",
    "password_fits",
    "password_hash",
    "remove_role",
    "set_active",
    "set_password",
    "sign_in",
]
