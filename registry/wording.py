"""The sentence for every error code: what happened, the figures, the rule, what would be accepted.

The msgid is the Chinese; a catalogue may translate it. Errors themselves hold only facts.
"""

from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from registry.kernel.errors import Busy, Forbidden, Invalid, NotFound, Refused, RegistryError

_ = str  # marks a text for the catalogue

TEXTS = {
    "invalid": _("{field}：“{value}”无法识别。可接受：{accepted}"),
    "not_a_number": _("{field}：“{value}”不是可读的数字。可接受：{accepted}"),
    "not_a_quantity": _("{field}：“{value}”缺少数字或单位。可接受：{accepted}"),
    "negative": _("{field}：“{value}”为负数。可接受：{accepted}"),
    "unit_unknown": _("{field}：单位“{value}”未收录。可接受：{accepted}"),
    "too_many_places": _("{field}：“{value}”的小数位数超过该单位可精确表示的位数。可接受：小数 {accepted} 位"),
    "overflow": _("{field}：“{value}”超出可登记的最大数值。可接受：{accepted} 个基本单位"),
    "more_than_any_mine": _("{field}：“{value}”超过任何矿山一期可能的产量，请核对数字和单位。可接受：{accepted}"),
    "thresholds_not_usable": _("{field}：预警界限“{value}”不可用。可接受：{accepted}"),
    "kinds_mixed": _("{field}：“{value}”的计量类别与此处不符。可接受：{accepted}"),
    "rate_not_expected": _("{field}：“{value}”带有时间单位，此处应填数量。可接受：{accepted}"),
    "rate_expected": _("{field}：“{value}”应写明每年或每日。可接受：{accepted}"),
    "density_out_of_range": _("{field}：体积质量“{value}”不合理。可接受：{accepted}"),
    "not_a_date": _("{field}：“{value}”不是日期。可接受：{accepted}"),
    "not_a_period": _("{field}：“{value}”不是月份或日期。可接受：{accepted}"),
    "not_a_year": _("{field}：“{value}”不是年份。可接受：{accepted}"),
    "mineral_unknown": _("{field}：“{value}”不在目录中。可接受：目录中的矿种名称、别名或代码"),
    "name_not_usable": _("{field}：名称“{value}”不可用。可接受：{accepted}"),
    "idempotency_mismatch": _("同一幂等键“{value}”此前用于另一份内容。请更换键，或重发原内容"),
    "wrong_state": _("当前状态为“{state}”，不能执行“{event}”"),
    "same_person": _("本人录入的事项须由另一人确认（{actor}）"),
    "not_found": _("未找到 {what}“{value}”"),
    "forbidden": _("{actor} 的岗位没有此项权限（{permission}）"),
    "not_ready": _("数据库尚未建立或版本不符：请先运行 registry init"),
    "busy": _("有其他办理正在占用数据，请稍后重试；本次未写入任何内容"),
    "note_missing": _("{field}：请写明办理说明。可接受：{accepted}"),
    "file_too_large": _("{field}：文件过大（{value} 字节）。可接受：{accepted}"),
    "file_unreadable": _("{field}：“{value}”不能读取。可接受：{accepted}"),
    "not_utf8": _("{field}：{value} 处不是 UTF-8 文字。可接受：{accepted}"),
    "not_yaml": _("{field}：第 {line} 行不能按 YAML 读取（{value}）。可接受：{accepted}"),
    "yaml_alias": _("{field}：第 {line} 行使用了锚点、别名或标签“{value}”，一律不接受。可接受：{accepted}"),
    "yaml_shape": _("{field}：第 {line} 行起层次过深、条目过多、多个文档或键不是文字。可接受：{accepted}"),
    "key_twice": _("{field}：第 {line} 行的键“{value}”重复，前一项会丢失。可接受：{accepted}"),
    "key_unknown": _("{field}：没有这一项。可接受：{accepted}"),
    "value_missing": _("{field}：缺少内容。可接受：{accepted}"),
    "not_a_mapping": _("{field}：“{value}”不是一组键值。可接受的键：{accepted}"),
    "not_a_list": _("{field}：“{value}”不是列表。可接受：{accepted}"),
    "not_text": _("{field}：“{value}”不是文字。可接受：{accepted}"),
    "not_a_flag": _("{field}：“{value}”不是“是／否”。可接受：{accepted}"),
    "not_a_whole_number": _("{field}：“{value}”不是可接受的整数。可接受：{accepted}"),
    "word_unknown": _("{field}：“{value}”不在可选值之内。可接受：{accepted}"),
    "too_long": _("{field}：文字过长（{length} 字）。可接受：{accepted} 字"),
    "too_many_rows": _("{field}：行数过多（{value}）。可接受：{accepted}"),
    "control_character": _("{field}：“{value}”含不可见的控制字符。可接受：{accepted}"),
    "code_malformed": _("{field}：矿种代码“{value}”格式不对。可接受：{accepted}"),
    "class_differs": _("{field}：类别“{value}”与矿种代码不一致。可接受：{accepted}"),
    "catalogue_collision": _("{field}：“{value}”已指“{other}”，一个名称只能指一个矿种。可接受：{accepted}"),
    "scale_line_twice": _("{field}：矿种“{value}”在规模分类表中有两行。可接受：{accepted}"),
    "thresholds_crossed": _("{field}：规模界限“{value}”与大型下限不相容。可接受：{accepted}"),
    "wrong_period": _("{field}：单位“{value}”的计量期与此处不符。可接受：{accepted}"),
    "region_malformed": _("{field}：“{value}”不是行政区划代码。可接受：{accepted}"),
    "region_unknown": _("{field}：行政区划“{value}”未登记。可接受：{accepted}"),
    "level_differs": _("{field}：“{value}”与该行政区的级别不符。可接受：{accepted}"),
    "dates_reversed": _("{field}：“{value}”早于起始日。可接受：{accepted}"),
    "dates_outside": _("{field}：{span} 不在文件有效期之内。可接受：{accepted}"),
    "clause_unknown": _("{field}：条款“{value}”不在本文件 clauses 中。可接受：{accepted}"),
    "clause_twice": _("{field}：条款编号“{value}”重复。可接受：{accepted}"),
    "cap_twice": _("{field}：“{value}”与 {other} 是同一指标且有效期重叠。可接受：{accepted}"),
    "plan_already_loaded": _(
        "{region}《{title}》（{number}）已经录入，内容与本次不同；"
        "规划数值只能通过规划调整（registry plan amend）变更"
    ),
    "amendment_pending": _("同一文号的调整（编号 {document}）已录入待确认；内容有误请先撤回（registry plan withdraw {document}）"),
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
    "not_a_pdf": _("{field}：不是 PDF 文件。可接受：{accepted}"),
    "field_missing": _("{field}：此项必填。可接受：{accepted}"),
    "already_returned": _("{return} 的{field}已报 {had}，与本次 {value} {unit} 不同；如需更改，请以更正报送并写明理由"),
    "not_returned": _("{return} 已经作废，没有可作废的报表"),
    "nil_with_quantity": _("{field}：标明零报但产量为“{value}”。可接受：{accepted}"),
    "days_expected": _("{field}：该矿业权受日指标约束，须按日报送，“{value}”是月份。可接受：{accepted}"),
    "month_expected": _("{field}：该矿业权按月报送，“{value}”是单日。可接受：{accepted}"),
    "period_in_future": _("{field}：“{value}”尚未开始。可接受：{accepted}"),
    "right_only_named": _("{field}：“{value}”仅为规划点名矿山，不在册，不收报表。可接受：{accepted}"),
    "density_missing": _("{field}：“{value}”须换算为{accepted}，但该矿业权未登记体积质量"),
    "not_a_head": _("{field}：“{value}”不是审计链头。可接受：{accepted}"),
    "role_unknown": _("{field}：没有岗位“{value}”。可接受：{accepted}"),
    "cap_exceeded": _(
        "{cap} {year} 年指标 {limit}，已许可和预占 {taken}，本次 {wanted}，余量 {room}；依据《{document}》{clause}。"
        "约束性指标只能经规划调整或批复增加"
    ),
    "plan_ended": _("{cap}：规划期已满（《{document}》{clause}），新增或扩大须新一轮规划或市局意见"),
    "not_a_demonstration": _("{database} 中是真实登记簿，演示不会改动它；请用 REGISTRY_DATABASE_URL 另指一个库"),
    "column_missing": _("{field}：缺少栏目 {value}。可接受：{accepted}"),
    "rule_cap_room_pass": _("{cap} {year} 年：指标 {limit}，已占 {taken}，本次 {wanted}，余量充足（{document} {clause}）"),
    "rule_cap_room_warning": _("{cap} {year} 年：指标 {limit}，已占 {taken}，本次 {wanted}，超出预期性指标或无数值（{document} {clause}）"),
    "rule_cap_room_refused": _("{cap} {year} 年：指标 {limit}，已占 {taken}，本次 {wanted}，超出约束性指标（{document} {clause}）"),
    "rule_cap_partial_pass": _("{cap}：本登记簿未覆盖该指标的全部区县，不作判断"),
    "rule_plan_ended_refused": _("{cap}：规划期已满（{document} {clause}），须新一轮规划或市局意见"),
    "fonts_missing": _("打印字体缺失：{folder} 中没有 {missing}。请运行 {command}"),
    "foreign_resource": _("打印模板引用了本程序以外的资源“{url}”，未打印"),
    "folder_missing": _("{field}：文件夹“{value}”不存在。可接受：{accepted}"),
    "not_a_file": _("{field}：“{value}”不是普通文件。可接受：{accepted}"),
    "database_unreachable": _("登记簿数据库没有应答，请稍后再试；如一直如此，请管理员检查数据库服务"),
    "database_not_migrated": _(
        "登记簿数据库尚未建立，或其结构与本程序不符（现为 {current}，应为 {newest}）。请管理员在服务器上运行 registry init"
    ),
    "subsetter_missing": _("缺少字体子集库 {library}，打印会慢数倍。请安装 libharfbuzz-subset0"),
    "day_in_future": _("{field}：“{value}”尚未到来。可接受：{accepted}"),
    "several_workers_on_sqlite": _(
        "--workers {workers}：SQLite 登记簿只能由一个网页进程服务；多个进程请以 REGISTRY_DATABASE_URL 改用 PostgreSQL"
    ),
    "demonstration_key_exposed": _(
        "--host {host}：演示密钥只可在本机使用。对外服务前请设置 REGISTRY_SECRET_KEY；或改用 --host 127.0.0.1"
    ),
    "port_taken": _("--port {port}：{host} 的该端口已被占用。请停止占用它的程序，或以 --port 另选一个"),
    "address_unusable": _("{host}:{port} 不能用于服务（{reason}）。请检查 --host 和 --port"),
    "rings_unreadable": _("{field}：圈数“{value}”无法识别。可接受：{accepted}"),
    "ring_points": _("{field}：第 {ring} 圈的点数“{value}”不可用。可接受：{accepted}"),
    "corners_cut_short": _("{field}：第 {ring} 圈第 {point} 点处内容中断。可接受：{accepted}"),
    "corners_surplus": _("{field}：第 {ring} 圈之后还有多余内容“{value}”。可接受：{accepted} 圈"),
    "corner_number": _("{field}：第 {ring} 圈第 {point} 点的点号“{value}”无法识别。可接受：{accepted}"),
    "corner_unreadable": _("{field}：第 {ring} 圈第 {point} 点的坐标“{value}”无法识别。可接受：{accepted}，至多三位小数"),
    "corner_repeated": _("{field}：第 {ring} 圈第 {point} 点（{value}）与前一点重合"),
    "ring_elevation": _("{field}：第 {ring} 圈的标高“{value}”无法识别。可接受：{accepted}"),
    "ring_flag": _("{field}：第 {ring} 圈的标志“{value}”无法识别。可接受：{accepted}（-1 为扣除）"),
    "ring_crosses_itself": _("{field}：第 {ring} 圈的边 {value} 相交或相接，不是简单多边形"),
    "belts_mixed": _("{field}：第 {ring} 圈（{value}）的带号与其他点不一致"),
    "hole_outside": _("{field}：第 {ring} 圈（{value}）为扣除区，但不在任何计入圈之内"),
    "elevations_reversed": _("{field}：上限标高低于下限标高（{value}）。可接受：{accepted}"),
    "elevation_unreadable": _("{field}：标高“{value}”无法识别。可接受：{accepted}"),
    "area_not_plausible": _("{field}：面积“{value}”不合理。可接受：{accepted}"),
    "area_nonsense": _("{field}：面积 {value} km² 与拐点坐标围成的 {accepted} km² 相差十倍以上，请核对单位"),
    "area_differs": _("{field}：面积 {value} km² 与拐点坐标围成的 {accepted} km² 相差超过 0.1%"),
    "credit_code_shape": _("{field}：统一社会信用代码“{value}”格式不对。可接受：{accepted}"),
    "credit_code_check": _("{field}：统一社会信用代码“{value}”校验位不符，按 GB 32100 应为 {accepted}"),
    "credit_code_of_another": _("{field}：代码 {value} 已登记为“{accepted}”，本次为“{given}”"),
    "holder_ambiguous": _("“{given}”对应多个统一社会信用代码（{accepted}），请填写代码"),
    "holder_differs": _("{field}：“{value}”与该矿业权人已登记的“{accepted}”不同，登记内容未改"),
    "permit_number": _("{field}：许可证号“{value}”无法识别。可接受：{accepted}"),
    "permit_month": _("{field}：许可证号“{value}”中的月份不存在。可接受：{accepted}"),
    "permit_draft": _("{field}：“{value}”是草稿编号，不是许可证号。可接受：{accepted}"),
    "permit_demonstration": _("{field}：“{value}”是示例编号，只能用于示例数据库。可接受：{accepted}"),
    "permit_letter": _("{field}：许可证号“{value}”的首字母与矿业权类型不符，应为 {accepted}"),
    "permit_month_late": _("{field}：许可证号“{value}”的首次编码年月晚于有效期起（{accepted}）"),
    "permit_authority": _("{field}：许可证号“{value}”中的发证机关代码未收录（{accepted}）"),
    "permit_class": _("{field}：许可证号“{value}”中的矿种类别与开采矿种不符，预计为 {accepted}"),
    "right_number": _("{field}：矿业权编号“{value}”无法识别。可接受：{accepted}"),
    "right_exists": _("{field}：“{value}”与已登记的 {right} 不一致（不同的栏：{fields}）；已登记事项不能由导入更改"),
    "region_not_county": _("{field}：“{value}”不是设立登记簿的区县。可接受：{accepted}"),
    "mineral_repeated": _("{field}：矿种“{value}”重复。可接受：{accepted}"),
    "scale_twice": _("{field}：生产规模按日为“{value}”，与最大日开采量不一致。可接受：{accepted}"),
    "scale_unknown": _("{field}：未填生产规模，已许可能力按未知处理。可接受：{accepted}"),
    "scale_unconverted": _("{field}：规模单位“{value}”与矿种计量（{accepted}）不同且无体积质量，已许可能力按未知处理"),
    "township_unknown": _("{field}：乡镇“{value}”不在该区县名录中。可接受：{accepted}"),
    "state_undated": _("{field}：状态“{value}”未写起始日，按登记当日起计。可接受：{accepted}"),
    "states_unordered": _("{field}：“{value}”须按起始日先后排列，多个状态各带起始日。可接受：{accepted}"),
    "category_repeated": _("{field}：类别“{value}”重复。可接受：{accepted}"),
    "reserves_above": _("{field}：{value}大于其所属资源量。可接受：{accepted}"),
    "cumulative_below": _("{field}：累计查明 {value} 小于保有。可接受：{accepted}"),
    "reserves_opened": _("{category}已有期初 {kept}（{year} 年），与本次 {given} 不同；期初不能改写"),
    "reserves_surveyed": _("{last} 年及以前的储量年报已过账，{year} 年不能再报"),
    "reserves_not_in_turn": _("{year} 年不能过账（{category}）：台账无期初，或应先报 {expected} 年"),
    "reserves_do_not_balance": _("{category}：年报 {side} 为 {stated}，台账为 {kept}，不平衡"),
    "reserves_below_zero": _("{category}：{move} {amount} 大于保有量 {balance}"),
    "year_not_over": _("{field}：{value} 年尚未结束，储量只按年末测算过账。可接受：{accepted}"),
    "column_repeated": _("{field}：表头“{value}”重复。可接受：{accepted}"),
    "column_unknown": _("{field}：此栏未被识别，内容未导入"),
    "cells_without_column": _("{field}：表头之外还有内容“{value}”。可接受：{accepted}"),
    "header_missing": _("{field}：“{value}”中找不到表头。可接受：{accepted}"),
    "file_kind": _("{field}：“{value}”不是可导入的表格（按内容识别）。可接受：{accepted}"),
    "file_encoding": _("{field}：“{value}”的文字编码无法识别。可接受：{accepted}"),
    "grid_too_large": _("{field}：表格范围过大（{value} 格）。可接受：{accepted}"),
    "file_broken": _("{field}：“{value}”已损坏，无法读取。可接受：{accepted}"),
    "file_protected": _("{field}：“{value}”有密码保护。可接受：{accepted}（无密码）"),
    "file_unwritable": _("“{file}”不能写入（{reason}），未留下不完整的文件。请检查路径、权限和磁盘空间"),
    "too_many_columns": _("{field}：栏数过多（{value}）。可接受：{accepted}"),
    "database_url": _("{field}：“{value}”不是可用的数据库地址。可接受：{accepted}"),
    "database_unusable": _("登记簿数据库不能使用（{reason}），未写入。请检查 REGISTRY_DATABASE_URL、权限和磁盘空间"),
    "database_of_another": _("数据库中是其他程序的表（{tables}），未作改动；请用 REGISTRY_DATABASE_URL 另指一个空库"),
    "database_newer": _("数据库由另一版本的程序建立（{current}，本程序到 {newest}），未作改动；请更新程序，或另指一个库"),
    "usage": _("命令写法不对：{value}。可接受：{accepted}"),
    "unexpected": _("程序出错（{reason}，{place}），未办完的部分没有写入。请把这一行告诉管理员"),
    "job_done": _("任务 {job} 已经完成，不再重复执行；需要时请另建一个（registry job run nightly）"),
    "csv_broken": _("{field}：“{value}”第 {line} 行的引号或换行不完整。可接受：{accepted}"),
}
WHAT = {
    "alarm": _("预警"), "file": _("文件"), "hold": _("预占"), "job": _("任务"), "permit": _("许可证"), "plan": _("规划"),
    "region": _("行政区"), "return": _("报表"), "right": _("矿业权"), "user": _("用户"),
}  # fmt: skip
# What people call a field; the machine-readable problem keeps its own name.
FIELDS = {
    "quantity": _("产量"), "unit": _("单位"), "lost": _("损失量"), "lost_unit": _("损失量单位"), "period": _("期间"),
    "mineral": _("矿种"), "right_no": _("矿业权编号"), "permit_no": _("许可证号"), "note": _("备注"), "reason": _("理由"),
    "nil": _("零报"), "scale": _("生产规模"), "max_day": _("最大日开采量"), "holder": _("矿业权人"), "mine": _("矿山名称"),
    "credit_code": _("统一社会信用代码"), "region": _("行政区"), "township": _("乡镇"), "corners": _("拐点坐标"),
    "valid_from": _("有效期起"), "valid_to": _("有效期止"), "year": _("年度"), "as-of": _("截至日"), "as_of": _("截至日"),
    "density_t_m3": _("体积质量"), "reserves": _("资源储量"), "state": _("运行状态"), "green": _("绿色矿山"),
    "argv": _("命令行参数"), "file": _("文件"), "role": _("岗位"), "name": _("名称"), "head": _("审计链头"), "limestone-cap": _("石灰岩指标"),
}  # fmt: skip
_FAMILIES: list[tuple[type[RegistryError], int]] = [
    (Invalid, 422), (NotFound, 404), (Forbidden, 403), (Busy, 503), (Refused, 409),
]  # fmt: skip


def say(code: str, facts: dict[str, Any], locale: str = "zh_CN") -> str:
    """Return the sentence of a code with its facts filled in; a missing fact shows as a dash."""
    catalogue = _catalogue(locale)
    if code == "not_found" and facts.get("what") in WHAT:
        facts = facts | {"what": catalogue.gettext(WHAT[facts["what"]])}
    if facts.get("field") in FIELDS:
        facts = facts | {"field": catalogue.gettext(FIELDS[facts["field"]])}
    return catalogue.gettext(TEXTS.get(code, code)).format_map(_Facts(facts))


def problem(error: RegistryError, locale: str = "zh_CN") -> dict[str, Any]:
    """Return an error as a problem document (RFC 9457) with the fields of the contract."""
    status = next((status for family, status in _FAMILIES if isinstance(error, family)), 500)
    errors = []
    if (field := error.facts.get("field")) is not None:
        told = {name: str(error.facts.get(name, "")) for name in ("value", "accepted")}
        errors = [{"field": field, "value": told["value"], "rule": error.code, "accepted": told["accepted"]}]
    return {
        "type": f"urn:registry:{error.code}", "title": error.code, "status": status, "code": error.code,
        "detail": say(error.code, error.facts, locale), "errors": errors,
    }  # fmt: skip


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def _catalogue(locale: str) -> NullTranslations:
    return translation("registry", Path(__file__).parent / "locale", [locale], fallback=True)
