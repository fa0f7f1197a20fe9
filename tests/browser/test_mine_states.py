"""What a mine does since a day, registered on its page."""

from playwright.sync_api import expect

ADDRESS = "/rights/SZ-2018-0004"  # its permit begins 2018-08-17


def test_a_mistake_is_told_at_the_left_and_a_success_in_words(people):
    page = people.sit("jingban", expect=(422,))
    page.goto(ADDRESS)
    page.get_by_text("登记变化").click()
    page.select_option("#field-state", "stopped")
    page.fill("#field-since", "2010-01-25")
    page.fill("#field-reason", "示例：设备检修")
    page.get_by_role("button", name="登记", exact=True).click()
    told = page.locator("#state-form .errors ul")
    expect(told).to_contain_text(
        "自哪天起：“2010-01-25”早于该矿业权及其首个许可证的起始日。可接受：≥ 2018-08-17"
    )
    expect(told).to_have_css("text-align", "start")
    page.fill("#field-since", "2026-01-20")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#done")).to_have_text("运行状态已登记。")
