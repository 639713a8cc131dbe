"""Where the app is installed: slack_sdk's tables in our migrations, checked and upgraded as all others.

slack_sdk's stores read and write them (handlers/transport/installation.py); the columns are theirs, which a test holds.
What is kept encrypted has no length: a cipher text is longer than the 200 characters that slack_sdk gives a token.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, String, Table, Text, false, func

from storage.tables.base import metadata


def _installed() -> list[Column[Any]]:
    """The columns that both tables have; a column belongs to one table, so each gets its own."""
    return [
        Column("id", Integer, primary_key=True),
        Column("client_id", String(32), nullable=False),
        Column("app_id", String(32), nullable=False),
        Column("enterprise_id", String(32)),
        Column("enterprise_name", String(200)),
        Column("team_id", String(32)),
        Column("team_name", String(200)),
        Column("bot_token", Text),
        Column("bot_id", String(32)),
        Column("bot_user_id", String(32)),
        Column("bot_scopes", String(1000)),
        Column("bot_refresh_token", Text),
        Column("bot_token_expires_at", DateTime),
        Column("is_enterprise_install", Boolean, nullable=False, default=False, server_default=false()),
        Column("installed_at", DateTime, nullable=False, default=func.now()),
    ]


slack_bot = Table("slack_bot", metadata, *_installed(), Index(None, "team_id", "installed_at"))

slack_installation = Table(
    "slack_installation",
    metadata,
    *_installed(),
    Column("enterprise_url", String(200)),
    Column("user_id", String(32), nullable=False),
    Column("user_token", Text),
    Column("user_scopes", String(1000)),
    Column("user_refresh_token", Text),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", Text),
    Column("incoming_webhook_channel", String(200)),
    Column("incoming_webhook_channel_id", String(200)),
    Column("incoming_webhook_configuration_url", String(200)),
    Column("token_type", String(32)),
    Index(None, "team_id", "installed_at"),
)

slack_state = Table(
    "slack_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
