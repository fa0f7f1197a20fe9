"""The pages that the side of every page leads to, for whoever may open them."""

from dataclasses import dataclass

from registry.wording.marks import _


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the side."""

    address: str
    label: str
    permission: str


# Groups of what belongs together: the day's work, the book, the office.
GROUPS: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("/", _("总量调控"), "caps.read"),
        Entry("/alarms", _("预警"), "alarms.read"),
        Entry("/outputs/new", _("填报产量"), "output.record"),
        Entry("/imports", _("批量导入"), "output.record"),
        Entry("/changes", _("近期变动"), "caps.read"),
    ),
    (
        Entry("/rights", _("矿业权"), "rights.read"),
        Entry("/outputs", _("产量报表"), "output.read"),
        Entry("/outputs/missing", _("缺报"), "output.read"),
        Entry("/expiries", _("到期与延续"), "rights.read"),
        Entry("/plans", _("规划与指标"), "plans.read"),
        Entry("/documents", _("证照与报告"), "documents.read"),
    ),
    (
        Entry("/jobs", _("任务"), "job.read"),
        Entry("/users", _("用户"), "user.manage"),
        Entry("/audit", _("审计"), "audit.read"),
    ),
)


def current(path: str) -> str:
    """Return the address of the entry that a path lies under, the longest that fits, or nothing."""
    fits = [
        entry.address
        for group in GROUPS
        for entry in group
        if path == entry.address or (entry.address != "/" and path.startswith(f"{entry.address}/"))
    ]
    if path.startswith(("/caps/", "/indicators")):
        return "/"
    return max(fits, key=len, default="")
