"""Words of measuring, places, people and work."""

from registry.kernel.vocabulary.words import Word


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


class JobState(Word):
    """The state of a background job."""

    queued = "queued", "等待"
    running = "running", "进行中"
    done = "done", "完成"
    failed = "failed", "失败"
    cancelled = "cancelled", "已取消"


class UploadKind(Word):
    """What an uploaded table holds; the value is the kind of the job that imports it."""

    returns = "import_returns", "产量报表"
    rights = "import_rights", "矿业权"
