"""Bad input is answered with a page that names the field, what was given and what is accepted."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.vocabulary import Role
from registry.platform.db import transaction
from registry.settings import Settings
from tests.factories import world
from tests.web.reading import read

SECURE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}


@pytest.fixture
def clerk(fresh, desk):
    """Give somebody at a desk before a book that has regions and nothing else."""
    with transaction(fresh) as session:
        world(session, date(2025, 3, 20))
    return desk("jingban", Role.clerk)


@pytest.mark.parametrize(
    ("address", "field", "name"),
    [
        ("/alarms?state=foo", "state", "处置"),
        ("/alarms?severity=x", "severity", "级别"),
        ("/alarms?code=x", "code", "事项"),
        ("/jobs?state=x", "state", "状态"),
        ("/documents?state=x", "state", "状态"),
        ("/rights?state=x", "state", "运行状态"),
        ("/rights?scale=巨型", "scale", "规模类别"),
        ("/rights?permit=x", "permit", "许可"),
    ],
)
def test_a_filter_is_called_what_its_page_calls_it(clerk, address, field, name):
    answer = clerk.get(address)
    assert answer.status_code == 422
    words = read(answer.text).text
    assert f"{name}：“{address.partition('=')[2]}”不在可选值之内" in words
    assert f"{name} {field} 所填" in words


@pytest.mark.parametrize("kind", ["", ".xlsx"])
@pytest.mark.parametrize("page", ["/rights", "/alarms", "/outputs"])
def test_a_mineral_that_the_catalogue_does_not_know_is_no_filter(clerk, page, kind):
    answer = clerk.get(f"{page}{kind}", params={"mineral": "石灰石头"})
    assert answer.status_code == 422
    assert "矿种：“石灰石头”不在目录中。可接受：目录中的矿种名称、别名或代码" in read(answer.text).text


@pytest.mark.parametrize(
    ("address", "field", "value", "accepted"),
    [
        ("/?year=abc", "year", "abc", "如 2025"),
        ("/?year=20255", "year", "20255", "如 2025"),
        ("/?year=-1", "year", "-1", "如 2025"),
        ("/?as_of=2025-02-30", "as_of", "2025-02-30", "如 2025-07-14"),
        ("/?as_of=gestern", "as_of", "gestern", "如 2025-07-14"),
        ("/?as_of=9999-12-31", "as_of", "9999-12-31", ""),
        ("/?year=%3Cscript%3E", "year", "<script>", "如 2025"),
    ],
)
def test_an_unreadable_address_names_field_value_and_what_is_accepted(clerk, address, field, value, accepted):
    answer = clerk.get(address)
    assert answer.status_code == 422
    words = read(answer.text).text
    assert f"{field} 所填 {value} 可接受 {accepted}" in words
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("address", "way_back"),
    [
        (
            "/alarms?year=25&mineral=%E5%9C%B0%E7%83%AD&state=open",
            "/alarms?mineral=%E5%9C%B0%E7%83%AD&state=open",
        ),
        ("/rights?page=x", "/rights"),
        ("/changes/returns?since=2025-02-30&region=500240", "/changes/returns?region=500240"),
        ("/?year=2025&year=abc", "/"),
    ],
)
def test_what_is_left_of_an_unreadable_address_is_one_click_away(clerk, address, way_back):
    answer = clerk.get(address)
    assert answer.status_code == 422
    assert f'href="{way_back.replace("&", "&amp;")}">去掉这项再看' in answer.text
    assert clerk.get(way_back).status_code == 200


def test_a_page_that_lies_elsewhere_has_no_such_way(client):
    assert "去掉这项再看" not in client.get("/keine-seite?year=2025").text


def test_a_day_to_come_is_not_known_yet(clerk):
    assert clerk.get("/?as_of=2025-03-20").status_code == 200
    answer = clerk.get("/?as_of=2025-03-21")
    assert answer.status_code == 422
    assert "尚未到来" in answer.text
    assert "≤ 2025-03-20" in answer.text


def test_a_very_long_value_is_cut(clerk):
    answer = clerk.get("/?year=" + "9" * 20_000)
    assert answer.status_code == 422
    assert "9" * 400 not in answer.text


@pytest.mark.parametrize("name", ["%00", "a%00b", "%0A", "%7F", "%E2%80%AE"])
@pytest.mark.parametrize(
    "place", ["/verify/{}", "/rights/{}", "/documents/{}", "/documents/{}.pdf", "/alarms/{}"]
)
def test_a_name_that_nothing_has_is_not_looked_up(clerk, place, name):
    assert clerk.get(place.format(name)).status_code == 404


def test_an_unknown_page_says_which_there_are(client):
    answer = client.get("/keine-seite")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert "/keine-seite" in answer.text
    assert 'href="/"' in answer.text


def test_the_page_takes_no_orders(client):
    answer = client.post("/", data={"year": "2025"})
    assert answer.status_code == 405
    assert "此处不接受这种操作" in answer.text


@pytest.mark.parametrize("address", ["/openapi.json", "/docs", "/redoc"])
def test_there_is_no_description_of_an_api_yet(client, address):
    assert client.get(address).status_code == 404


def test_a_database_without_tables_is_no_riddle(database):
    url = database.empty()
    with TestClient(create_app(Settings(database_url=url)), raise_server_exceptions=False) as client:
        answer = client.get("/")
    database.drop(url)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "registry init" in answer.text


def test_a_database_that_is_gone_is_no_riddle():
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    with TestClient(create_app(Settings(database_url=url)), raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 503
    assert "数据库没有应答" in answer.text


def test_a_fault_of_the_program_tells_nothing_of_its_inside(clerk, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("registry.web.overview.overview", broken)
    answer = clerk.get("/")
    assert answer.status_code == 500
    assert "程序出错" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/", "/?year=x", "/keine-seite", "/healthz", "/assets/desk.css"])
def test_every_answer_carries_the_secure_headers(client, address):
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert SECURE.items() <= headers.items()
    assert "server" not in headers


def test_the_assets_are_ours_and_the_fonts_are_named(client):
    style = client.get("/assets/desk.css")
    assert style.status_code == 200
    assert "http" not in style.text.replace("http://www.w3.org", "")
    assert client.get("/fonts/NotoSansSC-Regular.ttf").status_code == 200
    assert client.get("/fonts/..%2F..%2Fpyproject.toml").status_code == 404
    assert client.get("/fonts/other.ttf").status_code == 404
    assert client.get("/assets/..%2Flayouts%2Fdesk.html").status_code == 404
