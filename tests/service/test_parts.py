"""What a design says of single parts is in the service: nested objects, passwords, ways to sign in, tenants."""

from __future__ import annotations

import re

import jsonschema
import pytest

from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.openapi.shared import NO_NUL
from bot.roles.backend_developer.renderers.service import render_service
from tests.service.samples import crud, plain, workshop
from tests.support import quick_yaml


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return dict(render_service(workshop()))


def test_an_object_that_is_an_entity_has_its_fields(files: dict[str, str]) -> None:
    """What callers send as a nested entity is held to that entity's fields and bounds."""
    (found,) = re.findall(r"class OrderHolder\(t\.Body\):.*?\n\n\n", files["app/models/orders.py"], re.DOTALL)
    assert "name: t.String\n" in found and "phone: t.String\n" in found
    assert "holder: OrderHolder | None" in files["app/models/orders.py"]


def test_a_nested_object_is_read_as_it_was_written() -> None:
    """It has no row of its own: the contract promises neither an id nor times of it, and takes what was sent."""
    root = quick_yaml.load(openapi_yaml(workshop()))
    said = root["components"]["schemas"]["Order"]["properties"]["holder"]
    closed = {**said, "components": root["components"]}
    jsonschema.validate({"name": "Ada", "phone": "1"}, closed)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "Ada", "phone": "1", "id": "3f1c9d7e-2b4a-4c6d-8e0f-1a2b3c4d5e6f"}, closed)


def test_an_object_within_itself_ends() -> None:
    """A tree of one entity is typed for one level; below, any object is taken."""
    field = {"name": "inner", "type": "object", "entity": "Box", "required": False}
    files = render_service(plain(entities=[{"name": "Box", "plural": "boxes", "fields": [field]}],
                                 operations=crud("Box", "/boxes")))  # fmt: skip
    assert "inner: BoxInner | None" in files["app/models/boxes.py"]
    assert "inner: t.JsonObject | None" in files["app/models/boxes.py"]


def test_of_a_password_a_digest_is_kept(files: dict[str, str]) -> None:
    """The table names the column; its bounds are those of what is sent, not of the digest; no result shows it."""
    models = files["app/models/people.py"]
    assert 'passwords=("password",)' in models
    assert "t.Field(min_length=12, max_length=72)" in models
    assert "char_length(password) <= 72" not in files["migrations/0001_initial.sql"]
    (shown,) = re.findall(r"class Person\(t\.Result\):.*?\n\n\n", models, re.DOTALL)
    assert "password" not in shown


def test_people_sign_in_by_the_ways_of_the_design(files: dict[str, str]) -> None:
    """Each way keeps its scheme, so that the service takes keys where keys and passwords where passwords are meant."""
    assert 'SignIn("passwords", "password", (), False, 15)' in files["app/design.py"]
    assert 'SignIn("keys", "api_key", (), False, 15)' in files["app/design.py"]


def test_a_repeated_request_for_a_tenant_is_the_same_callers(files: dict[str, str]) -> None:
    """A tenant's row is made as that tenant, but the key of the request belongs to who asked."""
    router = files["app/routers/shops.py"]
    assert "api.database.as_caller(tenant)" in router
    assert 'api.once(request, connection, caller, "create-Shop.shops", work)' in router


def test_a_change_where_nothing_may_be_changed_is_no_ones_to_write() -> None:
    """The row is given back as it is; nothing is left for the team."""
    files = render_service(plain(entities=[{"name": "Lamp", "plural": "lamps"}], operations=crud("Lamp", "/lamps")))
    assert "async def" not in files["app/actions.py"]
    assert "api.must_match(request, models.TABLE, row)" in files["app/routers/lamps.py"]


def test_what_a_role_may_not_is_in_the_router(files: dict[str, str]) -> None:
    """A denied role is not among those that may, and a state change names its own."""
    router = files["app/routers/orders.py"]
    assert 'api.allow("boss")' in router
    assert 'roles=("mechanic",)' in router and "models.READERS" in router


def test_an_operation_that_will_go_is_named_with_its_last_day() -> None:
    """What the design calls deprecated is in `app/design.py`, from where the headers of its answers come."""
    old, *rest = crud("Box", "/boxes")
    going = {**old, "deprecated": True, "sunset": "2027-01-01"}
    boxes = [{"name": "Box", "plural": "boxes", "fields": [{"name": "name", "type": "string"}]}]
    files = render_service(plain(entities=boxes, operations=[going, *rest]))
    (said,) = re.findall(r"^DEPRECATED.*?\}", files["app/design.py"], re.DOTALL | re.MULTILINE)
    assert 'Deprecated(since="", sunset="2027-01-01")' in said
    assert said.count("Deprecated(") == 1


def test_the_document_says_that_no_text_of_a_request_holds_nul() -> None:
    """PostgreSQL keeps no NUL, so the service refuses it (422), and the contract says so wherever a caller writes."""
    fields = [
        {"name": "name", "type": "string"}, {"name": "code", "type": "string", "pattern": "^[A-Z]+$"},
        {"name": "extra", "type": "json"}, {"name": "tags", "type": "array"}, {"name": "mail", "type": "email"},
    ]  # fmt: skip
    listed, *rest = crud("Box", "/boxes")
    boxes = [{"name": "Box", "plural": "boxes", "fields": fields}]
    operations = [{**listed, "filters": ["name"], "search": ["name"]}, *rest]
    document = quick_yaml.load(render_service(plain(entities=boxes, operations=operations))["openapi.yaml"])
    schemas = document["components"]["schemas"]
    for form in ("BoxCreate", "BoxUpdate"):
        sent = schemas[form]["properties"]
        assert sent["name"]["pattern"] == sent["tags"]["items"]["pattern"] == NO_NUL
        assert sent["code"]["pattern"] == "^[A-Z]+$"
        assert "pattern" not in sent["mail"], "its format says more"
        assert sent["extra"]["additionalProperties"] == {"$ref": "#/components/schemas/AnyValue"}
    assert "pattern" not in schemas["Box"]["properties"]["name"], "what is answered was kept already"
    asked = {one["name"]: one["schema"] for one in document["paths"]["/boxes"]["get"]["parameters"] if "name" in one}
    assert asked["name"]["pattern"] == asked["q"]["pattern"] == NO_NUL
    held = jsonschema.Draft202012Validator(
        {"$ref": "#/components/schemas/AnyValue", "components": {"schemas": schemas}}
    )
    assert held.is_valid({"a": [1, None, {"b": "c"}]})
    assert not held.is_valid({"a": [{"b": "c\x00"}]})
    assert not held.is_valid({"a\x00": 1})
