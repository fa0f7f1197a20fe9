"""Long work with a worker beside the pages: an import with its report per row, a print that is waited for."""

import socket

from playwright.sync_api import Page, expect

from tests.browser.acts import revisions

SHEET = "\n".join([
    "right_no,mineral,period,quantity,unit",
    "SZ-2011-0001,水泥用灰岩,2026-01,14.2,万吨",
    "SZ-2013-0001,水泥用灰岩,2026-01,很多,万吨",
    "SZ-1900-0001,水泥用灰岩,2026-01,3,万吨",
])  # fmt: skip


RIGHT = {
    "right_no": "SZ-2020-0901", "permit_no": "示例-SZ-2020-0901", "permit_from": "2020-01-01",
    "permit_to": "2029-12-31", "holder": "示例公司", "region": "500240", "mineral": "建筑石料用灰岩",
    "kind": "采矿权", "scale": "1", "scale_unit": "万吨/年", "method": "露天开采", "valid_from": "2020-01-01",
    "valid_to": "2029-12-31", "state": "生产@2020-06-01",
}  # fmt: skip


def print_permit(page: Page, right: str) -> str:
    """Order the print of a permit and return the number of the paper, however long it takes."""
    page.goto("/documents")
    page.locator("details.order:not(.batch) summary").click()
    page.select_option("#field-kind", "permit")
    page.fill("#field-subject", right)
    page.get_by_role("button", name="打印", exact=True).click()
    page.wait_for_url(lambda url: "/documents/" in url or "/jobs/" in url)
    if "/jobs/" in page.url:
        page.get_by_role("link", name="查看结果").click(timeout=60_000)
        page.wait_for_url("**/documents/**")
    return page.url.rpartition("/")[2]


def test_a_sheet_is_uploaded_and_reported_on_row_by_row(workers):
    desk = workers.desk
    page = workers.sit("jingban")
    page.goto("/imports")
    sheet = {"name": "一月报表.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.set_input_files("#field-file", files=[sheet])
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".counts")).to_be_visible(timeout=60_000)
    number = page.url.rpartition("/")[2]
    expect(page.locator("h1")).to_have_text("一月报表.csv")
    rejected = page.locator("section[aria-labelledby=rejected-title] tr[data-row]")
    expect(rejected).to_have_count(2)
    expect(rejected.nth(0)).to_contain_text("很多")
    expect(rejected.nth(1)).to_contain_text("SZ-1900-0001")
    assert revisions(desk, "SZ-2011-0001", "2026-01") == 1
    assert revisions(desk, "SZ-2013-0001", "2026-01") == 0
    page.goto("/imports")  # left and found again
    expect(page.locator(f"tr[data-row='{number}']")).to_contain_text("完成")
    with page.expect_download() as waiting:
        page.goto(f"/imports/{number}")
        page.get_by_role("link", name="下载 CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")


def test_a_permit_is_printed_by_the_worker_and_checked_by_anybody(workers):
    page = workers.sit("jingban")
    number = print_permit(page, "SZ-2014-0003")
    with workers.desk.client("jingban") as client:
        assert client.get(f"/documents/{number}.pdf").content.startswith(b"%PDF")
    stranger = workers.sit()
    stranger.goto(f"/verify/{number}")
    expect(stranger.locator("main")).to_contain_text("SZ-文-")


def test_what_a_mine_is_called_makes_no_print_fetch_anything(workers):
    """The name comes from a file that somebody sent; the print shows it as words and opens no connection."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(1)
        port = trap.getsockname()[1]
        lure = f"示例<img src=http://127.0.0.1:{port}/x.png><link rel=stylesheet href=file:///etc/passwd>矿"
        right = RIGHT | {"mine": lure}
        table = f"{','.join(right)}\n{','.join(right.values())}\n"
        page = workers.sit("jingban")
        page.goto("/imports")
        page.select_option("#field-kind", "import_rights")
        sheet = {"name": "矿.csv", "mimeType": "text/csv", "buffer": table.encode()}
        page.set_input_files("#field-file", files=[sheet])
        page.get_by_role("button", name="上传").click()
        expect(page.locator(".counts")).to_contain_text("1 接收", timeout=60_000)
        number = print_permit(page, "SZ-2020-0901")
        with workers.desk.client("jingban") as client:
            assert client.get(f"/documents/{number}.pdf").content.startswith(b"%PDF")
        try:
            trap.accept()
        except TimeoutError:
            return
        raise AssertionError("the print has asked the network")
