"""How a backend is cut, one service or many, and which standards it follows, as people say it in a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.facts import AnyFact, ConventionFact
from bot.reading.prose.clause import stance
from bot.reading.tokens import Token

_CUT: Final = re.compile(
    r"\b(?:(?:modular(?:er|en)?|majestic|single|one) )?monolith(?:ic|en)?\b|\bmicro-?services?\b|\bserverless\b"
    r"|\b(?:one|a single|ein|ein einziger|just one) (?:deployable|service|dienst)\b"
    r"|^(?:single|layered|two-tier|three-tier|n-tier|hexagonal|event-driven) "
    r"(?:service|architecture|app(?:lication)?|backend|design)\b",
    re.IGNORECASE,
)
_BOUNDARY: Final = re.compile(
    r"^(?:an? |the |transactional |transaktionale |ein(?:e|en)? )*(?P<what>outbox|ports(?: and adapters)?|adapters?)\b"
    r"(?= (?:for|to|of|between|instead of|für|zu|statt)\b)",
    re.IGNORECASE,
)
"""Where the backend meets others: "Outbox for carriers", "Ports for carriers and payments exist"."""
_STANDARD: Final = re.compile(
    r"\b(?:OWASP(?: ASVS)?|WCAG|PSD ?2|ISO ?\d{4,5}|SOC ?2|HIPAA|GDPR|DSGVO|PCI[- ]DSS|NIS ?2|eIDAS|FIPS|BSI)\b"
)
_ASIDE: Final = re.compile(r"\([^()]*\)")
_LONGEST: Final = 10
_SHORT: Final = 4
"""A standard's name and its level or version: more words ask for something of their own."""


def read_architecture(text: str, words: Sequence[Token], statement: str) -> list[AnyFact]:
    """Return how the backend is to be cut or what it complies with, where a short sentence says nothing else."""
    standard = _STANDARD.search(text)
    if standard is not None and len(_ASIDE.sub("", text).split()) <= _SHORT:
        return [ConventionFact(statement=statement, stance=stance(words), kind="compliance", value=standard[0])]
    met = _BOUNDARY.match(text)
    if met is not None and len(words) <= _LONGEST:
        value = met["what"].lower()
        return [ConventionFact(statement=statement, stance=stance(words[:1]), kind="architecture", value=value)]
    found = _CUT.search(text)
    if found is None or len(words) > _LONGEST:
        return []
    return [ConventionFact(statement=statement, stance=stance(words), kind="architecture", value=found[0].lower())]
