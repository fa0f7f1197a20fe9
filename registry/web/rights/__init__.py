"""Rights: the list, one right with everything about it, permits that end."""

from fastapi import APIRouter

from registry.web.rights import ending, file, pages

router = APIRouter()
for part in (pages, ending, file):
    router.include_router(part.router)

__all__ = ["router"]
