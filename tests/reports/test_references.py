"""Each kind of paper looks as it did when somebody last looked at it; what moved is drawn into a picture."""

from dataclasses import replace

import pytest
from PIL import ImageChops

from registry.documents.service import pdf_of
from tests.reports.references import FOLDER, KINDS, differs, kept_picture, picture_of
from tests.reports.samples import PERMIT
from tests.reports.test_print import printed


@pytest.mark.parametrize("kind", KINDS)
def test_it_looks_as_it_did(kind, tmp_path):
    drawn = picture_of(printed(KINDS[kind])[0])
    changed, apart = differs(drawn, kept_picture(kind))
    if changed:
        drawn.save(tmp_path / f"{kind}.png")
        apart.save(tmp_path / f"{kind}-apart.png")
    assert not changed, (
        f"{kind} looks different: see {tmp_path}; where that was meant, run make references, look at "
        f"tests/reports/references/{kind}.png and commit it"
    )


def test_every_picture_is_of_a_kind_that_is_printed():
    assert {path.stem for path in FOLDER.glob("*.png")} == set(KINDS)


def test_another_area_another_title_and_a_moved_page_are_seen():
    """The comparison would be worth nothing if it forgave these."""
    same = picture_of(printed("permit")[0])
    assert PERMIT.sketch is not None
    for other in (
        replace(PERMIT, sketch=replace(PERMIT.sketch, outlines=())),
        replace(PERMIT, paper=replace(PERMIT.paper, title="勘查许可证")),
        replace(PERMIT, bases=()),
    ):
        assert differs(picture_of(pdf_of(other)), same)[0]
    assert differs(ImageChops.offset(same, 0, 3), same)[0]
    assert not differs(same, same)[0]
