"""What several shapes share: figures as decimal strings, days, moments, lists, and bodies."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from registry.api.shapes.checks import PLAIN, broken, no_number, plain_figure, visible
from registry.kernel.errors import Invalid
from registry.kernel.fields import shown

Item = TypeVar("Item")
_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"

Figure = Annotated[
    str, Field(pattern=_DECIMAL, description="十进制文字，无指数、无末尾零", examples=["224000"])
]
Ratio = Annotated[
    str, Field(pattern=r"^-?[0-9]+\.[0-9]{4}$", description="比值，四位小数", examples=["0.9133"])
]
BaseUnit = Annotated[str, Field(description="基本单位：t 或 m3", examples=["t"])]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2026-01-31"])]
Moment = Annotated[
    str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-01-31T01:00:00+00:00"])
]


class Out(BaseModel):
    """Something that the API gives."""


class Listed(Out, Generic[Item]):
    """Some rows of a list, and where it goes on."""

    items: list[Item]
    next_cursor: Annotated[
        str | None, Field(description="下一页的 cursor；没有下一页时为 null", examples=[None])
    ]


class Amount(Out):
    """A figure with its unit."""

    value: Figure
    unit: BaseUnit


class Printed(Out):
    """A figure as a document prints it."""

    value: str
    unit: str


class Body(BaseModel):
    """Something that the API takes: a key that nobody reads is refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        names = [info.alias or name for name, info in cls.model_fields.items()]
        if not isinstance(given, dict):
            raise broken(Invalid("not_a_mapping", "", shown(given), accepted=", ".join(names)))
        for key in given:
            if key not in names:
                error = Invalid("key_unknown", "", shown(given[key]), accepted=", ".join(names))
                raise broken(error, key=shown(key))
        return given


class Quantity(Body):
    """A quantity as somebody writes it: a plain decimal text with its unit."""

    value: Annotated[
        str,
        BeforeValidator(no_number),
        AfterValidator(plain_figure),
        Field(
            json_schema_extra={"pattern": f"^{PLAIN}$"},
            description="十进制文字；JSON 数字会丢失位数，不接受",
            examples=["22.4"],
        ),
    ]
    unit: Annotated[
        str,
        AfterValidator(visible),
        Field(description="t, kt, Mt, 万吨, m3, 万m3 …；规模另带 /年 或 /日", examples=["万吨"]),
    ]
