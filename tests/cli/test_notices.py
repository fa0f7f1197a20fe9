"""`registry report` prints letters and the monthly progress, or says in a sentence why there is none."""

import pytest

from tests.reports.papers import pages_of, text_of


@pytest.mark.parametrize(
    ("words", "said", "pages"),
    [
        (("progress", "2025-11", "--region", "500240"), "2025年11月规划总量调控进度表", 1),
        (("missing-notice", "SZ-2019-0004", "2025"), "关于催报产量报表的函", 1),
        (("renewal-notice", "SZ-2016-0003"), "申请截止日为2026年3月16日", 1),
    ],
)
def test_each_writes_its_page(shown, tmp_path, words, said, pages):
    target = tmp_path / "paper.pdf"
    assert shown("report", *words, "-o", target).code == 0
    content = target.read_bytes()
    assert said in text_of(content)
    assert pages_of(content) == pages


def test_the_notice_of_a_cap_names_every_mine_under_it(shown, tmp_path):
    alarms = shown("alarms", "--json").data
    [number] = [
        one["id"] for one in alarms if one["code"] == "cap_exceeded" and one["mineral"] == "建筑石料用灰岩"
    ]
    target = tmp_path / "paper.pdf"
    assert shown("report", "alarm-notice", str(number), "-o", target).code == 0
    text = text_of(target.read_bytes())
    assert "1200矿石万吨/年" in text
    assert "累计开采1221.6万吨，占该指标的101.8%，超出指标21.6万吨" in text
    assert "共11个" in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("missing-notice", "SZ-2019-0005", "2025"), 1, "没有需要催报的"),
        (("missing-notice", "SZ-9999-0001", "2025"), 3, "未找到 矿业权"),
        (("alarm-notice", "0"), 3, "未找到 预警"),
        (("alarm-notice", "三"), 3, "未找到 预警“三”"),
        (("alarm-notice", "9" * 5000), 3, "未找到 预警"),
        (("progress", "2025-11-03", "--region", "500240"), 1, "2025-09"),
        (("progress", "2025-11", "--region", "999999"), 3, "未找到 行政区"),
    ],
)
def test_what_there_is_no_paper_of(shown, tmp_path, words, code, said):
    told = shown("report", *words, "-o", tmp_path / "paper.pdf")
    assert told.code == code
    assert said in told.out + told.err
    assert not list(tmp_path.iterdir())
