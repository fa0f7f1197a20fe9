"""The shape of the yearly balance of the reserve ledger."""

from typing import Annotated

from pydantic import Field

from registry.api.shapes.common import BaseUnit, Figure, Out
from registry.kernel.vocabulary import ReserveCategory


class BalanceOut(Out):
    """One right's ledger of one mineral and category in a year."""

    right: Annotated[str, Field(examples=["SZ-2015-0001"])]
    deposit: Annotated[str, Field(description="矿区")]
    mineral: str
    category: ReserveCategory
    unit: BaseUnit
    opening: Annotated[Figure, Field(description="年初保有")]
    extracted: Annotated[Figure, Field(description="开采量")]
    lost: Annotated[Figure, Field(description="损失量")]
    explored: Annotated[Figure, Field(description="勘查增减")]
    reestimated: Annotated[Figure, Field(description="重算增减")]
    transferred: Annotated[Figure, Field(description="划转增减净额：重分类、范围变更、压覆、核销")]
    closing: Annotated[Figure, Field(description="年末保有")]
    cumulative: Annotated[Figure, Field(description="累计查明")]
