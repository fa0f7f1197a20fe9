"""Words of alarms."""

from registry.kernel.vocabulary.words import Word


class Severity(Word):
    """How urgent an alarm is."""

    info = "info", "提示"
    warning = "warning", "警告"
    critical = "critical", "严重"


class AlarmState(Word):
    """What people have done about an alarm."""

    open = "open", "待处置"
    acknowledged = "acknowledged", "已签收"
    closed = "closed", "已办结"


class AlarmAct(Word):
    """One step in the life of an alarm."""

    raised = "raised", "产生"
    extended = "extended", "持续"
    receded = "receded", "回落"
    reopened = "reopened", "再次触发"
    acknowledged = "acknowledged", "签收"
    closed = "closed", "办结"


class AlarmSight(Word):
    """Which alarms a list shows, by what has become of them."""

    standing = "standing", "待处置和已签收"
    open = "open", "待处置"
    acknowledged = "acknowledged", "已签收"
    closed = "closed", "已办结"
    receded = "receded", "已回落"
    all = "all", "全部"


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
