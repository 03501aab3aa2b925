"""Procedures begin and end: their first and last day, open where nobody knows it.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("procedure") as batch:
        batch.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        batch.create_check_constraint(op.f("ck_procedure_dates_in_order"), "valid_to IS NULL OR valid_to >= valid_from")


def downgrade() -> None:
    with op.batch_alter_table("procedure") as batch:
        batch.drop_constraint(op.f("ck_procedure_dates_in_order"), type_="check")
        batch.drop_column("valid_to")
        batch.drop_column("valid_from")
