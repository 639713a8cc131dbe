"""Where each audit chain ends, and slack_sdk's tables of installations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables; the heads of the chains there are, are taken as they stand."""
    _audit_heads()
    _installations()


def _audit_heads() -> None:
    op.create_table(
        "audit_head",
        sa.Column("evaluation_id", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("evaluation_id", name="pk_audit_head"),
    )
    op.execute(
        "INSERT INTO audit_head (evaluation_id, length, hash) SELECT evaluation_id, seq, hash FROM event AS last"
        " WHERE seq = (SELECT max(seq) FROM event WHERE evaluation_id = last.evaluation_id)"
    )


def _installations() -> None:
    op.create_table("slack_bot", *_installed(), sa.PrimaryKeyConstraint("id", name="pk_slack_bot"))
    op.create_index("ix_slack_bot_team_id_installed_at", "slack_bot", ["team_id", "installed_at"])
    op.create_table(
        "slack_installation",
        *_installed(),
        sa.Column("enterprise_url", sa.String(200), nullable=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("user_token", sa.Text(), nullable=True),
        sa.Column("user_scopes", sa.String(1000), nullable=True),
        sa.Column("user_refresh_token", sa.Text(), nullable=True),
        sa.Column("user_token_expires_at", sa.DateTime(), nullable=True),
        sa.Column("incoming_webhook_url", sa.Text(), nullable=True),
        sa.Column("incoming_webhook_channel", sa.String(200), nullable=True),
        sa.Column("incoming_webhook_channel_id", sa.String(200), nullable=True),
        sa.Column("incoming_webhook_configuration_url", sa.String(200), nullable=True),
        sa.Column("token_type", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_slack_installation"),
    )
    op.create_index("ix_slack_installation_team_id_installed_at", "slack_installation", ["team_id", "installed_at"])
    op.create_table(
        "slack_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_state"),
    )


def _installed() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("enterprise_name", sa.String(200), nullable=True),
        sa.Column("team_id", sa.String(32), nullable=True),
        sa.Column("team_name", sa.String(200), nullable=True),
        sa.Column("bot_token", sa.Text(), nullable=True),
        sa.Column("bot_id", sa.String(32), nullable=True),
        sa.Column("bot_user_id", sa.String(32), nullable=True),
        sa.Column("bot_scopes", sa.String(1000), nullable=True),
        sa.Column("bot_refresh_token", sa.Text(), nullable=True),
        sa.Column("bot_token_expires_at", sa.DateTime(), nullable=True),
        sa.Column("is_enterprise_install", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
    ]
