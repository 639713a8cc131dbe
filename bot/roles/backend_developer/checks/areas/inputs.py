"""What callers may send: short enough to be held, wide enough for what people are called, and never code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from bot.domain.facts import FieldFact, OperationFact
from bot.reading.names import words
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Endpoint, Node
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import NAMES_OF_PEOPLE

Sent: TypeAlias = tuple[Endpoint, str, Node]
"""Where something is sent, what it is called and its schema."""

_WORDED: Final = frozenset(["title", "name", "subject", "description", "address", "town", "city", "street", "text",
                            "body", "comment", "note", "notes", "message", "email"])  # fmt: skip
_SHORTEST: Final = 10
"""Characters that a name, a town or a sentence may need at the least."""

_PLACES: Final = frozenset(["town", "city", "street", "village"])
_SENTENCES: Final = frozenset(["comment", "note", "notes", "message", "description", "text"])
_PEOPLE: Final = (("Müller",), ("O'Brien", "O’Brien"), ("Anne-Marie",), ("Łukasz",), ("José",))
"""What people are called: of each row one has to fit."""

_TOWNS: Final = (("Köln",), ("Saint-Étienne",), ("Århus",))
_SAID: Final = (("Größer als 5 – „ja“?",), ("Où? Là-bas!",))
_MAILS: Final = (("anna@example.org",), ("j.o-brien@mail.example.co.uk",), ("info@firma.de",))
_PHONES: Final = (("+493012345678", "+49 30 12345678", "030 12345678", "03012345678"),
                  ("+12125550123", "+1 212 555 0123", "212 555 0123", "2125550123", "(212) 555-0123"))  # fmt: skip
_LONGEST_LEAST: Final = 20
"""Characters that no title, name or sentence has to have at the least."""

_BESIDE: Final = ("{}", "Anna {}", "{}, Anna")
"""Some fields hold a whole name, others a part of it."""

_CODE: Final = frozenset(["sql", "plsql", "hql", "jpql", "xpath", "cypher", "eval", "exec", "shell", "bash"])
_CODE_PAIRS: Final = frozenset(
    [("where", "clause"), ("raw", "query"), ("raw", "filter"), ("raw", "where"), ("order", "clause"),
     ("having", "clause"), ("shell", "command"), ("system", "command"), ("python", "code"), ("js", "code"),
     ("python", "expression"), ("query", "fragment")]
)  # fmt: skip
_AS_IT_IS: Final = re.compile(
    r"\bin (SQL|XPath)\b|\bSQL (condition|fragment|expression|clause|statement)\b"
    r"|\b(put|pasted|inserted|concatenated) into the (query|statement|command)\b"
    r"|\b(executed|evaluated) (as it is|directly)\b",
    re.IGNORECASE,
)


def ill_bounded(bench: CheckContext) -> Iterator[str]:
    """Yield inputs that take too little of what people say, or what nobody should be able to say."""
    sent = tuple(_sent(bench))
    yield from _cramped(bench, sent)
    yield from _letters_refused(bench, sent)
    yield from _code_taken(bench, sent)


def _cramped(bench: CheckContext, sent: Sequence[Sent]) -> Iterator[str]:
    """Yield words and sentences that nobody wanted so short that they hold none, or so long."""
    said = {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact) and f.max_length}
    told = {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact) and f.min_length}
    for endpoint, name, node in sent:
        longest = node.get("maxLength")
        worded = bool(set(words(name)[-1:]) & _WORDED) and spoken(name) not in said and "enum" not in node
        if worded and isinstance(longest, int) and longest < _SHORTEST:
            yield f"{endpoint.label} {name} (takes {longest} characters)"
        least = node.get("minLength")
        if worded and isinstance(least, int) and least > _LONGEST_LEAST and spoken(name) not in told:
            yield f"{endpoint.label} {name} (takes {least} characters or more)"


def _letters_refused(bench: CheckContext, sent: Sequence[Sent]) -> Iterator[str]:
    """Yield names of people, towns and sentences whose letters a pattern refuses that nobody said."""
    said = {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact) and f.pattern}
    personal = {f.name for e in bench.blueprint.entities for f in e.fields if f.sensitive}
    for endpoint, name, node in sent:
        pattern = node.get("pattern")
        rows = _samples(name, personal=name in personal)
        if not isinstance(pattern, str) or not rows or spoken(name) in said or "enum" in node:
            continue
        refused = next((row[0] for row in rows if not any(_takes(pattern, word) for word in row)), "")
        if refused:
            yield f"{endpoint.label} {name} (refuses {refused})"


def _samples(name: str, *, personal: bool) -> tuple[tuple[str, ...], ...]:
    last = set(words(name)[-1:])
    if last & {"email", "mail"}:
        return _MAILS
    if last & {"phone", "mobile", "telephone", "telefon", "telefonnummer"}:
        return _PHONES
    if name in NAMES_OF_PEOPLE or (personal and last == {"name"}) or last & {"surname", "nachname", "vorname"}:
        return _PEOPLE
    return _TOWNS if last & _PLACES else _SAID if last & _SENTENCES else ()


def _takes(pattern: str, word: str) -> bool:
    """Whether a text fits, alone or beside another name; a pattern of another dialect is not judged."""
    try:
        fits = re.compile(pattern)
    except re.error:
        return True
    return any(fits.search(form.format(word)) for form in _BESIDE)


def _code_taken(bench: CheckContext, sent: Sequence[Sent]) -> Iterator[str]:
    """Yield texts that are run as code or put into a query, where nobody asked for such a thing."""
    asked = [f for f in bench.said.facts if isinstance(f, OperationFact)]
    said = {spoken(p.name) for f in asked for p in (*f.parameters, *f.body)}
    said |= {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact)}
    for endpoint, name, node in (*_asked(bench), *sent):
        found = words(name)
        called = set(found) & _CODE or set(pairwise(found)) & _CODE_PAIRS
        told = _AS_IT_IS.search(str(node.get("description", "")))
        if (called or told) and "boolean" not in _kinds(node) and "enum" not in node and spoken(name) not in said:
            yield f"{endpoint.label} {name} (takes code)"


def _kinds(node: Node) -> list[object]:
    kinds = node.get("type")
    return kinds if isinstance(kinds, list) else [kinds]


def _sent(bench: CheckContext) -> Iterator[Sent]:
    for endpoint in bench.document.endpoints:
        for name, node in bench.document.properties(bench.document.body(endpoint)).items():
            yield endpoint, name, bench.document.resolve(node)


def _asked(bench: CheckContext) -> Iterator[Sent]:
    for endpoint in bench.document.endpoints:
        for parameter in endpoint.parameters:
            if parameter.get("in") in ("query", "path"):
                schema = bench.document.resolve(parameter.get("schema"))
                yield (
                    endpoint,
                    str(parameter.get("name", "")),
                    {**schema, "description": parameter.get("description", "")},
                )
