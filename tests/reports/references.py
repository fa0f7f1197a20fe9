"""Reference pictures of the papers: what each kind looked like when somebody last looked at it.

    python -m tests.reports.references        (make references)

draws them again, one a kind, its first pages side by side: grey, small, as poppler draws them. Look at every
picture that has changed before it is committed.
"""

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from tests.reports.test_print import PAPERS, printed

FOLDER = Path(__file__).parent / "references"
KINDS = {type(sheet).__name__: name for name, sheet in reversed(PAPERS.items())}  # of each the first sample
_DPI, _PAGES = 50, 2
# Another version of the rasteriser draws edges a little otherwise: what counts is where ink begins to be.
_BLUR, _FAINT, _MOST = 1.5, 36, 0.0005


def picture_of(content: bytes) -> Image.Image:
    """Return the first pages of a PDF side by side, in grey."""
    pages: list[Image.Image] = []
    for at in range(1, _PAGES + 1):
        command = ["pdftoppm", "-r", str(_DPI), "-gray", "-f", str(at), "-l", str(at), "-"]
        drawn = subprocess.run(command, input=content, capture_output=True, check=False).stdout
        if drawn:
            pages.append(Image.open(io.BytesIO(drawn)).convert("L"))
    whole = Image.new("L", (sum(page.width for page in pages), max(page.height for page in pages)), 255)
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width
    return whole


def differs(drawn: Image.Image, kept: Image.Image) -> tuple[bool, Image.Image]:
    """Tell whether two pictures show different papers, and return where: dark on white."""
    if drawn.size != kept.size:
        return True, drawn
    soft = [one.filter(ImageFilter.GaussianBlur(_BLUR)) for one in (drawn, kept)]
    apart = ImageChops.difference(*soft).point([0] * _FAINT + [255] * (256 - _FAINT))
    changed = apart.histogram()[255]
    return changed > _MOST * drawn.width * drawn.height, ImageChops.invert(apart)


def kept_picture(kind: str) -> Image.Image:
    """Return the reference picture of a kind."""
    with Image.open(FOLDER / f"{kind}.png") as picture:
        return picture.convert("L")


def main() -> None:
    """Draw every picture that is missing or has changed; what looks the same stays as it is."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        if old.stem not in KINDS:
            old.unlink()
    for kind, name in KINDS.items():
        drawn = picture_of(printed(name)[0])
        if (FOLDER / f"{kind}.png").exists() and not differs(drawn, kept_picture(kind))[0]:
            continue
        drawn.quantize(16, dither=Image.Dither.NONE).save(FOLDER / f"{kind}.png", optimize=True)
        sys.stdout.write(f"{kind}: look at {FOLDER.name}/{kind}.png\n")


if __name__ == "__main__":
    main()
