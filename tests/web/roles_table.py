"""Who may use which route: written by hand from the office's rules, never derived from the code.

A row is method, address, who, an address of the home county to try it with, and what somebody of another
county gets there: `NOT_FOUND`, or `EMPTY` for a list that is theirs but holds nothing of the home county.
"""

from dataclasses import dataclass
from enum import Enum

from registry.kernel.vocabulary import Role

PUBLIC: frozenset[Role] = frozenset()  # nobody has to sign in
ALL = frozenset(Role)
RECORDERS = frozenset({Role.clerk, Role.reviewer})
CLERK = frozenset({Role.clerk})
APPROVER = frozenset({Role.approver})
STATERS = frozenset({Role.clerk, Role.approver})
HANDLERS = frozenset({Role.reviewer, Role.approver})
RUNNERS = frozenset({Role.clerk, Role.reviewer, Role.administrator})
ADMINISTRATOR = frozenset({Role.administrator})
AUDITOR = frozenset({Role.auditor})


class Abroad(Enum):
    """What somebody of another county is answered."""

    NOT_FOUND = "404, as if it were not there"
    EMPTY = "an answer without anything of the home county"
    OPEN = "the same answer: what it says is for everybody"


NOT_FOUND, EMPTY, OPEN = Abroad.NOT_FOUND, Abroad.EMPTY, Abroad.OPEN


@dataclass(frozen=True, slots=True)
class Row:
    """One route."""

    method: str
    path: str
    who: frozenset[Role]
    example: str
    abroad: Abroad


def rows(text: list[tuple[str, str, frozenset[Role], str, Abroad]]) -> list[Row]:
    """Return the rows of a table; `=` as example is the path itself."""
    return [Row(m, p, who, p if example == "=" else example, abroad) for m, p, who, example, abroad in text]


RIGHT, MINERAL = "SZ-2015-0001", "建筑石料用灰岩"
CAP, RETURN = f"500240/{MINERAL}/year", f"{RIGHT}/{MINERAL}/2025-06"

# `{plan}`, `{job}`, `{document}` and the like stand for what the furnished book holds.
PAGES = rows([
    ("GET", "/healthz", PUBLIC, "=", OPEN),
    ("GET", "/readyz", PUBLIC, "=", OPEN),
    ("GET", "/assets/{path}", PUBLIC, "/assets/desk.css", OPEN),
    ("GET", "/fonts/{name}", PUBLIC, "/fonts/NotoSansSC-Regular.ttf", OPEN),
    ("GET", "/lib/{name}", PUBLIC, "/lib/htmx.min.js", OPEN),
    ("GET", "/sign-in", PUBLIC, "=", OPEN),
    ("POST", "/sign-in", PUBLIC, "=", OPEN),
    ("GET", "/verify/{number}", PUBLIC, "/verify/{document}", OPEN),
    ("POST", "/verify/{number}", PUBLIC, "/verify/{document}", OPEN),
    ("POST", "/sign-out", ALL, "=", OPEN),
    ("GET", "/", ALL, "=", EMPTY),
    ("GET", "/caps.xlsx", ALL, "/caps.xlsx?year=2025", EMPTY),
    ("GET", "/caps/{region}/{mineral}/{period}", ALL, f"/caps/{CAP}", NOT_FOUND),
    ("GET", "/indicators", ALL, "/indicators?year=2025", EMPTY),
    ("GET", "/changes", ALL, "/changes?since=2025-01-01", EMPTY),
    ("GET", "/changes/returns", ALL, "/changes/returns?since=2025-01-01", EMPTY),
    ("GET", "/changes/rights", ALL, "/changes/rights?since=2025-01-01", EMPTY),
    ("GET", "/changes/alarms", ALL, "/changes/alarms?since=2025-01-01", EMPTY),
    ("GET", "/changes/plans", ALL, "/changes/plans?since=2025-01-01", EMPTY),
    ("GET", "/rights", ALL, "=", EMPTY),
    ("GET", "/rights.xlsx", ALL, "=", EMPTY),
    ("GET", "/rights/{number}", ALL, f"/rights/{RIGHT}", NOT_FOUND),
    ("POST", "/rights/{number}/state", STATERS, f"/rights/{RIGHT}/state", NOT_FOUND),
    ("GET", "/expiries", ALL, "=", EMPTY),
    ("GET", "/expiries.xlsx", ALL, "=", EMPTY),
    ("GET", "/outputs", ALL, "=", EMPTY),
    ("GET", "/outputs.xlsx", ALL, "=", EMPTY),
    ("GET", "/outputs/missing", ALL, "=", EMPTY),
    ("GET", "/outputs/missing.xlsx", ALL, "=", EMPTY),
    ("GET", "/outputs/one/{right}/{mineral}/{period}", ALL, f"/outputs/one/{RETURN}", NOT_FOUND),
    ("GET", "/outputs/new", RECORDERS, "=", EMPTY),
    ("POST", "/outputs/new", RECORDERS, "=", OPEN),
    ("POST", "/outputs/void", RECORDERS, "=", NOT_FOUND),
    ("GET", "/imports", RECORDERS, "=", EMPTY),
    ("POST", "/imports", RECORDERS, "=", OPEN),
    ("GET", "/imports/template.xlsx", RECORDERS, "=", EMPTY),
    ("GET", "/imports/{number}", ALL, "/imports/{import}", NOT_FOUND),
    ("GET", "/imports/{number}/rejected.csv", ALL, "/imports/{import}/rejected.csv", NOT_FOUND),
    ("GET", "/imports/{number}/rejected.xlsx", ALL, "/imports/{import}/rejected.xlsx", NOT_FOUND),
    ("GET", "/alarms", ALL, "=", EMPTY),
    ("GET", "/alarms.xlsx", ALL, "=", EMPTY),
    ("GET", "/alarms/{number}", ALL, "/alarms/{alarm}", NOT_FOUND),
    ("POST", "/alarms/{number}/acknowledge", HANDLERS, "/alarms/{alarm}/acknowledge", NOT_FOUND),
    ("POST", "/alarms/{number}/close", HANDLERS, "/alarms/{alarm}/close", NOT_FOUND),
    ("GET", "/plans", ALL, "=", EMPTY),
    ("GET", "/plans/{number}", ALL, "/plans/{plan}", NOT_FOUND),
    ("GET", "/plans/{number}/scan", ALL, "/plans/{amendment}/scan", NOT_FOUND),
    ("GET", "/plans/{number}/amend", CLERK, "/plans/{plan}/amend", NOT_FOUND),
    ("POST", "/plans/{number}/amend", CLERK, "/plans/{plan}/amend", NOT_FOUND),
    ("POST", "/plans/{number}/amend/file", CLERK, "/plans/{plan}/amend/file", NOT_FOUND),
    ("POST", "/plans/{number}/withdraw", CLERK, "/plans/{amendment}/withdraw", NOT_FOUND),
    ("POST", "/plans/{number}/return", APPROVER, "/plans/{amendment}/return", NOT_FOUND),
    ("POST", "/plans/{number}/confirm", APPROVER, "/plans/{amendment}/confirm", NOT_FOUND),
    ("GET", "/minerals", ALL, "=", OPEN),
    ("GET", "/documents", ALL, "=", EMPTY),
    ("POST", "/documents", ALL, "=", OPEN),
    ("POST", "/documents/batch", ALL, "=", OPEN),
    ("GET", "/documents/{number}", ALL, "/documents/{document}", NOT_FOUND),
    ("GET", "/documents/{number}.pdf", ALL, "/documents/{document}.pdf", NOT_FOUND),
    ("GET", "/documents/{number}.xlsx", ALL, "/documents/{report}.xlsx", NOT_FOUND),
    ("GET", "/documents/{number}.docx", ALL, "/documents/{report}.docx", NOT_FOUND),
    ("POST", "/documents/{number}/revoke", APPROVER, "/documents/{document}/revoke", NOT_FOUND),
    ("GET", "/jobs", ALL, "=", EMPTY),
    ("GET", "/jobs/{number}", ALL, "/jobs/{job}", NOT_FOUND),
    ("GET", "/jobs/{number}.zip", ALL, "/jobs/{batch}.zip", NOT_FOUND),
    ("POST", "/jobs/{number}/cancel", ALL, "/jobs/{job}/cancel", NOT_FOUND),
    ("POST", "/jobs/{number}/repeat", ALL, "/jobs/{job}/repeat", NOT_FOUND),
    ("GET", "/account", ALL, "=", EMPTY),
    ("POST", "/account/password", ALL, "=", OPEN),
    ("POST", "/account/sign-ins/end", ALL, "=", OPEN),
    ("POST", "/account/sign-ins/{number}/end", ALL, "/account/sign-ins/1/end", NOT_FOUND),
    ("POST", "/account/tokens", ALL, "=", OPEN),
    ("POST", "/account/tokens/{number}/end", ALL, "/account/tokens/1/end", NOT_FOUND),
    ("GET", "/minerals", ALL, "=", OPEN),
    ("GET", "/users", ADMINISTRATOR, "=", EMPTY),
    ("POST", "/users", ADMINISTRATOR, "=", OPEN),
    ("GET", "/users/{name}", ADMINISTRATOR, "/users/shenhe", NOT_FOUND),
    ("POST", "/users/{name}/close", ADMINISTRATOR, "/users/shenhe/close", NOT_FOUND),
    ("POST", "/users/{name}/open", ADMINISTRATOR, "/users/shenhe/open", NOT_FOUND),
    ("POST", "/users/{name}/password", ADMINISTRATOR, "/users/shenhe/password", NOT_FOUND),
    ("POST", "/users/{name}/roles", ADMINISTRATOR, "/users/shenhe/roles", NOT_FOUND),
    ("POST", "/users/{name}/roles/remove", ADMINISTRATOR, "/users/shenhe/roles/remove", NOT_FOUND),
    ("POST", "/users/{name}/sign-ins/end", ADMINISTRATOR, "/users/shenhe/sign-ins/end", NOT_FOUND),
    ("POST", "/users/{name}/tokens/end", ADMINISTRATOR, "/users/shenhe/tokens/end", NOT_FOUND),
    ("GET", "/audit", AUDITOR, "=", EMPTY),
    ("GET", "/audit.xlsx", AUDITOR, "=", EMPTY),
])  # fmt: skip

# A job is seen by whoever ordered it, here the clerk, and by the administrators of the office.
OF_ONE_CLERK = {
    "/imports/{number}", "/imports/{number}/rejected.csv", "/imports/{number}/rejected.xlsx",
    "/jobs/{number}", "/jobs/{number}.zip", "/api/v1/jobs/{id}",
}  # fmt: skip
# What a route of the interface takes; pages are sent an empty form, which they answer with what is wrong.
BODIES = {
    "/api/v1/alarms/{id}/acknowledge": {"note": "示例：已核实"},
    "/api/v1/alarms/{id}/close": {"note": "示例：已办结"},
    "/api/v1/outputs/{right}/{mineral}/{period}/void": {"reason": "示例：报错矿山"},
}
ONE_RETURN = "/api/v1/outputs/{right}/{mineral}/{period}"
API = rows([
    ("GET", "/api/v1/openapi.json", PUBLIC, "=", OPEN),
    ("GET", "/api/v1/me", ALL, "=", EMPTY),
    ("GET", "/api/v1/caps", ALL, "/api/v1/caps?year=2025", EMPTY),
    ("GET", "/api/v1/caps/{region}/{mineral}/{period}", ALL, f"/api/v1/caps/{CAP}", NOT_FOUND),
    ("POST", "/api/v1/caps/assess", ALL, "=", OPEN),
    ("GET", "/api/v1/plans", ALL, "=", EMPTY),
    ("GET", "/api/v1/plans/{id}", ALL, "/api/v1/plans/{plan}", NOT_FOUND),
    ("GET", "/api/v1/rights", ALL, "=", EMPTY),
    ("GET", "/api/v1/rights/{number}", ALL, "/api/v1/rights/SZ-2015-0001", NOT_FOUND),
    ("GET", "/api/v1/permits/{number}.pdf", ALL, "/api/v1/permits/示例-SZ-2015-0001.pdf", NOT_FOUND),
    ("GET", "/api/v1/documents", ALL, "=", EMPTY),
    ("GET", "/api/v1/documents/{number}", ALL, "/api/v1/documents/{document}", NOT_FOUND),
    ("GET", "/api/v1/documents/{number}.pdf", ALL, "/api/v1/documents/{document}.pdf", NOT_FOUND),
    ("GET", "/api/v1/jobs", ALL, "=", EMPTY),
    ("GET", "/api/v1/jobs/{id}", ALL, "/api/v1/jobs/{job}", NOT_FOUND),
    ("GET", "/api/v1/outputs", ALL, "=", EMPTY),
    ("POST", "/api/v1/outputs", RECORDERS, "=", OPEN),
    ("GET", ONE_RETURN, ALL, f"/api/v1/outputs/{RETURN}", NOT_FOUND),
    ("POST", f"{ONE_RETURN}/void", RECORDERS, f"/api/v1/outputs/{RETURN}/void", NOT_FOUND),
    ("GET", "/api/v1/reserves", ALL, "/api/v1/reserves?year=2025", EMPTY),
    ("GET", "/api/v1/alarms", ALL, "=", EMPTY),
    ("GET", "/api/v1/alarms/{id}", ALL, "/api/v1/alarms/{alarm}", NOT_FOUND),
    ("POST", "/api/v1/alarms/{id}/acknowledge", HANDLERS, "/api/v1/alarms/{alarm}/acknowledge", NOT_FOUND),
    ("POST", "/api/v1/alarms/{id}/close", HANDLERS, "/api/v1/alarms/{alarm}/close", NOT_FOUND),
    ("GET", "/api/v1/audit", AUDITOR, "=", EMPTY),
    ("GET", "/api/v1/audit/heads", AUDITOR, "=", EMPTY),
])  # fmt: skip
