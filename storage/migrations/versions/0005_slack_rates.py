"""What was called of Slack lately, so that all machines of a workspace keep within its rates together."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table; it begins empty, as after a minute without a call."""
    op.create_table(
        "slack_rate",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("calls", sa.Text(), nullable=False),
        sa.Column("held_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "method", name="pk_slack_rate"),
    )
