"""What an alarm rests on, in full and as short as the card of the first page needs."""

import pytest

from registry.kernel.vocabulary import AlarmCode
from registry.output.service.judging import LAW
from registry.web.alarms.basis import briefly, joint, short_name

PLAN = "石柱土家族自治县自然资源保护和利用“十四五”规划（2021—2025年）"
RENEWAL = "国务院令第241号第七条；重庆市矿产资源管理条例第二十八条"


@pytest.mark.parametrize(("document", "short"), [
    (LAW, "矿产资源法"),
    (f"采矿许可证 示例-SZ-2020-0001；{LAW}", "矿产资源法"),
    (PLAN, "“十四五”规划"),
    (f"{PLAN}（沿用）", "“十四五”规划（沿用）"),
    (f"{PLAN}（石府发〔2022〕5号）（沿用）", "“十四五”规划（沿用）"),
    ("示例：关于调整石柱县建筑石料用灰岩开采总量的批复（示例文〔2025〕1号）", "示例文〔2025〕1号"),
    ("示例县矿产资源总体规划（2021—2025年）", "示例县矿产资源总体规划"),
    ("示例规划", "示例规划"),
])  # fmt: skip
def test_each_document_has_a_short_name(document, short):
    assert short_name(document) == short


def test_a_clause_is_told_with_its_law_unless_it_names_it_itself():
    assert (
        briefly(AlarmCode.after_expiry, LAW, "第六十四条、第六十七条") == "矿产资源法 第六十四条、第六十七条"
    )
    assert briefly(AlarmCode.renewal_due, "采矿许可证 示例-SZ-2016-0004", RENEWAL) == RENEWAL
    assert briefly(AlarmCode.cap_near, None, "专栏11") == "专栏11"
    assert briefly(AlarmCode.plan_expired, PLAN, None) is None


def test_a_permit_and_a_law_are_parted():
    assert joint(AlarmCode.renewal_overdue) == "；"
    assert joint(AlarmCode.after_expiry) == " "
