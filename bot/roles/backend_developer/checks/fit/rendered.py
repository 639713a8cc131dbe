"""What was rendered, to be looked up by the names that people use: the document parsed back, the real catalogue."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from bot.reading.names import acts_at, german_key, latin, name_key, words
from bot.roles.backend_developer.blueprint import Integration, Stack
from bot.roles.backend_developer.checks.catalogue import Catalogue, Column, Constraint, Table
from bot.roles.backend_developer.checks.document import Document, Endpoint, Node, mapping

_PARAMETER: Final = re.compile(r"\{[^}]*\}|<[^>]*>|(?<=/):\w+")
_VERSION: Final = re.compile(r"^(/api)?(/v\d+(\.\d+)?)?(?=/|$)", re.IGNORECASE)
LITERAL: Final = re.compile(r"'((?:[^']|'')*)'")
_SIGNS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Rendered:
    """A design as delivered.

    `integrations` and `stack` are as the iteration's file lists them: neither the document nor the database has a
    place for them.
    """

    document: Document
    catalogue: Catalogue
    integrations: tuple[Integration, ...]
    stack: Stack

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {spoken(name): table for name, table in self.catalogue.tables.items()}

    @cached_property
    def _schemas(self) -> dict[str, Node]:
        return {spoken(name): mapping(schema) for name, schema in self.document.schemas.items()}

    @cached_property
    def _endpoints(self) -> dict[str, list[Endpoint]]:
        found: dict[str, list[Endpoint]] = {}
        for endpoint in self.document.endpoints:
            for path in {path_key(endpoint.path), path_key(self.document.base_path + endpoint.path)}:
                found.setdefault(path, []).append(endpoint)
        return found

    def table(self, entity: str) -> Table | None:
        """Return the table that keeps what people call so, in whatever number, umlauts written out or not."""
        key = spoken(entity)
        return self._tables.get(key) or self._tables.get(_alone(key, self._tables))

    def meant(self, entity: str) -> Table | None:
        """Return the same, or the one table whose last word it is: "requests" of slot requests, where no others are."""
        found = self.table(entity)
        if found is not None or len(words(entity)) != 1:
            return found
        key = spoken(entity)
        ends = [t for t in self.catalogue.tables.values() if spoken("_".join(words(t.name)[-1:])) == key]
        return ends[0] if len(ends) == 1 else None

    def schema(self, entity: str) -> Node | None:
        """Return the document's schema of that name."""
        key = spoken(entity)
        return self._schemas.get(key) or self._schemas.get(_alone(key, self._schemas))

    def schema_of(self, table: Table) -> Node | None:
        """Return the schema of what a table keeps: by its name, or as operations below that name answer with it."""
        found = self.schema(table.name)
        if found is not None:
            return found
        named = {id(node): node for name, node in self.document.schemas.items() if _root_of(name) == name}
        for endpoint in self.document.endpoints:
            if resource(endpoint.path) == spoken(table.name):
                node = self.document.result(endpoint)
                if id(node) in named:
                    return mapping(node)
        return None

    def operations(self, method: str | None, path: str) -> list[Endpoint]:
        """Return the operations at a path, whatever its parameters are called; `path` "" is every path."""
        at = self._endpoints.get(path_key(path), []) if path else list(self.document.endpoints)
        return [endpoint for endpoint in at if method in (None, endpoint.method)]

    def about(self, entity: str, *, acting: bool) -> list[Endpoint]:
        """Return the operations on an entity, by the resource that their paths end in.

        With `acting` those too that end in what is done to it, as ``/orders/{id}/cancel``.
        """
        wanted = self._called(entity)
        ends = [(e, resources(e.path)[-2:] if acting else [resource(e.path)]) for e in self.document.endpoints]
        return [endpoint for endpoint, names in ends if wanted & set(names)] or self._handling(entity)

    def acting(self, action: str, entity: str) -> list[Endpoint]:
        """Return the operations that do something by name, as ``/orders/{id}/cancel``, to an entity or anything."""
        done = [e for e in self.document.endpoints if e.method != "GET" and acts_at(action, e.path)]
        wanted = self._called(entity)
        return [e for e in done if wanted & set(resources(e.path))] or ([] if self.meant(entity) else done)

    def _called(self, entity: str) -> set[str]:
        """Return what paths may call an entity: by its name, in one or many, or by its table's."""
        table = self.meant(entity)
        names = {name_key(entity), spoken(entity)} | ({spoken(table.name)} if table else set())
        ends = {name for e in self.document.endpoints for name in resources(e.path)}
        return names | {alike for name in names if (alike := _alone(name, ends))} if entity else set()

    def _handling(self, entity: str) -> list[Endpoint]:
        """Return the operations that take or give an entity, where no path speaks of it by its name."""
        table = self.meant(entity)
        schema = self.schema(table.name) or self.schema(entity) if table else None
        if schema is None:
            return []
        document = self.document
        return [e for e in document.endpoints if schema in (document.result(e), document.items(e), document.body(e))]

    def answering(self, entity: str) -> list[Endpoint]:
        """Return the operations that answer with an entity's schema, alone, in a page or in a list."""
        wanted = spoken(entity)
        nodes = {id(node) for name, node in self.document.schemas.items() if spoken(_root_of(name)) == wanted}
        document = self.document
        return [
            e for e in document.endpoints
            if not e.writes and {id(document.result(e)), id(document.items(e))} & nodes
        ]  # fmt: skip

    @cached_property
    def roles(self) -> frozenset[str]:
        """Keys of all roles that some operation names."""
        return frozenset(spoken(role) for endpoint in self.document.endpoints for role in endpoint.roles)


def spoken(name: str) -> str:
    """Return what a name and the identifier made of it have in common: ``Zähler`` and ``zaehler``."""
    return name_key(latin(name))


def _alone(key: str, among: Collection[str]) -> str:
    """Return the one key that a German noun has in its other number: ``antrag`` for ``antraege``; "" where unsure."""
    alike = [other for other in among if german_key(other) == german_key(key)]
    return alike[0] if len(alike) == 1 else ""


def _root_of(name: str) -> str:
    """Return the entity whose schema it is: that of a page, of a list's items or its own."""
    return re.sub(r"(Page|Summary)$", "", name)


@lru_cache(maxsize=4096)
def path_key(path: str) -> str:
    """Return a path without version and the names of its parameters: ``/v1/orders/{id}`` is ``/orders/{}``."""
    bare = _VERSION.sub("", path.partition("?")[0].rstrip("/"), count=1)
    return _PARAMETER.sub("{}", bare).lower() or "/"


def resources(path: str) -> list[str]:
    """Return the keys of a path's fixed segments."""
    return [spoken(part) for part in path_key(path).split("/") if part and part != "{}"]


def resource(path: str) -> str:
    """Return the key of the last fixed segment before a parameter or the end: what the path is about."""
    parts = [part for part in path_key(path).split("/") if part]
    before = [part for part, after in zip(parts, [*parts[1:], "{}"], strict=True) if part != "{}" and after == "{}"]
    return spoken(before[-1]) if before else ""


def column_of(table: Table, name: str) -> Column | None:
    """Return the column that people call so: by its words, or a reference by its name without ``_id``."""
    wanted = _plain(name)
    by_words = {_plain(column): found for column, found in table.columns.items()}
    return by_words.get(wanted) or by_words.get(f"{wanted}id") or by_words.get(_plain(spoken(name)))


def property_of(document: Document, schema: Node, name: str) -> Node | None:
    """Return the property of a schema that people call so."""
    wanted = _plain(name)
    found = {_plain(key): value for key, value in document.properties(schema).items()}
    node = found.get(wanted, found.get(f"{wanted}id"))
    return document.resolve(node) or node if node is not None else None


def members(table: Table, column: Column) -> frozenset[str]:
    """Return the values that the database lets into a column: an enum's labels, or those of its CHECK."""
    if column.labels:
        return frozenset(column.labels)
    for constraint in table.constraints:
        if constraint.kind == "c" and constraint.columns == (column.name,) and "ANY" in constraint.definition:
            return frozenset(found.replace("''", "'") for found in LITERAL.findall(constraint.definition))
    return frozenset()


def references(table: Table, target: Table) -> Iterator[Constraint]:
    """Yield the foreign keys by which one table points at another."""
    yield from (c for c in table.constraints if c.kind == "f" and c.target == target.name)


_WRITTEN: Final = re.compile(r"[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*")
"""A value as code writes it, in one case: whoever says it so means these letters."""


def same_members(said: tuple[str, ...], found: frozenset[str]) -> bool:
    """Whether two lists of an enum's members are the same: however each spells words, and as written where code is."""
    if {_plain(value) for value in said} != {_plain(value) for value in found}:
        return False
    meant = {value for value in said if _WRITTEN.fullmatch(value)}
    return (
        len(meant) < len(set(said))
        or {v.casefold() for v in meant} != {v.casefold() for v in found}
        or meant == set(found)
    )


def _plain(name: str) -> str:
    return _SIGNS.sub("", latin(name)).lower()


plain = _plain
