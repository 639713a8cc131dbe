"""Slack's Block Kit as pydantic models, and the verdicts that Slack gives on blocks and views."""

from bot.devtools.local_slack.blockkit.check import BlocksRefused, check_blocks, check_view

__all__ = ["BlocksRefused", "check_blocks", "check_view"]
