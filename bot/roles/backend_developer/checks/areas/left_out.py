"""Parameters that leave rows out of a list unless callers say otherwise: who does not know them misses rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Blueprint, EntityField, Operation
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import path_key, spoken
from bot.roles.backend_developer.checks.names import happens_later

_SHOWING: Final = frozenset(["include", "includes", "including", "with", "show", "also", "all"])
_HIDING: Final = frozenset(["exclude", "hide", "without", "skip", "omit", "only"])
_EXTRAS: Final = frozenset(
    ["total", "totals", "count", "counts", "meta", "metadata", "link", "links", "detail", "details", "relations",
     "deleted", "child", "children", "item", "items", "summary", "stats", "statistics", "facet", "facets", "history",
     "nested", "related", "permissions", "schema", "body", "content", "text", "html", "tax", "taxes", "vat"]
)  # fmt: skip
"""What an answer has more of for the asking, without a row less where nobody asks."""

_FORMS: Final = frozenset(
    ["limit", "page", "size", "cursor", "offset", "after", "before", "sort", "order", "direction", "fields", "field",
     "expand", "embed", "lang", "language", "locale", "format", "currency", "timezone", "tz", "unit", "units", "view",
     "version", "pretty", "per", "by", "group", "interval", "granularity", "resolution", "radius", "depth", "weight"]
)  # fmt: skip
"""Words of parameters whose default says how an answer looks, and not which rows there are."""

_TOLD: Final = re.compile(
    r"\b(left|leaves|leave) out\b|\b(hidden|hides|omitted|omits|excluded|excludes)\b|\bnot (shown|listed|returned)\b",
    re.IGNORECASE,
)
_LISTS: Final = frozenset({"list", "query"})


def left_out_now(old: Blueprint, new: Blueprint) -> Iterator[tuple[frozenset[str], str]]:
    """Yield lists of both iterations that leave out rows by a parameter that is new, or by its new default."""
    before = {(op.method, path_key(op.path)): op for op in old.operations}
    for op in new.operations:
        was = before.get((op.method, path_key(op.path)))
        had = {f.name: f for f in was.parameters} if was is not None else {}
        for field in op.parameters if was is not None and op.kind in _LISTS else ():
            known = had.get(field.name)
            if (known is None or known.default != field.default) and _hides(new, op, field):
                about = frozenset(spoken(word) for word in words(field.name) if word not in _SHOWING | _HIDING)
                yield about, f"{op.method} {op.path} leaves out rows by {field.name}"


def left_out_unasked(bench: CheckContext) -> Iterator[str]:
    """Yield lists that people asked for and that leave out rows by a parameter that nobody said."""
    for op in bench.blueprint.operations:
        facts = bench.asked(op.id)
        said = {spoken(f.name) for fact in facts for f in fact.parameters}
        for field in op.parameters if facts and op.kind in _LISTS else ():
            if spoken(field.name) not in said and _hides(bench.blueprint, op, field):
                yield f"{op.method} {op.path} (leaves out rows by {field.name})"


def _hides(plan: Blueprint, op: Operation, field: EntityField) -> bool:
    """Whether who does not send a parameter is given fewer rows than there are."""
    found = [word.casefold() for word in words(field.name)]
    on, rest = str(field.default).casefold() == "true", set(found) - _SHOWING - _HIDING
    shown = {word for f in op.response for word in words(f.name)}
    if not rest or rest & _EXTRAS or rest & shown or rest & _names(plan):
        return False
    if field.type == "boolean":
        told = bool(_TOLD.search(field.description))
        showing = bool(set(found) & _SHOWING) and not on
        hiding = bool(set(found) & _HIDING) and on
        plain = not set(found) & (_SHOWING | _HIDING) and field.default is not None
        return showing or hiding or told or (plain and (on or _ends(plan, op, found[-1])))
    return field.default is not None and not set(found) & _FORMS


def _names(plan: Blueprint) -> set[str]:
    """Return words by which an answer embeds what a row points at."""
    names = [name for e in plan.entities for name in (e.name, e.plural)] + [r.name for r in plan.relations]
    return {word.casefold() for name in names for word in words(name)}


def _ends(plan: Blueprint, op: Operation, word: str) -> bool:
    """Whether a word is a state of the rows that are listed, or what happens to them later."""
    fields = next((e.fields for e in plan.entities if e.name == op.entity), ())
    states = {member.casefold() for f in fields for member in f.values}
    return word in states | {happens_later(f.name) for f in fields}
