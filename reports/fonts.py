"""The fonts of our papers: four Noto files that the set-up installs, under family names of our own.

Names of our own keep a differently cut Noto of the system from slipping in: without the files there
is no paper at all, never one with other letters.
"""

from pathlib import Path

from registry.kernel.errors import RegistryError

_FACES = (
    ("Registry Serif", "normal", "NotoSerifSC-Regular.ttf"),
    ("Registry Serif", "bold", "NotoSerifSC-Bold.ttf"),
    ("Registry Sans", "normal", "NotoSansSC-Regular.ttf"),
    ("Registry Sans", "bold", "NotoSansSC-Bold.ttf"),
)


class FontsMissing(RegistryError):
    """A font file is not where the set-up puts it; `make setup` brings it."""

    code = "fonts_missing"


def font_faces(fonts_dir: Path) -> str:
    """Return the CSS that names our families.

    Raises:
        FontsMissing: a file is not there.
    """
    missing = [name for _, _, name in _FACES if not (fonts_dir / name).is_file()]
    if missing:
        raise FontsMissing(folder=str(fonts_dir), missing="、".join(missing), command="make setup")
    return "\n".join(_face(family, weight, fonts_dir / name) for family, weight, name in _FACES)


def _face(family: str, weight: str, file: Path) -> str:
    source = file.resolve().as_uri()
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{source}"); }}'
