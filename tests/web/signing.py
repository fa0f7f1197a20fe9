"""Signs somebody in at a client: as a row, because hashing a password for every test would take too long."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from registry.identity.models import ApiToken, SignIn, User
from registry.identity.queries import digest_of
from registry.identity.rules import LONGEST_DAY, SYSTEM
from registry.identity.service import add_user
from registry.kernel.vocabulary import Role
from registry.platform import clock
from registry.platform.db import transaction
from tests.factories import COUNTY

CSRF = "the-mark-of-this-sign-in"


@dataclass
class Desk:
    """A client at which somebody is signed in; posts carry the mark of the sign-in."""

    client: TestClient
    name: str
    secret: str

    def get(self, address: str, **given: Any) -> Any:
        """Open a page."""
        return self.client.get(address, headers=self._headers(given), **given)

    def post(self, address: str, data: dict[str, Any] | None = None, **given: Any) -> Any:
        """Send a form, and do not follow where its answer leads."""
        fields = {"csrf_token": CSRF} | (data or {})
        return self.client.post(
            address, data=fields, headers=self._headers(given), follow_redirects=False, **given
        )

    def _headers(self, given: dict[str, Any]) -> dict[str, str]:
        headers: dict[str, str] = given.pop("headers", {})
        return {"cookie": f"registry={self.secret}"} | headers


def enter_user(engine: Engine, name: str, role: Role, region: str) -> None:
    """Enter a user with one more role; the region has to be there."""
    with transaction(engine) as session:
        add_user(session, SYSTEM, name, role, region)


def sign(
    engine: Engine, client: TestClient, name: str, role: Role | None = None, region: str = COUNTY
) -> Desk:
    """Sign a user in, whom `role` adds where there is none yet."""
    if role is not None:
        enter_user(engine, name, role, region)
    now, secret = clock.wall(), f"secret of {name}"
    with transaction(engine) as session:
        if session.exec(select(SignIn).where(SignIn.digest == digest_of(secret))).first() is None:
            session.add(
                SignIn(
                    digest=digest_of(secret), user=name, csrf=CSRF, address="127.0.0.1", agent="test",
                    opened_at=now, seen_at=now, ends_at=now + LONGEST_DAY,
                )
            )  # fmt: skip
    return Desk(client, name, secret)


def token(engine: Engine, name: str, role: Role | None = None, region: str = COUNTY) -> dict[str, str]:
    """Return the header with which a program acts as a user, whom `role` adds."""
    if role is not None:
        enter_user(engine, name, role, region)
    secret = f"token of {name}".replace(" ", "-")
    with transaction(engine) as session:
        if session.get(User, name) is None:
            raise LookupError(name)
        row = ApiToken(digest=digest_of(secret), user=name, label="test", made_by=name, made_at=clock.wall())
        if session.exec(select(ApiToken).where(ApiToken.digest == row.digest)).first() is None:
            session.add(row)
    return {"authorization": f"Bearer {secret}"}
