"""What may be done without signing in, as people say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.facts import AccessFact, AnyFact, OperationFact, Stance, Verb
from bot.reading.prose.access.verbs import GENERAL, GERUNDS, VERB_OF
from bot.reading.prose.clause import Clause
from bot.reading.prose.things import plausible
from bot.reading.tokens import clauses
from bot.reading.words import ANYBODY, PUBLIC_WORDS


def public_access(clause: Clause, verbs: Sequence[int], statement: str) -> list[AnyFact]:
    """Return what anybody may do: "browsing boats is public", "anyone may read reviews without an account"."""
    kinds: list[Verb] = [
        VERB_OF.get(clause.words[n].lemma, "read")
        for n in verbs
        if clause.words[n].lemma in VERB_OF and clause.words[n].lemma not in {"log", "register"}
    ]
    kinds += [
        GERUNDS[w.low]
        for w in clause.words
        if w.low in GERUNDS and GERUNDS[w.low] not in kinds and w.low not in {"signing", "logging"}
    ]
    kinds = [k for k in kinds if k != "any"] or ["read"]
    start = next((n for n, w in enumerate(clause.words) if w.lemma in VERB_OF or w.low in GERUNDS), 0)
    stop = next(
        (
            n
            for n, w in enumerate(clause.words)
            if n > start and w.low in {"without", "ohne", "publicly", "needs", "need", "is", "are", "öffentlich"}
        ),
        len(clause.words),
    )
    things = [n for n in clause.nouns(start + 1, stop) if plausible(n) and n.name.lower() not in ANYBODY | {"open"}]
    if not things:
        things = [
            n
            for n in clause.nouns(0, stop)
            if plausible(n) and n.name.lower() not in ANYBODY | GENERAL | {"open"} and n.first > start - 1
        ]
    stance = Stance.DENIED if clause.words[0].low in {"nothing", "nichts"} else Stance.STATED
    return (
        [
            AccessFact(statement=statement, stance=stance, role="*", verbs=tuple(dict.fromkeys(kinds)), entity=t.name)
            for t in things
        ]
        or [AccessFact(statement=statement, role="*", verbs=tuple(dict.fromkeys(kinds)))]
        if clause.has(*ANYBODY) or things
        else []
    )


def open_operations(clause: Clause, operations: Sequence[OperationFact], statement: str) -> Iterator[AccessFact]:
    """Yield that operations named in a clause may be called by anybody: those of the part that says so, if it has any.

    "POST /sign-up (no login), GET /profile" opens the first alone, "GET /a, GET /b - no login" both.
    """
    low = clause.low.replace("( ", "(").replace(" )", ")")
    if not any(p in low for p in PUBLIC_WORDS):
        return
    pieces = clauses(clause.words, frozenset({",", ";"}))
    said = [
        piece
        for piece in pieces
        if any(p in " ".join(w.low for w in piece).replace("( ", "(").replace(" )", ")") for p in PUBLIC_WORDS)
    ]
    bracketed = bool(said) and all(piece[-1].text == ")" for piece in said) and len(pieces) > 1
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
