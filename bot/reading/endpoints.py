"""Reads endpoints in whatever order people write methods and paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.facts import FieldFact, Method, OperationFact, Stance
from bot.reading.endpoint_notes import noted
from bot.reading.tokens import Token
from bot.reading.words import NEGATIONS, READ_VERBS

_PARAMETER = re.compile(r"(?<=/):(\w+)|<(?:\w+:)?([\w-]+)>|\$\{(\w+)\}|\[(\w+)\]")
_JOINS = frozenset({",", "/", "|", "&", "and", "und", "or", "oder", "+", "sowie", "then"})
_METHOD_OF = {
    "get": "GET",
    "post": "POST",
    "put": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
    "head": "HEAD",
    "options": "OPTIONS",
}
_BASE = frozenset(
    {"path", "prefix", "basispfad", "under", "unter", "base", "präfix", "versioned", "root", "basis", "url"}
)
_CRUD: tuple[tuple[Method, str], ...] = (
    ("GET", ""),
    ("POST", ""),
    ("GET", "/{id}"),
    ("PATCH", "/{id}"),
    ("DELETE", "/{id}"),
)
_DENYING = (
    NEGATIONS
    | {"drop", "remove", "forget", "scrap", "dropped", "removed", "gone", "scratch", "entfällt", "weg", "instead"}
) - {"without", "ohne"}
_SIGNING_IN = re.compile(
    r"(?:auth|log-?in|sign-?in|account|token|registration|credential|anmeldung|konto|registrierung)"
)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Operations of a sentence, and which of its tokens they took."""

    facts: tuple[OperationFact, ...]
    used: frozenset[int]
    base_path: str = ""


def clean_path(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a path in OpenAPI's notation for parameters, and its query's names: ``/a/:id?x=1`` gives ``/a/{id}``."""
    if text.startswith("http"):
        text = "/" + text.split("//", 1)[1].partition("/")[2]
    path, _, query = text.partition("?")
    path = _PARAMETER.sub(lambda m: "{" + (m[1] or m[2] or m[3] or m[4] or "id") + "}", path)
    path = path.rstrip("*_`]") if "$" not in path else path
    names = re.findall(r"(?:^|[&;,{\[])\s*([A-Za-z_][\w.\[\]-]*?)\s*(?==|&|$|[,}\]])", query)
    return path.rstrip(".,") or "/", tuple(dict.fromkeys(n for n in names if n))


def read_endpoints(words: Sequence[Token], text: str, statement: str, last_path: str = "") -> Endpoints:
    """Read every endpoint that these tokens name. `last_path` is what "the same path" means."""
    return _Reader(words, text, statement, last_path).run()


class _Reader:
    def __init__(self, words: Sequence[Token], text: str, statement: str, last_path: str) -> None:
        self.words, self.text, self.statement = words, text, statement
        self.last_path = last_path
        self.methods: list[str] = []
        self.facts: list[OperationFact] = []
        self.used: set[int] = set()
        self.ends: list[tuple[int, int]] = []  # of each path: the number of facts before it, and the offset of its end
        self.base_path = ""
        self.denied_from = -1

    def run(self) -> Endpoints:
        n, gap = 0, False
        while n < len(self.words):
            token = self.words[n]
            method = self._method(n)
            if method:
                if gap or (self.methods and not self._joined(n)):
                    self.methods = []
                self.methods.append(method)
                self.used.add(n)
                gap = False
            elif token.kind == "path":
                n = self._path(n)
                gap = False
            elif (
                token.low in {"same", "selben", "gleichen"}
                and n + 1 < len(self.words)
                and self.words[n + 1].lemma in {"path", "url", "route", "pfad", "endpoint"}
            ):
                if self.methods and self.last_path:
                    self._emit(self.methods, self.last_path, (), n + 1)
                    self.used |= {n, n + 1}
                self.methods = []
            elif (
                token.text not in _JOINS
                and token.text not in "()`*:"
                and token.low not in {"on", "to", "auf", "an", "at", "the", "for", "für", "request", "requests"}
            ):
                gap = True
            n += 1
        return Endpoints(tuple(self._with_notes()), frozenset(self.used), self.base_path)

    def _method(self, n: int) -> str:
        token = self.words[n]
        if token.kind != "word":
            return ""
        if token.method:
            return token.text
        near = n + 1 < len(self.words) and self.words[n + 1].kind == "path"
        return _METHOD_OF.get(token.low, "") if near else ""

    def _joined(self, n: int) -> bool:
        return n > 0 and (self.words[n - 1].text in _JOINS or self.words[n - 1].method)

    def _path(self, n: int) -> int:
        """Take the path at `n` with its methods before or behind it; return the last token taken."""
        token = self.words[n]
        before = [w.low for w in self.words[max(0, n - 4) : n]]
        if not self.methods and any(b in _BASE for b in before) and not self._behind(n)[0]:
            self.base_path = clean_path(token.text)[0]
            self.used.add(n)
            return n
        path, query = clean_path(token.text)
        self.used.add(n)
        behind, last = self._behind(n)
        if "crud" in before or "crud" in [w.low for w in self.words[n + 1 : n + 3]]:
            self._crud(path, n)
            return n
        if behind and not (self.methods and self.words[n + 1].kind != "sign"):
            methods, self.methods = behind, []
        elif self.methods:
            methods, last = self.methods, n
        elif self.facts and self._continues(n):
            methods, last = [str(self.facts[-1].method)] if self.facts[-1].method else [], n
        else:
            methods, last = (
                ["GET"]
                if any(
                    w.lemma in READ_VERBS or w.lemma == "call"
                    for w in self.words[max(0, n - 8) : n]
                    if w.kind == "word"
                )
                else [],
                n,
            )
        self._emit(methods, path, query, last)
        self.methods = []
        return last

    def _continues(self, n: int) -> bool:
        """Whether only a comma or "and" stands between this path and the one before it."""
        return n >= 2 and self.words[n - 1].text in {",", "and", "und", "&", "+"} and self.words[n - 2].kind == "path"

    def _behind(self, n: int) -> tuple[list[str], int]:
        """Return the methods that stand behind the path at `n`, in brackets or after a sign, and where they end."""
        m, found = n + 1, []
        if m < len(self.words) and self.words[m].text in {"(", "[", ":", "-", "–", "—", "->", "→", "=", "|"}:
            m += 1
        elif m < len(self.words) and not (self.words[m].method and not self._path_after(m)):
            return [], n
        last = n
        while m < len(self.words):
            low = self.words[m].low
            if low in _METHOD_OF and (self.words[m].method or self.words[n + 1].text in "(["):
                found.append(_METHOD_OF[low])
                last = m
            elif self.words[m].text not in _JOINS or not found:
                break
            m += 1
        if not found or self._path_after(last):
            return [], n
        self.used |= set(range(n + 1, last + 1))
        return found, last

    def _path_after(self, n: int) -> bool:
        return n + 1 < len(self.words) and self.words[n + 1].kind == "path"

    def _emit(self, methods: Sequence[str], path: str, query: Sequence[str], at: int) -> None:
        self.last_path = path
        parameters = tuple(FieldFact(statement=self.statement, entity="", name=name) for name in query)
        stance = Stance.DENIED if self._denied(at) else Stance.STATED
        self.ends.append((len(self.facts), self.words[at].end))
        for method in methods or ("",):
            self.facts.append(
                OperationFact(
                    statement=self.statement,
                    stance=stance,
                    method=cast("Method | None", method or None),
                    path=path,
                    parameters=parameters,
                )
            )

    def _crud(self, path: str, at: int) -> None:
        self.last_path = path
        self.ends.append((len(self.facts), self.words[at].end))
        for method, tail in _CRUD:
            self.facts.append(OperationFact(statement=self.statement, method=method, path=path + tail))

    def _denied(self, at: int) -> bool:
        """Whether a negation stands before it in its clause, outside of brackets."""
        depth = 0
        behind = ""
        for token in reversed(self.words[max(0, at - 12) : at]):
            after, behind = behind, token.low
            if _SIGNING_IN.match(after) and token.low in NEGATIONS:
                continue  # "no authentication is required for GET /quays"
            depth = max(0, depth + (token.text == ")") - (token.text == "("))
            if depth:
                continue
            if token.text in {";", "."} or token.low in {
                "but",
                "aber",
                "sondern",
                "it",
                "it's",
                "now",
                "becomes",
                "read",
            }:
                return False
            if token.low in _DENYING:
                return True
        return False

    def _with_notes(self) -> list[OperationFact]:
        """Give each endpoint what stands between it and the next: a summary, who may call it, whether it is open."""
        facts = list(self.facts)
        starts = (
            [
                min(
                    (t.start for i, t in enumerate(self.words) if i in self.used and t.start >= end),
                    default=len(self.text),
                )
                for _, end in self.ends
            ]
            if len(self.ends) <= 200
            else []
        )
        for (first, end), stop in zip(self.ends, starts, strict=False):
            note = self.text[end:stop]
            last = next((f for f, _ in self.ends if f > first), len(facts))
            for n in range(first, last):
                facts[n] = noted(facts[n], note)
        return facts
