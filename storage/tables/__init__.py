"""The tables. A column is named as the domain's field it keeps."""

from storage.tables.base import metadata
from storage.tables.delivery import audit_head, event, inbox, machine, posted, slack_rate, surface, timer
from storage.tables.installing import slack_bot, slack_installation, slack_state
from storage.tables.people import answer, decider, evaluation, gate, involvement, note, question, vote
from storage.tables.work import content, document, inquiry, iteration, ledger, memory, recap, review, run, step, upload

__all__ = [
    "answer",
    "audit_head",
    "content",
    "decider",
    "document",
    "evaluation",
    "event",
    "gate",
    "inbox",
    "inquiry",
    "involvement",
    "iteration",
    "ledger",
    "machine",
    "memory",
    "metadata",
    "note",
    "posted",
    "question",
    "recap",
    "review",
    "run",
    "slack_bot",
    "slack_installation",
    "slack_rate",
    "slack_state",
    "step",
    "surface",
    "timer",
    "upload",
    "vote",
]
