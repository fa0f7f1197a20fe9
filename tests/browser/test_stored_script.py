"""Script in every text that can be stored: no page runs it, and the policy stops one that is shown raw.

Written through the services, so that nothing but the pages stands between the text and the browser.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Route
from sqlmodel import Session

from registry.alarms.service import handle
from registry.documents.rules import Order as Print
from registry.documents.service import issue, pdf_of, revoke
from registry.identity.models import User, UserRole
from registry.identity.queries import actor_named
from registry.identity.service import make_token
from registry.jobs.tasks import TASKS
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import AlarmAct, DocumentKind, OperatingState, Role, UploadKind
from registry.minerals.queries import catalogue
from registry.output.rules import read_output
from registry.output.service import record
from registry.plans.rules import read_amendment
from registry.plans.service import enter_amendment, withdraw_amendment
from registry.platform import clock, jobs
from registry.platform.db import transaction
from registry.registration.service import set_state
from registry.settings import settings
from registry.workflows.import_rights import import_rights
from registry.workflows.uploads import Order, place, take_in
from tests.browser.desk import Desk
from tests.databases import ROOT

# The pages are the same on either database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SCRIPT = "\"'><img src=x onerror=alert(1)>{{7*7}}<script>alert(1)</script>"
NAME = "<img src=x onerror=alert(1)>"
MINE, SHOWN = f"示例{SCRIPT}采石场", "onerror=alert(1)>"
RIGHT = {
    "right_no": "SZ-2020-0900", "permit_no": "示例-SZ-2020-0900", "permit_from": "2020-01-01",
    "permit_to": "2029-12-31", "holder": f"示例{SCRIPT}公司", "address": SCRIPT, "economic_type": SCRIPT,
    "mine": MINE, "region": "500240", "mineral": "建筑石料用灰岩", "kind": "采矿权", "scale": "30",
    "scale_unit": "万吨/年", "method": "露天开采", "valid_from": "2020-01-01", "valid_to": "2029-12-31",
    "authority": SCRIPT, "state": "生产@2020-06-01",
}  # fmt: skip
RETURN = "SZ-2020-0900/建筑石料用灰岩/2025-12"
PAGES = {
    "jingban": (
        "/", "/rights?q=SZ-2020-0900", "/rights/SZ-2020-0900", "/outputs?right=SZ-2020-0900",
        "/outputs/missing", f"/outputs/one/{RETURN}", "/outputs/new?right=SZ-2020-0900&period=2026-01",
        "/caps/500240/建筑石料用灰岩/year?year=2025", "/indicators?year=2025", "/changes?since=2025-01-01",
        *(f"/changes/{part}?since=2025-01-01" for part in ("returns", "rights", "alarms", "plans")),
        "/imports", "/imports/{hostile-import}", "/jobs", "/jobs/{hostile-import}", "/alarms",
        "/alarms/{alarm}",
        "/plans", "/plans/{hostile-plan}", "/expiries", "/documents", "/documents/{hostile-document}",
        "/account", "/verify/{hostile-document}",
    ),
    "guanliyuan": ("/users", f"/users/{quote(NAME)}", "/jobs"),
    "shenji": ("/audit",),
}  # fmt: skip
REFLECTED = (
    "/rights?q={0}&township={0}", "/rights?mineral={0}", "/alarms?q={0}", "/outputs?right={0}",
    "/outputs?right={0}&mineral={0}&period={0}",
    "/alarms?mineral={0}&q={0}", "/documents?q={0}", "/?year={0}", "/{0}", "/rights/{0}", "/verify/{0}",
    "/sign-in?next=/{0}", "/users/{0}", "/outputs/new?right={0}&period={0}&mineral={0}", "/plans/{0}",
    "/changes?since={0}", "/expiries?within={0}", "/caps/{0}/{0}/{0}", "/jobs?state={0}",
    "/documents?print_kind={0}&print_subject={0}&print_year={0}",
)  # fmt: skip


def as_person(desk: Desk, name: str, act: Callable[..., object]) -> None:
    """Do one act in a transaction of its own."""
    with transaction(desk.engine) as session:
        act(session, actor_named(session, name))


def enter(desk: Desk, folder: Path) -> None:
    """Write script into every text that people and files can bring into the book."""
    sheet = folder / "rights.csv"
    sheet.write_text("\n".join([",".join(RIGHT), ",".join(quoted(value) for value in RIGHT.values())]))
    report = import_rights(desk.engine, sheet, "jingban").public()
    assert not report["rejected"], report
    told = {"right_no": "SZ-2020-0900", "period": "2025-12", "quantity": "50", "unit": "万吨", "note": SCRIPT}
    as_person(desk, "jingban", lambda session, who: record(session, who, read_output(told)))
    again = read_output(told | {"quantity": "51"}, correct=True, reason=SCRIPT)
    as_person(desk, "jingban", lambda session, who: record(session, who, again))
    stopped, since = OperatingState.stopped, date(2026, 1, 30)
    as_person(desk, "jingban", lambda s, who: set_state(s, who, "SZ-2020-0900", stopped, since, SCRIPT))
    as_person(
        desk,
        "shenhe",
        lambda session, who: handle(session, who, int(desk.book.ids["alarm"]), AlarmAct.acknowledged, SCRIPT),
    )
    as_person(desk, "jingban", lambda session, who: make_token(session, who, "jingban", SCRIPT))
    as_person(desk, "system", lambda session, _: user(session))
    as_person(desk, "jingban", lambda session, _: plan(desk, session))
    upload(desk)
    number = issue(desk.engine, Print(DocumentKind.permit, "示例-SZ-2020-0900"), "jingban", pdf_of)
    as_person(desk, "shenpi", lambda session, who: revoke(session, who, number, SCRIPT))
    desk.book.ids["hostile-document"] = number


def user(session: Session) -> None:
    """Add a user as a row: the service refuses such a name, which an older book may hold all the same."""
    session.add(User(name=NAME, added_at=clock.now(session)))
    session.flush()
    session.add(UserRole(user=NAME, role=Role.inspector, region="500240"))


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def plan(desk: Desk, session: Session) -> None:
    """Enter an amendment whose every text is script, and take it back for such a reason."""
    source = read_yaml((ROOT / "seed/examples/amendment.yaml").read_bytes())
    source["document"] |= {"title": f"示例{SCRIPT}", "number": f"示例{SCRIPT}"}
    source["clauses"] = [{"id": SCRIPT, "text": SCRIPT}]
    source["caps"][0]["clause"] = SCRIPT
    source["notes"] = [{"about": SCRIPT, "text": SCRIPT}]
    actor = actor_named(session, "jingban")
    entered = enter_amendment(session, actor, read_amendment(source, catalogue(session)))
    withdraw_amendment(session, actor, entered.id or 0, SCRIPT)
    desk.book.ids["hostile-plan"] = str(entered.id)


def upload(desk: Desk) -> None:
    """Import a sheet whose name and whose rejected row are script."""
    content = f"right_no,period,quantity,unit\n{quoted(SCRIPT)},2025-12,{quoted(SCRIPT)},万吨\n".encode()
    order = Order(UploadKind.returns, f"{SCRIPT}.csv", content)
    with transaction(desk.engine) as session:
        actor = actor_named(session, "jingban")
        job = place(session, actor, order, take_in(actor, order, settings().files_dir), None)
    jobs.run(desk.engine, job.id or 0, TASKS[job.kind])
    desk.book.ids["hostile-import"] = str(job.id)


@pytest.fixture(scope="module")
def hostile(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk whose book is full of script."""
    enter(desk, tmp_path_factory.mktemp("hostile"))
    return desk


@pytest.mark.parametrize("name", PAGES)
def test_no_page_runs_what_is_stored(people, hostile, name):
    page = people.sit(name)
    shown = set()
    for address in PAGES[name]:
        answer = page.goto(address.format_map(hostile.book.ids))
        assert answer is not None
        assert answer.status == 200, address
        if SHOWN in page.inner_text("body"):  # as words
            shown.add(address)
        assert page.locator("img[src=x], script:not([src])").count() == 0, address
        assert "49" not in page.locator("h1").inner_text(), address
    assert len(shown) >= len(PAGES[name]) - 8, f"shown by few pages: {shown}"


def test_no_page_runs_what_an_address_says(people):
    page = people.sit("guanliyuan", expect=[403, 404, 422])
    for address in REFLECTED:
        page.goto(address.format(quote(SCRIPT)))
        assert page.locator("img[src=x], script:not([src])").count() == 0, address


RAW = (
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "<svg onload='window.ran = 1'></svg>",
    "<a id=link href='javascript:window.ran = 1'>x</a>",
    "<iframe srcdoc='<script>top.ran = 1</script>'></iframe>",
    "<script src='data:text/javascript,window.ran = 1'></script>",
    "<div hx-get='/' hx-on::load='window.ran = 1' hx-trigger='load'></div>",
    "<div hx-get='/' hx-vals='js:{a: (window.ran = 1)}' hx-trigger='load'></div>",
    "<meta http-equiv=refresh content='0;url=javascript:window.ran = 1'>",
)


@pytest.mark.parametrize("told", RAW)
def test_the_policy_stops_what_a_page_would_show_raw(browser, reading_desk, told):
    """The second wall: markup put into a real answer, behind the headers that the server sends."""

    def spoil(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{told}</main>"))

    context = browser.new_context(base_url=reading_desk.address)
    page = context.new_page()
    page.route("**/sign-in", spoil)
    page.goto("/sign-in")
    if page.locator("#link").count():
        page.click("#link")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    context.close()
