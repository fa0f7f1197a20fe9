"""Forms: what was typed comes back, each mistake beside its field."""

from typing import Any

from registry.kernel.errors import RegistryError
from registry.wording import problem

FORM = ""  # the key of what concerns the form as a whole


def field_errors(error: RegistryError) -> dict[str, dict[str, str]]:
    """Return what is wrong by the name of its field: value, rule, what is accepted, and the sentence.

    What names no field (a refusal, a state that has changed) stands under the empty name.
    """
    told: dict[str, Any] = problem(error)
    lines = {one["field"]: one | {"message": told["detail"]} for one in told["errors"]}
    return lines or {
        FORM: {"field": FORM, "value": "", "rule": told["code"], "accepted": "", "message": told["detail"]}
    }


def status_of(error: RegistryError) -> int:
    """Return the status with which a form comes back."""
    status: int = problem(error)["status"]
    return status
