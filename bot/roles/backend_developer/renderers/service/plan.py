"""What each operation becomes: the columns that its path names, its body and result, and whether rules say it all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.roles.backend_developer.blueprint import (
    Blueprint,
    FieldType,
    Method,
    Operation,
    OperationKind,
    StateMachine,
    Transition,
)
from bot.roles.backend_developer.renderers.openapi.parameters import READS, addressed, column_for, takes_version
from bot.roles.backend_developer.renderers.openapi.paths import canonical, parameters_of, template
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, writable
from bot.roles.backend_developer.renderers.openapi.values import value_column
from bot.roles.backend_developer.renderers.service.naming import RESERVED, Names
from bot.roles.backend_developer.renderers.shapes import Column, TableShape
from bot.roles.backend_developer.renderers.tables import tables

_HEALTH = re.compile(r"/(?:health|healthz|livez|readyz|ready|status)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathParameter:
    """A parameter of a path: its name in Python, what it is, and the column of the operation's table that it names."""

    said: str
    name: str
    kind: Column
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An operation as it will be written. `shape` is its entity's table; `generic`: the blueprint says all of it."""

    operation: Operation
    name: str
    path: str
    parameters: tuple[PathParameter, ...]
    shape: TableShape | None
    body: str = ""
    """Class of the body in the entity's models, "" if there is none."""
    query: str = ""
    result: str = ""
    """Class of a result of its own, "" where the entity itself is the result."""
    moves: tuple[tuple[StateMachine, Transition], ...] = ()
    generic: bool = False

    @property
    def addressed(self) -> bool:
        """Whether the path names one row of the entity that is there already."""
        fresh = self.operation.kind in (OperationKind.CREATE, OperationKind.LIST)
        return bool(self.shape and self.parameters) and all(p.column for p in self.parameters) and not fresh

    @property
    def versioned(self) -> bool:
        """Whether a caller may say which version of the row it means to change (`If-Match`)."""
        return self.addressed and takes_version(self.operation)

    @property
    def by_actions(self) -> bool:
        """Whether the team's `actions.py` has a function for it."""
        op = self.operation
        return op.asynchronous or op.signed or not self.generic


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operations of one entity (or of none), and its modules' name; `types` are the names of its classes."""

    module: str
    entity: str
    shape: TableShape | None
    routes: tuple[Route, ...]
    types: dict[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=lambda: Names({"TABLE"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole service."""

    blueprint: Blueprint
    shapes: dict[str, TableShape]
    groups: tuple[Group, ...]

    @property
    def routes(self) -> tuple[Route, ...]:
        """Return every route, in the order of the groups."""
        return tuple(route for group in self.groups for route in group.routes)


def plan_of(blueprint: Blueprint) -> Plan:
    """Return the plan of a blueprint's service."""
    shapes = {shape.entity: shape for shape in tables(blueprint) if shape.entity}
    spelled: dict[str, str] = {}
    for op in blueprint.operations:
        spelled.setdefault(template(op.path), canonical(op.path))
    modules = Names()
    functions = Names()
    groups: list[Group] = []
    members: dict[str, list[Operation]] = {entity.name: [] for entity in blueprint.entities}
    for op in blueprint.operations:
        members.setdefault(op.entity or "", []).append(op)
    for entity, operations in members.items():
        shape = shapes.get(entity)
        names = Names({"TABLE", "None", "True", "False"})
        group = Group(
            module=modules.function(shape.name if shape else "service"), entity=entity, shape=shape, routes=(),
            types=_types(names, entity) if shape else {}, names=names,
        )  # fmt: skip
        routes = tuple(_route(blueprint, op, spelled, shapes, group, functions) for op in operations)
        groups.append(replace(group, routes=routes))
    return Plan(blueprint=blueprint, shapes=shapes, groups=tuple(groups))


def _types(names: Names, entity: str) -> dict[str, str]:
    return {form: names.type(f"{entity}_{form}" if form else entity) for form in ("", "Summary", "Create", "Update")}


def _route(
    blueprint: Blueprint, op: Operation, spelled: dict[str, str], shapes: dict[str, TableShape], group: Group,
    functions: Names,
) -> Route:  # fmt: skip
    shape = shapes.get(op.entity or "")
    path = spelled[template(op.path)]
    local = Names(RESERVED)
    parameters = tuple(
        _parameter(blueprint, said, path, op, shapes, local.function(said)) for said in parameters_of(path)
    )
    route = Route(
        operation=op, name=functions.function(op.id), path=path, parameters=parameters, shape=shape,
        body=_body(op, shape, group),
        query=group.names.type(f"{op.id}_Query") if _has_query(op, parameters) else "",
        result=group.names.type(f"{op.id}_Result") if op.response else "",
        moves=tuple((m, s) for m in blueprint.state_machines if m.entity == op.entity for s in m.transitions
                    if s.operation == op.id),
    )  # fmt: skip
    return _with_generic(route)


def _has_query(op: Operation, parameters: tuple[PathParameter, ...]) -> bool:
    named = {p.said for p in parameters}
    asked = op.filters or op.ranges or op.search or op.sort
    return bool(
        op.kind is OperationKind.LIST or op.paginated or asked or any(f.name not in named for f in op.parameters)
    )


def _parameter(
    blueprint: Blueprint, said: str, path: str, op: Operation, shapes: dict[str, TableShape], name: str
) -> PathParameter:
    own = shapes.get(op.entity or "")
    typed = next((value_column(f) for f in op.parameters if f.name == said), None)
    named = addressed(said, path, op, shapes)
    column = column_for(own, named, shapes) if own is not None else ""
    if column and own is not None and typed is None:
        named = own.by_name[column]
    return PathParameter(said=said, name=name, kind=typed or named, column=column)


def _body(op: Operation, shape: TableShape | None, group: Group) -> str:
    if op.method in (*READS, Method.DELETE):
        return ""
    if op.request or op.request_entity:
        return group.names.type(f"{op.id}_Input")
    if shape is None:
        return ""
    makes = op.kind is OperationKind.CREATE or (op.kind is OperationKind.UPDATE and op.method is Method.PUT)
    if makes and writable(shape):
        return group.types["Create"]
    return group.types["Update"] if op.kind is OperationKind.UPDATE and changeable(shape) else ""


def tells_health(op: Operation) -> bool:
    """Whether an operation tells no more than that the service is up, so that nothing of it is left to the team."""
    told = [f for f in op.response if f.name == "status" and f.values]
    plain = op.public and not op.entity and not op.parameters and len(told) == len(op.response) == 1
    return plain and op.method is Method.GET and op.kind is OperationKind.QUERY and bool(_HEALTH.search(op.path))


def _with_generic(route: Route) -> Route:
    op, shape = route.operation, route.shape
    if tells_health(op):
        return replace(route, generic=True)
    if shape is None or op.request_list or op.request_entity or op.response_entity not in ("", op.entity):
        return route
    bound = all(p.column for p in route.parameters)
    fields = {f.name for f in op.request}
    kept = {c.name for c in (writable(shape) if op.kind is OperationKind.CREATE else changeable(shape))}
    shown = {c.name for c in shape.columns if not c.secret}
    said = bound and fields <= kept and {f.name for f in op.response} <= shown and not _files(op)
    many = op.kind is OperationKind.LIST or op.paginated or op.response_list
    known = {p.name for p in op.parameters} <= {*shape.by_name, *(p.said for p in route.parameters)}
    possible = {
        OperationKind.LIST: known and not op.response,
        OperationKind.QUERY: known and not op.response and (many or bool(route.parameters)) and op.method in READS,
        OperationKind.READ: bool(route.parameters) and not many,
        OperationKind.CREATE: op.method not in READS and not op.response_list,
        OperationKind.UPDATE: op.method not in READS
        and bool(route.parameters)
        and not many
        and (bool(route.body) or not kept),
        OperationKind.DELETE: op.method not in READS and bool(route.parameters) and not op.response_list,
        OperationKind.ACTION: bool(route.moves and route.parameters) and op.method not in READS and not many,
    }[op.kind]
    return replace(route, generic=said and possible)


def _files(op: Operation) -> bool:
    return any(f.type is FieldType.FILE for f in op.request)
