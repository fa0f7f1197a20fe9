"""The pages of accounts: one's own, and those in an administrator's care."""

from fastapi import APIRouter

from registry.web.accounts import changing, one_user, own, people

router = APIRouter()
for part in (own, people, changing, one_user):
    router.include_router(part.router)
