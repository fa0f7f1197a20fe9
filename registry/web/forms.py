"""Forms: what was typed comes back, each mistake beside its field."""

from typing import Any

from registry.kernel.errors import RegistryError, faults_of
from registry.wording import problem
from registry.wording.marks import _

FORM = ""  # the key of what concerns the form as a whole
_SENT_BEFORE = _(
    "这张表单已经提交并办理过一次，本次内容与当时不同，没有再办理。请核对已办理的结果，需要时重新填写"
)


def field_errors(error: RegistryError) -> dict[str, dict[str, str]]:
    """Return what is wrong by the name of its field: value, rule, what is accepted, and the sentence.

    What names no field (a refusal, a state that has changed) stands under the empty name.
    """
    told: dict[str, Any] = problem(error)
    if error.code == "idempotency_mismatch":  # the key stands in a field that nobody sees
        return {
            FORM: {"field": FORM, "value": "", "rule": error.code, "accepted": "", "message": _SENT_BEFORE}
        }
    alone = [problem(one) for one in faults_of(error)]
    lines = {line["field"]: line | {"message": one["detail"]} for one in alone for line in one["errors"]}
    return lines or {
        FORM: {"field": FORM, "value": "", "rule": told["code"], "accepted": "", "message": told["detail"]}
    }


def status_of(error: RegistryError) -> int:
    """Return the status with which a form comes back."""
    status: int = problem(error)["status"]
    return status
