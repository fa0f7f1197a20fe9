"""The sentence for every error code: what happened, the figures, the rule, what would be accepted.

The msgid is the Chinese; a catalogue may translate it. Errors themselves hold only facts.
"""

from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from registry.kernel.errors import Busy, Forbidden, Invalid, NotFound, RegistryError

_ = str  # marks a text for the catalogue

TEXTS = {
    "invalid": _("{field}：“{value}”无法识别。可接受：{accepted}"),
    "not_a_number": _("{field}：“{value}”不是可读的数字。可接受：{accepted}"),
    "not_a_quantity": _("{field}：“{value}”缺少数字或单位。可接受：{accepted}"),
    "negative": _("{field}：“{value}”为负数。可接受：{accepted}"),
    "unit_unknown": _("{field}：单位“{value}”未收录。可接受：{accepted}"),
    "too_many_places": _("{field}：“{value}”的小数位数超过该单位可精确表示的位数。可接受：小数 {accepted} 位"),
    "overflow": _("{field}：“{value}”超出可登记的最大数值。可接受：{accepted} 个基本单位"),
    "kinds_mixed": _("{field}：“{value}”的计量类别与此处不符。可接受：{accepted}"),
    "rate_not_expected": _("{field}：“{value}”带有时间单位，此处应填数量。可接受：{accepted}"),
    "rate_expected": _("{field}：“{value}”应写明每年或每日。可接受：{accepted}"),
    "density_out_of_range": _("{field}：体积质量“{value}”不合理。可接受：{accepted}"),
    "not_a_date": _("{field}：“{value}”不是日期。可接受：{accepted}"),
    "not_a_period": _("{field}：“{value}”不是月份或日期。可接受：{accepted}"),
    "not_a_year": _("{field}：“{value}”不是年份。可接受：{accepted}"),
    "mineral_unknown": _("{field}：矿种“{value}”不在目录中。可接受：目录中的矿种名称、别名或代码"),
    "name_not_usable": _("{field}：名称“{value}”不可用。可接受：{accepted}"),
    "idempotency_mismatch": _("同一幂等键“{value}”此前用于另一份内容。请更换键，或重发原内容"),
    "wrong_state": _("当前状态为“{state}”，不能执行“{event}”"),
    "same_person": _("本人录入的事项须由另一人确认（{actor}）"),
    "not_found": _("未找到 {what}“{value}”"),
    "forbidden": _("{actor} 的岗位没有此项权限（{permission}）"),
    "busy": _("有其他办理正在占用数据，请稍后重试；本次未写入任何内容"),
    "note_missing": _("{field}：请写明办理说明。可接受：{accepted}"),
}
_FAMILIES: list[tuple[type[RegistryError], int]] = [(Invalid, 422), (NotFound, 404), (Forbidden, 403), (Busy, 503)]


def say(code: str, facts: dict[str, Any], locale: str = "zh_CN") -> str:
    """Return the sentence of a code with its facts filled in; a missing fact shows as a dash."""
    catalogue = _catalogue(locale)
    return catalogue.gettext(TEXTS.get(code, code)).format_map(_Facts(facts))


def problem(error: RegistryError, locale: str = "zh_CN") -> dict[str, Any]:
    """Return an error as a problem document (RFC 9457) with the fields of the contract."""
    status = next((status for family, status in _FAMILIES if isinstance(error, family)), 409)
    errors = []
    if isinstance(error, Invalid):
        errors = [{"field": error.field, "value": error.value, "rule": error.code, "accepted": error.accepted}]
    return {
        "type": f"urn:registry:{error.code}", "title": error.code, "status": status, "code": error.code,
        "detail": say(error.code, error.facts, locale), "errors": errors,
    }  # fmt: skip


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def _catalogue(locale: str) -> NullTranslations:
    return translation("registry", Path(__file__).parent / "locale", [locale], fallback=True)
