"""Every route names the one permission it asks for; what needs none is listed here."""

import pytest

from registry.identity.rules import PERMISSIONS
from tests.architecture.routes import all_routes

# What somebody sees who is not signed in: is the process alive, the door, a paper's check, the look of pages.
PUBLIC = {
    "/assets/{path}",
    "/fonts/{name}",
    "/healthz",
    "/lib/{name}",
    "/readyz",
    "/sign-in",
    "/verify/{number}",
    "/api/v1/openapi.json",
}
# Whoever is signed in may leave, whatever their roles.
SIGNED_IN = {"/sign-out"}
ROUTES = [one for one in all_routes() if one.path not in PUBLIC | SIGNED_IN]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_names_its_permission(route):
    assert len(route.permissions) == 1, (
        f"{route.method} {route.path} asks for {sorted(route.permissions) or 'nothing'}: give the endpoint "
        'one `actor: Annotated[Actor, allowed("...")]`, or list the address here if it is for everybody'
    )


def test_every_permission_that_is_asked_for_is_given_to_some_role():
    given = frozenset().union(*PERMISSIONS.values())
    unknown = {permission for route in ROUTES for permission in route.permissions} - given
    assert not unknown


def test_what_is_listed_as_public_is_there_and_asks_for_nothing():
    open_to_all = {one.path for one in all_routes() if not one.permissions}
    assert open_to_all == PUBLIC | SIGNED_IN
