"""What each permission lets somebody do, and the roles that have it, for whoever is refused."""

from registry.wording.marks import _

# The act, and who may do it. A test compares the roles with those of `registry.identity.rules`.
PERMISSIONS = {
    "account.own": _("管理自己的账户，任一岗位均可"),
    "alarms.read": _("查看预警，任一岗位均可"),
    "caps.read": _("查看总量调控指标，任一岗位均可"),
    "documents.read": _("查看证照与报告，任一岗位均可"),
    "job.read": _("查看任务，任一岗位均可"),
    "output.read": _("查看产量报表，任一岗位均可"),
    "plans.read": _("查看规划与指标，任一岗位均可"),
    "report.print": _("打印证照和报告，任一岗位均可"),
    "reserves.read": _("查看储量台账，任一岗位均可"),
    "rights.read": _("查看矿业权，任一岗位均可"),
    "output.record": _("填报、更正和作废产量报表，须经办或审核岗位"),
    "right.import": _("导入矿业权，须经办岗位"),
    "right.state": _("登记运行状态和绿色矿山，须经办或审批岗位"),
    "right.grant": _("登记矿业权、撤销打印件，须审批岗位"),
    "plan.enter": _("录入规划调整，须经办岗位"),
    "plan.confirm": _("确认规划调整，须审批岗位"),
    "plan.import": _("导入规划，须管理员岗位"),
    "alarm.handle": _("处置预警，须审核或审批岗位"),
    "reserves.post": _("登记储量年报，须经办岗位"),
    "hold.place": _("预占指标，须经办或审批岗位"),
    "job.run": _("运行后台任务，须经办、审核或管理员岗位"),
    "user.manage": _("管理用户和岗位，须管理员岗位"),
    "catalogue.load": _("载入矿种目录，须管理员岗位"),
    "book.check": _("核对登记簿，须管理员或审计岗位"),
    "book.repair": _("修复计量，须管理员岗位"),
    "audit.read": _("查看审计记录，须审计岗位"),
}
