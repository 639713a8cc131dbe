"""A whole evaluation played over the local Slack.

Every person's part, the real Socket Mode and Web API, the real product.
"""

from bot.app.rehearsal.plan import Plan, RehearsalFailed
from bot.app.rehearsal.stage import rehearse

__all__ = ["Plan", "RehearsalFailed", "rehearse"]
