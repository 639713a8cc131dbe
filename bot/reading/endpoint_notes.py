"""What stands behind an endpoint in a list: what it does, who may call it, whether it is open to all."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.facts import OperationFact
from bot.reading.names import singular
from bot.reading.openly import phrase_in
from bot.reading.people import looks_like_people
from bot.reading.tokens import squeezed

_PUBLIC_NOTE = frozenset(
    {
        "public",
        "no auth",
        "open",
        "öffentlich",
        "anonymous",
        "unauthenticated",
        "no login",
        "auth optional",
        "auth: none",
        "without auth",
        "public endpoint",
        "open to all",
        "anyone",
        "everyone",
        "everybody",
        "anybody",
        "jeder",
        "alle",
        "ohne anmeldung",
    }
)
_ONLY = re.compile(
    r"^(?:only\s+(?:for\s+|by\s+)?)?([A-Za-zÄÖÜäöüß_ /,-]{2,40}?)\s+only$|^(?:only|nur)\s+(?:for\s+|"
    r"für\s+|by\s+)?(?:the\s+)?([A-Za-zÄÖÜäöüß_ -]{2,30})$"
)
_SUMMARY_MARK = re.compile(r"^\s*(?:[-–—:]+|=>|->|→|#)\s*")


def _are_callers(said: str, path: str) -> bool:
    """Whether what stands behind "POST /quays:" names people, and not what the call is about."""
    parts = [part.strip() for part in re.split(r"[,/]| and | und |&", said)]
    about = {singular(piece).lower() for piece in path.split("/")}
    return bool(said) and all(
        part and len(part.split()) <= 3 and looks_like_people(part) and singular(part).lower() not in about
        for part in parts
    )


def noted(fact: OperationFact, note: str) -> OperationFact:
    """Return an operation with what stands behind it: a summary, who may call it, whether it is open."""
    bare = squeezed(note).strip(" ,;.`")
    fact = _in_brackets(fact, bare)
    low = bare.lower()
    words = _SUMMARY_MARK.sub("", bare).strip()
    if phrase_in(low) or words.lower() in _PUBLIC_NOTE:
        fact = replace(fact, public=True)
    elif squeezed(note).lstrip(" `").startswith(":") and _are_callers(words, fact.path) and not fact.roles:
        return replace(fact, roles=tuple(singular(r.strip()) for r in re.split(r"[,/]| and | und |&", words)))
    elif (only := _ONLY.match(words)) and not fact.roles:
        said = re.split(r"[,/]| and | und ", only[1] or only[2])
        return replace(fact, roles=tuple(singular(r.strip()) for r in said))
    if words and not re.fullmatch(r"(?:and|und|,|;|or|\W)+", words.lower()):
        fact = replace(fact, summary=re.sub(r"\s*(?:,|;| and| und)$", "", words)[:200])
        if re.search(r"\bupsert", low):
            fact = replace(fact, idempotent=True)
    return fact


def _in_brackets(fact: OperationFact, bare: str) -> OperationFact:
    for inner in re.findall(r"[(\[]([^()\[\]]{2,60})[)\]]", bare):
        low = inner.lower().strip()
        if low in _PUBLIC_NOTE:
            fact = replace(fact, public=True)
        elif only := _ONLY.match(inner.strip()):
            fact = replace(fact, roles=tuple(r.strip() for r in re.split(r"[,/]| and | und ", only[1] or only[2])))
        elif all(looks_like_people(part) for part in re.split(r"[,/]| and | und |&", low) if part.strip()):
            fact = replace(fact, roles=tuple(p.strip() for p in re.split(r"[,/]| and | und |&", inner) if p.strip()))
        elif "async" in low or "202" in low or "background" in low:
            fact = replace(fact, asynchronous=True)
        elif "paginated" in low or "paged" in low or "seitenweise" in low:
            fact = replace(fact, paginated=True)
        elif "idempotent" in low:
            fact = replace(fact, idempotent=True)
        elif "deprecated" in low:
            fact = replace(fact, deprecated=True)
    return fact
