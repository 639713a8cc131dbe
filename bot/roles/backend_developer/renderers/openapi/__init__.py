"""The API's document: OpenAPI 3.1, from a blueprint."""

from __future__ import annotations

import yaml
from openapi_pydantic.v3.v3_1 import OpenAPI

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.openapi.operations import operation
from bot.roles.backend_developer.renderers.openapi.paths import canonical, template
from bot.roles.backend_developer.renderers.openapi.schemas import schemas
from bot.roles.backend_developer.renderers.openapi.shared import (
    Node,
    error_responses,
    headers,
    parameters,
    security_schemes,
    signature_scheme,
)
from bot.roles.backend_developer.renderers.tables import tables


def openapi_yaml(plan: Blueprint) -> bytes:
    """Return the document as YAML, UTF-8; the same blueprint gives the same bytes.

    openapi-pydantic holds the document to the specification's structure; whether it is valid is for a check to say.
    """
    model = OpenAPI.model_validate(document(plan))
    node = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return yaml.dump(node, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110).encode()


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        # Anchors save bytes, but few readers of API documents know them.
        return True


def document(plan: Blueprint) -> Node:
    """Return the document as plain values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": plan.title,
            "summary": _first_sentence(plan.summary),
            "description": _overview(plan),
            "version": plan.version,
            "contact": {"name": "Backend team", "email": "backend@example.com"},
            "license": {"name": "Proprietary", "url": "https://example.com/license"},
        },
        "servers": [
            {
                "url": f"https://{{host}}{plan.base_path}",
                "description": "The service; its major version is in the path.",
                "variables": {"host": {"default": "api.example.com", "description": "Where it is deployed."}},
            }
        ],
        "tags": _tags(plan),
        "paths": _paths(plan),
        "components": {
            "schemas": schemas(plan, with_accepted=any(op.asynchronous for op in plan.operations)),
            "responses": error_responses(),
            "parameters": parameters(),
            "headers": headers(plan.auth.rate_limit_per_minute),
            "securitySchemes": security_schemes(plan.auth)
            | (signature_scheme() if any(op.signed for op in plan.operations) else {}),
        },
    }


def _paths(plan: Blueprint) -> Node:
    shapes = {shape.entity: shape for shape in tables(plan) if shape.entity}
    spelled: dict[str, str] = {}
    found: Node = {}
    for op in plan.operations:
        path = spelled.setdefault(template(op.path), canonical(op.path))
        shape = shapes.get(op.entity) if op.entity else None
        found.setdefault(path, {})[op.method.lower()] = operation(plan, op, path, shape)
    return found


def _tags(plan: Blueprint) -> list[Node]:
    used = {op.entity for op in plan.operations}
    tags: list[Node] = [
        {"name": entity.name, "description": entity.description or f"Operations on {entity.plural.replace('_', ' ')}."}
        for entity in plan.entities
        if entity.name in used
    ]
    if None in used:
        tags.append({"name": "service", "description": "Operations of the service as a whole."})
    return tags


def _overview(plan: Blueprint) -> str:
    roles = "\n".join(f"- `{role.name}`: {role.description}" for role in plan.roles)
    budgets = "\n".join(f"- {b.metric}: {b.value:g} {b.unit}" for b in plan.budgets if not b.operation)
    limit = plan.auth.rate_limit_per_minute
    parts = [
        plan.summary,
        f"Authentication: {plan.auth.description}\nAuthorisation: {plan.auth.authorization}",
        f"Roles:\n{roles}",
        f"Every caller has {limit} requests per minute; see the `RateLimit-*` headers. Errors follow RFC 9457.",
    ]
    if budgets:
        parts.append(f"Budgets:\n{budgets}")
    return "\n\n".join(parts)


def _first_sentence(text: str) -> str:
    return text.split(". ", maxsplit=1)[0].rstrip(".")[:120] + "."
