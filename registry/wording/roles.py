"""What each role is for, in the words of the office."""

from registry.kernel.vocabulary import Role
from registry.wording.marks import _

DUTIES = {
    Role.clerk: _("填报、更正和作废产量报表，导入报表和矿业权，登记运行状态和储量年报，录入规划调整"),
    Role.reviewer: _("核查并处置预警，填报产量报表"),
    Role.approver: _("确认规划调整，处置预警，登记运行状态"),
    Role.inspector: _("查看登记簿，打印证照和报告"),
    Role.municipal: _("查看全市各区县的登记簿，不作改动"),
    Role.administrator: _("管理用户和岗位，导入规划，核对登记簿；本岗位不办理审核和审批"),
    Role.auditor: _("查看审计记录，核对登记簿和审计链"),
}
