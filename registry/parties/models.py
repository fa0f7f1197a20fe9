"""Table of holders."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from registry.platform.columns import key


class Holder(SQLModel, table=True):
    """A holder of mineral rights."""

    __tablename__ = "holder"

    id: int | None = key()
    name: str = Field(index=True)
    credit_code: str | None = Field(default=None, unique=True, description="统一社会信用代码, GB 32100")
    address: str | None = None
    economic_type: str | None = None
    recorded_at: datetime
