"""What may be done without signing in, as people say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.facts import AccessFact, AnyFact, OperationFact, Stance
from bot.reading.openly import calls_are_open, phrase_in
from bot.reading.prose.access.predicates import grantable
from bot.reading.prose.access.verbs import GENERAL, GERUNDS, OUTSIDERS, VERB_OF, participle
from bot.reading.prose.clause import Clause, Noun
from bot.reading.tokens import Token, clauses
from bot.reading.words import ANYBODY

_BE = frozenset({"is", "are", "be", "ist", "sind", "werden", "wird"})


def public_access(clause: Clause, statement: str) -> list[AnyFact]:
    """Return what anybody may do: "browsing boats is public", "anyone may read reviews without an account".

    Empty where a clause speaks neither of everybody nor of a thing.
    """
    pieces = [p for p in clauses(clause.words, frozenset({",", ";"})) if phrase_in(" ".join(w.low for w in p))]
    words = [w for piece in pieces for w in piece] if len(pieces) == 1 and _acts(pieces[0]) else list(clause.words)
    plain = replace(clause, words=tuple(_without_phrase(words)))
    doing = [w.low in GERUNDS or bool(_known(w)) for w in plain.words]
    marks = [n for n, is_verb in enumerate(doing) if is_verb and not (n and doing[n - 1])]  # "browsing *books*"
    said = [plain.words[n] for n in marks if plain.words[n].low not in {"log", "register", "open"}]
    kinds = [GERUNDS[w.low] if w.low in GERUNDS else VERB_OF[_known(w)] for w in said]
    verbs = tuple(dict.fromkeys(kind for kind in kinds if kind != "any")) or ("read",)
    spans = zip([-1, *marks], [*marks, len(plain.words)], strict=True)
    things = [n for at, to in spans for n in plain.nouns(at + 1, to) if grantable(n) and not _is_general(n)]
    stance = Stance.DENIED if clause.words[0].low in {"nothing", "nichts"} else Stance.STATED
    if not things and not clause.has(*ANYBODY):
        return []
    return [
        AccessFact(statement=statement, stance=stance, role="*", verbs=verbs, entity=thing)
        for thing in dict.fromkeys(n.name for n in things) or [""]
    ]


def _known(word: Token) -> str:
    """Return the verb of permissions that a word is a form of, "" if of none."""
    if word.kind != "word" or (word.low.endswith("ing") and word.low not in GERUNDS):
        return ""
    return word.lemma if word.lemma in VERB_OF else participle(word.low) if participle(word.low) in VERB_OF else ""


def _acts(words: Sequence[Token]) -> bool:
    """Whether a piece says by itself what is done or is open."""
    return any(_known(w) or w.low in GERUNDS or w.low in _BE for w in words)


def _without_phrase(words: Sequence[Token]) -> list[Token]:
    """Return words without those that say that no sign-in is needed."""
    said = " ".join(w.low for w in words)
    found = phrase_in(said)
    if found is None:
        return list(words)
    first = said[: found.start()].count(" ")
    last = first + found.group().strip().count(" ")
    return [w for n, w in enumerate(words) if not first <= n <= last]


def _is_general(noun: Noun) -> bool:
    low = noun.name.lower().split()
    return bool({low[0], low[-1], noun.said.lower().split()[-1]} & (ANYBODY | GENERAL | OUTSIDERS | _ASIDES))


_ASIDES = frozenset(
    {"open", "caller", "callers", "user", "users", "login", "logging", "account", "auth", "authentication"}
)


def open_operations(clause: Clause, operations: Sequence[OperationFact], statement: str) -> Iterator[AccessFact]:
    """Yield that operations named in a clause may be called by anybody: those of the part that says so, if it has any.

    "POST /sign-up (no login), GET /profile" opens the first alone, "GET /a, GET /b - no login" both.
    """
    if not calls_are_open(clause.low):
        return
    pieces = clauses(clause.words, frozenset({",", ";"}))
    said = [piece for piece in pieces if calls_are_open(" ".join(w.low for w in piece))]
    bracketed = bool(said) and all(_in_brackets(piece) for piece in said) and len(pieces) > 1
    last = any(piece is pieces[-1] for piece in said)
    if bracketed or not last or any(w.text == ";" for w in clause.words):
        paths = {w.text.rstrip("/") for piece in said for w in piece if w.kind == "path"}
        mine = [o for o in operations if any(p.split("?")[0].endswith(o.path.rstrip("/")) for p in paths)]
        operations = mine or operations
    if operations:
        for operation in operations:
            yield AccessFact(
                statement=statement, role="*", verbs=("any",), path=operation.path, method=operation.method
            )


def _in_brackets(piece: Sequence[Token]) -> bool:
    """Whether a piece says in the brackets at its end that it is open, so that it speaks of nothing before it."""
    at = next((n for n in range(len(piece) - 1, -1, -1) if piece[n].text == "("), len(piece))
    return piece[-1].text == ")" and calls_are_open(" ".join(w.low for w in piece[at:]))
