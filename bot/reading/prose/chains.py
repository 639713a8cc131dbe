"""Chains of states under a head: ``squib.state: idle --arm--> armed``, ``life of a lease: offered, then signed``.

The head says whose states they are, and perhaps that they are states; the body names them in their order, by arrows of
any make (with the event on it, if it has one), by "then" and its like, or, where the head speaks of states, by commas.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from bot.domain.facts import AnyFact, EntityFact, FieldFact, StateFact, ValueType
from bot.reading.names import vocabulary
from bot.reading.prose.attributes.owners import of_genitive, owner_name
from bot.reading.prose.narrated import is_state
from bot.reading.words import FUNCTION, NEGATIONS

_Way: TypeAlias = list[tuple[tuple[str, ...], str]]
"""The places of a chain: at each the states of one of which it is, and the event that leads there."""
_LONGEST = 600
_FIELD = (
    r"(?:status(?:es|feld)?|states?|stages?|phases?|steps|life ?cycle|lifecycle|work ?flow|flow|life|progress|zustand"
    r"|zustände|stati|phasen|ablauf|lebenszyklus|lebenslauf|stationen)"
)
_NAME = r"[^\W\d][\w-]{0,40}(?: [^\W\d][\w-]{1,40}){0,2}"
_OPENS = (
    r"(?: ?(?::|=|:=)| ?[-–—]{1,2}(?= )| (?:is|are|can be|goes|go|has|have|ist|sind|geht|läuft)"
    r"(?: (?:these|the following|as follows|like this|so|folgende))?:?)(?: |$)"
)
_HEADS = (
    re.compile(rf"(?P<thing>[^\W\d]\w{{0,40}})\.(?P<field>\w{{2,30}}){_OPENS}", re.I),
    re.compile(
        rf"(?:the |possible |allowed |die |der |das |mögliche )*(?P<word>{_FIELD}) (?:of|for|von|für"
        rf"|(?P<art>einer|eines|der|des|jeder|jedes)) "
        rf"(?:an? |the |each |every |our |one |einer |eines |eine |ein |einen )?(?P<thing>{_NAME}){_OPENS}",
        re.I,
    ),
    re.compile(
        rf"(?:an? |the |each |every |our |ein |eine |jede[rs]? )?(?P<thing>{_NAME})(?: |['’]s "
        rf"|s['’] )\(?(?P<word>{_FIELD})\)?{_OPENS}",
        re.I,
    ),
    re.compile(
        rf"(?:an? |the |each |every |our |ein |eine |jede[rs]? )?(?P<thing>{_NAME}) (?:has|have|knows?|hat|haben"
        rf"|kennt|durchläuft|durchlaufen|passes(?: through)?"
        rf"|goes through|runs through|can be in|is in one of)(?: (?:exactly|only|these|the|one of|genau|nur|die"
        rf"|folgende|diese|one|two|three|four|five|six|seven|zwei|drei|vier|fünf"
        rf"|sechs|sieben|\d))* (?P<word>{_FIELD})(?::| -| –| —)? ",
        re.I,
    ),
    re.compile(
        rf"(?:an? |the |each |every |our |ein |eine |jede[rs]? )?(?P<thing>{_NAME})(?: ?:| ?=| goes?| runs?"
        rf"| moves?| passes| geht von| läuft| durchläuft) ",
        re.I,
    ),
)
_WORD_FIRST = re.compile(rf"{_FIELD}(?: ?[:=]| is| ist|:)? ", re.I)
_ARROW = r"(?:<?[-=~]{1,3}>{1,2}|[→⇒⟶➜➔➝➞➡▶►⇨»⟹↦]|\|>)\ufe0f?"
_EVENT = (
    r"(?:[-=]{1,2} ?[\[(]?(?P<event>[^\W\d][\w ]{0,30}?)[\])]? ?[-=]{1,2}>|[-=]{1,2}>? ?[|](?P<piped>[^|]{1,30})[|]>?)"
)
_LINK = re.compile(rf"\s*(?:{_EVENT}|{_ARROW})\s*", re.I)
_THEN = re.compile(
    r"\s*[,;]?\s*(?:(?:and|und) )?\b(?:then|after that|afterwards|later|next|finally|followed by|dann|danach"
    r"|anschließend|schließlich|zuletzt|zum schluss)\b,?\s+",
    re.I,
)
_BETWEEN = re.compile(r"\s*[,;|/]\s*(?:and |or |und |oder )?|\s+(?:and|or|und|oder|bzw\.?)\s+|\s*\n\s*", re.I)
_OR = re.compile(r"\s*[|/]\s*|\s+(?:or|oder|bzw\.?)\s+", re.I)
_STATE = re.compile(r"[^\W_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2}")
_IN_ORDER = re.compile(
    r"\b(?:stages?|phases?|steps|life|life ?cycle|(?:work ?)?flow|goes|runs|passes|durchläuft|durchlaufen|ablauf"
    r"|phasen|lebens\w+|stationen)\b",
    re.I,
)
_NO_STATES = vocabulary(
    "string int integer text date boolean bool decimal enum number float uuid timestamp datetime varchar json "
    "optional required"
)


def read_chains(text: str, statement: str, language: str, entity: str = "") -> list[AnyFact]:
    """Return the states of a head and a chain, with the field that holds them; nothing where a text is no chain.

    >>> [f.target for f in read_chains("squib.state: idle --arm--> armed", "s", "en") if isinstance(f, StateFact)]
    ['idle', 'armed']
    """
    said = text.strip(" .!")
    if len(said) > _LONGEST or " " not in said:
        return []
    owner, field, body, sure = _head(said, language, entity)
    if not owner:
        return []
    steps = _steps(body, arrows_only=not sure)
    if not sure and not all(_plain(s, said) for way in steps for states, _ in way for s in states):
        return []
    return _facts(owner, field, steps, statement, ordered=_ordered(said, body)) if steps else []


def _plain(state: str, said: str) -> bool:
    """Whether a state under a head that does not speak of states is one: no thing, and without an arrow by its word."""
    return not state[:1].isupper() and (bool(_LINK.search(said)) or is_state(state, sure=False))


def _ordered(said: str, body: str) -> bool:
    """Whether states come in the order in which they stand: by signs, by "then", or as stages of a life."""
    signs = _LINK.search(body) or _THEN.search(body) or re.search(r" > ", body)
    return bool(signs or _IN_ORDER.search(said[: len(said) - len(body)]))


def _head(said: str, language: str, entity: str) -> tuple[str, str, str, bool]:
    """Return whose states follow, their field if it is named, what follows, and whether the head speaks of states."""
    for n, pattern in enumerate(_HEADS):
        found = pattern.match(said)
        if found is None:
            continue
        named = found.groupdict()
        thing = of_genitive(found["thing"], named.get("art") or "")
        owner = owner_name(thing, language)
        field = named.get("field") or ""
        if not owner or re.fullmatch(_FIELD, thing, re.I):
            continue
        body = said[found.end() :]
        stated = bool(named.get("word") or re.fullmatch(_FIELD, field, re.I))
        if not stated and n == len(_HEADS) - 1 and (label := _WORD_FIRST.match(body)):
            body, stated = body[label.end() :], True
        return owner, field, body, stated
    if entity and (label := re.match(rf"(?:its |the |ihr |der |die )?{_FIELD}{_OPENS}", said, re.I)):
        body = said[label.end() :]
        return (entity, "", body, True) if _LINK.search(body) or _THEN.search(body) else ("", "", "", False)
    return "", "", "", False


def _steps(body: str, *, arrows_only: bool) -> list[_Way]:
    """Return the ways of a body."""
    ways: list[_Way] = []
    if _LINK.search(body) or (not arrows_only and re.search(r" > ", body)):
        for piece in re.split(r"[;\n]|,(?=[^,;>→]*(?:[-=]>|[→⇒⟶➜➔➝➞➡▶►⇨»⟹]| > ))", body):
            if not _LINK.search(piece) and " > " not in piece:
                continue
            way = _way(re.sub(r"(?<=\w) > (?=\w)", " -> ", piece))
            if not way:
                return []
            ways.append(way)
        return ways
    if _THEN.search(body):
        cells = [c for c in re.split(r",", _THEN.sub(",", body)) if c.strip()]
        told = [(_states(c), "") for c in cells]
        return [told] if len(told) > 1 and all(s for s, _ in told) else []
    if arrows_only:
        return []
    states = [_clean(c) for c in _BETWEEN.split(body.partition(".")[0])]
    return [[((s,), "") for s in states]] if len(states) > 1 and all(_is_state(s) for s in states) else []


def _way(piece: str) -> _Way:
    found: _Way = []
    at, event = 0, ""
    for link in [*_LINK.finditer(piece), None]:
        states = _states(piece[at : link.start() if link else len(piece)])
        if not states:
            return []
        found.append((states, event))
        if link:
            at, event = link.end(), (link["event"] or link["piped"] or "").strip()
    return found if len(found) > 1 else []


def _states(said: str) -> tuple[str, ...]:
    """Return the states of one place of a chain without remarks in brackets, none where it holds anything else."""
    bare = re.sub(r"\([^()]*\)", "", said).strip() or said.strip("() ")
    states = tuple(_clean(s) for s in _OR.split(re.sub(r",? (?:and|und) ", " or ", bare.strip("[]{}"))))
    return states if all(_is_state(s) for s in states) else ()


def _clean(said: str) -> str:
    return re.sub(
        r"^(?:(?:they|it|sie|es)(?:['’]re|['’]s| are| is| sind| ist)|either|entweder|finally|first|at first"
        r"|zuerst|erst|is|ist|from|von) ",
        "",
        said.strip(" '\"`*.‘’“”"),
        flags=re.I,
    ).strip()


def _is_state(said: str) -> bool:
    words = said.lower().split()
    if not _STATE.fullmatch(said) or len(said) > 40 or set(words) & (_NO_STATES | NEGATIONS):
        return False
    return words[0] not in FUNCTION - {"in", "on", "under", "over", "not"} and "." not in said


def _facts(owner: str, field: str, ways: list[_Way], statement: str, *, ordered: bool) -> list[AnyFact]:
    made: list[AnyFact] = [EntityFact(statement=statement, name=owner)]
    begun: set[str] = set()
    for way in ways if ordered else []:
        before: tuple[str, ...] = ()
        for states, event in way:
            for state in states:
                if before or state not in begun:
                    made.append(
                        StateFact(
                            statement=statement,
                            entity=owner,
                            field=field,
                            target=state,
                            sources=before,
                            action=event.lower(),
                        )
                    )
                begun.add(state)
            before = states
    values = tuple(dict.fromkeys(state for way in ways for states, _ in way for state in states))
    if len(values) < 2:
        return []
    return [
        *made,
        FieldFact(statement=statement, entity=owner, name=field or "status", type=ValueType.ENUM, values=values),
    ]
