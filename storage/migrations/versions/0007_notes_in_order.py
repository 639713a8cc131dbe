"""A thread's newest notes, and whether a message is one, without reading all of them."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Put two indexes in the place of one."""
    op.create_index("ix_note_evaluation_id_at_id", "note", ["evaluation_id", "at", "id"])
    op.create_index("ix_note_evaluation_id_ts", "note", ["evaluation_id", "ts"])
    op.drop_index("ix_note_evaluation_id", "note")
