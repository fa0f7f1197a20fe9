"""Who may only look: the municipal office sees every county and changes nothing; a neighbour sees nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import CAP
from tests.furnished import NEIGHBOURS, NEIGHBOURS_RIGHT
from tests.signing_in import mark_of
from tests.web.roles_table import API, BODIES, NOT_FOUND, PAGES

WORK = "main form[method=post]:not([action='/documents'])"  # printing changes no county's book
# What the municipal office does for itself: its own account, and prints, which are numbered as its own.
OWN = ("/account", "/documents", "/jobs", "/sign-out")


def test_the_municipal_office_sees_every_county_and_finds_no_button(readers):
    page = readers.sit("shiju")
    page.goto("/rights")
    expect(page.locator("tr[data-row='SZ-2015-0001']")).to_be_visible()
    page.goto(f"/rights?q={NEIGHBOURS_RIGHT}")
    expect(page.locator(f"tr[data-row='{NEIGHBOURS_RIGHT}']")).to_be_visible()
    for address in (
        "/", f"{CAP}?year=2025", "/rights/SZ-2015-0001", f"/rights/{NEIGHBOURS_RIGHT}", "/outputs",
        "/outputs/one/SZ-2015-0001/建筑石料用灰岩/2025-12", "/alarms", "/alarms/{alarm}",
        "/plans", "/plans/{plan}", "/plans/{amendment}",
    ):  # fmt: skip
        page.goto(address.format_map(readers.desk.book.ids))
        assert page.locator(WORK).count() == 0, address
        assert page.get_by_role("link", name="填报", exact=True).count() == 0, address


def test_the_municipal_office_is_refused_when_it_sends_forms_by_hand(readers):
    desk = readers.desk
    with desk.client("shiju") as client:
        mark = mark_of(client.get("/alarms"))
        for row in (*PAGES, *API):
            if row.method != "POST" or row.path.startswith(("/sign-in", "/verify", "/api/v1/caps", *OWN)):
                continue
            address = row.example.format_map(desk.book.ids)
            if row.path.startswith("/api/"):
                given = {"json": BODIES.get(row.path, {}), "headers": {"x-csrf-token": mark}}
            else:
                given = {"data": {"csrf_token": mark, "note": "示例", "reason": "示例"}}
            assert client.post(address, **given).status_code in (403, 404), row.path


@pytest.mark.parametrize("name", ["linxian", "linxianshenhe"])
def test_a_neighbour_is_told_that_there_is_no_such_thing(readers, name):
    desk = readers.desk
    page = readers.sit(name, expect=[404, 403])
    page.goto("/rights")
    assert [one.get_attribute("data-row") for one in page.locator("tr[data-row]").all()] == [NEIGHBOURS_RIGHT]
    for address in (
        "/rights/SZ-2015-0001", f"{CAP}?year=2025", "/outputs/one/SZ-2015-0001/建筑石料用灰岩/2025-12",
        "/alarms/{alarm}", "/plans/{plan}", "/documents/{document}",
    ):  # fmt: skip
        answer = page.goto(address.format_map(desk.book.ids))
        assert answer is not None
        assert answer.status == 404, address
        assert "团结采石场" not in page.inner_text("body")
    with desk.client(name) as client:
        for row in (*PAGES, *API):
            if row.method == "GET" and row.abroad is NOT_FOUND and NEIGHBOURS[name] in row.who:
                assert client.get(row.example.format_map(desk.book.ids)).status_code == 404, row.path
