"""From HTML to the bytes of a PDF/A-3a: tagged, our fonts embedded, its own data attached.

ISO 19005-3, level A. Equal text and data give equal bytes: nothing here reads a clock, the attachment and the
file bear the day of the data.
"""

import atexit
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.kernel.errors import RegistryError
from reports.fonts import font_faces

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

VARIANT = "pdf/a-3a"
ATTACHED = "registry-data.json"  # the name under which every paper carries its data
_ROOT = Path(__file__).resolve().parent.parent


class ForeignResource(RegistryError):
    """A template asked for a file or address that is not ours; nothing was printed."""

    code = "foreign_resource"


@dataclass(frozen=True, slots=True)
class Page:
    """What is laid out: the HTML, the folders it may load from, the data it carries, the day they bear."""

    text: str
    folders: tuple[Path, ...]
    fonts_dir: Path
    data: str
    day: date


def write_pdf(page: Page) -> bytes:
    """Return the PDF of a page.

    Raises:
        FontsMissing: the set-up has not installed the fonts.
        ForeignResource: the page refers to something outside its folders and our fonts.
    """
    # WeasyPrint takes half a second to import: only those who print pay for it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError

    from reports.fetching import OwnFilesOnly

    faces = font_faces(page.fonts_dir)
    fetcher, fonts = OwnFilesOnly(*page.folders, page.fonts_dir), _fonts(page.fonts_dir)
    base = page.folders[0].as_uri() + "/"
    try:
        style = CSS(string=faces, base_url=base, url_fetcher=fetcher, font_config=fonts)
        laid_out = HTML(string=page.text, base_url=base, url_fetcher=fetcher)
        content: bytes = laid_out.write_pdf(stylesheets=[style], font_config=fonts, **_options(page))
    except FatalURLFetchingError as error:
        raise ForeignResource(url=str(error)) from error
    if fetcher.refused:
        raise ForeignResource(url=fetcher.refused[0])
    return content


def _options(page: Page) -> Mapping[str, Any]:
    from weasyprint import Attachment

    moment = datetime.combine(page.day, time(), UTC)
    data = Attachment(
        string=page.data, name=ATTACHED, description="本件所载数据", created=moment, modified=moment,
        relationship="Data",
    )  # fmt: skip
    return {"pdf_variant": VARIANT, "pdf_tags": True, "attachments": [data]}


@cache
def _fonts(_fonts_dir: Path) -> "FontConfiguration":
    """Return the one font configuration of this process: a new one per paper costs a third more time."""
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_fonts.cache_clear)  # or its copies of the fonts, 50 MB, would stay behind
    return FontConfiguration()


@cache
def template_version() -> str:
    """Return what tells one state of templates and printing code from another: twelve signs of a SHA-256."""
    digest = hashlib.sha256()
    for folder, kinds in (
        ("templates/pdf", ("*.html", "*.css", "*.yaml")),
        ("templates/shared", ("*.html",)),
        ("reports", ("*.py",)),
    ):
        for path in sorted(path for kind in kinds for path in (_ROOT / folder).rglob(kind)):
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
