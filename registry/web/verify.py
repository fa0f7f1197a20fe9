"""Tells anybody whether a paper is genuine: kind, number, date, office, state, nothing of what it says."""

import hashlib
import re
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.documents.rules import is_document_number
from registry.documents.service import Checked, check_digest, check_number
from registry.kernel.errors import Invalid
from registry.kernel.shown import Shown
from registry.kernel.vocabulary import DocumentVerdict
from registry.platform.clock import local_day
from registry.platform.facts import is_demonstration
from registry.request import Form, Posted, Reader, address_of
from registry.web.forms import field_errors, status_of
from registry.web.page import bare, redirect
from registry.web.templates import render
from registry.web.throttle import Throttle

router = APIRouter()
_SIGNS = {
    DocumentVerdict.genuine: ("○", "ok"),
    DocumentVerdict.replaced: ("△", "near"),
    DocumentVerdict.revoked: ("■", "over"),
    DocumentVerdict.altered: ("■", "over"),
    DocumentVerdict.unknown: ("?", "unknown"),
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_throttle = Throttle(most=60, every=2)


def gently(request: Request) -> None:
    """Let an address check papers as fast as people do, and programs no faster."""
    _throttle.count(address_of(request))


Gently = Depends(gently)


@router.api_route("/verify/{number}", methods=["GET", "HEAD"], dependencies=[Gently])
def verify(request: Request, session: Reader, number: str, digest: str = "") -> HTMLResponse:
    """Tell whether the paper of a number holds, and whether a file with this SHA-256 is that paper."""
    return _page(request, session, number, read_digest(digest) if digest else None)


@router.post("/verify/{number}", dependencies=[Gently])
def compare(request: Request, session: Reader, form: Posted, number: str) -> Response:
    """Take the SHA-256 of a file, or one that was pasted, to the page that compares it; nothing is kept."""
    try:
        digest = _digest_of(form)
    except Invalid as error:
        return _page(request, session, number, None, (form, error))
    return redirect(f"/verify/{quote(number, safe='')}?digest={digest}")


def _page(
    request: Request, session: Session, number: str, digest: str | None,
    refused: tuple[Form, Invalid] | None = None,
) -> HTMLResponse:  # fmt: skip
    told = check_number(session, number)
    compared = check_digest(session, digest, number) if digest and told.document else None
    form, error = refused or ({}, None)
    facts = bare(request) | {
        "is_demonstration": is_demonstration(session),
        "number": number,
        "is_number": is_document_number(number),
        "one": told.document,
        "shown": _shown(told),
        "made_on": local_day(told.document.made_at) if told.document else None,
        "compared": compared,
        "compared_shown": _shown(compared) if compared else None,
        "digest": digest or "",
        "typed": form,
        "errors": field_errors(error) if error else {},
    }
    return render("verify/one.html", facts, status_of(error) if error else 200)


def _digest_of(form: Form) -> str:
    if (file := form.upload("file")) is not None:
        return hashlib.sha256(file.content).hexdigest()
    return read_digest(form["digest"])


def read_digest(text: str) -> str:
    """Return a SHA-256 as 64 digits; blanks between them do not matter.

    Raises:
        Invalid: it is none.
    """
    found = "".join(text.split()).lower()
    if not _DIGEST.fullmatch(found):
        raise Invalid("not_a_digest", "digest", text[:100], accepted="PDF 文件，或 64 位十六进制 SHA-256")
    return found


def _shown(told: Checked) -> Shown:
    sign, tone = _SIGNS[told.verdict]
    return Shown(sign, told.verdict.label, tone)
