"""The QR code that leads from a paper to the page that tells whether it is genuine."""

from dataclasses import dataclass
from functools import cache

import segno

QUIET = 4  # modules of white around the code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code as one path: `size` modules wide and high with its quiet zone."""

    size: int
    path: str


@cache
def qr_code(address: str) -> QrCode:
    """Return the code of an address; level M stands a stamp or a fold over 15 % of it."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    runs = "".join(_runs(row, y + QUIET) for y, row in enumerate(rows))
    return QrCode(len(rows) + 2 * QUIET, runs)


def _runs(row: bytes, y: int) -> str:
    """Return the dark runs of a row, each a bar one module high: few bars draw faster than many squares."""
    path, x = "", 0
    while x < len(row):
        end = x
        while end < len(row) and row[end]:
            end += 1
        if end > x:
            path += f"M{x + QUIET} {y}h{end - x}v1h-{end - x}z"
        x = max(end, x + 1)
    return path
