"""Every sheet that a list is given as bears its Chinese title."""

import io

import pytest
from python_calamine import CalamineWorkbook

from registry.kernel.vocabulary import Role
from registry.platform.sheets import tab_name
from tests.web.book import enter

TITLED = (
    ("/outputs.xlsx", "产量报表"), ("/outputs/missing.xlsx", "产量报表缺报清单"),
    ("/alarms.xlsx", "预警清单"), ("/caps.xlsx", "2025年度规划总量调控"),
    ("/expiries.xlsx", "许可证到期与延续申请清单"),
    ("/rights.xlsx", "采矿权台账"),
)  # fmt: skip


def name_of(answer) -> str:
    """Return the name of the only sheet of an answer."""
    assert answer.status_code == 200
    [name] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names
    return name


def test_a_list_is_named_by_its_title(fresh, desk):
    enter(fresh)
    clerk = desk("jingban", Role.clerk)
    for address, title in TITLED:
        assert name_of(clerk.get(address)) == title
    assert name_of(desk("shenji", Role.auditor).get("/audit.xlsx")) == "审计记录"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("产量报表", "产量报表"),
        ("退回的行：[一/二]月*?.csv", "退回的行： 一 二 月  .csv"),
        ("甲" * 40, "甲" * 31),
        ("'引'", "引"),
    ],
)
def test_what_no_spreadsheet_takes_as_a_name_is_left_out(title, name):
    assert tab_name(title) == name
