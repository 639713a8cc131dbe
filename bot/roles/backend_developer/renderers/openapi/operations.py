"""Operations of a document: parameters, body and responses by the operation's kind."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint, Method, Operation, OperationKind
from bot.roles.backend_developer.renderers.openapi.paths import parameters_of
from bot.roles.backend_developer.renderers.openapi.schemas import column_schema, example, listed, object_of, writable
from bot.roles.backend_developer.renderers.openapi.shared import (
    SIGNATURE,
    Node,
    error_reference,
    rate_headers,
    ref,
    requirement,
)
from bot.roles.backend_developer.renderers.tables import Column, TableShape

JSON = "application/json"
_WRITES = {OperationKind.CREATE, OperationKind.UPDATE, OperationKind.DELETE, OperationKind.ACTION}


def operation(plan: Blueprint, op: Operation, path: str, shape: TableShape | None) -> Node:
    """Return the document's form of one operation; `shape` is the table of its entity, if it has one."""
    writes = op.kind in _WRITES and op.method is not Method.GET
    node: Node = {
        "tags": [op.entity or "service"],
        "summary": op.summary,
        "description": _description(op),
        "operationId": op.id,
        "parameters": _parameters(op, path, shape, writes=writes),
    }
    body = _body(op, shape)
    if body is not None:
        node["requestBody"] = {"required": True, "description": "What is sent.", "content": {JSON: {"schema": body}}}
    node["responses"] = _responses(op, path, shape, has_body=body is not None, writes=writes)
    node["security"] = _security(plan, op, writes=writes)
    node["x-roles"] = list(op.roles)
    budgets = [f"{b.metric} {b.value:g} {b.unit}" for b in plan.budgets if b.operation == op.id]
    if budgets:
        node["x-budgets"] = budgets
    return node


def _security(plan: Blueprint, op: Operation, *, writes: bool) -> list[Node]:
    if op.signed:
        return [{SIGNATURE: []}]
    return [] if op.public else requirement(plan, writes=writes, roles=op.roles)


def _description(op: Operation) -> str:
    who = (
        "For the service that signs its calls."
        if op.signed
        else "Open to anyone."
        if op.public
        else f"For {', '.join(op.roles) if op.roles else 'any signed-in caller'}."
    )
    parts = [op.summary.rstrip(".") + ".", who]
    if op.asynchronous:
        parts.append("Runs in the background: answers 202 with the place of its state.")
    if op.paginated:
        parts.append("Pages by cursor, the newest first.")
    return " ".join(parts)


def _parameters(op: Operation, path: str, shape: TableShape | None, *, writes: bool) -> list[Node]:
    found = [_path_parameter(name) for name in parameters_of(path)]
    if op.kind is OperationKind.LIST or op.paginated:
        found += [ref("parameters", "Cursor"), ref("parameters", "Limit")]
    taken = {*parameters_of(path), "cursor", "limit"}
    for field in op.parameters:
        if field.name in taken:
            continue
        taken.add(field.name)
        column = Column(name=field.name, type=field.type, values=field.values, description=field.description)
        schema = column_schema(column)
        found.append(
            {
                "name": field.name,
                "in": "query",
                "description": schema.pop("description"),
                "required": field.required,
                "schema": schema,
                "example": example(column),
            }
        )
    if op.idempotent and op.method is Method.POST:
        found.append(ref("parameters", "IdempotencyKey"))
    if op.kind is OperationKind.UPDATE and shape is not None and writes:
        found.append(ref("parameters", "IfMatch"))
    return found


def _path_parameter(name: str) -> Node:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"Identifier: {name.replace('_', ' ')}.",
        "schema": {"type": "string", "format": "uuid", "maxLength": 36},
        "example": "3f1c9d7e-2b4a-4c6d-8e0f-1a2b3c4d5e6f",
    }


def _body(op: Operation, shape: TableShape | None) -> Node | None:
    if op.method in (Method.GET, Method.DELETE):
        return None
    if op.request:
        return object_of(op.request, f"Input of: {op.summary}")
    if shape is None or not writable(shape):
        return None
    if op.kind is OperationKind.CREATE or (op.kind is OperationKind.UPDATE and op.method is Method.PUT):
        return ref("schemas", f"{shape.entity}Create")
    return ref("schemas", f"{shape.entity}Update") if op.kind is OperationKind.UPDATE else None


def _responses(op: Operation, path: str, shape: TableShape | None, *, has_body: bool, writes: bool) -> Node:
    status, success = _success(op, shape)
    found: Node = {status: success}
    in_path = bool(parameters_of(path))
    wanted = {
        400: True,
        401: not op.public,
        403: not op.public,
        404: in_path,
        409: writes,
        412: op.kind is OperationKind.UPDATE and shape is not None and writes,
        422: has_body,
        429: True,
        500: True,
    }
    return found | {str(code): error_reference(code) for code, needed in wanted.items() if needed}


def _success(op: Operation, shape: TableShape | None) -> tuple[str, Node]:
    head = rate_headers()
    if op.asynchronous:
        head["Location"] = ref("headers", "Location")
        return "202", _response("Accepted; the work goes on in the background.", head, ref("schemas", "Accepted"))
    if op.kind is OperationKind.DELETE:
        return "204", {"description": "Deleted.", "headers": head}
    schema = _result(op, shape)
    if op.kind is OperationKind.CREATE:
        head |= {"Location": ref("headers", "Location"), "ETag": ref("headers", "ETag")}
        return "201", _response("Created.", head, schema)
    if schema is None:
        return "204", {"description": "Done.", "headers": head}
    if op.kind in (OperationKind.READ, OperationKind.UPDATE):
        head["ETag"] = ref("headers", "ETag")
    return "200", _response("Done.", head, schema)


def _result(op: Operation, shape: TableShape | None) -> Node | None:
    if op.response:
        return object_of(op.response, f"Result of: {op.summary}")
    if shape is None:
        return None
    if op.kind is OperationKind.LIST or op.paginated:
        return ref("schemas", f"{shape.entity}Page")
    if op.kind is OperationKind.QUERY:
        return ref("schemas", listed(shape))
    return ref("schemas", shape.entity)


def _response(description: str, head: Node, schema: Node | None) -> Node:
    if schema is None:
        return {"description": description, "headers": head}
    return {"description": description, "headers": head, "content": {JSON: {"schema": schema}}}
