"""Every page of the desk, by hand: the axe test, the phone test and the screenshots go through this list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page: a name for files, its address on the furnished demonstration, who looks, its status."""

    name: str
    address: str
    who: str | None = "jingban"
    status: int = 200


CAP = "/caps/500240/建筑石料用灰岩/year"
DAILY_CAP = "/caps/500240/地热/day"
PAGES = (
    PageOf("sign-in", "/sign-in", None),
    PageOf("sign-in-next", "/sign-in?next=/rights", None),
    PageOf("verify-unknown", "/verify/SZ-文-2025-999999", None),
    PageOf("dashboard", "/"),
    PageOf("dashboard-2026", "/?year=2026"),
    PageOf("dashboard-as-of", "/?year=2025&as_of=2025-06-30"),
    PageOf("dashboard-county", "/?region=500240"),
    PageOf("dashboard-municipal", "/", "shiju"),
    PageOf("cap", CAP),
    PageOf("cap-daily", DAILY_CAP),
    PageOf("cap-without-figure", "/caps/500240/石英砂岩/year"),
    PageOf("changes", "/changes"),
    PageOf("changes-since", "/changes?since=2025-12-01"),
    PageOf("changes-returns", "/changes/returns?since=2025-12-01"),
    PageOf("changes-rights", "/changes/rights?since=2020-01-01"),
    PageOf("changes-alarms", "/changes/alarms?since=2025-01-01"),
    PageOf("changes-plans", "/changes/plans?since=2020-01-01"),
    PageOf("indicators", "/indicators?year=2025"),
    PageOf("rights", "/rights"),
    PageOf("rights-filtered", "/rights?mineral=建筑石料用灰岩&state=生产"),
    PageOf("rights-none", "/rights?q=没有这样的矿"),
    PageOf("right", "/rights/SZ-2015-0001"),
    PageOf("right-well", "/rights/SZ-2016-0001"),
    PageOf("right-expired", "/rights/SZ-2015-0002"),
    PageOf("right-404", "/rights/SZ-1900-0001", status=404),
    PageOf("expiries", "/expiries"),
    PageOf("expiries-none", "/expiries?within=1"),
    PageOf("outputs", "/outputs"),
    PageOf("outputs-none", "/outputs?year=1999"),
    PageOf("output-new", "/outputs/new"),
    PageOf("output-new-chosen", "/outputs/new?right=SZ-2015-0001&period=2026-01"),
    PageOf("output", "/outputs/one/SZ-2019-0002/建筑石料用灰岩/2025-12"),
    PageOf("outputs-missing", "/outputs/missing"),
    PageOf("imports", "/imports"),
    PageOf("import-report", "/imports/{import}"),
    PageOf("alarms", "/alarms"),
    PageOf("alarms-none", "/alarms?q=没有"),
    PageOf("alarm", "/alarms/{alarm}"),
    PageOf("alarm-to-handle", "/alarms/{alarm}", "shenhe"),
    PageOf("alarm-of-days", "/alarms/{alarm-of-days}"),
    PageOf("plans", "/plans"),
    PageOf("plan", "/plans/{plan}"),
    PageOf("plan-municipal", "/plans/1", "shiju"),
    PageOf("plan-amendment", "/plans/{amendment}", "shenpi"),
    PageOf("plan-amend", "/plans/{plan}/amend"),
    PageOf("minerals", "/minerals"),
    PageOf("documents", "/documents"),
    PageOf("document", "/documents/{document}"),
    PageOf("document-report", "/documents/{report}"),
    PageOf("documents-batch", "/documents?batch_kind=permit&batch_mineral=建筑石料用灰岩"),
    PageOf("verify", "/verify/{document}", None),
    PageOf("jobs", "/jobs"),
    PageOf("job", "/jobs/{job}"),
    PageOf("job-batch", "/jobs/{batch}"),
    PageOf("account", "/account"),
    PageOf("users", "/users", "guanliyuan"),
    PageOf("user", "/users/shenhe", "guanliyuan"),
    PageOf("user-403", "/users", "jingban", 403),
    PageOf("audit", "/audit", "shenji"),
    PageOf("audit-403", "/audit", "jingban", 403),
    PageOf("404", "/no-such-page", status=404),
    PageOf("422", "/?year=abc", status=422),
)
