"""Alembic's way in: runs the steps on the connection that `store.migrate` (or a test) hands over.

Everything happens in that connection's transaction: a step that fails leaves nothing behind, on SQLite too.
"""

from alembic import context

from store.tables.everything import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
    **context.config.attributes.get("options", {}),
)
with context.begin_transaction():
    context.run_migrations()
