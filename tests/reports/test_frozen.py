"""The data of every paper freeze to one text, and thaw to what they were."""

from dataclasses import replace
from datetime import date

import pytest

from reports.frozen import content_hash, freeze, schema, thaw, with_paper
from tests.reports.samples import BARE_PERMIT, LONG_PERMIT, PERMIT
from tests.reports.samples_caps import BIG_TABLE, TABLE
from tests.reports.samples_inspection import BARE_INSPECTION, INSPECTION, WELL
from tests.reports.samples_municipal import REPORT
from tests.reports.samples_notices import ALARM, MISSING, RENEWAL
from tests.reports.samples_progress import PROGRESS
from tests.reports.samples_registration import LONG_REGISTRATION, REGISTRATION

SHEETS = (
    PERMIT, BARE_PERMIT, LONG_PERMIT, INSPECTION, WELL, BARE_INSPECTION, REGISTRATION, LONG_REGISTRATION,
    TABLE, BIG_TABLE, REPORT, ALARM, MISSING, RENEWAL, PROGRESS,
)  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.paper.label)
def test_what_is_frozen_thaws_to_the_same(sheet):
    text = freeze(sheet)
    assert thaw(type(sheet), text) == sheet
    assert freeze(thaw(type(sheet), text)) == text


def test_another_number_day_or_audit_head_is_the_same_content():
    later = replace(
        PERMIT.paper, number="SZ-文-2026-000001", printed_on=date(2026, 2, 1), audit_head="500240:9:ab"
    )
    assert content_hash(with_paper(PERMIT, later)) == content_hash(PERMIT)
    assert freeze(with_paper(PERMIT, later)) != freeze(PERMIT)


def test_another_word_is_another_content():
    other = replace(PERMIT, facts=replace(PERMIT.facts, holder="示例另一公司"))
    assert content_hash(other) != content_hash(PERMIT)
    assert content_hash(with_paper(PERMIT, replace(PERMIT.paper, watermark="草稿"))) != content_hash(PERMIT)


def test_a_text_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="validation error"):
        thaw(type(PERMIT), freeze(TABLE))
    assert schema(type(PERMIT))["required"] == ["paper", "facts", "bases", "rings", "coordinates"]
