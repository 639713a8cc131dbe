"""State changes: what a thing may become, from what, and by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.facts import AnyFact, FieldFact, Stance, StateFact, ValueType
from bot.reading.names import same_name
from bot.reading.prose.clause import Clause
from bot.reading.prose.things import plausible
from bot.reading.tokens import Token, lemma
from bot.reading.words import FUNCTION, NEGATIONS

ARROWS = frozenset({"->", "-->", "=>", "→", "⇒", "⟶", ">"})
_MOVES = frozenset(
    [
        "go",
        "move",
        "start",
        "change",
        "become",
        "progress",
        "transition",
        "wechseln",
        "gehen",
        "werden",
        "switch",
        "turn",
        "get",
    ]
)


def read_chain(words: Sequence[Token], subject: str, statement: str, field: str = "") -> list[AnyFact]:  # noqa: PLR0912
    """Read ``draft -> sent | failed -> void``: each arrow is a change from what is before it to what is behind it."""
    groups: list[list[str]] = [[]]
    depth = 0
    for token in words:
        if token.text in "([" and not groups[-1] and len(groups) > 1:
            groups[-1].append("|")  # a bracket right behind an arrow holds the states that it leads to
        elif token.text in "([":
            depth += 1
        elif token.text in ")]":
            depth = max(0, depth - 1)
        elif depth > 0 or token.text in "*.`":
            continue
        elif token.text in ARROWS:
            groups.append([])
        elif token.text in {",", ";"}:
            groups.append([",", ""])
            groups.append([])
        elif token.text in {"|", "/"} or token.low in {"or", "oder", "and", "und"}:
            groups[-1].append("|")
        elif token.kind == "word":
            groups[-1].append(token.text)
    found: list[AnyFact] = []
    before: tuple[str, ...] = ()
    for group in groups:
        if group[:1] == [","]:
            before = ()
            continue
        states = tuple(s for s in (" ".join(p.split()) for p in " ".join(group).split("|")) if s)
        if not states or any(len(s.split()) > 3 for s in states):
            before = ()
            continue
        for target in states:
            if before:
                found.append(StateFact(statement=statement, entity=subject, field=field, target=target, sources=before))
            elif not found:
                found.append(StateFact(statement=statement, entity=subject, field=field, target=target))
        before = states
    return found if any(isinstance(f, StateFact) and f.sources for f in found) else []


def read_changes(clause: Clause, statement: str, subject: str) -> list[AnyFact]:
    """Read "goes from requested to approved or refused" and "approved ones can be revoked"; `subject` is meant."""
    words = clause.words
    if listed := _listed_states(clause, statement):
        return listed
    origin = next((n for n, w in enumerate(words) if w.low in {"from", "von", "vom"}), None)
    verb = next((n for n, w in enumerate(words) if w.lemma in _MOVES or w.low in {"starts", "starting"}), None)
    if origin is not None and verb is not None and verb < origin and not _of_rows(words, origin):
        to = next(
            (n for n, w in enumerate(words) if n > origin and w.low in {"to", "into", "zu", "nach", "auf", "in"}), None
        )
        nouns = [n for n in clause.nouns(0, verb) if plausible(n)]
        if nouns and nouns[-1].name.lower() in {"status", "state", "zustand"}:
            del nouns[1:]  # "when a bike is rented its status changes": the status is that of the bike
            nouns = [n for n in nouns if n.name.lower() not in {"status", "state", "zustand"}]
        name = nouns[-1].name if nouns else subject
        if to and name:
            return _moves(words, origin, to, name, statement)
    return _can_be(clause, statement, subject) if subject or clause.has("ones") else []


def _of_rows(words: Sequence[Token], origin: int) -> bool:
    """Whether "from" leads to a row and to no state: "from one shed to another"."""
    return origin + 1 < len(words) and words[origin + 1].low in {
        "one",
        "another",
        "a",
        "an",
        "any",
        "einem",
        "einer",
        "einen",
    }


_STATE_LIST = re.compile(
    r"^(?:an?|every|each|the) ([a-z][a-z -]*?) (?:is|can be|may be) (?:always )?(?:either )?"
    r"([a-z-]+(?: [a-z]+)?(?:, [a-z-]+(?: [a-z]+)?)+,? or [a-z-]+(?: [a-z]+)?) ?[.!]?$"
)
_STATE_ADJECTIVES = frozenset(
    [
        "open",
        "new",
        "active",
        "inactive",
        "pending",
        "ready",
        "draft",
        "done",
        "live",
        "free",
        "full",
        "empty",
        "due",
        "overdue",
        "late",
        "paid",
        "unpaid",
        "sent",
        "lost",
        "held",
        "void",
        "sold",
        "broken",
        "complete",
        "incomplete",
        "public",
        "private",
        "valid",
        "invalid",
        "idle",
        "busy",
        "final",
        "gone",
        "shut",
        "met",
        "won",
        "built",
    ]
)


def _listed_states(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "a parcel is announced, collected or lost": three or more participles or adjectives of state."""
    match = _STATE_LIST.match(clause.low.replace(" ,", ","))
    if not match:
        return []
    states = [s.strip() for s in re.split(r", or |, | or ", match[2])]
    head = [s.split()[0] for s in states]
    if len(states) < 3 or not all(h.endswith("ed") or h in _STATE_ADJECTIVES or _action(h) for h in head):
        return []
    noun = clause.noun(0)
    if noun is None or not plausible(noun):
        return []
    return [StateFact(statement=statement, entity=noun.name, target=s) for s in states]


_OTHERWISE = frozenset({"on", "when", "if", "after", "once", "wenn", "bei", "nach", "sobald", "while"})


def _moves(words: Sequence[Token], origin: int, to: int, name: str, statement: str) -> list[AnyFact]:
    sources = _states(words[origin + 1 : to])
    rest = words[to + 1 :]
    found: list[AnyFact] = [StateFact(statement=statement, entity=name, target=s) for s in sources]
    before = sources
    piece: list[Token] = []
    for token in [*rest, None]:
        if (
            token is not None
            and token.low not in {"to", "then", "zu", "nach", "dann", ";"}
            and token.text not in ARROWS
        ):
            piece.append(token)
            continue
        end = next(
            (n for n, w in enumerate(piece[:-1]) if w.text == "," and piece[n + 1].low in _OTHERWISE), len(piece)
        )
        targets = _states(piece[:end])
        found += [
            StateFact(statement=statement, entity=name, target=t, sources=before, action=_action(t)) for t in targets
        ]
        before, piece = targets or before, []
    return found


def _states(words: Sequence[Token]) -> tuple[str, ...]:
    found: list[str] = []
    for token in words:
        if token.text in {";", "(", "."} or token.low in {"by", "when", "if", "which", "durch", "wenn", "but", "after"}:
            break
        if (
            token.kind == "word"
            and token.low not in FUNCTION
            and token.low not in {"either", "entweder", "finally", "a", "an", "the", "state", "status"}
        ):
            found.append(token.text)
    return tuple(dict.fromkeys(found))


def _action(state: str) -> str:
    """Return the verb of a state that is a participle: ``approved`` gives ``approve``."""
    if state.lower().endswith(("ed", "en", "nt", "ld", "id")) and (base := lemma(state.lower(), "en")) != state.lower():
        return base
    return ""


_PUT_BACK = re.compile(
    r"\b(?:puts?|sets?|moves?|brings?|sends?|takes?|turns?) (?:them|it|him|her) (?:back )?(?:to|into"
    r"|in) (?:the )?(?P<en>[a-z][\w-]*)"
    r"|\b(?:geht|gehen|setzt|stellt) (?:sie |es |ihn )?(?:dann |damit )?(?:wieder )?(?:zurück )?(?:auf|in|nach"
    r"|zu) [„\"']?(?P<de>[a-zäöü][\w-]*)"
)
"""Where a change leads that is called otherwise than its state: "can be appealed, that puts them back to assessed"."""


def _can_be(clause: Clause, statement: str, subject: str) -> list[AnyFact]:
    words = clause.words
    at = next(
        (
            n
            for n, w in enumerate(words[:-1])
            if w.low in {"can", "may", "could", "kann", "können", "cannot", "must"}
            and any(v.low in {"be", "become", "werden"} for v in words[n : n + 4])
        ),
        None,
    )
    if at is None or at == 0:
        return []
    be = next(n for n in range(at, len(words)) if words[n].low in {"be", "become", "werden"})
    targets = _states(words[be + 1 :]) if words[be].low != "werden" else _states(words[at + 1 : be])
    targets = tuple(t for t in targets[:3] if t.lower().endswith(("ed", "en", "t", "n", "d")))
    before = [
        w
        for w in words[:at]
        if w.kind == "word"
        and w.low not in FUNCTION
        and w.low not in {"ones", "the", "a", "an", "only", "once", "one"}
        and not (subject and same_name(w.text, subject))
    ]
    sources = tuple(
        w.text
        for w in before
        if w.low.endswith(("ed", "en", "id", "t")) or (words[0].low in {"a", "an"} and w is before[0])
    )
    if not targets or not sources or not _statelike(sources, targets):
        return []
    denied = any(w.low in NEGATIONS for w in words[at:be]) or words[at].low == "cannot"
    if put := _PUT_BACK.search(clause.low):
        back = put["en"] or put["de"]
        action = _action(targets[0]) or targets[0]
        return [StateFact(statement=statement, entity=subject, target=back, sources=sources, action=action)]
    return [
        StateFact(
            statement=statement,
            entity=subject,
            target=t,
            sources=sources,
            action=_action(t),
            stance=Stance.DENIED if denied else Stance.STATED,
        )
        for t in targets
    ]


def _statelike(sources: Sequence[str], targets: Sequence[str]) -> bool:
    return all(len(s) > 2 for s in (*sources, *targets)) and not {t.lower() for t in targets} & {
        "deleted",
        "changed",
        "edited",
        "read",
        "seen",
        "updated",
        "used",
        "negative",
    }


def states_as_field(facts: Sequence[AnyFact], statement: str) -> list[AnyFact]:
    """Return the field that holds the states of a chain, for whoever reads fields only."""
    names = [f for f in facts if isinstance(f, StateFact) and f.stance is Stance.STATED and f.entity]
    if not names:
        return []
    values = tuple(dict.fromkeys(s for f in names for s in (*f.sources, f.target)))
    return [
        FieldFact(
            statement=statement,
            entity=names[0].entity,
            name=names[0].field or "status",
            type=ValueType.ENUM,
            values=values,
        )
    ]
