"""Tables are uploaded, imported by a job in the name of whoever sent them, and reported on row by row."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, event
from sqlmodel import func, select

from registry.jobs.tasks import TASKS
from registry.kernel.errors import NotFound
from registry.kernel.vocabulary import JobState, Role
from registry.output.models import OutputReturn
from registry.platform import jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import Job, Running
from registry.platform.tables import rows_of
from registry.rights.queries import right_if_any
from registry.workflows import import_returns
from tests.factories import right
from tests.web.book import enter
from tests.web.reading import Page, read

QUARRY, SMALL, FOREIGN = "SZ-2020-0001", "SZ-2020-0002", "SZ-2020-0009"
NEIGHBOUR = "500101"
HEAD = "矿业权编号,矿种,报告期,产量,单位,损失量,损失量单位,零报,备注"
GOOD = f"{SMALL},,2025-01,1,万吨,,,,\n{SMALL},,2025-02,20,万吨,,,,\n"
BAD = f"{SMALL},,2025-13,1,万吨,,,,\n{QUARRY},,2025-01,51,万吨,,,,=1+1\n{FOREIGN},,2025-01,1,t,,,,\n"
TABLE = f"{HEAD}\n{GOOD}{BAD}"


def prepare(engine: Engine) -> None:
    """The book of the page, and a mine of the neighbour."""
    enter(engine)
    with transaction(engine) as session:
        right(session, FOREIGN, region=NEIGHBOUR)


@pytest.fixture
def book(fresh: Engine) -> Engine:
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("jingban", Role.clerk)


def send(who, content: bytes | str, name: str = "一月.csv", **fields: str):
    """Upload a table."""
    told = content.encode() if isinstance(content, str) else content
    data = {"kind": "import_returns", "key": "k-1"} | fields
    return who.post("/imports", data, files={"file": (name, told)})


def work(engine: Engine, number: int = 1) -> None:
    """Do a job as a worker does."""
    with reader(engine) as session:
        kind = jobs.get(session, number).kind
    jobs.run(engine, number, TASKS[kind])


def returned(engine: Engine) -> int:
    with reader(engine) as session:
        return session.exec(select(func.count()).select_from(OutputReturn)).one()


def says(shown: Page | str, words: str) -> bool:
    """Tell whether a page or a row says something, wherever its tags part the words."""
    text = shown if isinstance(shown, str) else shown.text
    return "".join(words.split()) in "".join(text.split())


class TestUploading:
    def test_a_job_imports_it_and_the_page_tells_each_row(self, book, clerk):
        before = returned(book)
        answer = send(clerk, TABLE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/imports/1")
        assert returned(book) == before
        waiting = clerk.get("/imports/1").text
        assert "等待" in waiting
        assert '<noscript><meta http-equiv="refresh"' in waiting
        assert 'hx-trigger="every 2s"' in waiting
        work(book)
        shown = read(clerk.get("/imports/1").text)
        assert says(shown, "2 接收 0 未变 3 退回")
        assert says(shown.rows["4/period"], "4 期间 2025-13")
        assert says(shown.rows["5/quantity"], "已报 50 万吨，与本次 51 万吨 不同")
        assert says(shown.rows["6/right_no"], "未找到 矿业权")
        assert says(shown, "触发的预警")
        assert "refresh" not in clerk.get("/imports/1").text
        with reader(book) as session:
            [row] = session.exec(select(OutputReturn).where(OutputReturn.source == "一月.csv").limit(1)).all()
            assert row.actor == "jingban"

    def test_the_same_form_again_leads_to_the_same_job(self, book, clerk):
        assert send(clerk, TABLE).headers["location"] == send(clerk, TABLE).headers["location"]
        other = send(clerk, TABLE, key="k-2").headers["location"]
        assert other != "/imports/1"
        work(book, 1)
        work(book, int(other.rsplit("/", 1)[1]))
        assert says(read(clerk.get(other).text), "0 接收 2 未变 3 退回")

    def test_at_once_under_one_key_it_is_one_job(self, book, clerk):
        start = Barrier(5)

        def press(_):
            start.wait(30)
            return send(clerk, TABLE)

        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(press, range(5)))
        assert {(a.status_code, a.headers.get("location")) for a in answers} == {(303, "/imports/1")}
        with reader(book) as session:
            assert len(session.exec(select(Job)).all()) == 1

    def test_another_file_under_the_key_comes_back_with_a_new_one(self, book, clerk):
        send(clerk, TABLE)
        answer = send(clerk, f"{HEAD}\n{GOOD}")
        assert answer.status_code == 422
        keys = [a.get("value") for _, a in read(answer.text).tags if a.get("name") == "key"]
        assert "k-1" not in keys

    def test_a_trial_run_tells_everything_and_enters_nothing(self, book, clerk):
        before = returned(book)
        send(clerk, TABLE, dry_run="1")
        work(book)
        shown = read(clerk.get("/imports/1").text)
        assert says(shown, "2 可接收")
        assert says(shown, "什么都没有登记")
        assert says(shown, "将触发的预警")
        assert says(shown, "正式登记可接收的 2 行")
        assert returned(book) == before
        answer = clerk.post("/imports", {"tried": "1", "key": "k-2"})
        assert answer.status_code == 303
        work(book, 2)
        assert says(read(clerk.get("/imports/2").text), "2 接收 0 未变 3 退回")
        assert returned(book) == before + 2

    def test_a_correction_needs_its_reason_and_bears_it(self, book, clerk):
        table = f"{HEAD}\n{QUARRY},,2025-01,51,万吨,,,,\n"
        refused = send(clerk, table, correct="1", reason=" ")
        assert refused.status_code == 422
        assert any(a.get("id") == "wrong-reason" for _, a in read(refused.text).tags)
        send(clerk, table, correct="1", reason="过磅单核实")
        work(book)
        assert says(read(clerk.get("/imports/1").text), "1 接收")
        with reader(book) as session:
            corrected = session.exec(select(OutputReturn).where(OutputReturn.value == "51")).one()
            assert (corrected.reason, corrected.revision) == ("过磅单核实", 2)

    def test_rights_are_imported_too_and_may_be_tried_first(self, book, clerk):
        row = "X240-2021-0001,示例新矿,建筑石料用灰岩,500240,采矿权"
        table = f"矿业权编号,矿山名称,主矿种,行政区,类型\n{row}\n"
        for number, trial in ((1, "1"), (2, "")):
            send(clerk, table, "矿业权.csv", kind="import_rights", dry_run=trial, key=f"k-{number}")
            work(book, number)
            shown = read(clerk.get(f"/imports/{number}").text)
            assert says(shown, "1 可接收" if trial else "1 接收"), shown.text
            with reader(book) as session:
                found = right_if_any(session, "X240-2021-0001")
                assert (found is None) is bool(trial)

    def test_the_name_of_a_file_is_only_ever_shown(self, book, clerk):
        send(clerk, TABLE, "../../etc/<script>alert(1)</script>.csv")
        shown = clerk.get("/imports/1").text
        assert "<script>alert" not in shown
        assert "etc" not in read(shown).text


def workbook(rows: list[list[object]]) -> bytes:
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return whole.getvalue()


def bomb() -> bytes:
    """Return a small archive that unpacks to more than is read."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (110 * 2**20))
    return whole.getvalue()


def vast() -> bytes:
    """Return a workbook with one cell in the last row and column."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a", "b"]]))) as old, zipfile.ZipFile(whole, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'r="B1"', b'r="XFD1048576"')
            new.writestr(name, content)
    return whole.getvalue()


REFUSED = [
    (b"%PDF-1.7\n1 0 obj", "返回.csv", "file_kind"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protected.xlsx", "file_kind"),
    (b"<html><table></table></html>", "returns.xlsx", "file_kind"),
    (b"\x89PNG\r\n\x1a\n", "returns.csv", "file_kind"),
    (b"PK\x03\x04 and nothing else", "returns.xlsx", "file_broken"),
    (b"", "returns.csv", "header_missing"),
    (b"right_no,period,quantity\nx,y,z\n", "returns.csv", "column_missing"),
    (f"{HEAD}\n".encode(), "returns.csv", "rows_missing"),
    (b"a" * (10 * 2**20 + 1), "returns.csv", "file_too_large"),
]


class TestRefusing:
    def test_what_is_no_table_is_refused_at_once_by_its_content(self, book, clerk):
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("readme.txt", "no workbook")
        hostile = [
            (zipped.getvalue(), "a.xlsx", "file_kind"),
            (bomb(), "b.xlsx", "file_too_large"),
            (vast(), "c.xlsx", "too_many_rows"),
        ]
        for content, name, code in REFUSED + hostile:
            answer = send(clerk, content, name)
            assert answer.status_code == 422, (name, code)
            shown = read(answer.text)
            assert any(a.get("id") == "wrong-file" for _, a in shown.tags), (name, code)
            assert says(shown, "可接受") or code == "file_encoding", (name, code, shown.text)
        with reader(book) as session:
            assert session.exec(select(Job)).all() == []

    def test_a_workbook_is_taken_whatever_its_name_says(self, book, clerk):
        rows: list[list[object]] = [["矿业权编号", "报告期", "产量", "单位"], [SMALL, "2025-01", 1.5, "万吨"]]
        assert send(clerk, workbook(rows), "returns.csv").status_code == 303
        work(book)
        assert says(read(clerk.get("/imports/1").text), "1 接收")

    def test_without_a_file_or_a_kind_the_form_says_so_and_keeps_the_rest(self, book, clerk):
        nothing = clerk.post("/imports", {"kind": "import_returns", "correct": "1", "reason": "核实"})
        assert nothing.status_code == 422
        assert "核实" in nothing.text
        assert send(clerk, TABLE, kind="import_users").status_code == 422

    def test_a_trial_run_of_too_many_rows_is_refused(self, book, clerk, monkeypatch):
        monkeypatch.setattr(import_returns, "MOST_TRIED", 3)
        assert send(clerk, TABLE, dry_run="1").status_code == 422
        assert send(clerk, TABLE).status_code == 303


class TestRejected:
    def test_rejected_rows_are_given_back_as_they_were_and_may_be_sent_again(self, book, clerk):
        send(clerk, TABLE)
        work(book)
        answer = clerk.get("/imports/1/rejected.xlsx")
        assert "attachment" in answer.headers["content-disposition"]
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        [head] = [row for row in rows if row[0] == "矿业权编号"]
        assert head[-3:] == ["原行号", "退回栏目", "退回原因"]
        told = {row[-3]: row for row in rows[rows.index(head) + 1 :]}
        assert told["4"][:5] == [SMALL, "", "2025-13", "1", "万吨"]
        assert "期间" in str(told["4"][-2])
        again = send(clerk, answer.content, "退回.xlsx", key="k-2")
        assert again.status_code == 303
        work(book, 2)
        shown = read(clerk.get("/imports/2").text)
        assert says(shown, "0 接收 0 未变 3 退回 0 提示")

    def test_a_row_with_several_faults_counts_once_and_names_each_column(self, book, clerk):
        send(clerk, f"{HEAD}\n{QUARRY},,2026-13,9,箱,,,,\n")
        work(book)
        page = read(clerk.get("/imports/1").text)
        assert says(page, "0 接收 0 未变 1 退回")
        assert [a["data-row"] for _, a in page.tags if a.get("data-row")] == ["2/period", "2/unit"]
        assert says(page, "单位 箱")
        [row] = rows_of(clerk.get("/imports/1/rejected.csv").content, "x.csv")
        assert row.cells["退回栏目"] == "期间；单位"

    def test_as_text_no_cell_is_a_formula(self, book, clerk):
        send(clerk, TABLE)
        work(book)
        answer = clerk.get("/imports/1/rejected.csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert ",'=1+1," in answer.text
        periods = [row.cells["报告期"] for row in rows_of(answer.content, "x.csv")]
        assert periods == ["2025-13", "2025-01", "2025-01"]

    def test_before_it_is_done_there_are_none(self, book, clerk):
        send(clerk, TABLE)
        assert clerk.get("/imports/1/rejected.xlsx").status_code == 404


class TestWork:
    def test_a_job_killed_halfway_brings_the_rest_when_it_runs_again(self, book, clerk, monkeypatch):
        monkeypatch.setattr(import_returns, "BATCH", 1)
        send(clerk, f"{HEAD}\n{GOOD}{QUARRY},,2025-03,1,t,,,,\n")
        steps = []

        def dies(job: Running, count: int) -> None:
            steps.append(count)
            if len(steps) == 2:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Running, "advance", dies)
            with pytest.raises(KeyboardInterrupt):
                work(book)
        with transaction(book) as session:
            jobs.get(session, 1).state = JobState.queued
        work(book)
        assert says(read(clerk.get("/imports/1").text), "1 接收 2 未变 0 退回")

    def test_its_progress_is_told_in_rows(self, book, clerk):
        send(clerk, TABLE)
        with transaction(book) as session:
            job = jobs.get(session, 1)
            job.state, job.done, job.total = JobState.running, 500, 1200
        shown = read(clerk.get("/imports/1").text)
        assert says(shown, "500 ／ 1200 行")
        assert {"max": "1200", "value": "500"}.items() <= next(
            a.items() for tag, a in shown.tags if tag == "progress"
        )

    def test_a_failure_says_why(self, book, clerk):
        send(clerk, TABLE)
        with transaction(book) as session:
            session.get_one(Job, 1).actor = "nobody"
        with pytest.raises(NotFound):
            work(book)
        with transaction(book) as session:
            session.get_one(Job, 1).actor = "jingban"
        assert says(read(clerk.get("/imports/1").text), "失败 未找到 用户“nobody”")

    def test_nobody_working_is_told(self, book, clerk):
        send(clerk, TABLE)
        assert "后台任务进程没有运行" in clerk.get("/imports/1").text


class TestWho:
    def test_others_see_nothing_of_it(self, book, clerk, desk):
        send(clerk, TABLE)
        for name, role in (("shenhe", Role.reviewer), ("shenji", Role.auditor)):
            other = desk(name, role)
            assert other.get("/imports/1").status_code == 404
            assert other.get("/imports/1/rejected.xlsx").status_code == 404
        assert desk("shenhe").post("/imports", {"tried": "1"}).status_code == 404
        assert "一月.csv" not in desk("shenhe").get("/imports").text
        assert "一月.csv" in clerk.get("/imports").text
        assert clerk.get("/imports/99999999999999999999").status_code == 404

    def test_whoever_may_not_record_is_forbidden(self, book, desk):
        for name, role in (("jianchayuan", Role.inspector), ("shenpi", Role.approver)):
            other = desk(name, role)
            assert other.get("/imports").status_code == 403
            assert send(other, TABLE).status_code == 403

    def test_a_reviewer_may_send_returns_but_no_rights(self, book, desk):
        reviewer = desk("shenhe", Role.reviewer)
        assert "import_rights" not in reviewer.get("/imports").text
        assert send(reviewer, TABLE, kind="import_rights").status_code == 403

    def test_rows_of_the_neighbour_do_not_exist_for_the_job(self, book, desk):
        neighbour = desk("linxian", Role.clerk, NEIGHBOUR)
        send(neighbour, TABLE)
        work(book)
        shown = read(neighbour.get("/imports/1").text)
        assert says(shown, "1 接收")
        assert says(shown.rows["2/right_no"], "未找到 矿业权")


def test_the_template_offers_the_own_rights_and_is_read_again(book, clerk):
    answer = clerk.get("/imports/template.xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert sheets.sheet_names == ["产量报表", "填表说明", "编码"]
    hidden = next(one for one in sheets.sheets_metadata if one.name == "编码")
    assert "Hidden" in str(hidden.visible)
    numbers = [row[0] for row in sheets.get_sheet_by_name("编码").to_python()]
    assert QUARRY in numbers
    assert FOREIGN not in numbers
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert b"<formula1>rights</formula1>" in archive.read("xl/worksheets/sheet1.xml")
        assert "'编码'!$A$1:$A$" in archive.read("xl/workbook.xml").decode()
    refused = send(clerk, answer.content, "模板.xlsx")
    assert says(read(refused.text), "只有表头，没有数据行")


def test_the_list_of_imports_takes_at_most_twelve_statements(book, clerk):
    send(clerk, TABLE)
    sent: list[str] = []
    engine = clerk.client.app.state.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: sent.append(text))
    assert clerk.get("/imports").status_code == 200
    assert len(sent) <= 12, "\n".join(sent)
