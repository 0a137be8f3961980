"""The part of a lag's interval that is the clocks' of two units."""

import sqlalchemy as sa
from alembic import op

revision = "v2"
down_revision = "v1"


def upgrade() -> None:
    """Add it; sessions recorded before do not carry it."""
    with op.batch_alter_table("rep") as table:
        table.add_column(sa.Column("lag_clock_ms", sa.Double()))
