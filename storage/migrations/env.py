"""Alembic's entry: runs the revisions on the connection that `storage.schema_upgrade` opened."""

from alembic import context

from storage.schema_upgrade import VERSION_TABLE
from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
