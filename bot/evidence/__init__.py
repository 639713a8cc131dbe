"""Checks that really run: what a design is judged by, and the scores that follow from it.

A `Laboratory` turns a `Subject` into checks, `scorecard` turns checks into scores, `evidence_block` writes both into a
report, and `verify` finds out whether a report still says what was measured.
"""

from bot.evidence.bench import Subject
from bot.evidence.laboratory import Laboratory
from bot.evidence.postgres import PostgresServer, PostgresUnavailable
from bot.evidence.registry import CHECKS, CheckSpec, tool_versions
from bot.evidence.score import scorecard
from bot.evidence.sharing import SharedServer
from bot.evidence.verify import evidence_block, verify

__all__ = [
    "CHECKS",
    "CheckSpec",
    "Laboratory",
    "PostgresServer",
    "PostgresUnavailable",
    "SharedServer",
    "Subject",
    "evidence_block",
    "scorecard",
    "tool_versions",
    "verify",
]
