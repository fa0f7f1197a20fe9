"""Signs people in over HTTP, as a browser does: the form first, its mark with the answer."""

import re

from httpx2 import Client, Response

MARK = re.compile(r'name="csrf_token"\s+value="([^"]*)"')


def sign_in(client: Client, name: str, password: str, **more: str) -> Response:
    """Send the sign-in form and return the answer; the client keeps the cookies."""
    form = client.get("/sign-in")
    given = {"username": name, "password": password, "csrf_token": mark_of(form)} | more
    return client.post("/sign-in", data=given, follow_redirects=False)


def mark_of(answer: Response) -> str:
    """Return the mark against cross-site posts that a page carries in its first form."""
    found = MARK.search(answer.text)
    assert found, f"{answer.request.url}: no form with a mark\n{answer.text[:400]}"
    return found[1]
