"""Words of rights, mines and reserves."""

from registry.kernel.vocabulary.words import Word


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


class Covered(Word):
    """Whether right and permit cover the period of a return."""

    full = "full", "有效期内"
    partly = "partly", "期内部分到期"
    expired = "expired", "许可到期后"
    none = "none", "无有效许可"
    unlicensed = "unlicensed", "非许可矿种"


class ReturnStanding(Word):
    """How a standing return came to stand: told once, corrected since, or taken back."""

    first = "first", "首次报送"
    corrected = "corrected", "已更正"
    voided = "voided", "已作废"


class PendingReason(Word):
    """Why the scale class of a mine is 待定."""

    no_scale = "no_scale", "未登记生产规模"
    no_line = "no_line", "规模分类表未列该矿种"
    no_method = "no_method", "规模分类表按开采方式分列，开采方式不明或不在其列"
    no_density = "no_density", "规模分类按体积，缺该矿体积质量"


class PermitStanding(Word):
    """How a right stands on a day by its permit: in force, soon to be renewed, over, to come, or none."""

    valid = "valid", "有效"
    ending = "ending", "将到期"
    expired = "expired", "已到期"
    coming = "coming", "尚未生效"
    none = "none", "无证"


class RenewalStage(Word):
    """How near the last day is on which a renewal may be applied for."""

    year = "year", "12 个月内"
    half = "half", "6 个月内"
    quarter = "quarter", "3 个月内"
    days = "days", "60 日内"
    late = "late", "已逾申请期"
    expired = "expired", "已到期"
