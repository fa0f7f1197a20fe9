"""How the office of a region is called on papers, from a file that the office may change."""

from registry.kernel.errors import Invalid
from registry.kernel.strict_yaml import read_yaml
from reports.render import TEMPLATES

_FILE = TEMPLATES / "office.yaml"


def office_called(place: str) -> str:
    """Return the name of the office of a region, the region given by its name.

    Raises:
        Invalid: the file cannot be read, or lacks the name.
    """
    given = read_yaml(_FILE.read_bytes())
    try:
        return str(given["office"]).format(place=place)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Invalid("file_unreadable", "words", _FILE.name, accepted="office") from error
