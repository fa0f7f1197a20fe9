"""A clerk records returns: with all that a browser, a tired hand and a lost session can do to a form."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from registry.identity.rules import SYSTEM
from registry.identity.service import end_sign_ins
from registry.platform.db import transaction
from tests.browser.acts import fill_return, preview, revisions
from tests.browser.people import PHONE

SHALE, DONE = "砖瓦用页岩", "已登记"


def record(page: Page) -> None:
    """Record what was previewed, and wait for the page that says so."""
    page.click("button[value=record]")
    page.wait_for_url("**/outputs/one/**")


def test_the_month_that_passes_a_cap_and_the_alarm_until_it_is_closed(people, desk):
    clerk = people.sit()
    people.sign_in(clerk, "jingban", "/outputs/missing")
    row = clerk.locator("tr[data-row='SZ-2019-0004/砖瓦用页岩/2025-07']")
    row.get_by_role("link", name="填报").click()
    assert clerk.input_value("#field-right") == "SZ-2019-0004"
    assert clerk.input_value("#field-period") == "2025-07"
    clerk.fill("#field-quantity", "1.8")
    clerk.fill("#field-unit", "万吨")
    preview(clerk)
    told = clerk.locator("section.preview")
    expect(told).to_contain_text(SHALE)
    expect(told).to_contain_text("17.7")  # 15.9 so far, of 17.6 万吨
    expect(told).to_contain_text("超出总量调控指标")
    assert revisions(desk, "SZ-2019-0004", "2025-07") == 0

    record(clerk)
    expect(clerk.locator("[role=status]")).to_contain_text(DONE)
    expect(clerk.locator("#alarms")).to_contain_text("超出总量调控指标")
    assert revisions(desk, "SZ-2019-0004", "2025-07") == 1
    clerk.goto("/?year=2025")
    expect(clerk.locator(f"tr[data-row='500240/{SHALE}/year']")).to_contain_text("17.7")
    expect(clerk.locator(f"tr[data-row='500240/{SHALE}/year']")).to_contain_text("超出")

    reviewer = people.sit()
    people.sign_in(reviewer, "shenhe", f"/alarms?code=cap_exceeded&mineral={SHALE}")
    reviewer.locator("tr[data-row]").first.get_by_role("link").first.click()
    expect(reviewer.locator("h1")).to_have_text("超出总量调控指标")
    for button, note in (("签收", "已电话核实产量"), ("办结", "已责令停产，列入下年度计划")):
        reviewer.fill("#field-note", note)
        reviewer.get_by_role("button", name=button, exact=True).click()
        expect(reviewer.locator("#steps")).to_contain_text(note)
    expect(reviewer.locator("#handling")).to_contain_text("办结")
    assert reviewer.locator("#handling button").count() == 0


def test_a_double_click_and_a_reload_record_once(people, desk):
    page = people.sit("jingban")
    page.goto("/outputs/new")
    fill_return(page, "SZ-2014-0001", "2026-01", "5.1")
    preview(page)
    page.dblclick("button[value=record]")
    expect(page).to_have_url(re.compile("/outputs/one/"))  # the second click gives the first page up
    page.wait_for_load_state("networkidle")
    expect(page.locator("[role=status]")).to_contain_text(DONE)
    page.reload()
    page.reload()
    assert revisions(desk, "SZ-2014-0001", "2026-01") == 1


def test_going_back_and_sending_the_same_again_records_once(people, desk):
    page = people.sit("jingban")
    page.goto("/outputs/new")
    fill_return(page, "SZ-2017-0004", "2026-01", "4.2")
    preview(page)
    record(page)
    page.go_back()
    fill_return(page, "SZ-2017-0004", "2026-01", "4.2")
    preview(page)
    expect(page.locator("section.preview")).to_contain_text("与已登记的数据一致")
    record(page)
    expect(page.locator("[role=status]")).to_contain_text("未改动")
    assert revisions(desk, "SZ-2017-0004", "2026-01") == 1


def test_going_back_to_a_preview_and_confirming_it_again_records_once(people, desk):
    page = people.sit("jingban", script=False)
    page.goto("/outputs/new")
    fill_return(page, "SZ-2019-0005", "2026-01", "7.7")
    preview(page)
    record(page)
    with suppress(Error):  # Chromium asks whether it may send the form again, and a person says yes
        page.go_back()
    page.wait_for_url("chrome-error://**")
    page.reload()
    page.wait_for_selector("#preview-title")
    page.click("button[value=record]")
    page.wait_for_url("**/outputs/one/**")
    expect(page.locator("[role=status]")).to_contain_text(DONE)
    assert revisions(desk, "SZ-2019-0005", "2026-01") == 1


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_what_was_typed_outlives_a_lost_session(people, desk, script):
    right = "SZ-2018-0004" if script else "SZ-2018-0005"
    page = people.sit(script=script, expect=[401])
    people.sign_in(page, "jingban", "/outputs/new")
    fill_return(page, right, "2026-01", "1.3")
    page.fill("#field-note", "示例备注，请保留")
    with transaction(desk.engine) as session:
        end_sign_ins(session, SYSTEM, "jingban")
    desk.forget("jingban")
    page.click("button[value=preview]")
    page.fill("input[name=password]", desk.passwords["jingban"])
    page.fill("input[name=username]", "jingban")
    page.press("input[name=password]", "Enter")
    page.get_by_role("button", name="继续提交").click()
    page.wait_for_selector("#preview-title")
    assert page.input_value("#field-quantity") == "1.3"
    assert page.input_value("#field-note") == "示例备注，请保留"
    assert revisions(desk, right, "2026-01") == 0
    record(page)
    assert revisions(desk, right, "2026-01") == 1


def test_without_javascript_a_return_is_recorded_corrected_and_taken_back(people, desk):
    page = people.sit("jingban", script=False)
    page.goto("/outputs/new")
    fill_return(page, "SZ-2016-0006", "2026-01", "9")
    preview(page)
    record(page)
    expect(page.locator("[role=status]")).to_contain_text(DONE)
    page.get_by_role("link", name="更正", exact=True).click()
    page.fill("#field-quantity", "8")
    page.fill("#field-reason", "示例：称重有误")
    preview(page)
    record(page)
    expect(page.locator("[role=status]")).to_contain_text("已更正")
    page.get_by_role("button", name="作废").click()
    page.fill("#field-reason", "示例：报错矿山")
    page.get_by_role("button", name="确认作废").click()
    expect(page.locator("[role=status]")).to_contain_text("已作废")
    assert revisions(desk, "SZ-2016-0006", "2026-01") == 3


def test_by_keyboard_alone(people, desk):
    """Tab, Enter and typing: the way of somebody who cannot use a mouse, and of who is quick."""
    page = people.sit("jingban")
    page.goto("/outputs/new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # the link is to be seen once it has the focus
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    typed = {"right": "SZ-2018-0002", "period": "2026-01", "quantity": "11", "unit": "万吨"}
    for name, value in typed.items():
        tab_to(page, f"field-{name}")
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview-title")
    assert revisions(desk, "SZ-2018-0002", "2026-01") == 0
    tab_to(page, None, "button[value=record]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/outputs/one/**")
    assert revisions(desk, "SZ-2018-0002", "2026-01") == 1


def tab_to(page: Page, name: str | None, selector: str = "") -> None:
    """Press Tab until something has the focus; whatever has it on the way must be seen to have it."""
    wanted = selector or f"#{name}"
    for _ in range(60):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SEEN), page.evaluate("document.activeElement.outerHTML")
    raise AssertionError(f"{wanted} is not reached by Tab")


FOCUS_SEEN = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return one === document.body || ((ringed || style.boxShadow !== 'none') && box.width > 0 && box.height > 0);
}"""


def test_at_phone_width_the_whole_journey_fits(people, desk):
    page = people.sit("jingban", PHONE)
    page.goto("/outputs/new")
    fill_return(page, "SZ-2019-0002", "2026-01", "3.5")
    page.tap("button[value=preview]")
    page.wait_for_selector("#preview-title")
    fits(page)
    page.tap("button[value=record]")
    page.wait_for_url("**/outputs/one/**")
    fits(page)
    assert revisions(desk, "SZ-2019-0002", "2026-01") == 1


def fits(page: Page) -> None:
    """Fail when the page can be pushed sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_mistake_keeps_what_was_typed_and_names_the_field(people, desk):
    page = people.sit("jingban", expect=[422])
    page.goto("/outputs/new")
    fill_return(page, "SZ-2017-0003", "2026-01", "很多")
    page.fill("#field-note", "示例备注")
    page.click("button[value=preview]")
    wrong = page.locator("#wrong-quantity")
    expect(wrong).to_contain_text("很多")
    assert page.input_value("#field-note") == "示例备注"
    assert page.input_value("#field-quantity") == "很多"
    assert page.get_attribute("#field-quantity", "aria-invalid") == "true"
    assert "wrong-quantity" in (page.get_attribute("#field-quantity", "aria-describedby") or "")
    assert revisions(desk, "SZ-2017-0003", "2026-01") == 0
