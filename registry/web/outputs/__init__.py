"""The pages of returns: the list, one with its revisions, the form, what is missing."""

from fastapi import APIRouter

from registry.web.outputs import form, lists, missing, one

router = APIRouter()
for part in (lists, missing, form, one):
    router.include_router(part.router)
