"""Operations of a document: parameters, body and responses by the operation's kind."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from bot.roles.backend_developer.blueprint import (
    Blueprint,
    DomainProblem,
    EntityField,
    FieldType,
    Method,
    Operation,
    OperationKind,
)
from bot.roles.backend_developer.blueprint.rights import own_roles, roles_of
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.openapi.parameters import READS, parameters, versioned
from bot.roles.backend_developer.renderers.openapi.paths import parameters_of
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, listed, object_of, writable
from bot.roles.backend_developer.renderers.openapi.security import requirements
from bot.roles.backend_developer.renderers.openapi.shared import (
    MAX_PAGE,
    NOT_MODIFIED,
    Node,
    domain_response,
    error_reference,
    rate_headers,
    ref,
)
from bot.roles.backend_developer.renderers.shapes import TableShape

JSON = "application/json"
FORM = "multipart/form-data"
_WRITES = {OperationKind.CREATE, OperationKind.UPDATE, OperationKind.DELETE, OperationKind.ACTION}


def operation(blueprint: Blueprint, op: Operation, path: str, shapes: Mapping[str, TableShape]) -> Node:
    """Return the document's form of one operation; `shapes` are the tables by their entities."""
    shape = shapes.get(op.entity or "")
    writes = op.kind in _WRITES and op.method not in READS
    roles = roles_of(blueprint, op)
    node: Node = {
        "tags": [op.entity or "service"],
        "summary": op.summary,
        "description": _description(op, roles),
        "operationId": op.id,
        "parameters": parameters(op, path, shapes),
    }
    body = _body(op, shape)
    if body is not None:
        kind = FORM if _has_file(op) else JSON
        node["requestBody"] = {"required": True, "description": "What is sent.", "content": {kind: {"schema": body}}}
    node["responses"] = _responses(op, path, shapes, has_body=body is not None, writes=writes)
    if op.deprecated:
        node["deprecated"] = True
    node["security"] = requirements(blueprint, op, writes=writes)
    node["x-roles"] = list(roles)
    return node | _extensions(blueprint, op)


def _extensions(blueprint: Blueprint, op: Operation) -> Node:
    node: Node = {}
    own = own_roles(blueprint, op)
    if own:
        node["x-own-rows"] = [role or "*" for role in own]
    moves = [
        {"entity": machine.entity, "field": machine.field, "from": list(step.sources), "to": step.target}
        for machine in blueprint.state_machines
        for step in machine.transitions
        if step.operation == op.id
    ]
    if moves:
        node["x-transitions"] = moves
    budgets = [f"{b.metric} {b.value:g} {b.unit}" for b in blueprint.budgets if b.operation == op.id]
    if budgets:
        node["x-budgets"] = budgets
    if op.sunset:
        node["x-sunset"] = op.sunset
    if op.assumed:
        node["x-assumed"] = True
    return node


def _description(op: Operation, roles: tuple[str, ...]) -> str:
    who = (
        "For the service that signs its calls."
        if op.signed
        else "Open to anyone."
        if op.public
        else f"For {', '.join(roles) if roles else 'any signed-in caller'}."
    )
    parts = [op.summary.rstrip(".") + ".", op.description, who]
    if op.asynchronous:
        parts.append("Runs in the background: answers 202 with the place of its state.")
    if op.paginated:
        parts.append("Pages by cursor, the newest first.")
    if op.deprecated:
        parts.append(f"Deprecated{f'; gone after {op.sunset}' if op.sunset else ''}.")
    return " ".join(part for part in parts if part)


def _has_file(op: Operation) -> bool:
    return any(field.type is FieldType.FILE for field in op.request)


def _body(op: Operation, shape: TableShape | None) -> Node | None:
    if op.method in READS or op.method is Method.DELETE:
        return None
    if op.request:
        return _many(op.request_list, _uploaded(op, object_of(op.request, f"Input of: {op.summary}", writing=True)))
    if op.request_entity:
        return _many(op.request_list, ref("schemas", f"{document_name(op.request_entity)}Create"))
    if shape is None or not writable(shape):
        return None
    name = document_name(shape.entity)
    if op.kind is OperationKind.CREATE or (op.kind is OperationKind.UPDATE and op.method is Method.PUT):
        return _many(op.request_list, ref("schemas", f"{name}Create"))
    return ref("schemas", f"{name}Update") if op.kind is OperationKind.UPDATE and changeable(shape) else None


def _uploaded(op: Operation, node: Node) -> Node:
    """Return a body with its files as parts of a form; elsewhere a file is a reference."""
    for field in op.request:
        if field.type is FieldType.FILE:
            words = field.description or "The file."
            node["properties"][field.name] = {
                "type": "string",
                "contentMediaType": "application/octet-stream",
                "maxLength": field.max_length or 100_000_000,
                "description": words,
            }
            node.pop("examples", None)
    return node


def _many(many: bool, node: Node) -> Node:
    return {"type": "array", "minItems": 1, "maxItems": MAX_PAGE, "items": node} if many else node


def _responses(op: Operation, path: str, shapes: Mapping[str, TableShape], *, has_body: bool, writes: bool) -> Node:
    shape, changes_version = shapes.get(op.entity or ""), versioned(op, path, shapes)
    status, success = _success(op, shape, changes_version=changes_version)
    if op.deprecated:
        success["headers"] = {**success["headers"], "Deprecation": ref("headers", "Deprecation")}
        if op.sunset:
            success["headers"]["Sunset"] = ref("headers", "Sunset")
    found: Node = {status: success}
    if op.kind is OperationKind.READ and op.method is Method.GET and shape is not None:
        found["304"] = ref("responses", NOT_MODIFIED)
    in_path = bool(parameters_of(path))
    wanted = {
        400: True,
        401: not op.public,
        403: not op.public,
        404: in_path,
        405: True,
        409: writes,
        412: changes_version,
        413: has_body,
        415: has_body,
        422: has_body,
        429: True,
        500: True,
    }
    errors = {str(code): error_reference(code) for code, needed in wanted.items() if needed}
    own: dict[int, list[DomainProblem]] = {}
    for problem in op.problems:
        own.setdefault(problem.status, []).append(problem)
    errors |= {str(code): domain_response(code, problems) for code, problems in own.items()}
    return found | dict(sorted(errors.items()))


def _success(op: Operation, shape: TableShape | None, *, changes_version: bool) -> tuple[str, Node]:
    head = rate_headers()
    if op.asynchronous:
        head["Location"] = ref("headers", "Location")
        return "202", _response("Accepted; the work goes on in the background.", head, ref("schemas", "Accepted"))
    if op.kind is OperationKind.DELETE and not (op.response or op.response_entity):
        return "204", {"description": "Deleted.", "headers": head}
    schema = _result(op, shape)
    if op.kind is OperationKind.CREATE and op.method is Method.POST:
        head |= {"Location": ref("headers", "Location"), "ETag": ref("headers", "ETag")}
        return "201", _response("Created.", head, schema)
    if schema is None or op.method in (Method.HEAD, Method.OPTIONS):
        code = HTTPStatus.NO_CONTENT if op.method is not Method.HEAD else HTTPStatus.OK
        return str(int(code)), {"description": "Done.", "headers": head}
    if op.kind in (OperationKind.READ, OperationKind.UPDATE) or (changes_version and op.kind is OperationKind.ACTION):
        head["ETag"] = ref("headers", "ETag")
    return "200", _response("Done.", head, schema)


def _result(op: Operation, shape: TableShape | None) -> Node | None:
    if op.response:
        return _listed(op, object_of(_shown(op.response), f"Result of: {op.summary}"))
    if op.response_entity:
        name = document_name(op.response_entity)
        return ref("schemas", f"{name}Page") if op.paginated else _listed(op, ref("schemas", name))
    if shape is None:
        return None
    name = document_name(shape.entity)
    if op.kind is OperationKind.LIST or op.paginated:
        return ref("schemas", f"{name}Page")
    if op.kind is OperationKind.QUERY:
        return _listed(op, ref("schemas", listed(shape)))
    return _listed(op, ref("schemas", name))


def _shown(fields: tuple[EntityField, ...]) -> tuple[EntityField, ...]:
    return tuple(field for field in fields if not field.write_only)


def _listed(op: Operation, node: Node) -> Node:
    return {"type": "array", "maxItems": MAX_PAGE, "items": node} if op.response_list else node


def _response(description: str, head: Node, schema: Node | None) -> Node:
    if schema is None:
        return {"description": description, "headers": head}
    return {"description": description, "headers": head, "content": {JSON: {"schema": schema}}}
