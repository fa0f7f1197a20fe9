"""The form that orders many papers by the filters of the list of rights."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.documents.service import FILTERS, batch_kinds
from registry.kernel.errors import RegistryError
from registry.kernel.vocabulary import GreenLevel, OperatingState, PermitStanding, Word
from registry.web.forms import FORM, field_errors, status_of
from registry.web.rights.listing import SCALES
from registry.web.templates import new_key

__all__ = ["BatchForm", "batch_form", "batch_typed"]
_PREFIX = "batch_"  # two forms of one page, and the filters of its list, have fields of one name
_FIELDS = ("kind", "year", *FILTERS)
_WORDS: tuple[tuple[str, type[Word]], ...] = (
    ("state", OperatingState), ("green", GreenLevel), ("permit", PermitStanding),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchForm:
    """What was typed, what is wrong with it, the form's one-time key, and what may be chosen."""

    typed: Mapping[str, str]
    errors: Mapping[str, Mapping[str, str]]
    key: str
    choices: Mapping[str, list[tuple[str, str]]]
    status: int = 200

    @property
    def is_open(self) -> bool:
        """Whether somebody has come for this form: with filters, or with mistakes to mend."""
        return bool(self.errors) or any(self.typed.values())


def batch_typed(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the form by the names that the act knows."""
    return {name: given.get(_PREFIX + name, "") for name in _FIELDS}


def batch_form(typed: Mapping[str, str], error: RegistryError | None = None, key: str = "") -> BatchForm:
    """Return the form with what was typed."""
    wrong = field_errors(error) if error else {}
    choices = {name: [("", "全部"), *((one.value, one.label) for one in kind)] for name, kind in _WORDS}
    return BatchForm(
        typed={_PREFIX + name: text for name, text in typed.items()},
        errors={_PREFIX + name if name in _FIELDS else FORM: told for name, told in wrong.items()},
        key=key or new_key(),
        choices=choices
        | {"kind": [(one.value, one.label) for one in batch_kinds()], "scale": [("", "全部"), *SCALES]},
        status=status_of(error) if error else 200,
    )
