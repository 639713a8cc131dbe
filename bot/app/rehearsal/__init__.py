"""A whole evaluation played over the local Slack.

Every person's part, the real Socket Mode and Web API, the real product.
"""

from bot.app.rehearsal.answers import read_answers
from bot.app.rehearsal.plan import Plan, RehearsalFailed
from bot.app.rehearsal.stage import rehearse, rehearse_together

__all__ = ["Plan", "RehearsalFailed", "read_answers", "rehearse", "rehearse_together"]
