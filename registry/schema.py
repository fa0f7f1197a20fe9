"""Every table of the registry in one metadata, for migrations and their drift check."""

from sqlmodel import SQLModel

import registry.alarms.models
import registry.caps.models
import registry.documents.models
import registry.greenmine.models
import registry.identity.models
import registry.minerals.models
import registry.output.models
import registry.parties.models
import registry.plans.models
import registry.platform.audit
import registry.platform.facts
import registry.platform.idempotency
import registry.platform.jobs
import registry.regions.models
import registry.reserves.models
import registry.rights.models  # noqa: F401

metadata = SQLModel.metadata
