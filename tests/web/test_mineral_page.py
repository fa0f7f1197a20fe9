"""The catalogue of minerals: code, other names, what plans say, and how sure each entry is."""

from datetime import date

from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import Role
from registry.minerals.queries import catalogue
from registry.plans.rules import read_plan
from registry.platform.db import transaction
from registry.workflows.adopt_plan import adopt
from seed.catalogue import load_catalogue, read_seed
from tests.factories import set_clock
from tests.services.test_plans import CITY_PLAN
from tests.web.reading import read


def test_each_mineral_with_code_names_restrictions_and_mark(fresh, desk):
    with transaction(fresh) as session:
        load_catalogue(session)
        set_clock(session, date(2025, 6, 2))
        adopt(session, SYSTEM, read_plan(read_seed(CITY_PLAN), catalogue(session)))
    answer = desk("jingban", Role.clerk).get("/minerals")
    assert answer.status_code == 200
    rows = read(answer.text).rows
    names = list(rows)
    assert rows["煤"].startswith("煤 11001 质量 原煤、煤炭、煤矿 ")
    assert " C 公开土地矿业应用内嵌的国家矿种代码表" in rows["煤"]
    assert "页岩气 未知 体积" in rows["页岩气"]
    assert names.index("煤") < names.index("铁矿") < names.index("页岩气")
    assert "禁止 重庆市 第七章第二节" in rows["汞矿"]
    assert "已满" not in rows["汞矿"]
    with transaction(fresh) as session:
        set_clock(session, date(2026, 6, 2))
    later = read(desk("jingban").get("/minerals").text).rows["汞矿"]
    assert "规划期至 2025-12-31，已满" in later
