"""Cuts a clause where its speaker turns: at "but", and where people with a verb of their own begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import AccessFact
from bot.reading.names import name_key, singular
from bot.reading.people import looks_like_people
from bot.reading.prose.access.subjects import begins_clause
from bot.reading.prose.access.verbs import VERB_OF
from bot.reading.tokens import Token
from bot.reading.words import DETERMINERS, NEGATIONS


def named(piece: Sequence[Token], granted: Sequence[AccessFact]) -> Sequence[Token]:
    """Put the role that was spoken of before in the place of "they may not …"."""
    if not granted or len(piece) < 2:
        return piece
    role = granted[-1].role
    if piece[0].low in FINITE - {"only", "nur"} or (piece[0].low in NEGATIONS and piece[0].low not in {"nobody"}):
        return [replace(piece[0], text=role, low=role.lower(), lemma=role.lower()), *piece]
    if piece[0].low not in {"they", "she", "he", "sie", "er"} or piece[1].low not in FINITE:
        return piece
    return [replace(piece[0], text=role, low=role.lower(), lemma=role.lower()), *piece[1:]]


def split_stances(words: Sequence[Token], lang: str, topic: str, roles: Sequence[str]) -> list[list[Token]]:
    """Cut a clause at ", but", ", sondern" and at commas behind which a new subject has its own modal verb."""
    found: list[list[Token]] = [[]]
    depth = 0
    for n, token in enumerate(words):
        depth += (token.text == "(") - (token.text == ")")
        cut = depth <= 0 and (
            token.low in {"but", "aber", "sondern", "however", "whereas", "while", "während"}
            and n > 1
            and words[n - 1].low not in {"everything", "all", "anything", "nothing"}
        )
        if (token.text in {",", "-", "–", "—"} and depth <= 0) or (token.low in {"and", "und"} and depth <= 0):
            cut = (
                (_own_clause(words, n + 1) and not _only_people(found[-1], roles))
                or _denies(words, n + 1)
                or (
                    topic == "security"
                    and (
                        any(w.lemma in VERB_OF or w.low in FINITE - {"only", "nur"} for w in found[-1])
                        or (lang == "de" and len(found[-1]) > 2 and begins_clause(found[-1][:12], lang, roles))
                    )
                    and begins_clause(words[n + 1 : n + 12], lang, roles)
                )
            )
        elif token.text == "." and n + 1 < len(words):
            cut = True
        if cut and (found[-1] or len(found) > 1):
            if found[-1]:
                found.append([])
            if token.kind != "word" or token.low in {"and", "und", "but", "aber", "sondern"}:
                continue
        found[-1].append(token)
    return [part for part in found if any(w.kind == "word" for w in part)]


FINITE = frozenset(
    [
        "may",
        "can",
        "must",
        "should",
        "cannot",
        "cant",
        "can't",
        "mustn't",
        "darf",
        "dürfen",
        "kann",
        "können",
        "muss",
        "müssen",
        "only",
        "nur",
    ]
)


def _only_people(words: Sequence[Token], known: Sequence[str]) -> bool:
    """Whether a stretch names people and nothing else, so that "and wardens may …" goes on with its subject."""
    named = {name_key(name) for name in known}
    pieces: list[list[str]] = [[]]
    for word in words:
        if word.low in {"and", "or", ",", "und", "oder", "sowie", "&"}:
            pieces.append([])
        elif word.low not in DETERMINERS | {"only", "nur", "both", "just"}:
            if word.low in FINITE or (
                pieces[-1] and (word.lemma in VERB_OF or singular(pieces[-1][-1]) != pieces[-1][-1])
            ):
                return False
            pieces[-1].append(word.text)
    said = [" ".join(piece) for piece in pieces if piece]
    return bool(said) and all(
        len(one.split()) <= 1 or (len(one.split()) <= 3 and (looks_like_people(one) or name_key(one) in named))
        for one in said
    )


def _denies(words: Sequence[Token], at: int) -> bool:
    """Whether "and" leads to a denial of the same subject: "…, and may not cancel bookings"."""
    verb = words[at : at + 2]
    return len(verb) == 2 and (
        verb[0].low in {"cannot", "cant", "can't", "mustn't"}
        or (verb[0].low in FINITE - {"only", "nur"} and verb[1].low in {"not", "never", "nicht", "nie"})
    )


def _own_clause(words: Sequence[Token], at: int) -> bool:
    """Whether a clause of its own begins: a subject of up to three words, then a modal verb, "only" or "has"."""
    for n in range(at, min(at + 5, len(words))):
        if words[n].text in {",", ";", "(", ")"} or words[n].kind == "path":
            return False
        if n > at and words[n].low in {"that", "which", "who"}:
            return False
        if n > at and (
            words[n].low in FINITE
            or (
                words[n].lemma in {"belong", "have"}
                and words[n].low not in {"having"}
                and words[at].low not in {"which", "that"}
            )
        ):
            return True
        if words[n].low in {"and", "und", "or", "oder"}:
            return False
    return False
