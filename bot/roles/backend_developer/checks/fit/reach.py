"""By which ways a refused right can be had all the same: what removes, shows or copies a thing under other names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.rendered import Rendered, path_key, resource, resources, spoken

_REMOVING: Final = frozenset(
    ["delete", "remove", "erase", "purge", "destroy", "discard", "wipe", "expunge", "loeschen", "löschen", "entfernen"]
)
_CARRYING: Final = frozenset(
    ["export", "exports", "download", "downloads", "dump", "extract", "print", "backup", "csv", "pdf", "xlsx", "excel",
     "report", "reports", "share", "statement", "statements", "exportieren", "herunterladen"]
)  # fmt: skip
_ONESELF: Final = frozenset(["me", "my", "mine", "self", "own"])
_COMMON: Final = frozenset(
    ["id", "created_at", "updated_at", "deleted_at", "name", "title", "label", "code", "status", "state", "type",
     "kind", "description", "note", "notes", "currency", "position", "active"]
)  # fmt: skip
"""Properties that many things have: an answer that shares only these with a thing does not tell it."""

_DONE: Final = re.compile(r"(?:^|_)([a-z]+ed|paid|sent|done|met|won|lost|drawn|taken|given|held)_(?:at|on)$")
"""A moment's name that says what was done to a thing: ``paid_on``."""

_TELLING: Final = 2
"""So many properties of a thing, and half of its own ones, tell it."""


def removing(entity: str, made: Rendered) -> list[Endpoint]:
    """Return what removes a thing without DELETE: ``POST /parcels/{id}/discard``, but not ``…/remove-label``."""
    return [e for e in made.about(entity, acting=True) if e.method == "POST" and _removes(e.path, entity)]


def _removes(path: str, entity: str) -> bool:
    last = words(path.rstrip("/").rsplit("/", 1)[-1])
    rest = spoken("_".join(last[1:]))
    return bool(last) and last[0].casefold() in _REMOVING and rest in ("", spoken(entity))


def removing_above(entity: str, made: Rendered) -> list[Endpoint]:
    """Return what deletes that on which a thing hangs, so that the database deletes the thing with it."""
    table = made.meant(entity)
    above, waiting = {}, [table] if table is not None else []
    while waiting:
        one = waiting.pop()
        for key in one.constraints:
            target = made.catalogue.tables.get(key.target) if key.kind == "f" else None
            if target is not None and "ON DELETE CASCADE" in key.definition and target.name not in above:
                above[target.name] = target
                waiting.append(target)
    return [
        e for name in above for e in (*made.about(name, acting=False), *removing(name, made))
        if e.method == "DELETE" or e in removing(name, made)
    ]  # fmt: skip


def _carries_off(endpoint: Endpoint) -> bool:
    """Whether it makes a file of what its path is about: ``POST /invoices/export``."""
    last = words(endpoint.path.rstrip("/").rsplit("/", 1)[-1])
    return bool({word.casefold() for word in last} & _CARRYING)


def _tells(endpoint: Endpoint, entity: str, made: Rendered) -> bool:
    """Whether it changes a thing and answers with it: who may not read it would see what others wrote."""
    schema = made.schema(entity)
    return bool(endpoint.writes and endpoint.path_parameters and schema and made.document.result(endpoint) is schema)


def showing(entity: str, made: Rendered) -> list[Endpoint]:
    """Return what answers with a thing: its schema, alone or within another, its own properties copied, or a file."""
    found = made.answering(entity)
    about = made.about(entity, acting=True)
    found += [e for e in about if (_carries_off(e) or _tells(e, entity, made)) and e not in found]
    return found + [
        e for e in made.document.endpoints if e not in found and (_holds(e, entity, made) or _copies(e, entity, made))
    ]


def _holds(endpoint: Endpoint, entity: str, made: Rendered) -> bool:
    schema = made.schema(entity)
    if schema is None or endpoint.writes:
        return False
    return any(node is schema for place, node in made.document.walk(made.document.result(endpoint)) if place)


def _copies(endpoint: Endpoint, entity: str, made: Rendered) -> bool:
    document, schema = made.document, made.schema(entity)
    node = document.items(endpoint) or document.result(endpoint)
    if schema is None or any(node is known for known in document.schemas.values()):
        return False
    shown = set(document.properties(node))
    own = _proper(made, entity)
    hits = own & shown
    if len(hits) < _TELLING or 2 * len(hits) < len(own):
        return False
    return not any(len(_proper(made, other) & shown) >= len(hits) for other in _others(entity, made))


def _proper(made: Rendered, entity: str) -> set[str]:
    schema = made.schema(entity)
    names = made.document.properties(schema) if schema is not None else {}
    return {name for name in names if name not in _COMMON and not name.endswith("_id")}


def _others(entity: str, made: Rendered) -> Iterator[str]:
    """Yield the other things with tables, whose properties an answer may show as well."""
    yield from (name for name in made.document.schemas if made.table(name) and spoken(name) != spoken(entity))


def hinting(entity: str, made: Rendered) -> list[tuple[Endpoint, str]]:
    """Return what tells of a thing without showing it, by a parameter or a property: ``GET /parcels?claim_status=``.

    Columns of what is read are its own, whatever they are called.
    """
    table = made.meant(entity)
    if table is None:
        return []
    called = {spoken(entity), spoken(table.name)}
    others = {name for other in made.catalogue.tables.values() if other is not table for name in other.columns}
    deeds = {deed[1] for name in table.columns if name not in others and (deed := _DONE.search(name))}
    found = []
    for endpoint in made.document.endpoints:
        about = made.table(resource(endpoint.path))
        if endpoint.writes or about is table or called & set(resources(endpoint.path)):
            continue
        own = set(about.columns) if about is not None else set()
        for parameter in endpoint.parameters:
            name, told = str(parameter.get("name")), str(parameter.get("description", ""))
            speaks = _speaks((*words(name), *words(told)), called, deeds)
            if parameter.get("in") == "query" and name not in own and speaks:
                found.append((endpoint, name))
        found += [
            (endpoint, name) for name in made.document.shown(endpoint)
            if name not in own and not name.endswith(("_id", "_ids")) and _speaks(words(name), called, deeds)
        ]  # fmt: skip
    return found


def _speaks(found: tuple[str, ...], called: set[str], deeds: set[str]) -> bool:
    """Whether words name a thing, which may be called by two, or say what is done to it."""
    named = {spoken("_".join(found[at : at + length])) for at in range(len(found)) for length in (1, 2)}
    return bool(named & called) or any(word.removeprefix("un") in deeds for word in found)


def of_oneself(endpoint: Endpoint) -> bool:
    """Whether a path says that it is about the caller: ``/me/orders``."""
    return bool(_ONESELF & set(path_key(endpoint.path).strip("/").split("/")))
