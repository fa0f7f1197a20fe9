"""The words of the annual inspection form, from the file beside its template that the office may change."""

from dataclasses import dataclass

from registry.kernel.errors import Invalid
from registry.kernel.strict_yaml import read_yaml
from reports.render import TEMPLATES

_FILE = TEMPLATES / "inspection" / "words.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """Title, the verdicts to be ticked by hand, and how many officers sign."""

    title: str
    verdicts: tuple[str, ...]
    officers: int


def words() -> Words:
    """Return the words of the form.

    Raises:
        Invalid: the file cannot be read, or lacks a word.
    """
    given = read_yaml(_FILE.read_bytes())
    try:
        return Words(str(given["title"]), tuple(map(str, given["verdicts"])), int(given["officers"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("file_unreadable", "words", _FILE.name, accepted="title, verdicts, officers") from error
