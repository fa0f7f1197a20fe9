"""A paper loads our templates and fonts and nothing else."""

from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError, URLFetcher

import reports.fetching
from registry.wording import problem
from reports.fetching import OwnFilesOnly
from reports.fonts import FontsMissing
from reports.permit import permit_pdf
from reports.render import TEMPLATES, ForeignResource, render
from tests.reports.samples import FONTS, PERMIT

SVG = "http://www.w3.org/2000/svg"
OUTSIDE = [
    '<link rel="stylesheet" href="file:///etc/passwd">',
    '<img src="file:///etc/passwd">',
    '<img src="http://127.0.0.1:9/logo.png">',
    '<img src="https://127.0.0.1:9/logo.png">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/style.css">',
    '<style>@font-face { font-family: Other; src: url("file:///etc/hostname") }</style>',
    '<style>body { background: url("ftp://127.0.0.1:9/x.png") }</style>',
    '<img src="../secret.svg">',
    '<img src="//127.0.0.1/etc/passwd">',
    '<img src="data:text/plain,hello">',
    '<img src="none-such.svg">',
    f'<svg xmlns="{SVG}" width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
]


@pytest.fixture
def folder(tmp_path):
    """Give a folder of templates beside which something secret lies."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "secret.svg").write_text(f'<svg xmlns="{SVG}" width="9" height="9"/>')
    return tmp_path / "templates"


@pytest.mark.parametrize(
    "scheme", ["http://127.0.0.1:9", "https://127.0.0.1:9", "file://127.0.0.1", "http:", "ftp:"]
)
def test_a_file_of_ours_is_asked_of_this_machine_only(folder, scheme):
    own = folder / "own.svg"
    own.write_text(f'<svg xmlns="{SVG}" width="9" height="9"/>')
    fetcher = OwnFilesOnly(folder)
    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch(f"{scheme}{own}")
    assert fetcher.fetch(own.as_uri()).read() == own.read_bytes()


@pytest.mark.parametrize("markup", OUTSIDE)
def test_a_paper_that_asks_for_more_is_not_printed(folder, markup):
    (folder / "sheet.html").write_text(f"<!doctype html><title>x</title>{markup}<p>字")
    with pytest.raises(ForeignResource) as refused:
        render("sheet.html", PERMIT, FONTS, folder)
    assert refused.value.facts["url"]


def test_a_picture_of_our_own_is_printed(folder):
    (folder / "seal.svg").write_text(f'<svg xmlns="{SVG}" width="9" height="9"/>')
    (folder / "sheet.html").write_text('<!doctype html><title>x</title><img src="seal.svg"><p>字')
    assert render("sheet.html", PERMIT, FONTS, folder).startswith(b"%PDF")


def test_without_the_guard_the_file_would_be_read(folder, monkeypatch):
    """The refusals above come from the guard: the library's own fetcher serves the same file gladly."""
    (folder / "sheet.html").write_text('<!doctype html><title>x</title><img src="../secret.svg"><p>字')

    def unguarded(*folders):
        fetcher = URLFetcher()
        fetcher.refused = []
        return fetcher

    monkeypatch.setattr(reports.fetching, "OwnFilesOnly", unguarded)
    assert render("sheet.html", PERMIT, FONTS, folder).startswith(b"%PDF")


def test_the_guard_follows_links_before_it_judges(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside.css").write_text("")
    (tmp_path / "inside" / "link.css").symlink_to(tmp_path / "outside.css")
    fetcher = OwnFilesOnly(tmp_path / "inside")
    with pytest.raises(BaseException, match="link"):
        fetcher.fetch((tmp_path / "inside" / "link.css").as_uri())


def test_missing_fonts_name_the_set_up(tmp_path):
    (tmp_path / "NotoSerifSC-Regular.ttf").write_bytes((FONTS / "NotoSerifSC-Regular.ttf").read_bytes())
    with pytest.raises(FontsMissing) as missing:
        permit_pdf(PERMIT, tmp_path)
    told = problem(missing.value)["detail"]
    assert "make setup" in told
    assert "NotoSansSC-Bold.ttf" in told
    assert "NotoSerifSC-Regular.ttf" not in told


def test_templates_are_where_the_printer_looks():
    assert Path(TEMPLATES, "layouts", "sheet.html").is_file()
