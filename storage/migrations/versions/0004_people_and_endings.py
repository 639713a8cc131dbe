"""Whether guests take part, who cancelled and reopened, and which notes are a guest's."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; guests took part nowhere, and who cancelled stands in the audit log alone."""
    op.add_column("evaluation", sa.Column("guests", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("evaluation", sa.Column("cancellations", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("note", sa.Column("guest", sa.Boolean(), nullable=False, server_default=sa.false()))
