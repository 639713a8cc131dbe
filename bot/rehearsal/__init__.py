"""A whole evaluation played over the local Slack.

Every person's part, the real Socket Mode and Web API, the real product.
"""

from bot.rehearsal.play import Plan, RehearsalFailed, rehearse

__all__ = ["Plan", "RehearsalFailed", "rehearse"]
