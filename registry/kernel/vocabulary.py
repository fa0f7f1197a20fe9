"""Every enumerated word of the registry with its Chinese label; a member cannot exist without one.

The value is what databases, files and the API carry; the label is what people read, and the msgid
under which the catalogue holds its translation.
"""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """An enumerated value that knows its Chinese label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member of a value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the member written as value or label, or None."""
        return next((m for m in cls if text in (m.value, m.label)), None)


class Kind(Word):
    """What a quantity measures."""

    mass = "mass", "质量"
    volume = "volume", "体积"
    pieces = "count", "数量"


class CapPeriod(Word):
    """The time over which a cap is counted."""

    year = "year", "年"
    day = "day", "日"


class RegionLevel(Word):
    """The level of an administrative region."""

    municipality = "municipality", "市级"
    county = "county", "县级"


class Confidence(Word):
    """How sure a fact is: from a text read in full (A) to background knowledge (D)."""

    a = "A", "原文全文核对"
    b = "B", "原文节录"
    c = "C", "公开软件或数据"
    d = "D", "背景知识，待核实"


class Role(Word):
    """A role in the office; roles combine."""

    clerk = "clerk", "经办"
    reviewer = "reviewer", "审核"
    approver = "approver", "审批"
    inspector = "inspector", "检查员"
    municipal = "municipal", "市局"
    administrator = "administrator", "管理员"
    auditor = "auditor", "审计"


class PlanState(Word):
    """The state of a plan document."""

    entered = "entered", "已录入待确认"
    adopted = "adopted", "已生效"


class PlanAct(Word):
    """What is done to a plan document after it was entered."""

    confirmed = "confirmed", "确认"


class Comparison(Word):
    """How an indicator's figure is meant."""

    at_most = "at_most", "不超过"
    at_least = "at_least", "不低于"
    target = "target", "目标值"
    planned = "planned", "规划期末数"
    all = "all", "全部"


class RestrictionKind(Word):
    """What a plan says about a mineral."""

    prohibited = "prohibited", "禁止"
    restricted = "restricted", "限制"


class RightKind(Word):
    """A mineral right is for exploration or for mining."""

    exploration = "exploration", "探矿权"
    mining = "mining", "采矿权"


class MineralRole(Word):
    """The place of a mineral in a right."""

    main = "main", "主矿种"
    associated = "associated", "共伴生矿种"


class MiningMethod(Word):
    """How ore is won (国务院令第241号 art. 32 names the first two; the others are practice)."""

    open_pit = "open_pit", "露天开采"
    underground = "underground", "地下开采"
    combined = "combined", "露天/地下开采"
    borehole = "borehole", "钻井开采"


class OperatingState(Word):
    """What a mine is doing since a date."""

    preparing = "preparing", "筹建"
    construction = "construction", "在建"
    producing = "producing", "生产"
    stopped = "stopped", "停产"
    closing = "closing", "关闭待注销"


class GreenLevel(Word):
    """The green-mine level of a right since a date."""

    national = "national", "国家级"
    municipal = "municipal", "市级"
    building = "building", "在建"
    none = "none", "无"


class ScaleClass(Word):
    """矿山规模 or 储量规模: derived from scale and table, never typed in for a mine."""

    large = "large", "大型"
    medium = "medium", "中型"
    small = "small", "小型"


class PendingReason(Word):
    """Why the scale class of a mine is 待定."""

    no_scale = "no_scale", "未登记生产规模"
    no_line = "no_line", "规模分类表未列该矿种"
    no_method = "no_method", "规模分类表按开采方式分列，开采方式不明或不在其列"
    no_density = "no_density", "规模分类按体积，缺该矿体积质量"


class ReserveCategory(Word):
    """Resource and reserve categories of GB/T 17766-2020; resources and reserves are never added."""

    inferred = "inferred", "推断资源量"
    indicated = "indicated", "控制资源量"
    measured = "measured", "探明资源量"
    probable = "probable", "可信储量"
    proved = "proved", "证实储量"


class ReserveMove(Word):
    """A column of the reserve ledger 矿山资源储量变动台账."""

    opening = "opening", "期初"
    extracted = "extracted", "开采量"
    lost = "lost", "损失量"
    explored = "explored", "勘查增减"
    reestimated = "reestimated", "重算增减"
    transferred = "transferred", "划转增减"


class CommitmentKind(Word):
    """Why capacity is taken on the licensed side of a cap."""

    licensed = "licensed", "已许可"
    hold = "hold", "预占"


class MeterSide(Word):
    """The two meters of a cap."""

    licensed = "licensed", "已许可能力"
    output = "output", "已开采"


class CapState(Word):
    """The worse of both meters against the limit."""

    ok = "ok", "正常"
    near = "near", "接近"
    warning = "warning", "预警"
    exceeded = "exceeded", "超出"
    partial = "partial", "数据未覆盖"
    unknown = "unknown", "规划未列数值"


class Covered(Word):
    """Whether right and permit cover the period of a return."""

    full = "full", "有效期内"
    partly = "partly", "期内部分到期"
    expired = "expired", "许可到期后"
    none = "none", "无有效许可"
    unlicensed = "unlicensed", "非许可矿种"


class Severity(Word):
    """How urgent an alarm is."""

    info = "info", "提示"
    warning = "warning", "警告"
    critical = "critical", "严重"


class AlarmState(Word):
    """What people have done about an alarm."""

    open = "open", "待处置"
    acknowledged = "acknowledged", "已知悉"
    closed = "closed", "已办结"


class AlarmAct(Word):
    """One step in the life of an alarm."""

    raised = "raised", "产生"
    extended = "extended", "延续"
    receded = "receded", "回落"
    reopened = "reopened", "再次触发"
    acknowledged = "acknowledged", "知悉"
    closed = "closed", "办结"


class AlarmCode(Word):
    """The conditions somebody must look at."""

    cap_near = "cap_near", "接近总量调控指标"
    cap_warning = "cap_warning", "逼近总量调控指标"
    cap_exceeded = "cap_exceeded", "超出总量调控指标"
    permit_exceeded = "permit_exceeded", "超出许可生产规模"
    after_expiry = "after_expiry", "许可到期后开采"
    no_permit = "no_permit", "无有效许可开采"
    during_stop = "during_stop", "非生产状态有产量"
    cap_missing = "cap_missing", "总量调控矿种无指标数值"
    plan_expired = "plan_expired", "规划期已满"
    stock_over_cap = "stock_over_cap", "存量超配"
    renewal_due = "renewal_due", "临近延续申请期"
    renewal_overdue = "renewal_overdue", "已逾延续申请期"
    return_missing = "return_missing", "产量报表缺报"


class JobState(Word):
    """The state of a background job."""

    queued = "queued", "等待"
    running = "running", "进行中"
    done = "done", "完成"
    failed = "failed", "失败"
