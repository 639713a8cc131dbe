"""What was understood before the go, and what people corrected in it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table of recaps; notes say whether they are corrections, and of which statement."""
    op.add_column("note", sa.Column("correction", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("note", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "recap",
        sa.Column("evaluation_id", sa.Text(), nullable=False),
        sa.Column("iteration", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recap", sa.Text()),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name="fk_recap_evaluation_id"),
        sa.PrimaryKeyConstraint("evaluation_id", "iteration", name="pk_recap"),
    )
