"""the book.

Why: the first whole book: plans and caps, rights and permits, returns, meters, alarms, audit.

Revision: 0001, after
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("region", "seq", name=op.f("uq_audit_entry_region_seq")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_record"), ["record"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "holder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("economic_type", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_holder_credit_code")),
    )
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holder_name"), ["name"], unique=False)

    op.create_table(
        "installation_fact",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_fact")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("input", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_kind"), ["kind"], unique=False)

    op.create_table(
        "kept_answer",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("input_hash", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "act", "key", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_at"), ["at"], unique=False)

    op.create_table(
        "mineral",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("mineral_class", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "A", "B", "C", "D", name="confidence", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mineral")),
        sa.UniqueConstraint("code", name=op.f("uq_mineral_code")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "municipality",
                "county",
                name="region_level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("letters", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name=op.f("fk_region_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "scale_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("large_from", sa.BigInteger(), nullable=True),
        sa.Column("small_below", sa.BigInteger(), nullable=True),
        sa.Column("minimum", sa.BigInteger(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "A", "B", "C", "D", name="confidence", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_line")),
    )
    op.create_table(
        "threshold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold")),
        sa.UniqueConstraint("hundredths", "valid_from", name=op.f("uq_threshold_hundredths_valid_from")),
    )
    op.create_table(
        "user_account",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_user_account")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "cap_near",
                "cap_warning",
                "cap_exceeded",
                "permit_exceeded",
                "after_expiry",
                "no_permit",
                "during_stop",
                "cap_missing",
                "plan_expired",
                "stock_over_cap",
                "renewal_due",
                "renewal_overdue",
                "return_missing",
                name="alarm_code",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "info",
                "warning",
                "critical",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "acknowledged",
                "closed",
                name="alarm_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("receded", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=True),
        sa.Column("right", sa.String(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "licensed", "output", name="meter_side", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("limit", sa.BigInteger(), nullable=True),
        sa.Column("reading", sa.BigInteger(), nullable=True),
        sa.Column("caused_by", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_alarm_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("key", name=op.f("uq_alarm_key")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarm_right"), ["right"], unique=False)

    op.create_table(
        "cap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column(
            "period",
            sa.Enum("year", "day", name="cap_period", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_cap_mineral")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_cap_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap")),
        sa.UniqueConstraint("region", "mineral", "period", name=op.f("uq_cap_region_mineral_period")),
    )
    with op.batch_alter_table("cap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cap_mineral"), ["mineral"], unique=False)

    op.create_table(
        "mineral_alias",
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_mineral_alias_mineral")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_mineral_alias")),
    )
    with op.batch_alter_table("mineral_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mineral_alias_mineral"), ["mineral"], unique=False)

    op.create_table(
        "mineral_right",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("township", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "exploration",
                "mining",
                name="right_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("mine", sa.String(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_mineral_right_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mineral_right")),
        sa.UniqueConstraint("number", name=op.f("uq_mineral_right_number")),
    )
    with op.batch_alter_table("mineral_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mineral_right_region"), ["region"], unique=False)

    op.create_table(
        "plan_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "municipality",
                "county",
                name="region_level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("amends_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "entered",
                "adopted",
                "withdrawn",
                name="plan_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("scan", sa.String(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["amends_id"], ["plan_document.id"], name=op.f("fk_plan_document_amends_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_plan_document_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_document")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_plan_document_content_hash")),
    )
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_document_region"), ["region"], unique=False)

    op.create_table(
        "restriction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column("printed_name", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "prohibited",
                "restricted",
                name="restriction_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_restriction_mineral")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_restriction_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_table(
        "scale_line_mineral",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "open_pit",
                "underground",
                "combined",
                "borehole",
                name="mining_method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["scale_line.id"], name=op.f("fk_scale_line_mineral_line_id")),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_scale_line_mineral_mineral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_line_mineral")),
        sa.UniqueConstraint("mineral", "method", name=op.f("uq_scale_line_mineral_mineral_method")),
    )
    with op.batch_alter_table("scale_line_mineral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scale_line_mineral_line_id"), ["line_id"], unique=False)

    op.create_table(
        "township",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_township_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_township")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_township_region_name")),
    )
    op.create_table(
        "user_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "clerk",
                "reviewer",
                "approver",
                "inspector",
                "municipal",
                "administrator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("region", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_user_role_region")),
        sa.ForeignKeyConstraint(["user"], ["user_account.name"], name=op.f("fk_user_role_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
        sa.UniqueConstraint("user", "role", "region", name=op.f("uq_user_role_user_role_region")),
    )
    op.create_table(
        "alarm_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alarm_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reading", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_day_alarm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_day")),
        sa.UniqueConstraint("subject", "day", name=op.f("uq_alarm_day_subject_day")),
    )
    with op.batch_alter_table("alarm_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_day_alarm_id"), ["alarm_id"], unique=False)

    op.create_table(
        "alarm_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alarm_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "raised",
                "extended",
                "receded",
                "reopened",
                "acknowledged",
                "closed",
                name="alarm_act",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("reading", sa.BigInteger(), nullable=True),
        sa.Column("caused_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_step_alarm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_step")),
    )
    with op.batch_alter_table("alarm_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_step_alarm_id"), ["alarm_id"], unique=False)

    op.create_table(
        "cap_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cap_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("printed_name", sa.String(), nullable=True),
        sa.Column("printed_value", sa.String(), nullable=True),
        sa.Column("printed_unit", sa.String(), nullable=True),
        sa.Column("limit", sa.BigInteger(), nullable=True),
        sa.Column("binding", sa.Boolean(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cap_id"], ["cap.id"], name=op.f("fk_cap_line_cap_id")),
        sa.ForeignKeyConstraint(["document_id"], ["plan_document.id"], name=op.f("fk_cap_line_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_line")),
    )
    with op.batch_alter_table("cap_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cap_line_cap_id"), ["cap_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cap_line_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            "uq_cap_line_live_from",
            ["cap_id", "valid_from"],
            unique=True,
            sqlite_where=sa.text("recorded_at IS NOT NULL AND superseded_at IS NULL"),
            postgresql_where=sa.text("recorded_at IS NOT NULL AND superseded_at IS NULL"),
        )

    op.create_table(
        "commitment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column(
            "period",
            sa.Enum("year", "day", name="cap_period", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "commitment",
            sa.Enum(
                "licensed",
                "hold",
                name="commitment_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_commitment_amount_not_negative")),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_commitment_mineral")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_commitment_region")),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_commitment_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_place", ["region", "mineral", "period"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_right_id"), ["right_id"], unique=False)

    op.create_table(
        "green_spell",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "municipal",
                "building",
                "none",
                name="green_level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_green_spell_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_spell")),
    )
    with op.batch_alter_table("green_spell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_green_spell_right_id"), ["right_id"], unique=False)

    op.create_table(
        "meter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cap_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("uncovered", sa.BigInteger(), nullable=False),
        sa.Column("returns", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cap_id"], ["cap.id"], name=op.f("fk_meter_cap_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter")),
        sa.UniqueConstraint("cap_id", "period", name=op.f("uq_meter_cap_id_period")),
    )
    op.create_table(
        "operating_spell",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "construction",
                "producing",
                "stopped",
                "closing",
                name="operating_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_operating_spell_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operating_spell")),
    )
    with op.batch_alter_table("operating_spell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operating_spell_right_id"), ["right_id"], unique=False)

    op.create_table(
        "output_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=True),
        sa.Column("lost_value", sa.String(), nullable=True),
        sa.Column("lost_unit", sa.String(), nullable=True),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column(
            "covered",
            sa.Enum(
                "full",
                "partly",
                "expired",
                "none",
                "unlicensed",
                name="covered",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("during_stop", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lost >= 0", name=op.f("ck_output_return_lost_not_negative")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_output_return_quantity_not_negative")),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_output_return_mineral")),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_output_return_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_return")),
        sa.UniqueConstraint(
            "right_id",
            "mineral",
            "period",
            "revision",
            name=op.f("uq_output_return_right_id_mineral_period_revision"),
        ),
    )
    with op.batch_alter_table("output_return", schema=None) as batch_op:
        batch_op.create_index("ix_output_return_right_year", ["right_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_output_return_year"), ["year"], unique=False)
        batch_op.create_index(
            "uq_output_return_live",
            ["right_id", "mineral", "period"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "permit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("scale", sa.BigInteger(), nullable=True),
        sa.Column("scale_value", sa.String(), nullable=True),
        sa.Column("scale_unit", sa.String(), nullable=True),
        sa.Column("max_day", sa.BigInteger(), nullable=True),
        sa.Column("max_day_value", sa.String(), nullable=True),
        sa.Column("max_day_unit", sa.String(), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "open_pit",
                "underground",
                "combined",
                "borehole",
                name="mining_method",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("authority", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_permit_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
    )
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_permit_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_permit_right_id"), ["right_id"], unique=False)

    op.create_table(
        "plan_clause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["plan_document.id"], name=op.f("fk_plan_clause_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_clause")),
        sa.UniqueConstraint("document_id", "code", name=op.f("uq_plan_clause_document_id_code")),
    )
    op.create_table(
        "plan_indicator",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column(
            "comparison",
            sa.Enum(
                "at_most",
                "at_least",
                "target",
                "planned",
                "all",
                name="comparison",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("printed", sa.String(), nullable=True),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("binding", sa.Boolean(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("baseline", sa.String(), nullable=True),
        sa.Column("baseline_year", sa.Integer(), nullable=True),
        sa.Column("clause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["plan_document.id"], name=op.f("fk_plan_indicator_document_id")
        ),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_plan_indicator_mineral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_indicator")),
    )
    with op.batch_alter_table("plan_indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_indicator_document_id"), ["document_id"], unique=False)

    op.create_table(
        "plan_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["plan_document.id"], name=op.f("fk_plan_note_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_note")),
    )
    with op.batch_alter_table("plan_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_note_document_id"), ["document_id"], unique=False)

    op.create_table(
        "plan_reserve",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column("printed_name", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("printed_value", sa.String(), nullable=False),
        sa.Column("printed_unit", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["plan_document.id"], name=op.f("fk_plan_reserve_document_id")
        ),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_plan_reserve_mineral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reserve")),
    )
    with op.batch_alter_table("plan_reserve", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_reserve_document_id"), ["document_id"], unique=False)

    op.create_table(
        "plan_zone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone_kind", sa.String(), nullable=False),
        sa.Column("minerals", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["plan_document.id"], name=op.f("fk_plan_zone_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_zone")),
    )
    with op.batch_alter_table("plan_zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_zone_document_id"), ["document_id"], unique=False)

    op.create_table(
        "planned_right",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("minerals", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["plan_document.id"], name=op.f("fk_planned_right_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_right")),
    )
    with op.batch_alter_table("planned_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_right_document_id"), ["document_id"], unique=False)

    op.create_table(
        "reserve_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "inferred",
                "indicated",
                "measured",
                "probable",
                "proved",
                name="reserve_category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("deposit", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "opening",
                "extracted",
                "lost",
                "explored",
                "reestimated",
                "transferred",
                name="reserve_move",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "mass", "volume", "count", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("cumulative_after", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_reserve_entry_mineral")),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_reserve_entry_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_entry")),
        sa.UniqueConstraint(
            "right_id",
            "mineral",
            "category",
            "seq",
            name=op.f("uq_reserve_entry_right_id_mineral_category_seq"),
        ),
    )
    op.create_table(
        "return_duty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "grain",
            sa.Enum("year", "day", name="cap_period", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_return_duty_mineral")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_return_duty_region")),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_return_duty_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_duty")),
        sa.UniqueConstraint(
            "right_id",
            "mineral",
            "period",
            "opened",
            name=op.f("uq_return_duty_right_id_mineral_period_opened"),
        ),
    )
    with op.batch_alter_table("return_duty", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_duty_open",
            ["year", "region", "mineral", "due_on"],
            unique=False,
            sqlite_where=sa.text("fulfilled_at IS NULL"),
            postgresql_where=sa.text("fulfilled_at IS NULL"),
        )
        batch_op.create_index(
            "ix_return_duty_late",
            ["year", "fulfilled_at", "due_on"],
            unique=False,
            sqlite_where=sa.text("in_time = 0 AND fulfilled_at IS NOT NULL"),
            postgresql_where=sa.text("NOT in_time AND fulfilled_at IS NOT NULL"),
        )

    op.create_table(
        "right_mineral",
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mineral", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "main",
                "associated",
                name="mineral_role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["mineral"], ["mineral.name"], name=op.f("fk_right_mineral_mineral")),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_right_mineral_right_id")),
        sa.PrimaryKeyConstraint("right_id", "mineral", name=op.f("pk_right_mineral")),
    )
    op.create_table(
        "right_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(), nullable=True),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("top_mm", sa.BigInteger(), nullable=True),
        sa.Column("bottom_mm", sa.BigInteger(), nullable=True),
        sa.Column("corners", sa.String(), nullable=True),
        sa.Column(
            "deposit_scale",
            sa.Enum(
                "large",
                "medium",
                "small",
                name="scale_class",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("density_g_m3", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("fk_right_version_holder_id")),
        sa.ForeignKeyConstraint(["right_id"], ["mineral_right.id"], name=op.f("fk_right_version_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right_version")),
        sa.UniqueConstraint("right_id", "version", name=op.f("uq_right_version_right_id_version")),
    )
    with op.batch_alter_table("right_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_right_version_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "movement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("meter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("uncovered", sa.Boolean(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("uncovered_after", sa.BigInteger(), nullable=False),
        sa.Column("returns_after", sa.BigInteger(), nullable=False),
        sa.Column("through_after", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_movement_meter_id")),
        sa.ForeignKeyConstraint(["return_id"], ["output_return.id"], name=op.f("fk_movement_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("meter_id", "seq", name=op.f("uq_movement_meter_id_seq")),
    )
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.create_index("ix_movement_meter_recorded", ["meter_id", "recorded_at", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_movement_return_id"), ["return_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_movement_return_id"))
        batch_op.drop_index("ix_movement_meter_recorded")

    op.drop_table("movement")
    with op.batch_alter_table("right_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_right_version_holder_id"))

    op.drop_table("right_version")
    op.drop_table("right_mineral")
    with op.batch_alter_table("return_duty", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_return_duty_open",
            sqlite_where=sa.text("fulfilled_at IS NULL"),
            postgresql_where=sa.text("fulfilled_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_return_duty_late",
            sqlite_where=sa.text("in_time = 0 AND fulfilled_at IS NOT NULL"),
            postgresql_where=sa.text("NOT in_time AND fulfilled_at IS NOT NULL"),
        )

    op.drop_table("return_duty")
    op.drop_table("reserve_entry")
    with op.batch_alter_table("planned_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_right_document_id"))

    op.drop_table("planned_right")
    with op.batch_alter_table("plan_zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_zone_document_id"))

    op.drop_table("plan_zone")
    with op.batch_alter_table("plan_reserve", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_reserve_document_id"))

    op.drop_table("plan_reserve")
    with op.batch_alter_table("plan_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_note_document_id"))

    op.drop_table("plan_note")
    with op.batch_alter_table("plan_indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_indicator_document_id"))

    op.drop_table("plan_indicator")
    op.drop_table("plan_clause")
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_permit_right_id"))
        batch_op.drop_index(batch_op.f("ix_permit_number"))

    op.drop_table("permit")
    with op.batch_alter_table("output_return", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_output_return_live",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_output_return_year"))
        batch_op.drop_index("ix_output_return_right_year")

    op.drop_table("output_return")
    with op.batch_alter_table("operating_spell", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operating_spell_right_id"))

    op.drop_table("operating_spell")
    op.drop_table("meter")
    with op.batch_alter_table("green_spell", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_green_spell_right_id"))

    op.drop_table("green_spell")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_right_id"))
        batch_op.drop_index("ix_commitment_place")

    op.drop_table("commitment")
    with op.batch_alter_table("cap_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cap_line_live_from",
            sqlite_where=sa.text("recorded_at IS NOT NULL AND superseded_at IS NULL"),
            postgresql_where=sa.text("recorded_at IS NOT NULL AND superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_cap_line_document_id"))
        batch_op.drop_index(batch_op.f("ix_cap_line_cap_id"))

    op.drop_table("cap_line")
    with op.batch_alter_table("alarm_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_step_alarm_id"))

    op.drop_table("alarm_step")
    with op.batch_alter_table("alarm_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_day_alarm_id"))

    op.drop_table("alarm_day")
    op.drop_table("user_role")
    op.drop_table("township")
    with op.batch_alter_table("scale_line_mineral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scale_line_mineral_line_id"))

    op.drop_table("scale_line_mineral")
    op.drop_table("restriction")
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_document_region"))

    op.drop_table("plan_document")
    with op.batch_alter_table("mineral_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mineral_right_region"))

    op.drop_table("mineral_right")
    with op.batch_alter_table("mineral_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mineral_alias_mineral"))

    op.drop_table("mineral_alias")
    with op.batch_alter_table("cap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cap_mineral"))

    op.drop_table("cap")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_right"))
        batch_op.drop_index(batch_op.f("ix_alarm_region"))

    op.drop_table("alarm")
    op.drop_table("user_account")
    op.drop_table("threshold")
    op.drop_table("scale_line")
    op.drop_table("region")
    op.drop_table("mineral")
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_answer_at"))

    op.drop_table("kept_answer")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_kind"))

    op.drop_table("job")
    op.drop_table("installation_fact")
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holder_name"))

    op.drop_table("holder")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_record"))

    op.drop_table("audit_entry")
