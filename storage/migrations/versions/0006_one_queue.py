"""Long work is enqueued in DBOS with the change that calls for it. What waits in the outbox moves there."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.errors import ConfigurationError

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Hand DBOS what nobody has handed over yet, and drop the outbox."""
    if not op.get_context().as_sql:  # there, no database is asked
        _hand_over(op.get_bind())
    op.drop_table("outbox")


def _hand_over(connection: sa.Connection) -> None:
    waiting = connection.execute(
        sa.text("SELECT key, kind, args FROM outbox WHERE ended_at IS NULL AND taken_at IS NULL ORDER BY queued_at")
    ).all()
    if not waiting:
        return
    schema = "dbos" if connection.dialect.name == "postgresql" else None
    if not sa.inspect(connection).has_table("workflow_status", schema=schema):
        raise ConfigurationError(
            problem=f"{len(waiting)} pieces of work wait that DBOS has no tables for yet",
            mend="Start the version before once more, let it end its work, and update then.",
        )
    from dbos import DBOSClient  # noqa: PLC0415 - loaded only where something waits

    client = DBOSClient(system_database_engine=connection.engine, application_name="eipas", lazy=True)
    queues = {"run": "runs", "questions": "questions"}
    for key, kind, args in waiting:
        options: Any = {
            "workflow_name": "eipas_work", "queue_name": queues.get(kind, "short"), "workflow_id": key,
            "app_version": "work-1",
        }  # fmt: skip
        client.enqueue_in_transaction(connection, options, kind, json.loads(args))
