"""Cap states in the public form of the contract's `caps status --json`."""

from decimal import Decimal
from typing import Any

from registry.caps.queries import Reading
from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import CapPeriod
from registry.workflows.cap_status.state import CapStatus


def public(found: CapStatus) -> dict[str, Any]:
    """Return one cap as the contract's `caps status --json` prints it."""
    cap, line, unit = found.cap, found.figure.line, BASE_UNIT[found.cap.kind]
    printed = (
        {"value": line.printed_value, "unit": line.printed_unit} if line and line.printed_value else None
    )
    returns = sum(r.returns for r in found.readings)
    told: dict[str, Any] = {
        "cap": cap.name, "region": cap.region, "mineral": cap.mineral, "mineral_code": found.mineral_code,
        "period": cap.period, "year": found.year.year, "binding": found.figure.binding, "printed": printed,
        "approximate": bool(line and line.approximate),
        "limit": {"value": in_base_unit(found.limit), "unit": unit} if found.limit else None,
        "source": {
            "document": found.figure.document.title if found.figure.document else None,
            "number": found.figure.document.number if found.figure.document else None,
            "clause": line.clause if line else None,
        },
        "carried_forward": found.figure.carried_forward,
        "coverage": {
            "regions": {
                "expected": len(found.coverage.expected), "reported": len(found.coverage.reported),
                "missing": found.coverage.missing,
            },
            "returns": {
                "expected": returns + len(found.missing_returns), "reported": returns,
                "missing": list(found.missing_returns),
            },
        },
        "meters": {"licensed": _licensed(found), "output": _output(found)},
        "unit": unit, "state": found.state,
    }  # fmt: skip
    return told | (_daily(found) if cap.period is CapPeriod.day else {})


def _licensed(found: CapStatus) -> dict[str, Any]:
    total, known = found.licensed.total, found.licensed.unknown == 0
    return {
        "held": in_base_unit(found.licensed.held), "used": in_base_unit(found.licensed.used),
        "free": in_base_unit(found.free(total)) if known else None,
        "ratio": _ratio(found.ratio(total)) if known else None, "unknown": found.licensed.unknown,
    }  # fmt: skip


def _output(found: CapStatus) -> dict[str, Any]:
    through = found.data_through
    return {
        "used": in_base_unit(found.used), "free": in_base_unit(found.free(found.used)),
        "ratio": _ratio(found.ratio(found.used)), "uncovered": in_base_unit(found.uncovered),
        "data_through": through.isoformat() if through else None,
    }  # fmt: skip


def _daily(found: CapStatus) -> dict[str, Any]:
    def on(reading: Reading | None) -> dict[str, Any] | None:
        return (
            None
            if reading is None
            else {
                "day": reading.period,
                "used": in_base_unit(of_kind(found.cap.kind, reading.used)),
            }
        )

    peak = max(found.readings, key=lambda r: r.used, default=None)
    latest = max(found.readings, key=lambda r: r.period, default=None)
    return {
        "peak": on(peak), "latest": on(latest), "days_over": len(found.days_over),
        "days_missing": len({one.rsplit("/", 1)[1] for one in found.missing_returns}),
        "mean": in_base_unit(found.mean),
    }  # fmt: skip


def _ratio(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.4f}"
