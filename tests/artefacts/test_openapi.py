"""The API's document: valid, complete, and in one mind with the blueprint."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import ValidationError

from bot.roles.backend_developer.blueprint import AuthScheme, Blueprint, EntityField
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.openapi.paths import canonical, template
from tests.artefacts.blueprints import AUTH, shop, tiny
from tests.judge.bases import depot
from tests.support import quick_yaml

Node = dict[str, Any]


def read(plan: Blueprint) -> Node:
    found = quick_yaml.load(openapi_yaml(plan))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def document() -> Node:
    return read(shop())


def each(document: Node) -> list[tuple[str, str, Node]]:
    return [(path, method, op) for path, item in document["paths"].items() for method, op in item.items()]


@pytest.mark.parametrize("plan", [shop(), tiny()])
def test_documents_are_valid(plan: Blueprint) -> None:
    """openapi-spec-validator finds nothing."""
    assert list(OpenAPIV31SpecValidator(read(plan)).iter_errors()) == []


def test_bytes_are_the_same_each_time() -> None:
    """Rendering is a pure function."""
    assert openapi_yaml(shop()) == openapi_yaml(shop())


def test_every_operation_is_described_and_tagged(document: Node) -> None:
    """Ids are unique; each operation has a summary, a description, a defined tag and says who may call it."""
    operations = [op for _path, _method, op in each(document)]
    assert len({op["operationId"] for op in operations}) == len(shop().operations)
    tags = {tag["name"] for tag in document["tags"]}
    for op in operations:
        assert op["summary"] and op["description"] and set(op["tags"]) <= tags and "x-roles" in op


def test_lists_page_by_cursor(document: Node) -> None:
    """A list takes cursor and limit and answers an envelope; the limit has a maximum."""
    op = document["paths"]["/users"]["get"]
    assert {"$ref": "#/components/parameters/Limit"} in op["parameters"]
    assert document["components"]["parameters"]["Limit"]["schema"]["maximum"] == 100
    page = document["components"]["schemas"]["UserPage"]
    assert set(page["required"]) == {"items", "next_cursor"} and page["properties"]["items"]["maxItems"] == 100


def test_errors_are_problems(document: Node) -> None:
    """Every 4xx and 5xx answers application/problem+json (RFC 9457)."""
    for _path, _method, op in each(document):
        for status, response in op["responses"].items():
            if status >= "400":
                name = response["$ref"].rpartition("/")[2]
                assert list(document["components"]["responses"][name]["content"]) == ["application/problem+json"]


def test_secrets_leave_no_trace_in_responses(document: Node) -> None:
    """A secret is in no response; personal data is in reads of one, not in lists; neither is written by callers."""
    schemas = document["components"]["schemas"]
    assert not any("password_hash" in schema.get("properties", {}) for schema in schemas.values())
    assert "email" in schemas["User"]["properties"] and "email" not in schemas["UserSummary"]["properties"]
    assert schemas["UserPage"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/UserSummary"}


def test_strings_are_bounded(document: Node) -> None:
    """Every string has a length, values, or a pattern; every number a range."""

    def walk(node: object) -> None:
        if isinstance(node, dict):
            kind = node.get("type")
            kinds: list[object] = kind if isinstance(kind, list) else [kind]
            if "string" in kinds and "name" not in node:
                assert "maxLength" in node or "enum" in node, node
            if "integer" in kinds:
                assert {"minimum", "maximum"} <= set(node), node
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document["components"]["schemas"])
    walk(document["paths"])


def test_examples_fit_their_schemas(document: Node) -> None:
    """Each schema's own example is valid by it."""
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
            jsonschema.Draft202012Validator(root).validate(example)


def test_asynchronous_work_is_accepted(document: Node) -> None:
    """Long work answers 202 with the place of its state, and takes an idempotency key."""
    op = document["paths"]["/orders/{order_id}/export"]["post"]
    assert "Location" in op["responses"]["202"]["headers"]
    assert {"$ref": "#/components/parameters/IdempotencyKey"} in op["parameters"]


def test_only_public_operations_are_open(document: Node) -> None:
    """Security is empty where the blueprint says public, and nowhere else."""
    assert [path for path, _method, op in each(document) if op["security"] == []] == ["/health"]


def test_signed_calls_have_a_scheme_of_their_own() -> None:
    """What other services call is proven by a signature, not open and not by a user's token."""
    hook = {
        "id": "receive",
        "method": "POST",
        "path": "/webhooks/pay",
        "summary": "Take",
        "kind": "action",
        "signed": True,
    }
    found = read(shop(operations=[hook], budgets=[]))
    assert found["paths"]["/webhooks/pay"]["post"]["security"] == [{"webhookSignature": []}]
    assert "webhookSignature" in found["components"]["securitySchemes"]


@pytest.mark.parametrize("scheme", [scheme for scheme in AuthScheme if scheme is not AuthScheme.NONE])
def test_each_scheme_is_declared(scheme: AuthScheme) -> None:
    """Whatever way to sign in a blueprint names, its document is valid and declares it."""
    found = read(shop(auth={**AUTH, "scheme": scheme}))
    assert list(OpenAPIV31SpecValidator(found).iter_errors()) == []
    (name,) = found["paths"]["/users"]["get"]["security"][0]
    assert name in found["components"]["securitySchemes"]


def test_paths_that_differ_in_names_only_are_one() -> None:
    """One path item holds all methods of a route, however its parameter was called; a name is used once per path."""
    assert template("/a/{x}/b/{y}") == "/a/{}/b/{}"
    assert canonical("/orders/{id}/lines/{id}") == "/orders/{id_2}/lines/{id}"
    paths = read(shop())["paths"]
    assert "/orders/{id_2}/lines/{id}" in paths


def test_hostile_words_stay_words() -> None:
    """Markup and YAML signs in descriptions come back as the same text."""
    words = "<!channel> ': !!python/object {x} # \u202e *a &b | > %"
    plan = shop(summary=words)
    assert read(plan)["info"]["description"].startswith(plan.summary)
    assert "\u202e" not in plan.summary


@pytest.mark.parametrize(("said", "right"), [("{}", False), ('{"a": "x"}', True), ('{"a": "x", "z": 1}', False)])
def test_the_default_of_an_object_has_its_fields(said: str, right: bool) -> None:
    """A default without a required field of the object, or with one that it has not, is no default of it."""
    made = {"name": "x", "type": "object", "default": said, "fields": [{"name": "a", "type": "string"}]}
    if right:
        assert EntityField.model_validate(made).default == said
    else:
        with pytest.raises(ValidationError, match="outside of its own fields"):
            EntityField.model_validate(made)


def test_a_key_in_a_path_is_that_of_the_thing_before_it() -> None:
    """``/parcels/{id}/scans`` takes a parcel's uuid, although scans are numbered."""
    plan = depot.design()
    next(entity for entity in plan["entities"] if entity["name"] == "Scan")["identity"] = "bigint"
    operation = read(Blueprint.model_validate(plan))["paths"]["/parcels/{id}/scans"]["get"]
    keys = [one["schema"] for one in operation["parameters"] if one.get("in") == "path"]
    assert [(key["type"], key.get("format")) for key in keys] == [("string", "uuid")]
