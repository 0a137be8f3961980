"""The hint in force in every attempt, and the one after which a side woke."""

import sqlalchemy as sa
from alembic import op

revision = "v4"
down_revision = "v3"


def upgrade() -> None:
    """Add them; a rebuild fills them in."""
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("woke_after_hint", sa.Text()))
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("hint", sa.Text()))
