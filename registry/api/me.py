"""Who is asking: the name, the roles and what they permit."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from registry.api.shapes.common import Out
from registry.api.strict import StrictRoute
from registry.identity.rules import PERMISSIONS, Actor
from registry.kernel.vocabulary import Role
from registry.request import allowed

router = APIRouter(prefix="/me", tags=["me"], route_class=StrictRoute)


class RoleOut(Out):
    """A role in a region and everything below it."""

    role: Role
    region: Annotated[str, Field(examples=["500240"])]


class MeOut(Out):
    """Whoever the token or the session belongs to."""

    name: Annotated[str, Field(examples=["jingban"])]
    roles: list[RoleOut]
    permissions: Annotated[list[str], Field(description="岗位许可的办理事项", examples=[["caps.read"]])]


@router.get("", response_model=MeOut, summary="当前用户")
def get_me(actor: Annotated[Actor, allowed("account.own")]) -> dict[str, Any]:
    """Tell whose token or session this is, and what it permits."""
    roles = sorted(actor.roles, key=lambda held: (held[1], held[0]))
    permitted = {permission for role, _ in roles for permission in PERMISSIONS[role]}
    return {
        "name": actor.name,
        "roles": [{"role": role, "region": region} for role, region in roles],
        "permissions": sorted(permitted),
    }
