"""Plans as people read them: one document with what amends it, and what an amendment will do."""

from registry.workflows.plan_book.one import Change, OnePlan, one_plan
from registry.workflows.plan_book.preview import Moved, Preview, Stand, preview_confirm

__all__ = ["Change", "Moved", "OnePlan", "Preview", "Stand", "one_plan", "preview_confirm"]
