"""Many papers from one form: ordered once, followed, fetched as one file by whoever may see them."""

import io
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from registry.jobs import batches
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import Role
from registry.platform import files, jobs
from registry.platform.db import reader, transaction
from registry.settings import settings
from tests.factories import COUNTY, cap, right, world
from tests.services.test_documents_kept import lay_out
from tests.web.signing import sign

MINES, OTHER = ("SZ-2025-0001", "SZ-2025-0002"), "500101"
ORDER = {"batch_kind": "inspection", "batch_year": "2025", "key": "k1"}


@pytest.fixture
def book(fresh, monkeypatch):
    """Give a book with two mines, where nothing is really laid out."""
    monkeypatch.setattr(batches, "print_sheet", lay_out)
    with transaction(fresh) as session:
        world(session, counties=(COUNTY, OTHER))
        cap(session, "1000 万吨/年")
        for number in MINES:
            right(session, number)
    return fresh


@pytest.fixture
def clerk(book, client):
    return sign(book, client, "jingban", Role.clerk)


def test_from_the_filter_of_the_list_to_the_archive(book, client, clerk):
    assert "/documents?mineral" not in (shown := clerk.get("/rights?q=0002").text)
    assert "/documents?batch_q=0002&amp;batch_kind=permit" in shown
    form = clerk.get("/documents?batch_q=0002&batch_kind=permit").text
    assert '<details class="card order batch" id="batch" open>' in form
    assert 'name="batch_q" type="text" value="0002"' in form
    answer = clerk.post("/documents/batch", ORDER)
    where = answer.headers["location"]
    assert answer.status_code == 303
    assert clerk.post("/documents/batch", ORDER).headers["location"] == where  # pressed twice
    assert "年检报告书 2025 年 2 份" in clerk.get(where).text
    assert clerk.get(f"{where}.zip").status_code == 404  # not yet
    assert Worker(book).once(["batch"])
    page = clerk.get(where).text
    assert f'href="{where}.zip"' in page
    assert "<b>2</b> 已打印" in page
    got = clerk.get(f"{where}.zip")
    name = unquote(got.headers["content-disposition"])
    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    assert name.endswith(f"年检报告书-2025-{where.rpartition('/')[2]}.zip")
    assert got.headers["cache-control"] == "no-store"
    with ZipFile(io.BytesIO(got.content)) as found:
        assert len(found.namelist()) == 4
    assert client.head(f"{where}.zip", headers={"cookie": f"registry={clerk.secret}"}).status_code == 200
    for who, role, region in (("shenhe", Role.reviewer, COUNTY), ("linguan", Role.administrator, OTHER)):
        assert sign(book, client, who, role, region).get(f"{where}.zip").status_code == 404
    assert sign(book, client, "guan", Role.administrator).get(f"{where}.zip").status_code == 200
    with reader(book) as session:
        digest = jobs.get(session, int(where.rpartition("/")[2])).outcome["archive"]
    files.whole(settings().files_dir, digest).write_bytes(b"PK forged")
    assert clerk.get(f"{where}.zip").status_code == 500


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"batch_year": "25"}, 'href="#field-batch_year"'),
        ({"batch_kind": "cap_table"}, 'href="#field-batch_kind"'),
        ({"batch_q": "没有这样的矿"}, "没有符合条件的年检报告书"),
        ({"batch_state": "睡着"}, 'href="#field-batch_state"'),
        ({"batch_region": OTHER}, "未找到"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(clerk, changes, told):
    answer = clerk.post("/documents/batch", ORDER | changes)
    assert answer.status_code in (404, 422)
    assert told in answer.text
    [(name, value)] = changes.items()
    if name in ("batch_year", "batch_q"):
        assert f'value="{value}"' in answer.text


def test_a_job_of_another_kind_has_no_archive(book, clerk):
    with transaction(book) as session:
        number = jobs.enqueue(session, "nightly", "jingban").id
    assert clerk.get(f"/jobs/{number}.zip").status_code == 404
    assert clerk.get("/jobs/x.zip").status_code == 404
