"""What people call the records and fields that the program names in English."""

from registry.wording.marks import _

WHAT = {
    "alarm": _("预警"), "cap": _("总量调控指标"), "document": _("文书"), "file": _("文件"), "hold": _("预占"), "indicator": _("规划指标"), "job": _("任务"), "permit": _("许可证"), "plan": _("规划"),
    "page": _("页面"), "region": _("行政区"), "return": _("报表"), "right": _("矿业权"), "user": _("用户"), "sign_in": _("登录"), "token": _("访问令牌"),
}  # fmt: skip
# What people call a field; the machine-readable problem keeps its own name. One name may mean several
# things, an alarm's state and a mine's: then the error says in its fact `called` which of them it is.
FIELDS = {
    "quantity": _("产量"), "unit": _("单位"), "lost": _("损失量"), "lost_unit": _("损失量单位"), "period": _("期间"),
    "mineral": _("矿种"), "right_no": _("矿业权编号"), "permit_no": _("许可证号"), "note": _("备注"), "reason": _("理由"),
    "nil": _("零报"), "scale": _("生产规模"), "max_day": _("最大日开采量"), "holder": _("矿业权人"), "mine": _("矿山名称"),
    "credit_code": _("统一社会信用代码"), "region": _("行政区"), "township": _("乡镇"), "corners": _("拐点坐标"),
    "valid_from": _("有效期起"), "valid_to": _("有效期止"), "year": _("年度"), "as-of": _("截至日"), "as_of": _("截至日"),
    "density_t_m3": _("体积质量"), "reserves": _("资源储量"), "state": _("运行状态"), "since": _("自哪天起"), "within": _("天数"), "green": _("绿色矿山"),
    "argv": _("命令行参数"), "file": _("文件"), "role": _("岗位"), "name": _("名称"), "head": _("审计链头"), "limestone-cap": _("石灰岩指标"),
    "standing": _("报表状态"), "covered": _("许可覆盖"), "month": _("月份"),
    "kind": _("种类"), "subject": _("对象"), "edition": _("版次"), "digest": _("校验值"),
    "handling": _("处置"), "handling_note": _("办理说明"), "status": _("状态"), "scale_class": _("规模类别"),
    "severity": _("级别"), "code": _("事项"), "permit": _("许可"),
    "password": _("密码"), "old_password": _("原密码"), "password_again": _("再次输入的新密码"), "q": _("查找内容"), "group": _("类别"), "from": _("起始日"), "to": _("截止日"), "record": _("对象"), "actor": _("经手"), "username": _("用户名称"), "label": _("用途"), "page": _("页码"), "days": _("有效天数"),
}  # fmt: skip
# What people call a kind of job, and what the nightly job counts.
JOBS = {
    "nightly": _("日终核对"), "print": _("打印文书"), "batch": _("批量打印"), "import_returns": _("导入产量报表"), "import_rights": _("导入矿业权"),
}  # fmt: skip
RESULTS = {
    "duties_opened": _("新增应报"), "returns_missing": _("缺报预警"), "renewals": _("延续提醒"),
    "papers": _("已打印"), "refused": _("未打印"), "plans_expired": _("规划期满"), "holds_lapsed": _("预占失效"),
}  # fmt: skip
