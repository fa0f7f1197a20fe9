"""The sentence for every code of a request of the API that cannot be read or served as it stands."""

from registry.wording.marks import _

REQUESTS = {
    "not_json": _("{field}：从第 {place} 个字符起不是 JSON（“{value}”）。可接受：{accepted}"),
    "json_key_twice": _("{field}：键“{value}”在同一对象中出现两次，前一项会丢失。可接受：{accepted} 次"),
    "json_too_deep": _("{field}：层次过深（{value}）。可接受：{accepted} 层"),
    "cursor_unreadable": _("{field}：“{value}”不是本列表的游标。可接受：{accepted}"),
    "figure_not_text": _("{field}：数值“{value}”须写成文字，JSON 数字会丢失位数。可接受：{accepted}"),
    "several_invalid": _("有 {count} 处无法识别：{told}"),
    "media_type_not_accepted": _("不接受类型为“{value}”的请求内容。可接受：{accepted}"),
    "print_unsuccessful": _("打印没有成功：{reason}"),
    "print_waiting": _("文书正在排队打印，或后台进程没有运行；请稍后重试"),
    "internal_error": _("程序出错，未办完的部分没有写入。请把时间和地址告诉管理员"),
}
