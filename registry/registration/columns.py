"""The columns of a list of rights: their names in files, in English and Chinese, and who reads each."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "right_no": ("矿业权编号", "登记号"),
    "permit_no": ("采矿许可证号", "许可证号", "勘查许可证号", "证号"),
    "permit_from": ("许可证有效期起", "有效期起"),
    "permit_to": ("许可证有效期止", "有效期止"),
    "holder": ("采矿权人", "矿业权人", "探矿权人"),
    "credit_code": ("统一社会信用代码", "信用代码"),
    "address": ("地址", "矿业权人地址"),
    "economic_type": ("经济类型",),
    "mine": ("矿山名称", "项目名称"),
    "region": ("所在行政区", "行政区划代码", "行政区"),
    "township": ("所在乡镇", "乡镇"),
    "mineral": ("开采矿种", "开采主矿种", "主矿种", "矿种"),
    "associated": ("共伴生矿种", "其它主矿种"),
    "kind": ("矿业权类型", "类型"),
    "scale": ("生产规模", "设计规模"),
    "scale_unit": ("生产规模单位", "规模单位"),
    "max_day": ("最大日开采量", "日最大开采量"),
    "max_day_unit": ("最大日开采量单位",),
    "method": ("开采方式",),
    "area_km2": ("矿区面积(km²)", "矿区面积(km2)", "矿区面积"),
    "top_m": ("开采上限标高(m)", "上限标高(m)", "开采上限标高"),
    "bottom_m": ("开采下限标高(m)", "下限标高(m)", "开采下限标高"),
    "corners": ("矿区范围拐点坐标", "拐点坐标", "区域坐标"),
    "valid_from": ("矿业权有效期起", "采矿权有效期起"),
    "valid_to": ("矿业权有效期止", "采矿权有效期止"),
    "authority": ("发证机关", "登记机关"),
    "state": ("状态", "矿山状态", "生产状态"),
    "green": ("绿色矿山", "绿色矿山级别"),
    "green_date": ("绿色矿山入库日期", "入库日期"),
    "deposit_scale": ("储量规模", "矿床规模"),
    "density_t_m3": ("体积质量(t/m³)", "体积质量(t/m3)", "体积质量"),
    "reserves": ("资源储量",),
    "reserves_date": ("资源储量估算基准日", "储量基准日"),
}
# Columns of the printed ledger that are derived or only number its lines: read and left alone.
DERIVED = ("序号", "规模类别", "保有资源量(探明/控制/推断)", "保有储量(证实/可信)", "备注")
NEEDED = ("mine", "mineral")
KEYS = ("right_no", "permit_no")
_NARROW = str.maketrans({"（": "(", "）": ")"})

NAMES = {title: column for column, titles in HEADINGS.items() for title in (column, *titles)}


def column_named(title: str) -> str | None:
    """Return the column that a header cell names, or None."""
    plain = title.translate(_NARROW).strip()
    return NAMES.get(plain) or NAMES.get(plain.lower())


def is_derived(title: str) -> bool:
    """Tell whether a header cell names a column that the registry derives itself."""
    return title.translate(_NARROW).strip() in DERIVED
