"""The API's document: OpenAPI 3.1, from a blueprint."""

from __future__ import annotations

import json

import yaml
from openapi_pydantic.v3.v3_1 import OpenAPI

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.openapi.extensions import document_extensions
from bot.roles.backend_developer.renderers.openapi.operations import operation
from bot.roles.backend_developer.renderers.openapi.paths import canonical, template
from bot.roles.backend_developer.renderers.openapi.schemas import schemas
from bot.roles.backend_developer.renderers.openapi.security import security_schemes
from bot.roles.backend_developer.renderers.openapi.shared import (
    ANY_VALUE,
    Node,
    any_value_schema,
    error_responses,
    headers,
    parameters,
    ref,
)
from bot.roles.backend_developer.renderers.openapi.webhooks import happenings, webhooks
from bot.roles.backend_developer.renderers.remembered import remembered
from bot.roles.backend_developer.renderers.tables import tables


def openapi_yaml(blueprint: Blueprint) -> bytes:
    """Return the document as YAML, UTF-8; the same blueprint gives the same bytes.

    openapi-pydantic holds the document to the specification's structure; whether it is valid is for a check to say.
    """
    return yaml.dump(values(blueprint), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110).encode()


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        # Anchors save bytes, but few readers of API documents know them.
        return True


@remembered
def values(blueprint: Blueprint) -> Node:
    """Return what the document says: mappings, lists, texts, numbers, truth values and nothing."""
    model = OpenAPI.model_validate(document(blueprint))
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def document(blueprint: Blueprint) -> Node:
    """Return the document as plain values."""
    paths = _paths(blueprint)
    named = schemas(blueprint, with_accepted=any(op.asynchronous for op in blueprint.operations))
    if ref("schemas", ANY_VALUE)["$ref"] in json.dumps([paths, named]):
        named[ANY_VALUE] = any_value_schema()
    node: Node = {
        "openapi": "3.1.0",
        "info": {
            "title": blueprint.title,
            "summary": _first_sentence(blueprint.summary),
            "description": _overview(blueprint),
            "version": blueprint.version,
            "contact": {"name": "Backend team", "email": "backend@example.com"},
            "license": {"name": "Proprietary", "url": "https://example.com/license"},
        },
        "servers": [
            {
                "url": f"https://{{host}}{blueprint.base_path}",
                "description": "The service; its major version is in the path.",
                "variables": {"host": {"default": "api.example.com", "description": "Where it is deployed."}},
            }
        ],
        "tags": _tags(blueprint),
        "paths": paths,
        "components": {
            "schemas": named,
            "responses": error_responses(),
            "parameters": parameters(),
            "headers": headers(blueprint.auth.rate_limit_per_minute),
            "securitySchemes": security_schemes(blueprint),
        },
    }
    told = webhooks(blueprint)
    return node | ({"webhooks": told} if told else {}) | happenings(blueprint) | document_extensions(blueprint)


def _paths(blueprint: Blueprint) -> Node:
    shapes = {shape.entity: shape for shape in tables(blueprint) if shape.entity}
    spelled: dict[str, str] = {}
    found: Node = {}
    for op in blueprint.operations:
        path = spelled.setdefault(template(op.path), canonical(op.path))
        found.setdefault(path, {})[op.method.lower()] = operation(blueprint, op, path, shapes)
    return found


def _tags(blueprint: Blueprint) -> list[Node]:
    used = {op.entity for op in blueprint.operations}
    tags: list[Node] = [
        {"name": entity.name, "description": entity.description or f"Operations on {entity.plural.replace('_', ' ')}."}
        for entity in blueprint.entities
        if entity.name in used
    ]
    if None in used:
        tags.append({"name": "service", "description": "Operations of the service as a whole."})
    return tags


def _overview(blueprint: Blueprint) -> str:
    roles = "\n".join(f"- `{role.name}`: {role.description}" for role in blueprint.roles)
    budgets = "\n".join(
        f"- {b.metric}: {b.value:g} {b.unit}{f' ({b.entity})' if b.entity else ''}"
        for b in blueprint.budgets
        if not b.operation
    )
    limit = blueprint.auth.rate_limit_per_minute
    parts = [
        blueprint.summary,
        f"Authentication: {blueprint.auth.description}\nAuthorisation: {blueprint.auth.authorization}",
        f"Roles:\n{roles}",
        f"Every caller has {limit} requests per minute; see the `RateLimit-*` headers. Errors follow RFC 9457.",
    ]
    if blueprint.sign_ins:
        ways = "\n".join(
            f"- {way.name}: {way.scheme.value}, {way.audience or 'everybody'}" for way in blueprint.sign_ins
        )
        parts.append(f"Ways to sign in:\n{ways}")
    if blueprint.conventions:
        parts.append("Conventions:\n" + "\n".join(f"- {c.kind}: {c.value}" for c in blueprint.conventions))
    if budgets:
        parts.append(f"Budgets:\n{budgets}")
    return "\n\n".join(parts)


def _first_sentence(text: str) -> str:
    return text.split(". ", maxsplit=1)[0].rstrip(".")[:120] + "."
