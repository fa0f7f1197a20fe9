"""What each act of the audit trail is called: one sentence of the office for every act that is noted.

`{record}` is what it was done to; other names are facts of the entry. A part in square brackets is left
out where one of its facts is missing.
"""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any, NamedTuple

from registry.wording.marks import _

GROUPS = {
    "output": _("产量报表"), "alarm": _("预警"), "right": _("矿业权"), "reserves": _("储量台账"), "cap": _("总量调控"),
    "plan": _("规划"), "document": _("证照与报告"), "user": _("账户与登录"), "system": _("目录与任务"),
}  # fmt: skip
ACTS: dict[str, tuple[str, str]] = {
    "output.record": ("output", _("登记产量报表 {record}：[{value} {unit}][，{covered}][（{reason}）]")),
    "output.correct": ("output", _("更正产量报表 {record}：[改为 {value} {unit}][，第 {revision} 次登记][，{covered}][，理由：{reason}]")),
    "output.void": ("output", _("作废产量报表 {record}[，理由：{reason}]")),
    "alarm.raised": ("alarm", _("产生预警{record}[，当时读数 {reading}][，{note}]")),
    "alarm.extended": ("alarm", _("预警持续{record}[，读数 {reading}][，{note}]")),
    "alarm.receded": ("alarm", _("预警回落{record}[，读数 {reading}][，{note}]")),
    "alarm.reopened": ("alarm", _("预警再次触发{record}[，读数 {reading}][，{note}]")),
    "alarm.acknowledged": ("alarm", _("签收预警{record}[，说明：{note}]")),
    "alarm.closed": ("alarm", _("办结预警{record}[，说明：{note}]")),
    "right.import": ("right", _("导入矿业权 {record}[：{mine}][，{mineral}][，许可证 {permit}][，来源 {document}]")),
    "right.grant": ("right", _("新立矿业权 {record}[：{mine}][，{mineral}][，许可证 {permit}][，依据 {document}]")),
    "right.name": ("right", _("录入规划点名的矿山 {record}[：{mine}][，依据 {document}]")),
    "right.state": ("right", _("登记 {record} 的运行状态为“{state}”[，自 {since} 起][，{reason}]")),
    "right.green": ("right", _("登记 {record} 的绿色矿山等级为“{level}”[，自 {since} 起][，{reason}]")),
    "reserves.open": ("reserves", _("建立储量台账 {record}[，{year} 年期初][：{categories}]")),
    "reserves.survey": ("reserves", _("储量年报过账 {record}[，{entries} 笔][，依据 {source}]")),
    "cap.admit": ("cap", _("核对 {record} 的新增需求[：{mineral}][ {amount}][，结论：{result}]")),
    "cap.rejudge": ("cap", _("重新核定{record}的预警[，因 {cause}]")),
    "commitment.licensed": ("cap", _("{record} 计入已许可能力[：{mineral}][ {amount}][，{starts} 起][，{ends} 起不再计]")),
    "commitment.hold": ("cap", _("为 {record} 预占能力[：{mineral}][ {amount}][，{starts} 起][，{ends} 起不再计]")),
    "commitment.end": ("cap", _("{record} 占用的能力截止[于 {on}][，{reason}]")),
    "hold.release": ("cap", _("释放 {record} 的预占[，理由：{reason}]")),
    "hold.lapse": ("cap", _("{record} 的预占到期失效[（{expired}）]")),
    "threshold.set": ("cap", _("设定 {record} 起的预警界限[为 {shares}][，依据 {source}]")),
    "meter.repair": ("cap", _("修复计量 {record}：登记值改为变动之和[，理由：{reason}]")),
    "plan.import": ("plan", _("录入规划{record}[，{caps} 项指标]")),
    "plan.amend": ("plan", _("录入规划调整{record}[，调整 {amends}]，待另一人确认")),
    "plan.confirm": ("plan", _("确认规划调整{record}[（{entered_by} 录入）][，指标：{caps}]")),
    "plan.withdraw": ("plan", _("撤回规划调整{record}[（{entered_by} 录入）][，理由：{reason}]")),
    "plan.scan": ("plan", _("附上文件扫描件 {record}")),
    "document.print": ("document", _("打印{kind} {record}[：{subject}][，{year} 年][，替换 {replaces}]")),
    "document.revoke": ("document", _("撤销 {record}[，理由：{reason}]")),
    "user.add": ("user", _("授予 {record} {role}岗位[（{place}）]")),
    "user.remove_role": ("user", _("取消 {record} 的{role}岗位[（{place}）]")),
    "user.open": ("user", _("恢复账户 {record}")),
    "user.close": ("user", _("停用账户 {record}")),
    "user.password": ("user", _("重设 {record} 的密码")),
    "user.password_own": ("user", _("更改本人的密码")),
    "user.token": ("user", _("为 {record} 建立访问令牌[“{label}”]")),
    "user.token_own": ("user", _("建立本人的访问令牌[“{label}”]")),
    "user.token_end": ("user", _("结束 {record} 的访问令牌[“{label}”]")),
    "user.sign_in": ("user", _("登录[，地址 {address}]")),
    "user.sign_out": ("user", _("结束 {record} 的登录[，地址 {address}][，{count} 次]")),
    "user.sign_out_own": ("user", _("退出登录[，地址 {address}][，另有 {count} 次]")),
    "user.throttled": ("user", _("连续多次密码不符，暂停登录[，地址 {address}]")),
    "catalogue.load": ("system", _("载入矿种目录[：{minerals} 个矿种][，{lines} 条规模分类]")),
    "job.nightly": ("system", _("{record} 日终核对[：{counts}]")),
    "job.cancel": ("system", _("取消任务 {record}[（{kind}）][，{ordered_by} 提交]")),
    "job.repeat": ("system", _("重办任务 {record}[（{kind}）][，{ordered_by} 提交]")),
}  # fmt: skip
# Acts by one's own hand are told otherwise; a return's correction is an act of its own to people.
VARIANTS = {
    "output.record": "output.correct", "user.password": "user.password_own", "user.token": "user.token_own",
    "user.sign_out": "user.sign_out_own",
}  # fmt: skip
RULINGS = {"pass": _("可以容纳"), "warning": _("超出预期性指标或无数值"), "refused": _("超出约束性指标")}
_PART = re.compile(r"\[([^\[\]]*)\]")
_UNKNOWN = _("{record}（{act}）")


class Told(NamedTuple):
    """A sentence around its record, or one that needs to name none."""

    before: str
    after: str
    names_record: bool


def acts_of(group: str) -> list[str]:
    """Return the acts of a group as they are noted."""
    return [act for act, (found, _text) in ACTS.items() if found == group and act not in VARIANTS.values()]


def tell_act(act: str, facts: Mapping[str, Any]) -> Told:
    """Return the sentence of an act, before and after its record; facts come in the words of the office."""
    text = ACTS[act][1] if act in ACTS else _UNKNOWN
    given = {**facts, "act": act}
    whole = _PART.sub(lambda part: part[1] if _has_all(part[1], given) else "", text)
    before, record, after = whole.partition("{record}")
    parts = [text.format_map(_Facts(given)) for text in (before, after)]
    return Told(parts[0], parts[1].removesuffix("："), bool(record))


def _has_all(text: str, facts: Mapping[str, Any]) -> bool:
    return all(facts.get(name) not in (None, "") for _t, name, _s, _c in Formatter().parse(text) if name)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"
