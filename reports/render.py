"""From a template and its frozen data to the bytes of a PDF; equal data give equal bytes."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.kernel.display import chinese_date
from registry.kernel.errors import RegistryError
from reports.fonts import font_faces
from reports.sheet import Paper

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "pdf"


class Sheet(Protocol):
    """Anything that can be printed: a frozen dataclass that carries its paper."""

    @property
    def paper(self) -> Paper:
        """Title, marks and foot."""


class ForeignResource(RegistryError):
    """A template asked for a file or address that is not ours; nothing was printed."""

    code = "foreign_resource"


def render(template: str, sheet: Sheet, fonts_dir: Path, templates: Path = TEMPLATES) -> bytes:
    """Return the PDF of a sheet; its creation date is that of the data, never the clock's.

    Raises:
        FontsMissing: the set-up has not installed the fonts.
        ForeignResource: the template refers to something outside our templates and fonts.
    """
    faces = font_faces(fonts_dir)
    text = _environment(templates).get_template(template).render(sheet=sheet, paper=sheet.paper)
    return _write(text, faces, fonts_dir, templates)


def _write(text: str, faces: str, fonts_dir: Path, templates: Path) -> bytes:
    # WeasyPrint takes half a second to import: only those who print pay for it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError

    from reports.fetching import OwnFilesOnly

    fetcher, fonts = OwnFilesOnly(templates, fonts_dir), _fonts(fonts_dir)
    base = templates.as_uri() + "/"
    try:
        style = CSS(string=faces, base_url=base, url_fetcher=fetcher, font_config=fonts)
        page = HTML(string=text, base_url=base, url_fetcher=fetcher)
        content: bytes = page.write_pdf(stylesheets=[style], font_config=fonts)
    except FatalURLFetchingError as error:
        raise ForeignResource(url=str(error)) from error
    if fetcher.refused:
        raise ForeignResource(url=fetcher.refused[0])
    return content


@cache
def _fonts(_fonts_dir: Path) -> "FontConfiguration":
    """Return the one font configuration of this process: a new one per paper costs a third more time."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _environment(templates: Path) -> Environment:
    """Return the template environment: everything escaped, nothing undefined tolerated."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the i18n extension's
    environment.filters.update(dash=dash, day=day, places=places, inset=inset)
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
