"""The unified social credit code (统一社会信用代码) of GB 32100-2015, and what is known of a holder."""

import re
import unicodedata
from dataclasses import dataclass

from registry.kernel.errors import Invalid

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which are misread
_SHAPE = re.compile(rf"[{_ALPHABET}]{{2}}\d{{6}}[{_ALPHABET}]{{10}}")
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """What a permit or a list says of a holder; None is unknown."""

    name: str
    credit_code: str | None = None
    address: str | None = None
    economic_type: str | None = None


class HolderMismatch(Invalid):
    """A credit code is on record for a holder of another name, or a name with another code."""


def check_character(first: str) -> str:
    """Return the 18th character of a credit code: weights 3^i modulo 31 over the first 17."""
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first))
    return _ALPHABET[-total % 31]


def parse_credit_code(text: str, field: str = "credit_code") -> str:
    """Return a credit code in its written form: 18 capital letters and digits.

    Raises:
        Invalid: another shape (`credit_code_shape`), or a wrong check character (`credit_code_check`).
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if not _SHAPE.fullmatch(code):
        raise Invalid("credit_code_shape", field, text, accepted="18 位，不含 I、O、S、V、Z")
    if code[17] != check_character(code[:17]):
        raise Invalid("credit_code_check", field, text, accepted=f"{code[:17]}{check_character(code[:17])}")
    return code
