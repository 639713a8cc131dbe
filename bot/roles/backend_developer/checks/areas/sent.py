"""Does what is sent, asked for and told fit what is kept? Bodies, parameters and answers against their columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from bot.reading.names import singular
from bot.roles.backend_developer.checks.catalogue import Catalogue, Column, Table
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Endpoint, Node
from bot.roles.backend_developer.checks.fit.fields import SPOKEN_AS
from bot.roles.backend_developer.checks.fit.rendered import members, resource, spoken

_WRITING: Final = frozenset({"create", "update"})
_TEXT: Final = frozenset({"text", "varchar", "bpchar", "citext"})
_WHOLE: Final = frozenset({"int2", "int4", "int8"})


def unlike(table: Table, name: str, node: Node) -> Iterator[str]:
    """Yield how a property differs from the column of its name."""
    column = table.columns.get(name)
    if column is None:
        yield "has no column"
        return
    yield from _other_type(column, node)
    kept, shown = members(table, column), _listed(node)
    if kept and "array" not in _kinds(node) and shown != set(kept):
        told, held = ", ".join(sorted(shown)) or "anything", ", ".join(sorted(kept))
        yield f"takes {told} in the document and {held} in the database"


def misfitting(bench: CheckContext, catalogue: Catalogue) -> Iterator[str]:
    """Yield bodies, addresses and filters that take what their columns never hold."""
    tables = {entity.name: catalogue.tables.get(entity.plural) for entity in bench.blueprint.entities}
    called = {spoken(n): tables[e.name] for e in bench.blueprint.entities for n in (e.name, e.plural)}
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        table = tables.get(operation.entity or "") if operation is not None else None
        if table is not None and operation is not None and operation.kind.value in _WRITING:
            yield from (f"{endpoint.label} {line}" for line in _bodies(bench, endpoint, table))
        found = called.get(resource(endpoint.path)) or table
        yield from (f"{endpoint.label} {line}" for line in _filters(bench, endpoint, found))
        yield from (f"{endpoint.label} {line}" for line in _addresses(bench, endpoint, called, catalogue))


def _bodies(bench: CheckContext, endpoint: Endpoint, table: Table) -> Iterator[str]:
    for name, given in bench.document.properties(bench.document.body(endpoint)).items():
        node, column = bench.document.resolve(given), table.columns.get(name)
        if column is None:
            continue
        yield from (f"{name} {why}" for why in _other_type(column, node))
        kept, listed = members(table, column), _listed(node)
        never = listed - set(kept)
        if kept and listed and never:
            yield f"{name} takes {', '.join(sorted(never))}, which no row may have"
        elif listed and not kept and column.type not in _TEXT and not column.type.startswith("_"):
            yield f"{name} takes {', '.join(sorted(listed))}, and is {column.type} in the database"


def _filters(bench: CheckContext, endpoint: Endpoint, table: Table | None) -> Iterator[str]:
    for parameter in endpoint.parameters:
        name = str(parameter.get("name", ""))
        column = table.columns.get(name) if table is not None else None
        if parameter.get("in") == "query" and column is not None and endpoint.method == "GET":
            node = bench.document.resolve(parameter.get("schema"))
            if "array" not in _kinds(node):
                yield from (f"?{name} {why}" for why in _other_type(column, node))


def _addresses(
    bench: CheckContext, endpoint: Endpoint, called: dict[str, Table | None], catalogue: Catalogue
) -> Iterator[str]:
    """Yield parameters of a path that are no keys of what stands before them."""
    schemas = {str(p.get("name")): p.get("schema") for p in endpoint.parameters if p.get("in") == "path"}
    parts = endpoint.path.strip("/").split("/")
    for before, part in pairwise(parts):
        name = part.strip("{}")
        table = called.get(spoken(before)) or called.get(spoken(singular(before)))
        if not part.startswith("{") or name not in schemas or table is None:
            continue
        tenant = catalogue.tenant_column(table)
        key = [column for column in table.primary_key if column != tenant]
        column = table.columns.get(name) or (table.columns.get(key[0]) if len(key) == 1 else None)
        if column is not None:
            yield from (f"{part} {why}" for why in _other_type(column, bench.document.resolve(schemas[name])))


def _other_type(column: Column, node: Node) -> Iterator[str]:
    kinds = {str(kind) for kind in _kinds(node) if kind not in (None, "null")}
    allowed = SPOKEN_AS.get(column.type)
    if allowed and kinds and not kinds & allowed:
        yield f"is {', '.join(sorted(kinds))} in the document and {column.type} in the database"
    elif column.type in _WHOLE and node.get("format") in ("uuid", "date", "date-time"):
        yield f"is a {node.get('format')} in the document and {column.type} in the database"


def _kinds(node: Node) -> list[object]:
    kinds = node.get("type")
    return kinds if isinstance(kinds, list) else [kinds]


def _listed(node: Node) -> set[str]:
    listed = node.get("enum")
    return {str(value) for value in listed if value is not None} if isinstance(listed, list) else set()
