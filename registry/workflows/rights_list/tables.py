"""The tables that a list of rights reads, and how they hang together."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from registry.kernel.vocabulary import MineralRole
from registry.minerals.models import Mineral
from registry.parties.models import Holder
from registry.platform.rows import table_of
from registry.rights.models import Permit, RightMineral, RightVersion
from registry.workflows.rights_list import today
from registry.workflows.rights_list.today import RIGHT

VERSION, PERMIT, HOLDER = table_of(RightVersion), table_of(Permit), table_of(Holder)
MINERAL, LINE = table_of(Mineral), table_of(RightMineral)
MAIN = LINE.alias("main")
VERSIONED = RIGHT.join(
    VERSION, and_(VERSION.c.right_id == RIGHT.c.id, VERSION.c.superseded_at.is_(None))
).outerjoin(MAIN, and_(MAIN.c.right_id == RIGHT.c.id, MAIN.c.role == MineralRole.main))
# That the permit is one of the right's own says nothing new, but how to find it.
_TABLES = (
    VERSIONED.outerjoin(HOLDER, HOLDER.c.id == VERSION.c.holder_id)
    .outerjoin(MINERAL, MINERAL.c.name == MAIN.c.mineral)
    .outerjoin(PERMIT, and_(PERMIT.c.right_id == RIGHT.c.id, PERMIT.c.id == today.permit))
)
ORDER = (RIGHT.c.counted.desc(), RIGHT.c.number)


def select_rights(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a statement over rights with their version, holder, main mineral and permit of the day."""
    return select(*columns).select_from(_TABLES)
