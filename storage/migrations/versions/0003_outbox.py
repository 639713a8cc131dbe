"""Long work waits in a table of our own. What DBOS was handed before is open there, too, and taken already."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create the outbox."""
    outbox = op.create_table(
        "outbox",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
    )
    op.create_index("ix_outbox_open", "outbox", ["key"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    if not op.get_context().as_sql:  # there, no database is asked
        _take_over(op.get_bind(), outbox)


def _take_over(connection: sa.Connection, outbox: sa.Table) -> None:
    """Know the work that DBOS has under way, so that it is woken for it; the arguments it has itself."""
    schema = "dbos" if connection.dialect.name == "postgresql" else None
    if not sa.inspect(connection).has_table("workflow_status", schema=schema):
        return
    status = sa.table("workflow_status", sa.column("workflow_uuid"), sa.column("status"), schema=schema)
    begun = sa.select(status.c.workflow_uuid).where(status.c.status.in_(["ENQUEUED", "DELAYED", "PENDING"]))
    now = datetime.now(UTC)
    for key in connection.scalars(begun).all():
        kind = key.partition(":")[0]
        connection.execute(outbox.insert(), {"key": key, "kind": kind, "args": "{}", "queued_at": now, "taken_at": now})
