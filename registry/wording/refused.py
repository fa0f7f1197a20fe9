"""The sentence for every code of an act that is refused, and for the rules of a verdict."""

from registry.wording.marks import _

REFUSED = {
    "idempotency_mismatch": _("同一幂等键“{value}”此前用于另一份内容。请更换键，或重发原内容"),
    "wrong_state": _("当前状态为“{state}”，不能执行“{event}”"),
    "same_person": _("本人录入的事项须由另一人确认（{actor}）"),
    "document_of_older_form": _("文书 {number} 的数据按旧格式冻结，附表和报送函不能再生成；请另印新件"),
    "not_found": _("未找到 {what}“{value}”"),
    "forbidden": _("{actor} 的岗位没有此项权限（{permission}）"),
    "sign_in_needed": _("请先登录；如已登录，登录已过期或已被结束"),
    "sign_in_failed": _("名称或密码不正确"),
    "own_account": _("本人的岗位和账户由另一名管理员改动，不能自己办理（{user}）"),
    "last_administrator": _(
        "{region} 没有其他已设密码、可登录的管理员，不能停用 {user} 或取消其管理员岗位；请先另设一名"
    ),
    "last_role": _("{user} 只有这一个岗位；不再使用的账户请停用，改换岗位请先添加新岗位"),
    "name_taken": _(
        "名称“{name}”已被使用，或与已有名称仅大小写不同；请另取名称，或由管理该用户的管理员添加岗位"
    ),
    "owner_only": _("访问令牌以 {user} 的名义办事，只能由其本人在“我的账户”建立"),
    "cross_site": _("这一请求不是从本系统的页面发出，或页面已过期，未办理。请重新打开页面再试"),
    "too_many_attempts": _("尝试次数过多，请在 {retry_after} 秒后再试"),
    "body_too_large": _("提交的内容过大，未接收。可接受：{accepted}"),
    "not_ready": _("数据库尚未建立或版本不符：请先运行 registry init"),
    "busy": _("有其他办理正在占用数据，请稍后重试；本次未写入任何内容"),
    "plan_already_loaded": _(
        "{region}《{title}》（{number}）已经录入，内容与本次不同；"
        "规划数值只能通过规划调整（registry plan amend）变更"
    ),
    "amendment_pending": _(
        "同一文号的调整（编号 {document}）已录入待确认；内容有误请先撤回（registry plan withdraw {document}）"
    ),
    "cap_lines_overlap": _(
        "指标 {cap} 在 {valid_from} 至 {valid_to} 已由《{document}》{clause} 规定；"
        "与之重叠的数值只能通过规划调整（registry plan amend）变更"
    ),
    "cap_not_in_plan": _(
        "《{plan}》没有指标 {cap}（本次条款：{clause}）；规划调整只改已有指标的数值，"
        "新增指标请按规划文件导入（registry plan import）"
    ),
    "cap_kind_differs": _("指标 {cap} 一直按{stored}计量，本次（{clause}）按{given}计量；请核对单位"),
    "person_required": _("规划调整须由实名人员{act}，不能以 {actor} 身份办理；请用 --as 指明经办人"),
    "already_returned": _(
        "{return} 的{field}已报 {had}，与本次 {value} {unit} 不同；如需更改，请以更正报送并写明理由"
    ),
    "changed_since": _(
        "{return} 已由 {by} 于 {at} 改动（第 {revision} 次登记），现为 {had}，晚于所依据的数据，本次未登记；"
        "请核对，仍须更改的，改好后重新报送"
    ),
    "not_returned": _("{return} 已经作废，没有可作废的报表"),
    "cap_exceeded": _(
        "{cap} {year} 年指标 {limit}，已许可和预占 {taken}，本次 {wanted}，余量 {room}；依据《{document}》{clause}。"
        "约束性指标只能经规划调整或批复增加"
    ),
    "plan_ended": _("{cap}：规划期已满（《{document}》{clause}），新增或扩大须新一轮规划或市局意见"),
    "not_a_demonstration": _(
        "{database} 中是真实登记簿，演示不会改动它；请用 REGISTRY_DATABASE_URL 另指一个库"
    ),
    "rule_cap_room_pass": _(
        "{cap} {year} 年：指标 {limit}，已占 {taken}，本次 {wanted}，余量充足（{document} {clause}）"
    ),
    "rule_cap_room_warning": _(
        "{cap} {year} 年：指标 {limit}，已占 {taken}，本次 {wanted}，超出预期性指标或无数值（{document} {clause}）"
    ),
    "rule_cap_room_refused": _(
        "{cap} {year} 年：指标 {limit}，已占 {taken}，本次 {wanted}，超出约束性指标（{document} {clause}）"
    ),
    "rule_cap_partial_pass": _("{cap}：本登记簿未覆盖该指标的全部区县，不作判断"),
    "rule_plan_ended_refused": _("{cap}：规划期已满（{document} {clause}），须新一轮规划或市局意见"),
    "fonts_missing": _("打印字体缺失：{folder} 中没有 {missing}。请运行 {command}"),
    "foreign_resource": _("打印模板引用了本程序以外的资源“{url}”，未打印"),
    "database_unreachable": _("登记簿数据库没有应答，请稍后再试；如一直如此，请管理员检查数据库服务"),
    "database_not_migrated": _(
        "登记簿数据库尚未建立，或其结构与本程序不符（现为 {current}，应为 {newest}）。请管理员在服务器上运行 registry init"
    ),
    "subsetter_missing": _("缺少字体子集库 {library}，打印会慢数倍。请安装 libharfbuzz-subset0"),
    "several_workers_on_sqlite": _(
        "--workers {workers}：SQLite 登记簿只能由一个网页进程服务；多个进程请以 REGISTRY_DATABASE_URL 改用 PostgreSQL"
    ),
    "demonstration_key_exposed": _(
        "--host {host}：演示密钥只可在本机使用。对外服务前请设置 REGISTRY_SECRET_KEY；或改用 --host 127.0.0.1"
    ),
    "port_taken": _("--port {port}：{host} 的该端口已被占用。请停止占用它的程序，或以 --port 另选一个"),
    "address_unusable": _("{host}:{port} 不能用于服务（{reason}）。请检查 --host 和 --port"),
    "holder_ambiguous": _("“{given}”对应多个统一社会信用代码（{accepted}），请填写代码"),
    "reserves_opened": _("{category}已有期初 {kept}（{year} 年），与本次 {given} 不同；期初不能改写"),
    "reserves_surveyed": _("{last} 年及以前的储量年报已过账，{year} 年不能再报"),
    "reserves_not_in_turn": _("{year} 年不能过账（{category}）：台账无期初，或应先报 {expected} 年"),
    "reserves_do_not_balance": _("{category}：年报 {side} 为 {stated}，台账为 {kept}，不平衡"),
    "reserves_below_zero": _("{category}：{move} {amount} 大于保有量 {balance}"),
    "file_unwritable": _("“{file}”不能写入（{reason}），未留下不完整的文件。请检查路径、权限和磁盘空间"),
    "database_unusable": _(
        "登记簿数据库不能使用（{reason}），未写入。请检查 REGISTRY_DATABASE_URL、权限和磁盘空间"
    ),
    "database_full": _("登记簿数据库所在磁盘没有空间，未写入。请联系管理员腾出空间后再试"),
    "database_of_another": _(
        "数据库中是其他程序的表（{tables}），未作改动；请用 REGISTRY_DATABASE_URL 另指一个空库"
    ),
    "database_newer": _(
        "数据库由另一版本的程序建立（{current}，本程序到 {newest}），未作改动；请更新程序，或另指一个库"
    ),
    "usage": _("命令写法不对：{value}。可接受：{accepted}"),
    "unexpected": _("程序出错（{reason}，{place}），未办完的部分没有写入。请把这一行告诉管理员"),
    "document_not_current": _("文书 {number} {state}，不能再撤销"),
    "notice_not_of_a_cap": _(
        "预警 {alarm}（{what}）不是总量调控指标的读数预警，不制发预警告知函；可制发的预警：{accepted}"
    ),
    "notice_receded": _("预警 {alarm}（{what}）已经回落，读数不再达到该预警，不制发告知函"),
    "notice_nothing_missing": _("{right} {year} 年到期应报的产量报表都已收到，没有需要催报的"),
    "notice_no_end": _("{right} 及其许可证在登记簿中没有有效期止，不能推算申请截止日；请先核对登记"),
    "file_damaged": _("存档文件与登记的校验值（{digest}）不符，可能已损坏。请管理员从备份恢复"),
    "no_worker_seen": _(
        "没有后台任务进程在运行，导入和打印会一直等待；请运行 {command}，或不加 --no-worker 启动网页"
    ),
    "print_failed": _("“{paper}”排版失败（{reason}；已重试一次），未印出。请稍后再印，仍不成功请告诉管理员"),
    "job_over": _("任务 {job} 已经结束，不能再取消"),
    "job_held": _("任务 {job} 正在由后台进程办理，请等它办完"),
    "job_abandoned": _(
        "任务 {job} 已试办 {attempts} 次，每次办理的后台进程都中断了，不再自动重试。请管理员查明原因后重办"
    ),
    "job_done": _("任务 {job} 已经完成，不再重复执行；需要时请另建一个（registry job run nightly）"),
}
