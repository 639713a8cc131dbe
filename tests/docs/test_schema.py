"""The published schema of the iteration file. `UPDATE_DOCS=1 python -m pytest tests/docs -n 0` writes it anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.roles import load_role
from bot.roles.backend_developer.report.schema import SCHEMA_ID, json_schema
from tests.artefacts.blueprints import shop
from tests.artefacts.test_diagram_and_report import NOW, made, proven
from tests.designers.samples import brief
from tests.support.iteration_files import SCHEMA, faults


def test_the_published_schema_is_the_code() -> None:
    """What stands in docs/ is what the code writes files by, and is a schema."""
    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_DOCS"):
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text
    Draft202012Validator.check_schema(json.loads(text))


def _file() -> dict[str, Any]:
    from bot.roles.backend_developer.report import build_report, to_json

    role, plan = load_role("backend-developer"), shop()
    report = build_report(
        role=role, brief=brief(), design=made(plan), assessment=proven(plan, role, 90), gates=[], timestamp=NOW,
        status="draft",
    )  # fmt: skip
    found: dict[str, Any] = json.loads(to_json(report))
    return found


def test_every_file_names_its_schema() -> None:
    """`$schema` is the published schema's id, behind the definition's own keys."""
    body = _file()
    assert body["$schema"] == SCHEMA_ID == json_schema()["$id"]
    example = list(load_role("backend-developer").example)
    assert list(body)[: len(example)] == example
    assert faults(json.dumps(body).encode()) == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.pop("evidence"),
        lambda b: b.pop("$schema"),
        lambda b: b.update(certified=True),
        lambda b: b.update(iteration="2"),
        lambda b: b["backend_implementation"].update(api_design=101),
        lambda b: b["backend_implementation"].update(usability=100),
        lambda b: b["evidence"]["checks"][0].pop("raw_sha256"),
        lambda b: b.update(status="published"),
    ],
)
def test_what_is_no_iteration_file_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    """The schema refuses what is missing, put in, or of another type."""
    body = _file()
    change(body)
    assert faults(json.dumps(body).encode())
