"""Printed papers: the list, one of them with its file, ordering one print or many, taking one back."""

from fastapi import APIRouter

from registry.web.documents import batches, enclosed, pages, printing

router = APIRouter()
router.include_router(batches.router)
router.include_router(enclosed.router)
router.include_router(pages.router)
router.include_router(printing.router)

__all__ = ["router"]
