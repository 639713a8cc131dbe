"""What is to be watched while the backend runs: alarms, and how its tables, queues and disks behave."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.facts import AnyFact, ConventionFact

_ALARM: Final = re.compile(
    r"^(?:(?:an?|eine?n?) )?(?:alerts?|alarms?|alerting|alarme?|alarmierung|warnungen)"
    r" (?:on|about|when|if|where|wenn|sobald|bei|über) \S.*$",
    re.I,
)
_TECHNICAL: Final = re.compile(
    r"\b(?:tables?|disks?|dis[ck] space|storage|memory|cpu|latenc\w*|response times?|queues?|back ?logs?|errors?"
    r"|error rates?|logs?|connections?|pools?|index(?:es)?|quer(?:y|ies)|replicas?|replication|lag|load|backups?|costs?"
    r"|throughput|database|outbox|dead letters?|tabellen?|platten?|speicher\w*|antwortzeit\w*|warteschlangen?|fehler\w*"
    r"|verbindungen|abfragen?|last|kosten|datenbank)\b",
    re.I,
)
_WATCH: Final = re.compile(
    r"^(?:please |bitte )?(?:(?:watch|monitor|observe|measure|track|check)|keep an eye on|beobachte[nt]?"
    r"|überwach(?:en?|t)|messt|im auge behalten:?) (?P<what>\S.*)$"
    r"|^(?P<was>\S.*?) (?:beobachten|überwachen|im auge behalten|messen)$",
    re.I,
)
_TO_PEOPLE: Final = re.compile(
    r"\b(?:to|for|an|für) (?:the |our |all |every |each |die |den |alle )?(?:users?|customers?|clients?|members?"
    r"|patients?|people|owners?|kunden|nutzer|benutzer|mitglieder|patienten)\b|\b(?:sms|e-?mails?|push)\b",
    re.I,
)
"""Alarms that people get are a part of the backend, and not of how it is run."""
_LONGEST: Final = 160


def read_watching(text: str, statement: str) -> list[AnyFact]:
    """Return what is to be watched, in the team's own words: only words of a design can say it."""
    bare = text.strip().rstrip(".!")
    if len(bare) > _LONGEST or _TO_PEOPLE.search(bare):
        return []
    watched = _WATCH.match(bare)
    if _ALARM.match(bare) or (watched and _TECHNICAL.search(watched["what"] or watched["was"])):
        return [ConventionFact(statement=statement, kind="monitoring", value=bare)]
    return []
