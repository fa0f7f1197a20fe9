"""Reads the demonstration's input files, from nothing but the files: csv, yaml and whole numbers."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SEED = Path(__file__).parents[2] / "seed"
DEMO = SEED / "demo"
QUARRY, CLOCK = "建筑石料用灰岩", date(2026, 1, 31)
UNITS = {"万吨": 10_000, "kt": 1000, "t": 1, "万m³": 10_000, "m³": 1}


def read(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def rights() -> dict[str, dict[str, str]]:
    return {row["right_no"]: row for row in read("rights.csv")}


def of(mineral: str) -> list[dict[str, str]]:
    return [row for row in rights().values() if row["mineral"] == mineral]


@cache
def calendar() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((DEMO / "calendar.yaml").read_text(encoding="utf-8"))
    return told


def steps(*kinds: str) -> list[dict[str, Any]]:
    return [step for step in calendar()["steps"] if step["do"] in kinds]


@dataclass(frozen=True)
class Arrival:
    """One return as it came in; quantities in t or m3."""

    day: date
    right: str
    mineral: str
    period: str
    quantity: Decimal
    lost: Decimal
    unit: str
    nil: bool
    correct: bool


def arrived(day: date, row: dict[str, Any], right: str) -> Arrival:
    quantity, lost = (Decimal(row.get(name) or 0) * UNITS[row["unit"]] for name in ("quantity", "lost"))
    same = row.get("lost_unit") in (row["unit"], "", None)
    assert same
    assert row["mineral"] == rights()[right]["mineral"]
    nil, correct = row.get("nil") == "true", row.get("correct", False)
    return Arrival(day, right, row["mineral"], row["period"], quantity, lost, row["unit"], nil, correct)


@cache
def arrivals() -> list[Arrival]:
    found: list[Arrival] = []
    for step in steps("import", "record"):
        if step["do"] == "record":
            found.append(arrived(step["day"], step, step["right"]))
        elif step["what"] == "returns":
            rows = read(step["file"])
            first, last = step.get("rows", (1, len(rows)))
            found += [arrived(step["day"], row, row["right_no"]) for row in rows[first - 1 : last]]
    return found


@cache
def live() -> dict[tuple[str, str], Arrival]:
    """The last word on each right and period; nothing but the correction says a thing twice."""
    kept: dict[tuple[str, str], Arrival] = {}
    for one in arrivals():
        assert one.correct == ((one.right, one.period) in kept)
        kept[one.right, one.period] = one
    return kept


def dug(**wanted: str) -> Decimal:
    """The sum of what was dug where the start of each field is as wanted, in t or m3."""
    fits = (r for r in live().values() if all(getattr(r, k).startswith(v) for k, v in wanted.items()))
    return sum((r.quantity for r in fits), Decimal(0))


def spells(right: str) -> list[tuple[date, str]]:
    told = [part.split("@") for part in rights()[right]["state"].split(";")]
    later = [(s["since"], s["state"]) for s in steps("state") if s["right"] == right]
    return [(date.fromisoformat(since), state) for state, since in told] + later
