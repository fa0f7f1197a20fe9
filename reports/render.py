"""From a template and its frozen data to the bytes of a PDF; equal data give equal bytes."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.kernel.display import chinese_date
from reports.frozen import freeze
from reports.qr import qr_code
from reports.sheet import Sheet
from reports.typography import together
from reports.writing import ForeignResource, Page, template_version, write_pdf

__all__ = ["SHARED", "TEMPLATES", "ForeignResource", "Sheet", "carried", "render"]
TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "pdf"
SHARED = TEMPLATES.parent / "shared"  # what papers and pages draw alike


def render(template: str, sheet: Sheet, fonts_dir: Path, templates: Path = TEMPLATES) -> bytes:
    """Return the PDF/A-3a of a sheet, which carries the data of the sheet inside.

    Raises:
        FontsMissing: the set-up has not installed the fonts.
        ForeignResource: the template refers to something outside our templates and fonts.
    """
    text = _environment(templates).get_template(template).render(sheet=sheet, paper=sheet.paper)
    folders = (templates, SHARED)
    return write_pdf(Page(text, folders, fonts_dir, carried(template, sheet), sheet.paper.printed_on))


def carried(template: str, sheet: Sheet) -> str:
    """Return the JSON that a paper carries: which schema it follows, how it was printed, and its data."""
    kind, version = template.removesuffix(".html"), template_version()
    return f'{{"schema":"urn:registry:paper:{kind}:1","template":"{version}","sheet":{freeze(sheet)}}}'


@cache
def _environment(templates: Path) -> Environment:
    """Return the template environment: everything escaped, nothing undefined tolerated."""
    environment = Environment(
        loader=FileSystemLoader([templates, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the i18n extension's
    environment.filters.update(dash=dash, day=day, places=places, inset=inset, qr=qr_code, together=together)
    return environment


def dash(value: object) -> Any:
    """Return what is known, or a dash: a gap is shown, never filled."""
    return "—" if value is None or value in ("", ()) else value


def day(value: date | None) -> str:
    """Return a day in Chinese, or a dash."""
    return "—" if value is None else chinese_date(value)


def places(column: Iterable[str | None]) -> int:
    """Return the most decimal places in a column of figures."""
    return max((len(text.partition(".")[2]) for text in column if text), default=0)


def inset(text: str | None, widest: int) -> str:
    """Return the padding that puts a right-aligned figure's decimal point under the others'.

    In thousandths of an em: a digit of Registry Sans is 555 wide, its point 278.
    """
    own = len((text or "").partition(".")[2])
    thousandths = 555 * (widest - own) + (278 if widest and not own else 0)
    return f"{thousandths // 1000}.{thousandths % 1000:03d}em"
