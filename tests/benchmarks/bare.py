"""WeasyPrint by itself, on the HTML of a permit, with the same variant and tags: what our printing is held against.

    python -m tests.benchmarks.bare COUNT

prints that many and says `ready` before, `done` after; it begins when a line comes in.
"""

import sys
from functools import cache
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from reports.fonts import font_faces
from reports.permit import PermitSheet
from reports.render import TEMPLATES, _environment
from reports.writing import VARIANT
from tests.benchmarks.ratios import say
from tests.reports.samples import FONTS, PERMIT

BASE = TEMPLATES.as_uri() + "/"


def html_of(sheet: PermitSheet) -> str:
    """Return the HTML that our printing hands to WeasyPrint for a permit."""
    template = _environment(TEMPLATES).get_template("permit/sheet.html")
    return template.render(sheet=sheet, paper=sheet.paper)


@cache
def fonts() -> Any:
    """Return one font configuration for all papers, as our printing has it: one a paper takes a third longer."""
    return FontConfiguration()


def write(text: str) -> bytes:
    """Lay out a page by the library alone: its own fetcher, nothing attached."""
    style = CSS(string=font_faces(FONTS), base_url=BASE, font_config=fonts())
    page = HTML(string=text, base_url=BASE)
    content: bytes = page.write_pdf(
        stylesheets=[style], font_config=fonts(), pdf_variant=VARIANT, pdf_tags=True
    )
    return content


if __name__ == "__main__":
    text = html_of(PERMIT)
    write(text)
    say("ready")
    sys.stdin.readline()
    for _ in range(int(sys.argv[1])):
        write(text)
    say("done")
