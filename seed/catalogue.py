"""Loads what every registry starts from: regions, minerals, the scale table, thresholds."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from registry.caps.service.thresholds import set_thresholds
from registry.identity.rules import SYSTEM
from registry.kernel.display import office_rate, office_unit
from registry.kernel.errors import Invalid
from registry.kernel.quantity import Rate, plain
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import CapPeriod, Kind
from registry.minerals import service as minerals
from registry.regions import service as regions

SEED = Path(__file__).resolve().parent
COUNTY_PLAN = SEED / "plans" / "shizhu-2021-2025.yaml"
MUNICIPAL_PLAN = SEED / "plans" / "chongqing-2021-2025.yaml"
THRESHOLDS = (8000, 9000)  # hundredths of a percent
_THRESHOLDS_FROM = date(2000, 1, 1)
_THRESHOLD_SOURCE = "登记系统默认值（架构决定 7）"
_LIMESTONE = "建筑石料用灰岩"
_EXAMPLE = "演示：按任务书示例数值运行"


def load_catalogue(session: Session) -> bool:
    """Bring regions, minerals, scale table and thresholds to the seed; tell whether that changed anything."""
    new = regions.load(session, read_seed("regions.yaml"))
    changed = minerals.load(session, read_seed("minerals.yaml"), read_seed("scale_classes.yaml"), SYSTEM)
    added = set_thresholds(session, SYSTEM, THRESHOLDS, _THRESHOLDS_FROM, _THRESHOLD_SOURCE)
    return changed or bool(new or added)


def read_seed(name: str) -> Any:
    """Return what one file of the seed says."""
    return read_yaml((SEED / name).read_bytes())


def plan_with_limestone_cap(plan: Mapping[str, Any], rate: Rate) -> dict[str, Any]:
    """Return a plan with another yearly figure for 建筑石料用灰岩, which nobody can take for the plan's.

    Title, clause, note and printed unit all say that it is the demonstration's figure.

    Raises:
        Invalid: the figure is no mass per year, or the plan has no such line.
    """
    if rate.per is not CapPeriod.year or rate.quantity.kind is not Kind.mass:
        accepted = "如 1200 kt/a, 120 万吨/年"
        raise Invalid("wrong_period", "limestone-cap", office_rate(rate), accepted=accepted)
    line = next((cap for cap in plan["caps"] if cap["mineral"] == _LIMESTONE), None)
    if line is None:
        raise Invalid("value_missing", "caps", _LIMESTONE, accepted=_LIMESTONE)
    unit = office_unit(Kind.mass, CapPeriod.year)
    figure = {"value": plain(rate.quantity, unit), "unit": f"{unit}/年", "clause": _EXAMPLE}
    text = (
        f"{_EXAMPLE}。{_LIMESTONE} {office_rate(rate)} 不是规划数值；"
        f"规划{line['clause']}印为 {line['value']} {line['unit']}。"
    )
    return {
        **plan,
        "document": plan["document"] | {"title": f"{plan['document']['title']}（{_EXAMPLE}）"},
        "clauses": [*plan["clauses"], {"id": _EXAMPLE, "text": text}],
        "caps": [cap | figure if cap is line else cap for cap in plan["caps"]],
        "notes": [*(plan.get("notes") or []), {"about": _EXAMPLE, "text": text}],
    }
