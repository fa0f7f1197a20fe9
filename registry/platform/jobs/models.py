"""Tables of jobs and of the workers that do them."""

import json
from datetime import datetime
from typing import Any

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import JobState
from registry.platform.columns import KEY, key, whole, word


class Job(SQLModel, table=True):
    """One piece of work: what it was given, how far it is, and what came of it."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("actor", "kind", "key"), Index("ix_job_state_id", "state", "id"))

    id: int | None = key()
    kind: str = Field(index=True)
    # What the task is given, as JSON.
    input: str
    state: JobState = word(JobState, default=JobState.queued)
    # The name of the user whose act it is, and the region of the act where it has one.
    actor: str = Field(index=True)
    region: str | None = None
    # How far the book had come when it was ordered, where its task has to know; 再办一次 leaves it.
    mark: int | None = whole(nullable=True)
    # Names the press of a button: pressed twice, it makes one job.
    key: str | None = None
    # How far it is: steps done of all steps, None while nobody knows how many.
    done: int = whole(default=0)
    total: int | None = whole(nullable=True)
    label: str | None = None
    # Who does it, and until when nobody else may; by the machine's clock, empty once it is over.
    worker: str | None = None
    leased_until: datetime | None = None
    attempts: int = whole(default=0)
    cancel_asked: bool = False
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    # What the task gave back, as JSON; or the code and facts of why it failed.
    result: str | None = None
    error_code: str | None = None
    error_facts: str | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What the task is given."""
        found: dict[str, Any] = json.loads(self.input)
        return found

    @property
    def outcome(self) -> dict[str, Any]:
        """What the task gave back; nothing before it is done."""
        found: dict[str, Any] = json.loads(self.result or "{}")
        return found

    @property
    def trouble(self) -> dict[str, Any]:
        """The facts of why it failed."""
        found: dict[str, Any] = json.loads(self.error_facts or "{}")
        return found

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state not in (JobState.queued, JobState.running)


class JobRegion(SQLModel, table=True):
    """One of the regions that a job is about; one without any is about the whole book."""

    __tablename__ = "job_region"

    job_id: int = Field(primary_key=True, foreign_key="job.id", sa_type=KEY)
    region: str = Field(primary_key=True, foreign_key="region.code")


class WorkerSeen(SQLModel, table=True):
    """A worker process, and when it last gave a sign of life; by the machine's clock."""

    __tablename__ = "worker_seen"

    name: str = Field(primary_key=True)
    started_at: datetime
    seen_at: datetime
