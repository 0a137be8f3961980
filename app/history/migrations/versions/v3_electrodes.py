"""The electrodes of a session."""

import sqlalchemy as sa
from alembic import op

revision = "v3"
down_revision = "v2"


def upgrade() -> None:
    """Add them; a rebuild fills them in."""
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("electrode", sa.Text()))
