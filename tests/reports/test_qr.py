"""The code is what its standard says: drawn as bars, it is module for module the matrix of the address."""

import re

import segno

from reports.qr import QUIET, qr_code

ADDRESS = "https://registry.example/verify/SZ-%E6%96%87-2025-000318"


def test_the_bars_are_the_dark_modules():
    code, matrix = qr_code(ADDRESS), segno.make(ADDRESS, error="m", micro=False).matrix
    dark = set()
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        dark |= {(int(x) + n - QUIET, int(y) - QUIET) for n in range(int(wide))}
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert code.size == len(matrix) + 2 * QUIET


def test_another_address_is_another_code():
    assert qr_code(ADDRESS) != qr_code(f"{ADDRESS}9")
