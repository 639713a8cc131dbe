"""What runs checks and makes scorecards of them, whatever is checked: a role's kit brings the checks."""

from bot.evidence.postgres import PostgresServer, PostgresUnavailable
from bot.evidence.score import scorecard
from bot.evidence.sharing import SharedServer

__all__ = ["PostgresServer", "PostgresUnavailable", "SharedServer", "scorecard"]
