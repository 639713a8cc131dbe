"""Entities and their relations in free text, as people and data architects write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.roles.backend_developer.designers.offline.fields import parse_fields
from bot.roles.backend_developer.designers.offline.nouns import entity_name, words, wordset
from bot.roles.backend_developer.designers.offline.wishes import AbilityWish, EntityWish, LinkWish

MAX_FOUND = 40
MAX_WORDS = 3
_NOUN = r"(?:[A-Za-z][A-Za-z-]*)(?: [A-Z][A-Za-z-]*)?"
_HAS_MANY = re.compile(
    rf"(?:\b(?:an?|each|every|one|the)\s+)?({_NOUN})\s+(?:has|have|owns?|contains?|holds?|includes?)\s+"
    rf"(?:many|multiple|several|\d+ (?:to|-|–) \d+|zero or more|one or more|any number of)\s+([^.;:()\n]+)",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"[.;\n]|,\s*(?:and\s+)?(?=(?:an?|each|every|one)\s)|\band\s+(?=(?:an?|each|every|one)\s)")
_BELONGS = re.compile(rf"({_NOUN})\s+belongs?\s+to\s+(?:an?|one|the|exactly one)?\s*({_NOUN})", re.IGNORECASE)
_HAS_ONE = re.compile(rf"({_NOUN})\s+has\s+(?:exactly\s+)?one\s+({_NOUN})", re.IGNORECASE)
_RATIO = re.compile(
    r"\s*\b(1\s*:\s*[NnMm*]|1\s*:\s*1|[NnMm]\s*:\s*[NnMm]|one[- ]to[- ]many|many[- ]to[- ]many|one[- ]to[- ]one)\b\s*"
)
_WORDS = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_LISTING = re.compile(
    r"\b(?:entities|tables|resources|models|collections|core data|objects|records)\b"
    r"[^:.\n]{0,30}(?::|\bare\b)\s*([^.;\n]+)",
    re.IGNORECASE,
)
_HEADED = re.compile(r"(?:^|[.;\n]\s*|[-*•]\s+)([A-Za-z][A-Za-z -]{1,40}?)\s*(?::|\()\s*([^.;\n]{3,400})")
_ALL_MAKE = re.compile(rf"\ball entities\s+(?:generate|emit|produce|write|log)\s+({_NOUN})", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the|each|every|one|our|all)\s+", re.IGNORECASE)
_VERBS = wordset(
    "create read list view get search update edit change delete remove cancel approve reject publish archive execute "
    "run start stop pause resume retry refund pay capture ship deliver complete close reopen assign submit schedule "
    "reschedule confirm activate deactivate suspend export import duplicate clone share invite accept decline verify "
    "send dispatch sign revoke renew restore trigger validate sync generate process lock unlock book cancel rate"
)
_NOT_THINGS = wordset(
    "role roles stack example for note security authentication authorization auth database db cache backend language "
    "framework performance latency scale availability integration integrations api apis endpoint endpoints entity "
    "entities table tables relation relations relationship relationships resource resources gdpr hipaa soc http https "
    "p95 p99 they we it that which who there this these those and or also then deployment "
    "hosting monitoring compliance encryption webhook webhooks rate limit limits throughput budget requirement "
    "requirements flow flows data answer key keys index indexes list lists page reads writes all everything none "
    "yes no not will should must can may would approve gate gates channel here mail"
)
_COMMANDS = wordset("get post put patch delete ignore select insert drop")
"""No things either, but for the beginning of a compound: a drop-off, a post-mortem."""
_COMPOUND = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)+")


def parse_entities(text: str, source: str) -> tuple[EntityWish, ...]:
    """Return the entities that a text lists ("entities: users, orders") or heads ("order: id, total")."""
    found: dict[str, EntityWish] = {}
    for match in _LISTING.finditer(text):
        for piece in re.split(r",|\band\b|/", re.sub(r"\([^)]*\)", "", match[1])):
            _keep(found, piece, source)
    for match in _HEADED.finditer(text):
        body = match[2].rstrip(")")
        if _is_thing(match[1]) and "," in body and not _verbs(body):
            _keep(found, match[1], source, body)
    return tuple(found.values())


def parse_links(text: str, source: str) -> tuple[LinkWish, ...]:
    """Return the relations that a text states: "has many", "belongs to", "User 1:N Workflows 1:N Tasks"."""
    found: list[tuple[str, str, str]] = []
    for clause in re.split(r"[.;,\n]", text):
        found += _chain(clause)
    for match in (m for statement in _STATEMENT.split(text) for m in _HAS_MANY.finditer(statement)):
        found += [(match[1], many, "many") for many in _nouns(match[2])]
    found += [(match[2], match[1], "many") for match in _BELONGS.finditer(text)]
    found += [(match[1], match[2], "one") for match in _HAS_ONE.finditer(text)]
    links: dict[tuple[str, str], LinkWish] = {}
    for one, many, kind in found[:MAX_FOUND]:
        ends = (_thing(one), _thing(many))
        if all(ends) and (ends[0] != ends[1] or kind == "many"):
            links.setdefault(ends, LinkWish(one=ends[0], many=ends[1], kind=kind, source=source))
    return tuple(links.values())


def parse_abilities(text: str, source: str) -> tuple[AbilityWish, ...]:
    """Return what is to be done with what: "Orders: create, read, cancel"."""
    found = []
    for match in _HEADED.finditer(text):
        verbs = _verbs(match[2])
        name = _thing(match[1])
        if name and verbs:
            found.append(AbilityWish(entity=name, verbs=verbs, source=source))
    return tuple(found[:MAX_FOUND])


def parse_universal(text: str) -> str:
    """Return the entity that "all entities generate", or an empty string."""
    match = _ALL_MAKE.search(text)
    return _thing(match[1]) if match else ""


def verbs_of(text: str, entities: Iterable[str]) -> tuple[AbilityWish, ...]:
    """Return verbs that stand right before a known entity: "cancel an order", "approves invoices"."""
    found: dict[str, list[str]] = {}
    by_noun = {tuple(words(name)): name for name in entities}
    tokens = [token for token in words(text) if token not in ("a", "an", "the", "their", "new", "any", "own")]
    for i, token in enumerate(tokens[:-1]):
        verb = token if token in _VERBS else token.rstrip("s") if token.rstrip("s") in _VERBS else ""
        if verb:
            following = entity_name(tokens[i + 1])
            name = by_noun.get(tuple(words(following))) if following else None
            if name and verb not in found.setdefault(name, []):
                found[name].append(verb)
    return tuple(AbilityWish(entity=name, verbs=tuple(verbs)) for name, verbs in found.items())


def _keep(found: dict[str, EntityWish], noun: str, source: str, body: str = "") -> None:
    name = _thing(noun)
    if name and len(found) < MAX_FOUND:
        fields = parse_fields(body) if body else ()
        if name not in found or (fields and not found[name].fields):
            found[name] = EntityWish(name=name, fields=fields, source=source)


def _chain(clause: str) -> list[tuple[str, str, str]]:
    parts = _RATIO.split(clause)
    found = []
    for i in range(1, len(parts) - 1, 2):
        ratio = re.sub(r"\s", "", parts[i]).lower()
        kind = "one" if ratio in ("1:1", "one-to-one", "onetoone") else "both" if ratio[0] in "nm" else "many"
        left, right = _tail(parts[i - 1]), _head(parts[i + 1])
        found.append((left, right, kind))
    return found


def _tail(text: str) -> str:
    tokens = _WORDS.findall(text)
    return " ".join(tokens[-2:]) if len(tokens) > 1 and tokens[-2][0].isupper() else " ".join(tokens[-1:])


def _head(text: str) -> str:
    tokens = _WORDS.findall(text)
    return " ".join(tokens[:2]) if len(tokens) > 1 and tokens[1][0].isupper() else " ".join(tokens[:1])


def _nouns(text: str) -> Sequence[str]:
    return [piece.strip() for piece in re.split(r",|\band\b|\bor\b", text)][:8]


def _thing(noun: str) -> str:
    bare = _ARTICLE.sub("", noun.strip())
    return entity_name(bare) if _is_thing(bare) else ""


def _is_thing(noun: str) -> bool:
    parts = words(noun)
    if set(parts) & _NOT_THINGS or set(words(_COMPOUND.sub(" ", noun))) & _COMMANDS:
        return False
    return 0 < len(parts) <= MAX_WORDS and all(len(part) > 1 for part in parts)


def _verbs(text: str) -> tuple[str, ...]:
    """Return the verbs that a list begins with, if it is a list of verbs."""
    pieces = [words(piece)[:1] for piece in re.split(r",|\band\b|/|\|", text)]
    verbs = [piece[0] for piece in pieces if piece and piece[0] in _VERBS]
    return tuple(dict.fromkeys(verbs)) if len(verbs) * 2 > len([p for p in pieces if p]) else ()
