"""Entering an amendment: figure by figure in a form, or as the file that the command line reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, Invalid, RegistryError
from registry.kernel.faults import Faults
from registry.kernel.strict_yaml import LARGEST_FILE, read_yaml
from registry.minerals.queries import catalogue
from registry.plans.models import Cap, CapLine, PlanDocument
from registry.plans.queries import caps_over, document, lines_of, readable_places
from registry.plans.rules import read_amendment
from registry.plans.service import enter_amendment, keep_scan
from registry.platform import idempotency
from registry.platform.db import reader, transaction
from registry.request import Form, Posted, Reader, Upload, allowed, engine_of
from registry.settings import settings
from registry.web.forms import FORM, field_errors, status_of
from registry.web.page import page, redirect
from registry.web.plans.reading import known
from registry.web.plans.typed import TEXTS, errors_of, source_of

router = APIRouter()
_LARGEST_SCAN = 10 * 2**20  # less than a form may have
_PERMISSION = "plan.enter"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it comes back: what was typed, and what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    status: int = 200


@router.api_route("/plans/{number}/amend", methods=["GET", "HEAD"])
def form(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_PERMISSION)], number: str
) -> HTMLResponse:
    """Show the form for an amendment of a plan, with its caps and their figures now."""
    return _show(request, session, actor, known(number), Sent())


@router.post("/plans/{number}/amend")
def send(
    request: Request, actor: Annotated[Actor, allowed(_PERMISSION)], form: Posted, number: str
) -> Response:
    """Enter an amendment as typed; it waits for a second person."""
    at = known(number)
    with reader(engine_of(request)) as session:
        amended = _amendable(session, actor, at)
        caps = _caps(session, amended.region)
    source, rows = source_of(form, amended, [cap for cap, _ in caps])
    try:
        return _enter(request, actor, form, lambda: source)
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        sent = Sent(_typed(form), errors_of(error, rows), status_of(error))
    with reader(engine_of(request)) as session:
        return _show(request, session, actor, at, sent)


@router.post("/plans/{number}/amend/file")
def send_file(
    request: Request, actor: Annotated[Actor, allowed(_PERMISSION)], form: Posted, number: str
) -> Response:
    """Enter an amendment from a file, which names the plan that it amends."""
    at = known(number)
    with reader(engine_of(request)) as session:
        _amendable(session, actor, at)
    try:
        return _enter(request, actor, form, lambda: _read(form.upload("file")))
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        sent = Sent({}, _of_file(error), status_of(error))
    with reader(engine_of(request)) as session:
        return _show(request, session, actor, at, sent)


def _amendable(session: Session, actor: Actor, at: int) -> PlanDocument:
    """Return a document whose region the actor may enter amendments for."""
    found = document(session, at, readable_places(session, actor))
    require(session, actor, _PERMISSION, found.region)
    return found


def _enter(request: Request, actor: Actor, form: Form, read: Any) -> Response:
    """Keep the scan and read what was sent first: nobody shall wait for a lock meanwhile."""
    faults = Faults()
    scan = faults.kept(_scan, form.upload("scan"))
    source = faults.kept(read)
    with transaction(engine_of(request)) as session:
        if faults:
            if source is not None:
                faults.kept(read_amendment, source, catalogue(session))
            raise faults.error()

        def do() -> dict[str, Any]:
            command = read_amendment(source, catalogue(session))
            return {"plan": enter_amendment(session, actor, command, scan).id}

        told = idempotency.once(session, actor.name, "plan.amend", form["key"] or None, [source, scan], do)
    return redirect(f"/plans/{told['plan']}")


def _scan(upload: Upload | None) -> str | None:
    if upload is None:
        return None
    if len(upload.content) > _LARGEST_SCAN:
        accepted = f"≤ {_LARGEST_SCAN // 2**20} MB"
        raise Invalid("file_too_large", "scan", len(upload.content), accepted=accepted)
    return keep_scan(settings().files_dir, upload.content)


def _read(upload: Upload | None) -> object:
    if upload is None or not upload.content:
        raise Invalid("value_missing", "file", "", accepted="UTF-8 的 YAML 文件")
    if len(upload.content) > LARGEST_FILE:
        accepted = f"≤ {LARGEST_FILE} 字节"
        raise Invalid("file_too_large", "file", len(upload.content), accepted=accepted)
    return read_yaml(upload.content)


def _of_file(error: RegistryError) -> dict[str, dict[str, str]]:
    """Return what is wrong with a file beside the field it was chosen in; the sentence names the place."""
    found: dict[str, dict[str, str]] = {}
    for name, one in field_errors(error).items():
        at = name if name in ("file", "scan", FORM) else "file"
        before = f"{found[at]['message']}；" if at in found else ""
        found[at] = one | {"message": before + one["message"]}
    return found


def _typed(form: Form) -> dict[str, str]:
    return {name: form[name] for name in form if name.partition("-")[0] in TEXTS}


def _caps(session: Session, region: str) -> list[tuple[Cap, CapLine | None]]:
    """Return the caps of a region with the line that gives each its newest figure."""
    caps = caps_over(session, [region])
    lines = lines_of(session, caps)
    return [(cap, _newest(line for line, _ in lines.get(cap.id or 0, []))) for cap in caps]


def _newest(lines: Iterable[CapLine]) -> CapLine | None:
    return max(lines, key=lambda line: (line.valid_from, line.id or 0), default=None)


def _show(request: Request, session: Session, actor: Actor, at: int, sent: Sent) -> HTMLResponse:
    amended = _amendable(session, actor, at)
    facts = {
        "plan": amended,
        "caps": _caps(session, amended.region),
        "typed": sent.typed,
        "errors": sent.errors,
    }
    return page(request, session, actor, "plans/amend.html", facts, sent.status)
