"""Files of an office write months and days in their own ways; the book has one."""

import pytest

from registry.workflows.import_returns import office_period


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026/1", "2026-01"), ("2026-1", "2026-01"), ("2026.01", "2026-01"), ("2026年1月", "2026-01"),
        ("2026年12月", "2026-12"), ("2026/1/5", "2026-01-05"), ("2026年1月5日", "2026-01-05"),
        ("2026-01", "2026-01"), ("2026-01-05", "2026-01-05"),
        ("2026", "2026"), ("1月", "1月"), ("26/1", "26/1"), ("2026/13", "2026-13"), ("", ""),
    ],
)  # fmt: skip
def test_office_forms(written: str, meant: str) -> None:
    assert office_period(written) == meant
