"""Recomputes every figure of a yearly report from the files of `registry export`, and tells what differs.

    python municipal_check.py FOLDER REPORT.json

FOLDER is what `registry export` wrote, REPORT.json the data embedded in the report's PDF. Nothing of the
registry is imported, only the standard library: what is printed here was reckoned a second time, from the
records. Each difference is one line `place: printed ≠ computed`; the exit code is 1 when there is one.

What is not reckoned again: the places of drawings (meters, charts), whose figures stand beside them.
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

LOCAL = timezone(timedelta(hours=8))
PLACES = {"mass": ("万吨", 10, "吨", 6, "t"), "volume": ("万m³", 7, "m³", 3, "m³")}
STATES = {
    "ok": "正常", "near": "接近", "warning": "预警", "exceeded": "超出", "partial": "数据未覆盖",
    "unknown": "规划未列数值",
}  # fmt: skip
CODES = {
    "cap_near": "接近总量调控指标", "cap_warning": "逼近总量调控指标", "cap_exceeded": "超出总量调控指标",
    "permit_exceeded": "超出许可生产规模", "after_expiry": "许可到期后开采", "no_permit": "无有效许可开采",
    "during_stop": "非生产状态有产量", "cap_missing": "总量调控矿种无指标数值", "plan_expired": "规划期已满",
    "stock_over_cap": "存量超配", "renewal_due": "临近延续申请期", "renewal_overdue": "已逾延续申请期",
    "return_missing": "产量报表缺报",
}  # fmt: skip
SEVERITIES = {"critical": "严重", "warning": "警告", "info": "提示"}
HANDLED = {"open": "待处置", "acknowledged": "已签收", "closed": "已办结"}
ACTS = {
    "raised": "产生", "extended": "持续", "receded": "回落", "reopened": "再次触发", "acknowledged": "签收",
    "closed": "办结",
}  # fmt: skip
SIDES = {"licensed": "已许可能力", "output": "已开采"}
LEVELS = {"national": "国家级", "municipal": "市级", "building": "在建", "none": "无"}
OPERATING = {
    "preparing": "筹建", "construction": "在建", "producing": "生产", "stopped": "停产",
    "closing": "关闭待注销",
}  # fmt: skip
CATEGORIES = {
    "inferred": "推断资源量", "indicated": "控制资源量", "measured": "探明资源量", "probable": "可信储量",
    "proved": "证实储量",
}  # fmt: skip
CLASSES = ("大型", "中型", "小型", "待定")
BUILT = ("national", "municipal")


# --- figures -------------------------------------------------------------------------------------------


def plain(number):
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def halved(numerator, denominator, places):
    """Return a quotient rounded half-even."""
    return Decimal(round(Fraction(numerator) * 10**places / Fraction(denominator))).scaleb(-places)


def unit_of(kind, per):
    large, zeros, small, few, _ = PLACES[kind]
    return (large, zeros) if per == "year" else (small, few)


def shown(kind, per, base):
    """Return a table's figure: at most four places, half-even, a trace as less than the last of them."""
    if base is None:
        return None
    rounded = halved(base, 10 ** unit_of(kind, per)[1], 4)
    if rounded == 0 and base:
        return "<0.0001" if base > 0 else "<-0.0001"
    return plain(rounded)


def exact(kind, per, base):
    unit, zeros = unit_of(kind, per)
    return f"{plain(Decimal(base).scaleb(-zeros))} {unit}"


def percent(part, whole):
    """Return a share: four places half-even, of which three are shown as 12.3%."""
    ratio = halved(part, whole, 4)
    return f"{(ratio * 100).quantize(Decimal('0.1'), ROUND_HALF_EVEN):f}%"


def told(text):
    """Return a text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r") else text


def whole(text):
    return None if text == "" else int(text)


def day(text):
    return None if text == "" else date.fromisoformat(text)


def local(text):
    return datetime.fromisoformat(text).astimezone(LOCAL).date()


# --- the book ------------------------------------------------------------------------------------------


class Book:
    """The exported files, what stands of them, and what the report is about."""

    def __init__(self, folder, sheet):
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                rows = [{name: told(text) for name, text in row.items()} for row in csv.DictReader(stream)]
                setattr(self, path.stem, rows)
        self.duties = [row for row in self.duties if row["dropped_at"] == ""]
        self.sheet, self.year = sheet, sheet["year"]
        self.first, self.last = date(self.year, 1, 1), date(self.year, 12, 31)
        self.today = date.fromisoformat(sheet["paper"]["printed_on"])
        self.on = min(self.today, self.last)
        self.names = {row["code"]: row["name"] for row in self.regions}
        self.parents = {row["code"]: row["parent"] for row in self.regions}
        self.home = next(code for code, name in self.names.items() if name == sheet["region"])
        self.places = self.below(self.home)
        self.codes = {row["name"]: row["code"] for row in self.minerals}
        self.marks = sorted(
            {
                int(row["hundredths"])
                for row in self.thresholds
                if day(row["valid_from"]) <= self.last
                and (row["valid_to"] == "" or day(row["valid_to"]) >= self.last)
            }
        )
        self.keeping = {row["region"] for row in self.rights if row["counted"] == "true"}
        self.stories = self.alarms_of_the_year()

    def below(self, code):
        found = [code]
        for child, parent in sorted(self.parents.items()):
            if parent == code:
                found += self.below(child)
        return found

    def counties(self, code):
        return [one for one in self.below(code) if one not in self.parents.values()]

    def lineage(self, code):
        found = [code]
        while self.parents[found[-1]]:
            found.append(self.parents[found[-1]])
        return found

    def alarms_of_the_year(self):
        found = []
        for row in self.alarms:
            if row["region"] not in self.places:
                continue
            dated = row["period"] and row["code"] not in ("renewal_due", "renewal_overdue", "plan_expired")
            year = row["period"][:4] if dated else str(local(row["raised_at"]).year)
            if year == str(self.year):
                found.append(row)
        urgency = list(SEVERITIES)
        return sorted(found, key=lambda r: (urgency.index(r["severity"]), r["raised_at"], int(r["id"])))

    def due(self, regions, mineral):
        """Return the public ids of the returns of the year that were due before today and have not come."""
        return sorted(
            f"{row['right']}/{row['mineral']}/{row['period']}"
            for row in self.duties
            if row["region"] in regions and row["mineral"] == mineral and row["year"] == str(self.year)
            and row["fulfilled_at"] == "" and day(row["due_on"]) < self.today
        )  # fmt: skip


# --- caps ----------------------------------------------------------------------------------------------


def caps(book):
    """Give every cap with its line of the year, by region, code (those without last) and mineral."""
    lines = defaultdict(list)
    for row in book.caps:
        if row["region"] in book.places:
            lines[row["region"], row["mineral"], row["cap_period"], row["kind"]].append(row)
    order = sorted(lines, key=lambda k: (k[0], not book.codes[k[1]], book.codes[k[1]], k[1], k[2]))
    return [(key, line_of(lines[key], book)) for key in order]


def line_of(rows, book):
    rows = [
        r for r in rows if r["recorded_at"] and not r["superseded_at"] and day(r["valid_from"]) <= book.last
    ]
    live = [r for r in rows if day(r["valid_to"]) >= book.first]
    best = max(live or rows, key=lambda r: (day(r["valid_to"]) >= book.last, r["valid_from"]), default=None)
    return best, bool(rows) and not live


def licensed_of(book, key):
    """Return used, held and unknown on the day of the year on which most is taken."""
    region, mineral, per, _ = key
    rows = [
        row for row in book.commitments
        if row["region"] in book.below(region) and row["mineral"] == mineral and row["period"] == per
        and not row["superseded_at"] and (row["expires_on"] == "" or day(row["expires_on"]) >= book.today)
        and day(row["starts"]) <= book.last and (row["ends"] == "" or day(row["ends"]) > book.first)
    ]  # fmt: skip
    days = {book.first, *(day(row["starts"]) for row in rows if day(row["starts"]) > book.first)}
    best = (0, 0)
    for at in sorted(days):
        sums = [0, 0]
        for row in rows:
            if row["amount"] and day(row["starts"]) <= at and (row["ends"] == "" or at < day(row["ends"])):
                sums[row["commitment"] != "licensed"] += int(row["amount"])
        best = max(best, tuple(sums), key=sum)
    return best[0], best[1], sum(row["amount"] == "" for row in rows)


def standing_returns(book, key):
    """Return the standing counted returns under a cap: those that its movements bring, summed anew."""
    region, mineral, per, _ = key
    found = defaultdict(lambda: [0, 0, 0])
    through = {}
    for row in book.movements:
        same = (row["region"], row["mineral"], row["cap_period"]) == (region, mineral, per)
        if same and row["period"][:4] == str(book.year):
            one = found[row["period"], row["right"], row["return_period"]]
            one[0] += int(row["amount"])
            one[1] += int(row["amount"]) if row["uncovered"] == "true" else 0
            one[2] += int(row["returns"])
    for row in book.returns:
        if not row["superseded_at"] and row["voided"] == "false":
            through[row["right"], row["mineral"], row["period"]] = day(row["last_day"])
    return {
        k: (*v, through.get((k[1], mineral, k[2]))) for k, v in found.items() if v[2] or v[0]
    }  # fmt: skip


def state_of(limit, reading, marks):
    if reading > limit:
        return 3
    passed = [share for share in marks if reading > 0 and reading * 10000 >= limit * share]
    return 0 if not passed else (2 if len(passed) > 1 else 1)


def one_cap(book, key, line, carried):
    """Return what the report prints of one cap, and the readings that other parts need."""
    region, mineral, per, kind = key
    limit = whole(line["limit"]) if line else None
    used, held, unknown = licensed_of(book, key)
    told = standing_returns(book, key)
    periods = defaultdict(int)
    for (period, _, _), one in told.items():
        periods[period] += one[0]
    sums = list(periods.values())
    dug = max(sums, default=0) if per == "day" else sum(sums)
    expected, missing = book.counties(region), book.due(book.below(region), mineral)
    reported = [c for c in expected if c in book.keeping or expected == [region]]
    partial = len(reported) < len(expected)
    marks = [] if per == "day" else book.marks
    has_data = bool(told) or used + held > 0
    readings = [state_of(limit, taken, marks) for taken in (dug, used + held)] if limit is not None else []
    state = cap_state(readings, partial)
    word = state_word(state, line is not None, bool(told) or used + held > 0)
    judged = limit if limit is not None and not partial else None

    def share(part, known=True):
        return percent(part, judged) if judged and known else None

    def room(part, known=True):
        return shown(kind, per, judged - part) if judged is not None and known else None

    uncovered = sum(one[1] for one in told.values())
    through = max((one[3] for one in told.values() if one[3]), default=None)
    came = sum(one[2] for one in told.values())
    row = {
        "region": book.names[region], "mineral": mineral, "code": book.codes[mineral] or None,
        "code_source": source_of_code(book, mineral),
        "binding": {"true": "约束性", "false": "预期性"}.get(line["binding"] if line else ""),
        "printed": as_printed(line),
        "base": in_base(kind, per, limit),
        "unit": unit_of(kind, per)[0], "document": line["document"] if line else None,
        "clause": line["clause"] if line else None, "carried_forward": carried,
        "licensed": {
            "used": shown(kind, per, used), "held": shown(kind, per, held),
            "free": room(used + held, unknown == 0),
            "ratio": share(used + held, unknown == 0 and has_data), "unknown": unknown, "uncovered": None,
        },
        "output": {
            "used": shown(kind, per, dug) if told else None, "held": None, "free": room(dug),
            "ratio": share(dug) if told else None, "unknown": 0,
            "uncovered": shown(kind, per, uncovered) if uncovered else None,
        },
        "state": word,
        "coverage": {
            "regions_expected": len(expected), "regions_reported": len(reported),
            "returns_expected": came + len(missing), "returns_reported": came, "missing": missing,
        },
        "data_through": through.isoformat() if through else None,
        "day": of_days(kind, periods, limit, missing) if per == "day" else None,
        "alarms": worst_alarms(book, region, mineral),
        "outlook": outlook(book, key, told, dug, missing, partial),
    }  # fmt: skip
    facts = {"key": key, "limit": limit, "partial": partial, "told": told, "periods": periods, "came": came,
             "missing": missing, "unknown": unknown, "state": state, "through": through,
             "covered": (len(reported), len(expected))}  # fmt: skip
    return row, facts


def source_of_code(book, mineral):
    row = next(one for one in book.minerals if one["name"] == mineral)
    if not row["code"]:
        return None
    return {"what": "矿种代码", "confidence": row["confidence"], "text": row["source"]}


def cap_state(readings, partial):
    if not readings:
        return "unknown"
    return "partial" if partial else ("ok", "near", "warning", "exceeded")[max(readings)]


def state_word(state, is_planned, has_data):
    if state == "unknown" and not is_planned:
        return "当年尚无规划"
    return "无数据" if state == "ok" and not has_data else STATES[state]


def as_printed(line):
    if line is None or not line["printed_value"]:
        return None
    about = "左右" if line["approximate"] == "true" else ""
    return f"{line['printed_value']} {line['printed_unit']}{about}".strip()


def in_base(kind, per, limit):
    if limit is None:
        return None
    figure = Decimal(plain(Decimal(limit).scaleb(-PLACES[kind][3])))
    return f"{figure:,f} {PLACES[kind][4]}/{'年' if per == 'year' else '日'}"


def of_days(kind, periods, limit, missing):
    peak = max(sorted(periods), key=lambda p: periods[p], default=None)
    latest = max(periods, default=None)
    mean = round(Fraction(sum(periods.values()), len(periods))) if periods else None
    return {
        "peak_day": peak, "peak": shown(kind, "day", periods[peak]) if peak else None,
        "latest_day": latest, "latest": shown(kind, "day", periods[latest]) if latest else None,
        "days_over": sum(used > limit for used in periods.values()) if limit is not None else 0,
        "days_missing": len({one.rsplit("/", 1)[1] for one in missing}),
        "mean": shown(kind, "day", mean),
    }  # fmt: skip


def worst_alarms(book, region, mineral):
    rank, found = list(CODES), []
    own = [a for a in book.stories if not a["right"] and (a["region"], a["mineral"]) == (region, mineral)]
    for side in ("licensed", "output", ""):
        of_side = [a for a in own if a["side"] == side and a["receded"] == "false"]
        if of_side:
            worst = max(of_side, key=lambda a: rank.index(a["code"]))
            words = f"{SEVERITIES[worst['severity']]}，{HANDLED[worst['state']]}"
            found.append(f"{SIDES.get(side, '')}{CODES[worst['code']]}（{words}）")
    return found


def outlook(book, key, told, dug, missing, partial):
    _, _, per, kind = key
    due = sum(1 for month in range(1, 13) if due_on(book, month) < book.today)
    months = by_month(told)
    absent = {int(one.rsplit("/", 1)[1][5:7]) for one in missing}
    reported = [month for month in months if month <= due and month not in absent]
    if per == "day" or partial or due >= 12 or len(reported) < 3:
        return None
    total = max(round(Fraction(sum(months[m] for m in reported), len(reported)) * 12), dug)
    unit = unit_of(kind, per)[0]
    return f"年末推算 {shown(kind, per, total)} {unit}（按已报 {len(reported)} 个月的月均推算，仅供参考）"


def due_on(book, month):
    days = [int(row["due_on"][8:]) for row in book.duties if row["grain"] == "year"]
    following = date(book.year + month // 12, month % 12 + 1, 1)
    return following.replace(day=max(set(days), key=days.count) if days else 10)


def by_month(told):
    found = defaultdict(int)
    for (_, _, period), one in told.items():
        found[int(period[5:7])] += one[0]
    return found


def year_of(facts, names):
    """Return the months of one cap as the report prints them."""
    region, mineral, per, kind = facts["key"]
    daily = per == "day"
    if daily:
        months = {}
        for period, used in facts["periods"].items():
            months[int(period[5:7])] = max(months.get(int(period[5:7]), 0), used)
    else:
        months = by_month(facts["told"])
    last, total, rows = max(months, default=0), 0, []
    for month in range(1, 13):
        total += months.get(month, 0)
        lacking = sum(int(one.rsplit("/", 1)[1][5:7]) == month for one in facts["missing"])
        rows.append({
            "month": month, "amount": shown(kind, per, months.get(month)),
            "cumulative": None if daily or month > last else shown(kind, per, total), "missing": lacking,
        })  # fmt: skip
    limit = None if facts["partial"] else facts["limit"]
    return {
        "region": names[region], "mineral": mineral, "unit": unit_of(kind, per)[0], "daily": daily,
        "limit": shown(kind, per, limit), "months": rows,
    }  # fmt: skip


# --- alarms --------------------------------------------------------------------------------------------


def story(book, row):
    def figure(base):
        per = "day" if len(row["period"]) >= 10 else "year"
        return None if base is None or not row["kind"] else exact(row["kind"], per, base)

    limit, reading = whole(row["limit"]), whole(row["reading"])
    over = reading - limit if limit is not None and reading is not None else 0
    side = f"（{SIDES[row['side']]}）" if row["side"] else ""
    parts = [
        book.names[row["region"]] if len(book.places) > 1 else "", row["right"], f"{row['mineral']}{side}",
    ]  # fmt: skip
    steps = [one for one in book.alarm_steps if one["key"] == row["key"]]
    people = ("acknowledged", "closed")
    return {
        "line": {
            "severity": SEVERITIES[row["severity"]], "what": CODES[row["code"]],
            "about": " ".join(part for part in parts if part) or book.names[row["region"]],
            "period": row["period"].replace("/", "—") or None, "limit": figure(limit),
            "reading": figure(reading), "excess": figure(over if over > 0 else None),
            "basis": " ".join(p for p in (row["document"], row["clause"]) if p) or row["note"] or None,
            "state": HANDLED[row["state"]] + ("（已回落）" if row["receded"] == "true" else ""),
            "raised_on": local(row["raised_at"]).isoformat(),
        },
        "steps": [
            {
                "act": ACTS[one["act"]], "on": local(one["at"]).isoformat(),
                "who": "系统" if one["actor"] == "system" else one["actor"],
                "note": (one["note"] or None) if one["act"] in people else None,
            }
            for one in steps
        ],
        "handled": any(one["act"] in people for one in steps),
    }  # fmt: skip


# --- mines and indicators ------------------------------------------------------------------------------


def mines(book):
    """Return the counted mining rights of the report's places that had begun, as they were on its day."""
    rows, permits = {}, defaultdict(dict)
    for row in book.rights:
        begun = row["valid_from"] == "" or day(row["valid_from"]) <= book.on
        wanted = row["counted"] == "true" and row["kind"] == "mining" and row["region"] in book.places
        if wanted and begun and not row["superseded_at"]:
            rows[row["right"]] = row
            if row["permit"]:
                permits[row["right"]][row["permit"], row["permit_from"]] = row
    return [one_mine(book, rows[n], list(permits[n].values())) for n in sorted(rows)]


def one_mine(book, row, permits):
    begun = [p for p in permits if p["permit_from"] == "" or day(p["permit_from"]) <= book.on]
    newest = (
        sorted(begun, key=lambda p: p["permit_from"])[-1:]
        or sorted(permits, key=lambda p: p["permit_from"])[:1]
    )
    permit = newest[0] if newest else None
    of_class, why, line = class_of(book, row, permit)
    written = f"{permit['scale_value']} {permit['scale_unit']}" if permit and permit["scale_value"] else None
    green = spell(book.green, row["right"], "level", book.on)
    doing = spell(book.states, row["right"], "state", book.on)
    place = (
        f"{book.names[row['region']]} {row['township']}".strip() if len(book.places) > 1 else row["township"]
    )
    return {
        "number": row["right"], "name": row["mine"], "place": place or book.names[row["region"]],
        "mineral": row["mineral"] or None, "scale": written, "scale_class": of_class, "why": why,
        "confidence": line["confidence"] if line else None,
        "green": LEVELS.get(green), "state": OPERATING.get(doing), "level": green, "doing": doing,
    }  # fmt: skip


def spell(rows, right, field, on):
    begun = [row for row in rows if row["since"] == "" or day(row["since"]) <= on]
    own = [row for row in begun if row["right"] == right and not row["superseded_at"]]
    return max(own, key=lambda r: (r["since"], int(r["id"])))[field] if own else None


def class_of(book, row, permit):
    lines = [one for one in book.scale_lines if one["mineral"] == row["mineral"]]
    if not lines:
        return "待定", "规模分类表未列该矿种", None
    method = permit["method"] if permit else ""
    line = next((one for one in lines if one["method"] in ("", method)), None)
    if line is None:
        return "待定", "规模分类表按开采方式分列，开采方式不明或不在其列", None
    if line["large_from"] == "" or line["small_below"] == "":
        return "小型", None, line
    if permit is None or permit["scale"] == "":
        return "待定", "未登记生产规模", line
    scale, density = int(permit["scale"]), row["density_g_m3"]
    if permit["scale_kind"] != line["kind"]:
        if density == "":
            return "待定", "规模分类按体积，缺该矿体积质量", line
        grams = int(density)
        scale = round(
            Fraction(scale * 1000, grams) if line["kind"] == "volume" else Fraction(scale * grams, 1000)
        )
    if scale >= int(line["large_from"]):
        return "大型", None, line
    return ("小型" if scale < int(line["small_below"]) else "中型"), None, line


def green(mine):
    return mine["level"] in BUILT


def sizable(mine):
    return mine["scale_class"] in ("大型", "中型")


MEASURES = {
    "mine_count": (lambda m: True, lambda m: True, False),
    "green_mine_share": (lambda m: True, green, False),
    "municipal_green_mine_share": (lambda m: True, green, False),
    "large_medium_share": (lambda m: True, sizable, True),
    "construction_limestone_large_medium_share": (lambda m: True, sizable, True),
    "large_medium_producing_green": (lambda m: m["doing"] == "producing" and sizable(m), green, False),
}


def aims(book, found):
    lines = {}
    for row in sorted(book.indicators, key=lambda r: (r["plan_from"], int(r["id"]))):
        if row["region"] in book.lineage(book.home) and day(row["plan_from"]) <= book.on:
            lines[row["region"], row["code"]] = row
    rows = sorted(lines.values(), key=lambda r: int(r["id"]))
    return [one_aim(book, row, found) for row in sorted(rows, key=lambda r: r["region"] != book.home)]


def one_aim(book, row, found):
    share, own = row["unit"] == "%", row["region"] == book.home
    counties = set(book.counties(book.home))
    partial = not counties <= book.keeping | ({book.home} if counties == {book.home} else set())
    counted = others = left = None
    if row["code"] in MEASURES:
        within, counts, classed = MEASURES[row["code"]]
        of_mineral = [m for m in found if row["mineral"] in ("", m["mineral"]) and within(m)]
        left = [m for m in of_mineral if classed and m["scale_class"] == "待定"]
        known = [m for m in of_mineral if m not in left]
        counted, others = [m for m in known if counts(m)], [m for m in known if not counts(m)]
    numerator = None if counted is None else len(counted)
    denominator = None if counted is None else len(counted) + len(others)
    target = (
        Decimal(100 if share else 0)
        if row["comparison"] == "all"
        else (row["value"] and Decimal(row["value"]))
    )
    target = target or None
    standing = judged(row, share, own, partial, numerator, denominator, target)
    lacking = None
    if standing == "未达到" and share:
        lacking = int(-(-Fraction(target) * denominator // 100)) - numerator
    figure = None
    if numerator is not None:
        figure = f"{numerator} {row['unit']}".strip()
        if share:
            figure = (
                f"{numerator} / {denominator} = {percent(numerator, denominator)}" if denominator else None
            )
    before = {"at_most": "≤ ", "at_least": "≥ ", "planned": "规划 ", "target": "目标 ", "all": ""}
    labels = {
        "at_most": "不超过",
        "at_least": "不低于",
        "target": "目标值",
        "planned": "规划期末数",
        "all": "全部",
    }
    told = f"{before[row['comparison']]}{row['value']}{'' if share else ' '}{row['unit']}"
    if row["comparison"] == "all" or not row["value"]:
        told = row["printed"] or labels[row["comparison"]]

    base = f"{row['baseline']}{'%' if share else ''}（{row['baseline_year']}年）" if row["baseline"] else None

    def numbers(list_):
        return [m["number"] for m in list_ or []]

    return {
        "name": row["name"], "plan": row["document"], "clause": row["clause"],
        "binding": {"true": "约束性", "false": "预期性"}.get(row["binding"]), "own": own,
        "numerator": numerator, "denominator": denominator if share else None, "figure": figure,
        "target": told, "target_year": whole(row["year"]), "cumulative": row["cumulative"] == "true",
        "baseline": base,
        "standing": standing, "lacking": lacking, "counted": numbers(counted), "others": numbers(others),
        "left_out": numbers(left),
    }  # fmt: skip


def judged(row, share, own, partial, numerator, denominator, target):
    if numerator is None or (share and not denominator):
        return "登记簿暂无此项数据"
    if not own or partial:
        return "仅供参照"
    if target is None or row["comparison"] == "planned":
        return "不作判断"
    value = Fraction(numerator * 100, denominator) if share else Fraction(numerator)
    reached = value <= Fraction(target) if row["comparison"] == "at_most" else value >= Fraction(target)
    return "达到" if reached else "未达到"


def tallies(found, columns, column_of, rows, row_of):
    def line(name, own):
        return {
            "name": name,
            "counts": [sum(column_of(m) == c for m in own) for c in columns],
            "total": len(own),
        }

    lines = [line(row, [m for m in found if row_of(m) == row]) for row in rows]
    return {"columns": list(columns), "lines": [*lines, line("合计", found)]}


# --- reserves ------------------------------------------------------------------------------------------


def ledgers(book):
    """Return the entries of each ledger of a counted right up to the year, in their order."""
    counted = {r["right"] for r in book.rights if r["counted"] == "true" and r["region"] in book.places}
    found = defaultdict(list)
    for row in book.reserves:
        if row["right"] in counted and int(row["year"]) <= book.year:
            found[row["right"], row["mineral"], row["category"], row["kind"]].append(row)
    return {key: sorted(rows, key=lambda r: int(r["seq"])) for key, rows in found.items()}


def balance(book):
    columns = ("opening", "extracted", "lost", "explored", "reestimated", "transferred")
    sums = defaultdict(lambda: defaultdict(int))
    for (_, mineral, category, kind), rows in ledgers(book).items():
        one = sums[mineral, category, kind]
        held = cumulative = opening = 0
        for row in rows:
            amount, move = int(row["amount"]), row["move"]
            if move == "opening":
                held, cumulative = amount, int(row["cumulative_after"])
            elif move in ("extracted", "lost"):
                held -= amount
            else:
                held, cumulative = held + amount, cumulative + amount
            if int(row["year"]) < book.year:
                opening = held
            else:
                one[move] += amount
        one["opening"] += opening
        one["closing"] += held
        one["cumulative"] += cumulative
        one["ledgers"] += 1
    order = sorted(sums, key=lambda k: (mineral_order(book, k[0]), list(CATEGORIES).index(k[1])))
    return [
        {
            "mineral": mineral, "group": "储量" if category in ("probable", "proved") else "资源量",
            "category": CATEGORIES[category], "unit": unit_of(kind, "year")[0],
            "ledgers": sums[mineral, category, kind]["ledgers"],
            **{
                name: shown(kind, "year", sums[mineral, category, kind][name])
                for name in (*columns, "closing", "cumulative")
            },
        }
        for mineral, category, kind in order
    ]  # fmt: skip


def mineral_order(book, mineral):
    return (not book.codes[mineral], book.codes[mineral], mineral)


def plan_reserves(book):
    planned, held = defaultdict(list), defaultdict(dict)
    for row in sorted(book.plan_reserves, key=lambda r: int(r["id"])):
        if row["region"] == book.home and day(row["plan_from"]) <= book.on:
            planned[row["mineral"]].append(row)
    for (right, mineral, category, kind), rows in ledgers(book).items():
        if category in ("inferred", "indicated", "measured"):
            surveyed = any(r["move"] == "extracted" and int(r["year"]) == book.year for r in rows)
            held[mineral][right, category] = (kind, int(rows[-1]["balance_after"]), surveyed)
    return [
        one_reserve(mineral, planned.get(mineral, []), held.get(mineral, {}))
        for mineral in [*planned, *sorted(set(held) - set(planned))]
    ]


def one_reserve(mineral, rows, held):
    kinds = {kind for kind, _, _ in held.values()}
    of_category = defaultdict(list)
    for (_, category), (_, _, surveyed) in held.items():
        of_category[category].append(surveyed)
    total = sum(amount for _, amount, _ in held.values())
    return {
        "mineral": mineral,
        "printed": [f"{r['year']}年 {r['printed_value']} {r['printed_unit']}" for r in rows],
        "clause": rows[0]["clause"] if rows else None,
        "held": exact(kinds.pop(), "year", total) if len(kinds) == 1 else None,
        "ledgers": max((len(one) for one in of_category.values()), default=0),
        "reports": min((sum(one) for one in of_category.values()), default=0),
    }


# --- what is missing, and the whole --------------------------------------------------------------------


def missing(book):
    found = defaultdict(list)
    names = {row["right"]: row["mine"] for row in book.rights}
    for row in book.duties:
        late = row["fulfilled_at"] == "" and day(row["due_on"]) < book.today
        if late and row["region"] in book.places and row["period"][:4] == str(book.year):
            found[row["right"], row["mineral"]].append(row["period"])
    return [
        {"number": right, "mine": names[right], "mineral": mineral, "periods": sorted(p), "count": len(p)}
        for (right, mineral), p in sorted(found.items())
    ]


def gaps(facts, book, found, told, reserves):
    several = len({one["key"][0] for one in facts}) > 1

    def name(one):
        return f"{book.names[one['key'][0]]} {one['key'][1]}" if several else one["key"][1]

    lists = (
        [name(one) for one in facts if one["limit"] is None],
        [f"{name(one)}（{one['unknown']}个）" for one in facts if one["unknown"]],
        [f"{name(one)}（{one['covered'][0]}／{one['covered'][1]}）" for one in facts if one["partial"]],
        [name(one) for one in facts if not one["told"]],
        [m["number"] for m in found if m["scale_class"] == "待定"],
        [m["number"] for m in found if m["level"] is None],
        [
            f"{one['mineral']}（{one['ledgers'] - one['reports']}宗）"
            for one in reserves
            if one["ledgers"] > one["reports"]
        ],
        [one["name"] + ("" if one["own"] else "（上级规划）") for one in told if one["numerator"] is None],
    )
    return [one for one in lists if one]


def computed(book):
    """Return the report anew, in the shape in which it is compared."""
    both = [one_cap(book, key, *line) for key, line in caps(book)]
    rows, facts = [one[0] for one in both], [one[1] for one in both]
    stories, found = [story(book, row) for row in book.stories], mines(book)
    told, late, reserves = aims(book, found), missing(book), plan_reserves(book)
    # a return under the caps of county and municipality is one return
    came = len({(right, one["key"][1], period) for one in facts for _, right, period in one["told"]})
    lacking = len({name for one in facts for name in one["missing"]})
    waiting = sum(r["state"] == "open" and r["receded"] == "false" for r in book.stories)
    states = [one["state"] for one in facts]
    through = max((one["through"] for one in facts if one["through"]), default=None)
    unsurveyed = sum(one["ledgers"] - one["reports"] for one in reserves)
    building = sum(m["level"] == "building" for m in found)
    numbers = [n for n in (sum(one["count"] for one in late), waiting, unsurveyed, building) if n]
    return {
        "through": through.isoformat() if through else None,
        "summary": {
            "caps": len(rows), "exceeded": states.count("exceeded"), "warning": states.count("warning"),
            "near": states.count("near"), "without_figure": sum(one["limit"] is None for one in facts),
            "mines": len(found), "returns_expected": came + lacking, "returns_reported": came,
            "alarms": len(stories), "open_alarms": waiting,
            "handled_alarms": sum(one["handled"] for one in stories),
        },
        "caps": rows, "years": [year_of(one, book.names) for one in facts if one["told"]], "alarms": stories,
        "aims": told,
        "mines": [{k: v for k, v in m.items() if k not in ("level", "doing")} for m in found],
        "by_scale": tallies(
            found, (*LEVELS.values(), "未登记"), lambda m: m["green"] or "未登记", CLASSES,
            lambda m: m["scale_class"],
        ),
        "by_mineral": tallies(
            found, CLASSES, lambda m: m["scale_class"], sorted({m["mineral"] or "—" for m in found}),
            lambda m: m["mineral"] or "—",
        ),
        "balance": balance(book), "plan_reserves": reserves, "missing": late,
        "gaps": gaps(facts, book, found, told, reserves),
        "pending": numbers if book.sheet["edition"] == "快报" else [],
    }  # fmt: skip


def printed(sheet):
    """Return what the report prints in the same shape: drawings left out, signs left to their words."""
    caps_ = [
        {k: v["word"] if k == "state" else v for k, v in row.items() if k != "meter"} for row in sheet["caps"]
    ]
    stories = [
        {**one, "line": {**one["line"], "severity": one["line"]["severity"]["word"]}}
        for one in sheet["alarms"]
    ]
    mines_ = [
        {
            **{k: v for k, v in m.items() if k != "source"},
            "confidence": m["source"] and m["source"]["confidence"],
        }
        for m in sheet["mines"]
    ]
    counted = [digits(line) for line in sheet["pending"]]
    return {
        "through": sheet["paper"]["data_through"], "summary": sheet["summary"], "caps": caps_,
        "years": [{k: v for k, v in one.items() if k != "chart"} for one in sheet["years"]],
        "alarms": stories, "aims": [{**one, "standing": one["standing"]["word"]} for one in sheet["aims"]],
        "mines": mines_, "by_scale": sheet["by_scale"], "by_mineral": sheet["by_mineral"],
        "balance": sheet["balance"], "plan_reserves": sheet["plan_reserves"], "missing": sheet["missing"],
        "gaps": [gap["about"] for gap in sheet["gaps"]], "pending": [n for one in counted for n in one],
    }  # fmt: skip


def digits(text):
    return [int(part) for part in "".join(c if c.isdigit() else " " for c in text).split()]


def differences(place, told, found):
    """Give every place at which the two differ."""
    if isinstance(told, dict) and isinstance(found, dict):
        for name in told.keys() | found.keys():
            yield from differences(f"{place}.{name}", told.get(name), found.get(name))
    elif isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        for number, (one, other) in enumerate(zip(told, found, strict=True)):
            yield from differences(f"{place}[{number}]", one, other)
    elif told != found:
        yield f"{place}: {told!r} ≠ {found!r}"


def main(folder, report):
    data = json.loads(Path(report).read_text(encoding="utf-8"))
    sheet = data.get("sheet", data)  # with or without what names its schema
    found = sorted(differences("report", printed(sheet), computed(Book(Path(folder), sheet))))
    sys.stdout.write("\n".join(found or ["no difference"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
