"""Runs migrations on the connection that the application gives to Alembic."""

from alembic import context

from app.persistence.tables.every import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
