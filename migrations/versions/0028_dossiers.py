"""Dossiers of the one-stop software, totals, letters of apology, keys to deliver with.

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "dossier_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["officer.id"], name=op.f("fk_dossier_key_created_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_key_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_dossier_key_key_hash")),
    )
    op.create_table(
        "dossier_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("checksum", sa.LargeBinary(), nullable=False, comment="SHA-256 of the file"),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.CheckConstraint("(officer_id IS NULL) <> (key_id IS NULL)", name=op.f("ck_dossier_import_by_one_of_both")),
        sa.ForeignKeyConstraint(["key_id"], ["dossier_key.id"], name=op.f("fk_dossier_import_key_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_dossier_import_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_import")),
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "finished",
                "refused",
                "stopped",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'open') = (finished_on IS NULL)", name=op.f("ck_dossier_open_is_not_finished")),
        sa.CheckConstraint("finished_on IS NULL OR finished_on >= received_on", name=op.f("ck_dossier_days_in_order")),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_dossier_field_id")),
        sa.ForeignKeyConstraint(["import_id"], ["dossier_import.id"], name=op.f("fk_dossier_import_id")),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name=op.f("fk_dossier_procedure_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
    )
    op.create_index(op.f("ix_dossier_field_id"), "dossier", ["field_id"], unique=False)
    op.create_index(op.f("ix_dossier_import_id"), "dossier", ["import_id"], unique=False)
    op.create_index(op.f("ix_dossier_procedure_id"), "dossier", ["procedure_id"], unique=False)
    op.create_index("ix_dossier_status_due_on", "dossier", ["status", "due_on"], unique=False)
    op.create_index("ix_dossier_unit_id_finished_on", "dossier", ["unit_id", "finished_on"], unique=False)
    op.create_index("ix_dossier_unit_id_received_on", "dossier", ["unit_id", "received_on"], unique=False)
    op.create_table(
        "dossier_applicant",
        sa.Column("dossier_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False, comment="personal data"),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("erase_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_applicant_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_dossier_applicant")),
    )
    op.create_index(op.f("ix_dossier_applicant_erase_on"), "dossier_applicant", ["erase_on"], unique=False)
    op.create_table(
        "dossier_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False, comment="the report the figures stand in"),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_dossier_count_days_in_order")),
        sa.CheckConstraint("on_time + late <= settled", name=op.f("ck_dossier_count_parts_of_the_whole")),
        sa.CheckConstraint(
            "received >= 0 AND settled >= 0 AND on_time >= 0 AND late >= 0", name=op.f("ck_dossier_count_not_negative")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["officer.id"], name=op.f("fk_dossier_count_entered_by")),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_dossier_count_field_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dossier_count_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_count")),
        sa.UniqueConstraint(
            "unit_id",
            "first_on",
            "last_on",
            "field_id",
            name=op.f("uq_dossier_count_unit_id_first_on_last_on_field_id"),
        ),
    )
    op.create_table(
        "apology_letter",
        sa.Column("dossier_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule_version_id", sa.Integer(), nullable=False),
        sa.Column("owed_by", sa.Date(), nullable=False, comment="the last day to send it in time"),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=60), nullable=True, comment="number of the letter"),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("signed_by", sa.LargeBinary(), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(sent_on IS NULL) = (new_due_on IS NULL)", name=op.f("ck_apology_letter_sent_names_a_new_day")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_apology_letter_counted_from_one")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_apology_letter_dossier_id")),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_apology_letter_rule_version_id")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["officer.id"], name=op.f("fk_apology_letter_sent_by")),
        sa.PrimaryKeyConstraint("dossier_id", "number", name=op.f("pk_apology_letter")),
    )
    op.create_index("ix_apology_letter_sent_on_owed_by", "apology_letter", ["sent_on", "owed_by"], unique=False)


def downgrade() -> None:
    """Take back; imported dossiers are lost and can be delivered again."""
    op.drop_index("ix_apology_letter_sent_on_owed_by", "apology_letter")
    op.drop_table("apology_letter")
    op.drop_table("dossier_count")
    op.drop_index("ix_dossier_applicant_erase_on", "dossier_applicant")
    op.drop_table("dossier_applicant")
    op.drop_index("ix_dossier_field_id", "dossier")
    op.drop_index("ix_dossier_import_id", "dossier")
    op.drop_index("ix_dossier_procedure_id", "dossier")
    op.drop_index("ix_dossier_status_due_on", "dossier")
    op.drop_index("ix_dossier_unit_id_finished_on", "dossier")
    op.drop_index("ix_dossier_unit_id_received_on", "dossier")
    op.drop_table("dossier")
    op.drop_table("dossier_import")
    op.drop_table("dossier_key")
