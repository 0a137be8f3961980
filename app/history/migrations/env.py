"""Run by Alembic on the connection of `app.history.database`; docs/history.md says how to change a table."""

from alembic import context

from app.history.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
