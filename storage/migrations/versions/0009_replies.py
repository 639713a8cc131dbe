"""Which replies an answer is made of, and what was not taken as one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Answers name their replies; notes say whether they reach anybody; uploads say where they were given."""
    op.add_column("answer", sa.Column("messages", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("note", sa.Column("aside", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("upload", sa.Column("ts", sa.Text(), nullable=False, server_default=""))
    op.add_column("upload", sa.Column("answers", sa.Text(), nullable=False, server_default=""))
