"""The whole API against its own description: whatever is sent, no 5xx and no answer that is not described.

Good and bad requests are derived from the description by schemathesis, the same on every run. They meet the
furnished demonstration, where the examples of the description are true: what they name is there.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from sqlalchemy import Engine

from registry.kernel.vocabulary import Role
from registry.platform.db import connect
from registry.request import attach
from tests.api.calling import description
from tests.api.working import working
from tests.databases import Database
from tests.furnished import furnished
from tests.web.signing import token

EXAMPLES = 5  # requests of each kind for each operation, beside those that stand for every rule of its fields
# Shape says what may be sent, not what is true: a day to come or a mineral that nobody knows is refused.
LEFT_OUT = {"positive_data_acceptance": {"enabled": False}}


@dataclass
class Found:
    """What came of one run."""

    reached: set[str] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)

    def add(self, event: events.EngineEvent) -> None:
        """Keep what an event tells."""
        if isinstance(event, events.NonFatalError):
            self.faults.add(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            self.faults.add(repr(event.exception))
        elif isinstance(event, events.ScenarioFinished):
            if event.status is not Status.SKIP:
                self.reached.add(str(event.label))
            self.faults |= set(_faults(event))


def _faults(event: events.ScenarioFinished) -> Iterator[str]:
    for case, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                sent = event.recorder.interactions[case].request
                yield f"{check.name}: {sent.method} {sent.uri}: {check.failure_info.failure.message}"


def run(app: FastAPI, headers: dict[str, str], told: dict[str, Any], only: str = ".") -> Found:
    """Send what the description lets one think of, and return what was wrong with the answers."""
    given: dict[str, Any] = {
        "seed": 1,
        "workers": 1,
        "headers": headers,
        "generation": {"deterministic": True, "max-examples": EXAMPLES, "database": "none"},
        "checks": LEFT_OUT,
    }
    config = SchemathesisConfig.from_dict(given)
    schema = schemathesis.openapi.from_dict(told, config=config)
    schema.app = app
    found = Found()
    for event in from_schema(schema.include(path_regex=only)).execute():
        found.add(event)
    return found


@pytest.fixture
def book(database: Database) -> Iterator[Engine]:
    """Give a copy of the furnished demonstration."""
    url = furnished(database).url
    engine = connect(url)
    yield engine
    engine.dispose()
    database.drop(url)


@pytest.fixture
def everybody(book: Engine) -> dict[str, str]:
    """Give the token of somebody who holds every role of the county."""
    headers: dict[str, str] = {}
    for role in (Role.clerk, Role.reviewer, Role.approver, Role.administrator, Role.auditor):
        headers = token(book, "everybody", role)
    return {"Authorization": headers["authorization"]}


@pytest.fixture
def demo_app(app: FastAPI, book: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """Give the application on that book, with a worker beside it."""
    attach(app, book)
    with working(book, monkeypatch):
        yield app


def test_no_answer_is_a_5xx_or_undescribed(demo_app, everybody):
    found = run(demo_app, everybody, description())
    assert not found.faults, "\n".join(sorted(found.faults))
    told = {
        f"{method.upper()} {path}" for path, all_of in description()["paths"].items() for method in all_of
    }
    assert found.reached >= told


def untold_status(told: dict[str, Any]) -> None:
    """Leave the status out of the description."""
    del told["200"]


def other_shape(told: dict[str, Any]) -> None:
    """Describe a list where an object comes."""
    told["200"]["content"]["application/json"]["schema"] = {"type": "array"}


def other_kind(told: dict[str, Any]) -> None:
    """Describe a text where JSON comes."""
    told["200"]["content"] = {"text/plain": {}}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (untold_status, "status_code_conformance"),
        (other_shape, "response_schema_conformance"),
        (other_kind, "content_type_conformance"),
    ],
)
def test_an_answer_that_is_not_described_is_found(demo_app, everybody, change, check):
    changed = deepcopy(description())
    change(changed["paths"]["/api/v1/me"]["get"]["responses"])
    assert check in "\n".join(run(demo_app, everybody, changed, "/me$").faults)


def test_a_fault_of_the_program_is_found(demo_app, everybody, monkeypatch):
    monkeypatch.setattr("registry.api.me.PERMISSIONS", {})
    assert "KeyError" in "\n".join(run(demo_app, everybody, description(), "/me$").faults)
