"""The page of indicators: numerator and denominator, the plan's figure, and the list behind."""

import pytest
from starlette.testclient import TestClient

from registry.app import create_app
from registry.settings import Settings
from tests.web.reading import Page, read
from tests.web.signing import sign


@pytest.fixture
def clerk(demonstration, demonstration_url):
    app = create_app(Settings(database_url=demonstration_url))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield sign(demonstration, client, "jingban")


def page(who, address: str) -> Page:
    answer = who.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def key(shown: Page, code: str) -> str:
    """Return the row of an indicator; that of the own plan stands first."""
    return next(name for name in shown.rows if name.endswith(f"-{code}"))


def test_the_page_of_the_demonstration(clerk):
    shown = page(clerk, "/indicators?year=2025")
    green = shown.rows[key(shown, "green_mine_share")]
    assert "16 34 47.1%" in green
    assert "目标 48%" in green
    assert "20.6% 2020 年" in green
    assert "△ 未达到 差 1 个" in green
    restored = shown.rows[key(shown, "historic_restoration_area")]
    assert "— — —" in restored
    assert "目标 0.75 平方公里 2025 年，五年累计" in restored
    assert "登记簿暂无此项数据" in restored
    large = shown.rows[key(shown, "large_medium_share")]
    assert "20 33 60.6%" in large
    assert "◇ 仅供参照 1 个规模待定，未计入" in large
    assert "未分解到区县" in shown.text

    listed = page(clerk, f"/indicators?year=2025&show={key(shown, 'green_mine_share')}")
    assert sum("✓ 计入" in row for row in listed.rows.values()) == 16
    assert sum("只在分母" in row for row in listed.rows.values()) == 18
    links = {a.get("href") for tag, a in listed.tags if tag == "a"}
    assert "/rights/SZ-2011-0001" in links
    assert any(link and link.startswith("/plans/") and "#clause-" in link for link in links)

    assert "2015 年 8760 万吨，2020 年 7557 万吨" in shown.text
    assert "口径不同，并列不比较" in shown.text

    first = page(clerk, "/")
    assert "16 / 34 = 47.1%" in first.text  # the card of the first page says the same

    earlier = page(clerk, "/indicators?year=2024")
    assert "14 34 41.2%" in earlier.rows[key(earlier, "green_mine_share")]
    assert "没有生效的本级规划指标" in page(clerk, "/indicators?year=2019").text
    for address, status in (
        ("/indicators?year=x", 422), ("/indicators?region=500101", 404), ("/indicators?show=nichts", 404),
        ("/indicators?page=0", 422),
    ):  # fmt: skip
        assert clerk.get(address).status_code == status, address
