"""Words, numbers, paths and signs of a text with their offsets, and its units: items and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import simplemma

from bot.reading.words import ABBREVIATIONS, ENGLISH, GERMAN, VERB_FORMS

Kind: TypeAlias = Literal["word", "number", "path", "sign"]

_TOKEN = re.compile(
    r"(?P<path>(?<![\w/.:}])(?:https?://[^\s/,;]{1,200})?/(?=[\w{:<$*@~])[^\s,;()\"'`|]*)"
    r"|(?P<number>\d[\d.,]*\d|\d)"
    r"|(?P<word>\$?[^\W\d_](?:\w|[.'’&+#-](?=\w)|\+\+|#(?!\w))*|_\w+)"
    r"|(?P<sign><?[-=]{1,3}>|<-+|[→⇒↔⟶]|>=|<=|≥|≤|[:*](?=\w)|\.{2,3}|…|[^\w\s])"
)
_SPACES = re.compile(r"\s+")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
LONGEST_SENTENCE = 6000
"""Characters up to which a sentence is read; nobody writes a longer one, and it would cost time."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text; `low` is it in lower case and `lemma` its dictionary form, `start` and `end` its offsets."""

    text: str
    low: str
    lemma: str
    start: int
    end: int
    kind: Kind

    @property
    def method(self) -> bool:
        """Whether it is an HTTP method in capitals."""
        return self.text in _METHODS


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or item: offsets into its segment's text, and the line above it that it hangs on (``invoice:``)."""

    start: int
    end: int
    lead: str = ""
    item: bool = False


@lru_cache(maxsize=20_000)
def lemma(word: str, language: str) -> str:
    """Return a lower-case word's dictionary form in ``en`` or ``de``; the word itself where none is known."""
    if word in VERB_FORMS:
        return VERB_FORMS[word]
    if len(word) > 30 or not word.isalpha():
        return word
    if language == "de":
        return simplemma.lemmatize(word, lang="de").lower()
    return simplemma.lemmatize(word, lang="en").lower() if language == "en" else word


def language(text: str) -> str:
    """Return ``en`` or ``de`` by the commonest little words, or "" for a text in another script."""
    sample = text[:2000]
    letters = sum(c.isalpha() for c in sample)
    if letters and sum(c.isalpha() and ord(c) > 0x24F for c in sample) * 3 > letters:
        return ""
    words = re.findall(r"[^\W\d_]+", sample.lower())
    german = sum(w in GERMAN for w in words) + sum(c in "äöüß" for c in sample.lower())
    english = sum(w in ENGLISH for w in words)
    return "de" if german > english else "en"


def tokens(text: str, lang: str = "en") -> list[Token]:
    """Return the tokens of a text; marks of emphasis and code are none."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, said, start = match.lastgroup or "sign", match.group(), match.start()
        if kind == "sign" and said in "`*_~" and said != "*":
            continue
        if kind == "path":
            said = said.rstrip(".:!…") if not said.endswith(("...", "..")) else said.rstrip(".:!")
            while said.endswith((">", "*", "]")) and said.count("<") < said.count(">") + said.count("*") + said.count(
                "]"
            ):
                said = said[:-1]
        low = said.lower()
        form = lemma(low.replace("’", "'").removesuffix("'s"), lang) if kind == "word" else low
        found.append(Token(said, low, form, start, start + len(said), kind))  # type: ignore[arg-type]
    return found


_FACES = (
    r"\u2600-\u2604\u2607-\u263f\u2708\u2764\U0001f300-\U0001f4cf\U0001f600-\U0001f64f\U0001f680-\U0001f6aa"
    r"\U0001f90c-\U0001f9ff"
)
_END = re.compile(rf"[.!?]+[\"')\]*_`]*(?=\s|$)|\n|(?<=[\w)] )[{_FACES}]\ufe0f?(?=\s+[^\W\d])")
"""Where a sentence may end: at its sign, or at a picture of a mood that stands before another one."""
_BULLET = re.compile(r"[ \t]*(?:[-*+•◦▪‣·–—]|\*{2,4}|-{2,4}|\d{1,4}[.)]|[a-z]\)|[a-h]\.)\s+(?:\[[ xX]\]\s+)?")
_ARROW_HEAD = re.compile(r"[`*]*[^\W\d][\w' /-]{0,40}[`*]* ?(?:->|→|=>|⇒|:=|=) ?\S")
_HEAD = re.compile(r"[\w`*'\"{/ .-]{1,60}[:(]")


def units(text: str) -> list[Unit]:
    """Cut a segment's text into its items and sentences; together they hold everything but white space."""
    found: list[Unit] = []
    stack: list[tuple[int, str]] = []
    for start, end in _logical_lines(text):
        line = text[start:end]
        indent = margin = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        mark = _BULLET.match(line)
        indent += len(mark[0].strip()) - 1 if mark and mark[0].strip()[:2] in {"**", "--"} else 0
        lead = stack[-1][1] if stack else ""
        body = start + mark.end() if mark else start + indent
        for at, stop in _sentences(text, body, end):
            found.append(Unit(start + margin if mark and at == body else at, stop, lead, bool(mark)))
        if line.rstrip().endswith(":") or mark:
            stack.append((indent, text[body:end].strip().rstrip(":").strip(" *_`")))
    return found


def _logical_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield lines, those joined that only a line's width broke."""
    at, start, before = 0, 0, ""
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        joins = (
            before
            and bare
            and len(before) > 50
            and not before.endswith((".", "!", "?", ":", ";"))
            and not _BULLET.match(line)
            and not _ARROW_HEAD.match(bare)
            and not (_HEAD.match(bare) and ("(" not in bare[:60] or " " not in bare[: bare.find("(")]))
            and (bare[0].islower() or before.endswith(",") or bare[0].isdigit())
        )
        if not joins:
            if text[start:at].strip():
                yield start, at
            start = at
        at += len(line)
        before = bare
    if text[start:at].strip():
        yield start, at


_FEWEST_BEFORE_A_PICTURE = 4
"""Blanks before a picture that ends a sentence; behind fewer words it may be the bullet or sign of what follows."""


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    depth, seen = 0, start
    for match in _END.finditer(text, start, end):
        if match.group() == "\n":
            continue
        depth = max(0, depth + text.count("(", seen, match.start()) - text.count(")", seen, match.end()))
        seen = match.end()
        word = text[max(at, match.start() - 12) : match.start()].rsplit(maxsplit=1)
        last = word[-1].lower().lstrip("(") if word else ""
        if match.group().startswith(".") and (
            last in ABBREVIATIONS
            or (
                len(last) == 1
                and last.isalpha()
                and match.end() < end
                and text[match.end() : match.end() + 2].strip()[:1].islower()
            )
        ):
            continue
        if match.group()[0] > "\u2000" and (depth or text.count(" ", at, match.start()) < _FEWEST_BEFORE_A_PICTURE):
            continue
        if match.group().startswith("..") or (depth and match.end() < end and match.end() - at < 400):
            continue
        yield from _trimmed(text, at, match.end())
        at = match.end()
        depth = 0
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        begin = start + len(piece) - len(piece.lstrip())
        yield begin, begin + len(inner)


def clauses(words: Sequence[Token], marks: frozenset[str] = frozenset({";"})) -> list[list[Token]]:
    """Cut tokens at signs of `marks` that stand outside brackets."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in words:
        if token.text in "([":
            depth += 1
        elif token.text in ")]":
            depth = max(0, depth - 1)
        if not depth and token.text in marks:
            found.append([])
        else:
            found[-1].append(token)
    return [part for part in found if part]


def squeezed(text: str) -> str:
    """Return a text with its white space squeezed and marks of emphasis and code taken off."""
    return _SPACES.sub(" ", text.replace("`", "").replace("**", "")).strip(" *_")
