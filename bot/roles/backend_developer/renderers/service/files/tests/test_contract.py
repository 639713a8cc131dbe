"""The service keeps its contract: every operation, under its id, with the keys that its bodies have."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import yaml

from app import design
from app.main import routes
from tests.trials import ENTITIES, TRIALS
from tests.world import World

CONTRACT: dict[str, Any] = yaml.safe_load((Path(__file__).resolve().parents[1] / "openapi.yaml").read_text("utf-8"))


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_every_operation_is_served_and_no_other() -> None:
    declared = {
        (method.upper(), _plain(path), said["operationId"])
        for path, item in CONTRACT.get("paths", {}).items()
        for method, said in item.items()
    }
    served = {
        (method, _plain(route.path), str(route.operation_id)) for route in routes() for method in route.methods or ()
    }
    assert served == declared
    assert {(t.method, _plain(t.path.removeprefix(design.BASE_PATH)), t.operation) for t in TRIALS} == declared


def test_bodies_have_the_keys_of_the_contract() -> None:
    schemas = CONTRACT["components"]["schemas"]
    by_description = {name: schema for name, schema in schemas.items() if "properties" in schema}
    for entity in ENTITIES.values():
        models = importlib.import_module(f"app.models.{entity.module}")
        fields = getattr(models, entity.create_model).model_fields
        keys = {field.alias or name for name, field in fields.items()}
        found = [name for name in by_description if name.lower() == f"{entity.name}Create".lower()]
        for name in found:
            schema = by_description[name]
            assert keys == set(schema["properties"]), name
            needed = {field.alias or name for name, field in fields.items() if field.is_required()}
            assert needed == set(schema.get("required", ())), name


def test_what_every_service_has_answers(world: World) -> None:
    assert world.http.get("/livez").status_code == 200
    assert world.http.get("/readyz").status_code == 200
    assert "http_request_seconds" in world.http.get("/metrics").text
    assert world.http.get("/openapi.yaml").text.startswith("openapi: 3.1")


def test_what_is_not_there_is_a_problem(world: World) -> None:
    answer = world.http.get(f"{design.BASE_PATH}/nothing/of/the/kind/here/at/all")
    assert answer.status_code in (401, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
