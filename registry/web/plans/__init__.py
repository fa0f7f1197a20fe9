"""The pages of plans: the list, one document, entering an amendment, and deciding about it."""

from fastapi import APIRouter

from registry.web.plans import amending, deciding, reading

router = APIRouter()
for part in (reading, amending, deciding):
    router.include_router(part.router)
