"""Faults in the rendered document: what the design says and the document does not, or says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many

Root = dict[str, Any]


def _at(root: Root, label: str) -> Root:
    method, _, path = label.partition(" ")
    return root["paths"][path][method.lower()]  # type: ignore[no-any-return]


def _every(root: Root) -> Iterator[Root]:
    for item in root["paths"].values():
        yield from (node for method, node in item.items() if method in ("get", "post", "put", "patch", "delete"))


def _schemas(root: Root) -> Root:
    return root["components"]["schemas"]  # type: ignore[no-any-return]


def _properties(root: Root, name: str) -> Root:
    return _schemas(root)[name]["properties"]  # type: ignore[no-any-return]


def _at_list(change: Callable[[Root], object]) -> object:
    return lambda root, base: change(_at(root, base.list))


def _dangling(root: Root, base: Base) -> None:
    _at(root, base.list)["responses"]["200"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/Gone"
    }


def _dangling_parameter(root: Root, base: Base) -> None:
    _at(root, base.list)["parameters"].append({"$ref": "#/components/parameters/Nowhere"})


def _undeclared(root: Root, base: Base) -> None:
    found = _at(root, base.read)
    found["parameters"] = [p for p in found["parameters"] if p.get("in") != "path"]


def _gone(which: str) -> object:
    def plant(root: Root, base: Base) -> None:
        method, _, path = getattr(base, which).partition(" ")
        root["paths"][path].pop(method.lower())

    return plant


def _without(status: str) -> object:
    def plant(root: Root, base: Base) -> None:
        for node in _every(root):
            node["responses"].pop(status, None)

    return plant


def _plain_errors(root: Root, base: Base) -> None:
    for response in root["components"]["responses"].values():
        if "content" in response:
            response["content"] = {"application/json": {"schema": {"type": "object"}}}


def _no_errors(root: Root, base: Base) -> None:
    for node in _every(root):
        node["responses"] = {s: r for s, r in node["responses"].items() if s[0] in "23"}


def _no_maximum(root: Root, base: Base) -> None:
    root["components"]["parameters"]["Limit"]["schema"].pop("maximum")


def _no_cursor(root: Root, base: Base) -> None:
    for node in _every(root):
        node["parameters"] = [
            p for p in node.get("parameters", ()) if p.get("$ref") != "#/components/parameters/Cursor"
        ]


def _no_max_items(root: Root, base: Base) -> None:
    for schema in _schemas(root).values():
        for inner in schema.get("properties", {}).values():
            inner.pop("maxItems", None)


def _unbounded(root: Root, base: Base) -> None:
    for schema in _schemas(root).values():
        for inner in schema.get("properties", {}).values():
            if isinstance(inner, dict):
                inner.pop("maxLength", None)


def _phantom(root: Root, base: Base) -> None:
    _properties(root, base.core)["phantom"] = {"type": "string", "maxLength": 20}


def _retyped(which: str, kind: str) -> object:
    def plant(root: Root, base: Base) -> None:
        name, field = getattr(base, which)
        _properties(root, name)[field] = {"type": kind, "description": "x"}

    return plant


def _members(root: Root, base: Base) -> None:
    _need(base.choice)
    name, field, _ = base.choice
    _properties(root, name)[field]["enum"] = ["this", "that"]


def _field_out(root: Root, base: Base) -> None:
    _properties(root, base.text[0]).pop(base.text[1])
    required = _schemas(root)[base.text[0]].get("required", [])
    if base.text[1] in required:
        required.remove(base.text[1])


def _body_out(root: Root, base: Base) -> None:
    name = base.core
    _properties(root, f"{name}Create").clear()
    _schemas(root)[f"{name}Create"].pop("required", None)


def _no_body(root: Root, base: Base) -> None:
    _at(root, base.create).pop("requestBody")


def _no_result(root: Root, base: Base) -> None:
    _at(root, base.read)["responses"]["200"].pop("content")


def _other_result(root: Root, base: Base) -> None:
    _at(root, base.read)["responses"]["200"]["content"]["application/json"]["schema"] = {
        "type": "object", "properties": {"anything": {"type": "string", "maxLength": 9}}
    }  # fmt: skip


def _aws(root: Root, base: Base) -> None:
    root["info"]["description"] += "\nAKIAIOSFODNN7EXAMPLE"


def _slack(root: Root, base: Base) -> None:
    root["info"]["description"] += "\nxoxb-" + "123456789012-abcdefGHIJKL"


def _doubled_id(root: Root, base: Base) -> None:
    _at(root, base.read)["operationId"] = _at(root, base.list)["operationId"]


def _no_id(root: Root, base: Base) -> None:
    _at(root, base.read).pop("operationId")


def _no_summary(root: Root, base: Base) -> None:
    _at(root, base.read).pop("summary")


def _old(root: Root, base: Base) -> None:
    root["openapi"] = "3.0.3"


def _no_schemes(root: Root, base: Base) -> None:
    root["components"]["securitySchemes"] = {}


def _undefined_scheme(root: Root, base: Base) -> None:
    _at(root, base.read)["security"] = [{"ghost": []}]


def _no_security(which: str) -> object:
    def plant(root: Root, base: Base) -> None:
        _at(root, getattr(base, which))["security"] = []

    return plant


def _optional_security(root: Root, base: Base) -> None:
    _at(root, base.read)["security"].append({})


def _security_left_out(root: Root, base: Base) -> None:
    _at(root, base.read).pop("security")
    root.pop("security", None)


def _roles_gone(root: Root, base: Base) -> None:
    for node in _every(root):
        node["x-roles"] = []


def _more_roles(root: Root, base: Base) -> None:
    _at(root, base.reserved[1])["x-roles"] = [
        "admin",
        "manager",
        "office",
        "pupil",
        "sorter",
        "receptionist",
        "anybody",
    ]


def _no_etag(root: Root, base: Base) -> None:
    for node in _every(root):
        node["responses"].get("200", {}).get("headers", {}).pop("ETag", None)


def _no_key(root: Root, base: Base) -> None:
    for node in _every(root):
        node["parameters"] = [
            p for p in node.get("parameters", ()) if p.get("$ref") != "#/components/parameters/IdempotencyKey"
        ]


def _waits(root: Root, base: Base) -> None:
    found = _at(root, base.job)["responses"]
    found["200"] = found.pop("202")


def _no_place(root: Root, base: Base) -> None:
    _at(root, base.job)["responses"]["202"]["headers"].pop("Location")


def _hidden_shown(root: Root, base: Base) -> None:
    name = f"{base.person}Summary"
    _properties(root, name)[base.personal] = {"type": "string", "maxLength": 99}


def _unmarked(root: Root, base: Base) -> None:
    _properties(root, base.person)[base.personal].pop("x-sensitive")


def _numbers_gone(root: Root, base: Base) -> None:
    root["info"]["description"] = root["info"]["description"].partition("Budgets:")[0]


def _no_server(root: Root, base: Base) -> None:
    root["servers"] = [{"url": "/"}]


def _plain_http(root: Root, base: Base) -> None:
    root["servers"][0]["url"] = root["servers"][0]["url"].replace("https", "http")


def _password_out(root: Root, base: Base) -> None:
    _properties(root, base.core)["password_hash"] = {"type": "string", "maxLength": 99}


def _filter_out(root: Root, base: Base) -> None:
    _need(base.filtered)
    found = _at(root, base.filtered)
    found["parameters"] = [p for p in found["parameters"] if "$ref" in p]


def _states_out(root: Root, base: Base) -> None:
    name, field, _ = base.state
    _properties(root, name)[field].pop("enum")


def _required_less(root: Root, base: Base) -> None:
    _schemas(root)[f"{base.core}Create"].pop("required")


def _empty(root: Root, base: Base) -> None:
    root["paths"] = {}


def _nothing(root: Root, base: Base) -> None:
    root.clear()
    root["hello"] = "world"


CONTRACT: tuple[Fault, ...] = many(
    "document",
    ("a reference to nothing", _dangling, "api.valid"),
    ("a parameter's reference to nothing", _dangling_parameter, "api.valid"),
    ("a parameter of a path is not declared", _undeclared, "api.valid"),
    ("an operation's id is there twice", _doubled_id, "api.valid api.operations_named"),
    ("an operation has no id", _no_id, "api.operations_named"),
    ("an operation has no summary", _no_summary, "api.operations_named"),
    ("the document is of another version", _old, "api.valid"),
    ("an operation is missing from the document", _gone("read"), "api.design_rendered"),
    ("a creation is missing from the document", _gone("create"), "api.design_rendered"),
    ("no paths are in the document", _empty, "api.design_rendered api.valid"),
    ("the document is something else", _nothing, "api.valid"),
    ("429 is missing", _without("429"), "security.rate_limited"),
    ("conflicts are missing", _without("409"), "api.conflicts_declared"),
    (
        "refusals of bodies are missing",
        lambda r, b: (_without("422")(r, b), _without("400")(r, b)),
        "api.conflicts_declared",
    ),  # type: ignore[operator]
    ("who is not signed in is not told", _without("401"), "api.refusals_declared api.as_designed"),
    ("who may not is not told", _without("403"), "api.refusals_declared api.as_designed"),
    ("what is not there is not told", _without("404"), "api.refusals_declared api.as_designed"),
    ("no error is declared", _no_errors, "api.problem_details"),
    ("errors are no problem documents", _plain_errors, "api.problem_details"),
    ("the limit has no maximum", _no_maximum, "api.lists_paginate"),
    ("lists have no cursor", _no_cursor, "api.lists_paginate"),
    ("pages are unbounded", _no_max_items, "performance.results_bounded"),
    ("inputs are unbounded", _unbounded, "api.inputs_bounded"),
    ("a property is no column", _phantom, "database.document_matches"),
    ("a property's type is not its column's", _retyped("time", "boolean"), "database.document_matches"),
    ("an amount's type is not its column's", _retyped("money", "boolean"), "database.document_matches"),
    ("a truth value is a number in the document", _retyped("truth", "integer"), "database.document_matches"),
    ("a number is a text in the document", _retyped("whole", "string"), "database.document_matches api.as_designed"),
    ("a property's members are not the CHECK's", _members, "database.document_matches"),
    ("states are free in the document", _states_out, "database.document_matches"),
    ("a field is in no answer", _field_out, "database.document_matches api.said_kept"),
    ("a creation takes nothing", _body_out, "database.document_matches api.as_designed"),
    ("a creation has no body", _no_body, "api.as_designed"),
    ("a read has no result", _no_result, "api.as_designed"),
    ("a read gives something else", _other_result, "api.as_designed"),
    ("a creation needs nothing", _required_less, "api.as_designed"),
    ("a cloud's key stands in the document", _aws, "security.no_secrets"),
    ("a chat's token stands in the document", _slack, "security.no_secrets"),
    ("no schemes are defined", _no_schemes, "security.schemes_defined"),
    ("an undefined scheme is required", _undefined_scheme, "security.schemes_defined"),
    ("a read asks for nothing", _no_security("read"), "security.operations_secured"),
    ("a write asks for nothing", _no_security("update"), "security.operations_secured security.no_anonymous_writes"),
    ("credentials are optional", _optional_security, "security.operations_secured"),
    ("security is left out", _security_left_out, "security.operations_secured"),
    ("no roles are in the document", _roles_gone, "security.roles_asked"),
    ("more roles may than designed", _more_roles, "security.denials_kept api.as_designed"),
    ("reads cannot be revalidated", _no_etag, "performance.reads_conditional"),
    ("creations cannot be repeated", _no_key, "service.creates_repeatable"),
    ("long work answers 200", _waits, "performance.long_work_accepted service.accepted_work_traceable api.said_kept"),
    ("accepted work cannot be found", _no_place, "service.accepted_work_traceable"),
    ("a list shows what is personal", _hidden_shown, "security.personal_unlisted"),
    ("a personal property is not marked", _unmarked, "security.said_kept security.personal_marked api.as_designed"),
    ("the numbers are not in the document", _numbers_gone, "performance.budgets_carried"),
    ("the document has no base path", _no_server, "api.versioned"),
    ("the service is without TLS", _plain_http, "security.transport_safe"),
    ("a hash is shown", _password_out, "api.secrets_kept database.document_matches"),
    ("filters are missing from the document", _filter_out, "api.said_kept api.as_designed"),
)  # type: ignore[arg-type]
"""Faults of documents."""
