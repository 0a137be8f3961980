"""The step of a plan that a session belonged to."""

import sqlalchemy as sa
from alembic import op

revision = "v5"
down_revision = "v4"


def upgrade() -> None:
    """Add it; sessions recorded before do not carry it."""
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("plan_step", sa.Text()))
