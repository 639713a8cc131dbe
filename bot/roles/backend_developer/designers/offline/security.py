"""Sign-in, roles and laws in free text."""

from __future__ import annotations

import re

from bot.roles.backend_developer.blueprint import AuthScheme
from bot.roles.backend_developer.designers.offline.nouns import singular, snake, wordset
from bot.roles.backend_developer.designers.offline.wishes import SecurityWish

MAX_ROLES = 10
MAX_WORDS = 2
MAX_RATE = 1_000_000
DAY = 1440
"""Minutes; longer-lived access tokens are not designed."""
_SCHEMES: tuple[tuple[str, AuthScheme], ...] = (
    (r"\boidc\b|openid|\bsso\b|single sign|\bsaml\b|okta|auth0|keycloak|cognito|entra", AuthScheme.OIDC),
    (r"oauth", AuthScheme.OAUTH2),
    (r"\bjwts?\b|bearer token", AuthScheme.JWT),
    (r"\bmtls\b|mutual tls|client certificate", AuthScheme.MTLS),
    (r"api[- ]keys?\b", AuthScheme.API_KEY),
)
_FACTORS = re.compile(r"\bmfa\b|\b2fa\b|multi[- ]factor|two[- ]factor|passkeys?", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?:tokens?|sessions?)[^.;\n]{0,40}?(?:expir\w*|live|valid|last|ttl)?[^.;\n\d]{0,20}(\d{1,4})\s*(min|h)",
    re.IGNORECASE,
)
_RATE = re.compile(r"(\d[\d,]{0,8})\s*(?:requests?|calls?|req)\s*(?:/|per|a|an)\s*min", re.IGNORECASE)
_ROLES = re.compile(
    r"\broles?\b(?:\s+(?:are|named|for|like|such as|we need))?\s*(?::|-|=)?\s*([^.;\n()]+)", re.IGNORECASE
)
_KNOWN = wordset(
    "admin administrator owner manager editor viewer auditor operator member clerk customer staff support analyst "
    "developer partner agent guest moderator doctor nurse patient teacher student supervisor approver finance "
    "accountant driver dispatcher seller buyer superuser maintainer contributor reader writer"
)
_OWN = re.compile(
    r"\b(?:their|his|her|its) own\b|\bown (?:data|rows|orders|records)\b|only see|row[- ]level|\babac\b", re.IGNORECASE
)
_ENCRYPTION = re.compile(
    r"(?:[^.;\n]|\.(?=\d))*\b(?:encrypt\w*|aes|tls|tokeniz\w*|kms)\b(?:[^.;\n]|\.(?=\d))*", re.IGNORECASE
)
_LAWS = (
    (r"soc ?2", "SOC 2"),
    (r"hipaa", "HIPAA"),
    (r"gdpr", "GDPR"),
    (r"ccpa", "CCPA"),
    (r"pci", "PCI DSS"),
    (r"iso ?27001", "ISO 27001"),
)
MANAGES = wordset("admin administrator owner superuser manager supervisor")
READS = wordset("viewer auditor guest analyst reader support")


def parse_security(text: str) -> SecurityWish:
    """Return what a text asks for; where it says nothing, nothing is assumed."""
    token, rate = _TOKEN.search(text), _RATE.search(text)
    minutes = int(token[1]) * (60 if token[2].lower() == "h" else 1) if token else None
    encryption = _ENCRYPTION.search(text)
    return SecurityWish(
        scheme=next((scheme for pattern, scheme in _SCHEMES if re.search(pattern, text, re.IGNORECASE)), None),
        multi_factor=_FACTORS.search(text) is not None,
        token_minutes=minutes if minutes and 1 <= minutes <= DAY else None,
        rate_limit=_bounded(int(rate[1].replace(",", ""))) if rate else None,
        roles=parse_roles(text),
        own_rows=_OWN.search(text) is not None,
        encryption=encryption[0].strip() if encryption else "",
        laws=tuple(name for pattern, name in _LAWS if re.search(rf"\b{pattern}\b", text, re.IGNORECASE)),
    )


def parse_roles(text: str) -> tuple[str, ...]:
    """Return the roles that a text lists after the word "roles"; beyond known ones only while the list goes on."""
    found: dict[str, None] = {}
    for match in _ROLES.finditer(text):
        for piece in re.split(r",|\band\b|/|\|", match[1])[:MAX_ROLES]:
            tokens = [singular(token) for token in snake(piece).split("_") if token not in ("a", "an", "the", "role")]
            if not tokens or not tokens[0] or len(tokens) > MAX_WORDS:
                break
            if not found and tokens[-1] not in _KNOWN and "," not in match[1]:
                break
            found.setdefault("_".join(tokens), None)
    return tuple(found)[:MAX_ROLES]


def merged(wishes: tuple[SecurityWish, ...]) -> SecurityWish:
    """Return each wish from the first that has it; laws from all."""
    laws = dict.fromkeys(law for wish in wishes for law in wish.laws)
    return SecurityWish(
        scheme=next((w.scheme for w in wishes if w.scheme), None),
        multi_factor=any(w.multi_factor for w in wishes),
        token_minutes=next((w.token_minutes for w in wishes if w.token_minutes), None),
        rate_limit=next((w.rate_limit for w in wishes if w.rate_limit), None),
        roles=next((w.roles for w in wishes if w.roles), ()),
        own_rows=any(w.own_rows for w in wishes),
        encryption=next((w.encryption for w in wishes if w.encryption), ""),
        laws=tuple(laws),
    )


def _bounded(number: int) -> int | None:
    return number if 1 <= number <= MAX_RATE else None
