"""Reads of users, of who is signed in, and of what an actor may do where."""

from registry.identity.queries.acting import (
    actor_named,
    any_user,
    is_within,
    permits,
    readable,
    require,
    require_anywhere,
    visible,
)
from registry.identity.queries.listing import (
    SignInRow,
    TokenRow,
    UserRow,
    own_row,
    sign_ins_of,
    tokens_of,
    user_row,
    users,
)
from registry.identity.queries.people import (
    administrators,
    home_of,
    lock_users,
    locked_user,
    manageable_user,
    manages_all,
    roles_of,
)
from registry.identity.queries.signing import SignedIn, digest_of, signed_in, token_holder, token_known

__all__ = [
    "SignInRow",
    "SignedIn",
    "TokenRow",
    "UserRow",
    "actor_named",
    "administrators",
    "any_user",
    "digest_of",
    "home_of",
    "is_within",
    "lock_users",
    "locked_user",
    "manageable_user",
    "manages_all",
    "own_row",
    "permits",
    "readable",
    "require",
    "require_anywhere",
    "roles_of",
    "sign_ins_of",
    "signed_in",
    "token_holder",
    "token_known",
    "tokens_of",
    "user_row",
    "users",
    "visible",
]
