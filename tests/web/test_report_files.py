"""Beside a yearly report lie its annexes and its letter; beside any other paper nothing."""

import pytest

from registry.documents.queries import by_number
from registry.documents.rules import Order
from registry.documents.service import issue
from registry.kernel.vocabulary import DocumentKind, Role
from registry.platform.db import transaction
from tests.factories import COUNTY, cap, right, world
from tests.services.test_documents_kept import lay_out
from tests.web.signing import sign

MINE = "SZ-2025-0001"


def prepare(engine):
    """Give a book with a mine."""
    with transaction(engine) as session:
        world(session)
        cap(session, "1000 万吨/年")
        right(session, MINE)


@pytest.fixture
def clerk(fresh, client):
    return sign(fresh, client, "jingban", Role.clerk)


def test_the_page_offers_both_and_they_are_those_of_the_paper(fresh, clerk):
    number = issue(fresh, Order(DocumentKind.municipal, COUNTY, 2025, "快报"), None, lay_out)
    page = clerk.get(f"/documents/{number}").text
    for kind in ("xlsx", "docx"):
        assert f'href="/documents/{number}.{kind}"' in page
        answer = clerk.get(f"/documents/{number}.{kind}")
        assert answer.status_code == 200
        assert answer.content.startswith(b"PK")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert clerk.get(f"/documents/{number}.{kind}").content == answer.content


def test_another_paper_has_none(fresh, clerk):
    number = issue(fresh, Order(DocumentKind.cap_table, COUNTY, 2025), None, lay_out)
    page = clerk.get(f"/documents/{number}").text
    for kind in ("xlsx", "docx"):
        assert f".{kind}" not in page
        assert clerk.get(f"/documents/{number}.{kind}").status_code == 404


def test_data_of_an_older_form_are_refused_in_words(fresh, clerk):
    number = issue(fresh, Order(DocumentKind.municipal, COUNTY, 2025, "快报"), None, lay_out)
    with transaction(fresh) as session:
        found = by_number(session, number)
        assert found is not None
        found.data = '{"paper":{}}'
    answer = clerk.get(f"/documents/{number}.xlsx")
    assert answer.status_code == 409
    assert "旧格式" in answer.text
