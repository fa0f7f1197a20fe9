"""Printed papers: the list, one of them with its file, ordering a print, taking one back."""

from fastapi import APIRouter

from registry.web.documents import pages, printing

router = APIRouter()
router.include_router(pages.router)
router.include_router(printing.router)

__all__ = ["router"]
