"""The shapes of caps, and of what a new demand would meet."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from registry.api.shapes.checks import visible
from registry.api.shapes.common import Amount, BaseUnit, Body, Day, Figure, Out, Printed, Quantity, Ratio
from registry.kernel.vocabulary import CapPeriod, CapState

Text = Annotated[str, AfterValidator(visible)]


class Source(Out):
    """The plan and the clause that the figure stands in."""

    document: str | None
    number: str | None
    clause: str | None


class Regions(Out):
    """The counties that a cap covers, and those whose book is kept elsewhere."""

    expected: int
    reported: int
    missing: list[str]


class Returns(Out):
    """The returns that are owed, and those that have not come."""

    expected: int
    reported: int
    missing: list[str]


class Coverage(Out):
    """What a reading rests on."""

    regions: Regions
    returns: Returns


class LicensedMeter(Out):
    """已许可能力: what permits and holds take."""

    held: Figure
    used: Figure
    free: Figure | None
    ratio: Ratio | None
    unknown: int


class OutputMeter(Out):
    """已开采: what was dug; of a daily cap the highest day."""

    used: Figure
    free: Figure | None
    ratio: Ratio | None
    uncovered: Figure
    data_through: Day | None


class Meters(Out):
    """Both meters of a cap."""

    licensed: LicensedMeter
    output: OutputMeter


class DayReading(Out):
    """What was dug on one day."""

    day: Day
    used: Figure


class CapOut(Out):
    """One cap in one year: the figure, both meters and what they rest on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "cap": "500240/建筑石料用灰岩/year", "region": "500240", "mineral": "建筑石料用灰岩",
                    "mineral_code": "83907", "period": "year", "year": 2025, "binding": True,
                    "printed": {"value": "1200", "unit": "矿石万吨/年"}, "approximate": False,
                    "limit": {"value": "12000000", "unit": "t"},
                    "source": {"document": "示例规划", "number": None, "clause": "专栏11"},
                    "carried_forward": False,
                    "coverage": {
                        "regions": {"expected": 1, "reported": 1, "missing": []},
                        "returns": {"expected": 130, "reported": 130, "missing": []},
                    },
                    "meters": {
                        "licensed": {
                            "held": "0", "used": "11000000", "free": "1000000", "ratio": "0.9167",
                            "unknown": 0,
                        },
                        "output": {
                            "used": "9000000", "free": "3000000", "ratio": "0.7500", "uncovered": "0",
                            "data_through": "2025-12-31",
                        },
                    },
                    "unit": "t", "state": "warning",
                }
            ]
        }
    )  # fmt: skip

    cap: str
    region: str
    mineral: str
    mineral_code: str | None
    period: CapPeriod
    year: int
    binding: Annotated[bool | None, Field(description="true 约束性，false 预期性，null 规划未载")]
    printed: Printed | None
    approximate: bool
    limit: Amount | None
    source: Source
    carried_forward: Annotated[bool, Field(description="规划期已满，沿用")]
    coverage: Coverage
    meters: Meters
    unit: BaseUnit
    state: CapState
    peak: Annotated[DayReading | None, Field(description="仅日指标")] = None
    latest: DayReading | None = None
    days_over: int | None = None
    days_missing: int | None = None
    mean: Figure | None = None


class Application(Body):
    """What somebody wants, for 试算: nothing is recorded."""

    kind: Annotated[Text, Field(description="如 new, extend", examples=["new"])]
    region: Annotated[Text, Field(description="区县代码", examples=["500240"])]
    mineral: Annotated[Text, Field(examples=["建筑石料用灰岩"])]
    scale: Quantity
    from_: Annotated[Text, Field(alias="from", json_schema_extra={"format": "date"}, examples=["2026-03-01"])]
    to: Annotated[Text, Field(json_schema_extra={"format": "date"}, examples=["2036-02-29"])]
    right: Annotated[Text | None, Field(description="已有的矿业权", examples=["SZ-2015-0001"])] = None


class RulingOut(Out):
    """One rule held against one cap in one year."""

    code: str
    result: str
    year: int | None
    figures: dict[str, Any]
    clause: str | None
    message: str


class VerdictOut(Out):
    """What the application would meet."""

    verdict: Annotated[str, Field(description="pass, warning, refused", examples=["pass"])]
    rules: list[RulingOut]
    first_failing_year: int | None
    largest_scale: Amount | None
