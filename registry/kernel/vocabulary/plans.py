"""Words of plans and caps."""

from registry.kernel.vocabulary.words import Word


class PlanState(Word):
    """The state of a plan document."""

    entered = "entered", "已录入待确认"
    adopted = "adopted", "已生效"
    withdrawn = "withdrawn", "已撤回"


class RestrictionKind(Word):
    """What a plan says about a mineral."""

    prohibited = "prohibited", "禁止"
    restricted = "restricted", "限制"


class Comparison(Word):
    """How an indicator's figure is meant."""

    at_most = "at_most", "不超过"
    at_least = "at_least", "不低于"
    target = "target", "目标值"
    planned = "planned", "规划期末数"
    all = "all", "全部"


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


class PlanAct(Word):
    """What is done to a plan document after it was entered."""

    confirmed = "confirmed", "确认"
    withdrawn = "withdrawn", "撤回"


class TargetStanding(Word):
    """What a count of the book says of a plan's indicator."""

    reached = "reached", "达到"
    short = "short", "未达到"
    open = "open", "不作判断"
    reference = "reference", "仅供参照"
    unanswered = "unanswered", "登记簿暂无此项数据"
