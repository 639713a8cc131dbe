"""Do calls exchange what they are for: enough to make a row, something to change, the thing itself, one or many?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.reading.names import singular
from bot.roles.backend_developer.blueprint import Entity, EntityField, Operation
from bot.roles.backend_developer.blueprint.defaults import fits
from bot.roles.backend_developer.checks.areas.bounds import filled_in
from bot.roles.backend_developer.checks.catalogue import Catalogue, Column
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.rendered import spoken

_SINGLE: Final = frozenset({"read", "list"})


def insufficient(bench: CheckContext, catalogue: Catalogue) -> Iterator[str]:
    """Yield creations that take too little to make a row, or let callers leave out what every row needs."""
    things = {entity.name: entity for entity in bench.blueprint.entities}
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        entity = things.get(operation.entity or "") if operation is not None and operation.kind == "create" else None
        table = catalogue.tables.get(entity.plural) if entity is not None else None
        if operation is None or entity is None or table is None or operation.signed or operation.asynchronous:
            continue
        body = bench.document.body(endpoint)
        taken, needed = bench.document.properties(body), set(bench.document.resolve(body).get("required") or ())
        for field in entity.fields:
            column = table.columns.get(field.name)
            if column is None or not _must_be_told(entity, field, column):
                continue
            if field.name in taken and field.name not in needed:
                yield f"{endpoint.label} lets callers leave out {field.name}, which every row needs"
            elif _of_its_own(operation) and field.name not in taken and field.name not in endpoint.path_parameters:
                yield f"{endpoint.label} takes no {field.name}, which every row needs"


def _of_its_own(operation: Operation) -> bool:
    """Whether a body is not simply what its thing is made of."""
    return bool(operation.request or operation.request_entity not in ("", operation.entity))


def _must_be_told(entity: Entity, field: EntityField, column: Column) -> bool:
    """Whether a row cannot be made unless a caller tells this: nothing fills it in, and the service cannot know it."""
    filled = column.defaulted or column.identity or column.generated
    by_service = field.read_only or field.name == entity.owner or filled_in(field.name)
    return column.required and not filled and not by_service


def unchanging(bench: CheckContext) -> Iterator[str]:
    """Yield changes of a thing that take nothing which may be changed."""
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        changes = operation is not None and operation.kind == "update" and endpoint.method in ("PATCH", "PUT")
        if changes and not bench.document.properties(bench.document.body(endpoint)):
            yield f"{endpoint.label} (changes nothing)"


def answering_else(bench: CheckContext) -> Iterator[str]:
    """Yield operations on a thing that answer with nothing of it, or with another thing."""
    things = {entity.name: entity for entity in bench.blueprint.entities}
    for operation in bench.blueprint.operations:
        entity = things.get(operation.entity or "")
        if entity is None or operation.kind.value not in ("list", "read", "create", "update"):
            continue
        own = {f.name for f in entity.fields} | {"id", *entity.key}
        own |= {f"{r.name}_id" for r in bench.blueprint.relations if r.source == entity.name}
        told = {field.name for field in operation.response}
        nested = {field.entity for field in operation.response} & {entity.name}
        if told and not told & own and not nested:
            yield f"{operation.method} {operation.path} (tells nothing of {entity.name})"
        other = things.get(operation.response_entity)
        if other is not None and other is not entity and operation.kind.value in ("read", "update", "list"):
            yield from _another(operation, entity, other, bench)


def _another(operation: Operation, entity: Entity, other: Entity, bench: CheckContext) -> Iterator[str]:
    """What answers with a thing of another path: ``GET /patients/{id}`` with an invoice."""
    last = [part for part in operation.path.split("/") if part and not part.startswith("{")][-1:]
    about = {spoken(part) for part in last} & {spoken(entity.name), spoken(entity.plural)}
    shown = {spoken(part) for part in last} & {spoken(other.name), spoken(other.plural)}
    if about and not shown:
        yield f"{operation.method} {operation.path} ({other.name})"


def miscounted(bench: CheckContext) -> Iterator[str]:
    """Yield collections that answer with one thing, single things that answer with many, and the like of creations."""
    yield from (
        f"{op.method} {op.path} (takes many and answers with one)"
        for op in bench.blueprint.operations
        if op.kind == "create" and op.request_list and not (op.response_list or op.response or op.asynchronous)
    )
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        if operation is None or endpoint.method != "GET" or operation.kind.value not in _SINGLE:
            continue
        last = endpoint.path.rstrip("/").rpartition("/")[2]
        many = bool(bench.document.items(endpoint)) or bench.document.result(endpoint).get("type") == "array"
        if not last.startswith("{") and not many and _collects(bench, last):
            yield f"{endpoint.label} (one of many)"
        if last.startswith("{") and many and _names_one(bench, endpoint, operation):
            yield f"{endpoint.label} (many instead of one)"


def _collects(bench: CheckContext, segment: str) -> bool:
    """Whether a path's last word is what people call many of a thing."""
    return singular(segment) != segment and spoken(segment) in {spoken(e.plural) for e in bench.blueprint.entities}


def _names_one(bench: CheckContext, endpoint: Endpoint, operation: Operation) -> bool:
    """Whether a path ends in the key of what its operation is on: ``/invoices/{id}`` on invoices."""
    parts = endpoint.path.strip("/").split("/")
    entity = next((e for e in bench.blueprint.entities if e.name == operation.entity), None)
    before = spoken(parts[-2]) if len(parts) > 1 else ""
    key = parts[-1].strip("{}")
    return (
        entity is not None
        and before in (spoken(entity.name), spoken(entity.plural))
        and (key in ("id", *entity.key) or key.endswith("id"))
    )


def accepted_reads(bench: CheckContext) -> Iterator[str]:
    """Yield reads that are only accepted: whoever asks for a thing is given it, or told where it is."""
    yield from (
        f"{op.method} {op.path} (only accepted)"
        for op in bench.blueprint.operations
        if op.asynchronous and op.method in ("GET", "HEAD") and op.kind.value in _SINGLE
    )


def bad_examples(bench: CheckContext) -> Iterator[str]:
    """Yield fields whose example is none: whoever builds against it is refused."""
    plan = bench.blueprint
    told = [(entity.name, entity.fields) for entity in plan.entities]
    told += [(op.id, part) for op in plan.operations for part in (op.parameters, op.request, op.response)]
    told += [(event.name, event.payload) for event in plan.events]
    for owner, fields in told:
        yield from (f"{owner}.{f.name} ({f.example} is none)" for f in fields if f.example and not _is_one(f))


def _is_one(field: EntityField) -> bool:
    said = field.example.strip().strip("\"'")
    if not fits(field.type.value, said, field.values):
        return False
    try:
        EntityField.model_validate(field.model_dump() | {"default": said, "example": ""})
    except ValueError:
        return False
    return field.type != "email" or "@" in said
