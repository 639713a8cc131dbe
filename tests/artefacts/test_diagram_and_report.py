"""The picture, the list of changes and the iteration file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest

from bot.domain.design import Addressed, Design, Narrative
from bot.domain.evidence import Assessment, Score, Scorecard
from bot.domain.role import Role
from bot.roles import load_role
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.blueprint.changes import diff
from bot.roles.backend_developer.renderers.diagram import mermaid, svg
from bot.roles.backend_developer.renderers.diagram.layout import place
from bot.roles.backend_developer.renderers.render import render
from bot.roles.backend_developer.report import build_report, to_json
from tests.artefacts.blueprints import shop, tiny
from tests.designers.samples import assessment, brief, check, note

NOW = datetime(2026, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture(scope="module")
def role() -> Role:
    return load_role("backend-developer")


def test_names_are_unique_and_bytes_the_same() -> None:
    """Every artefact has a name of its own and is the same each time."""
    first, second = render(shop()), render(shop())
    assert first == second and len({a.name for a in first}) == len(first)


def test_mermaid_names_every_entity_and_relation() -> None:
    """Each entity has its block, each relation its line."""
    text = mermaid(shop())
    assert re.findall(r"^    (\w+) {$", text, re.M) == [e.name for e in shop().entities]
    assert text.count(" : ") == len(shop().relations)


@pytest.mark.parametrize("plan", [shop(), tiny(), shop(title="</title><script>&\"' x")])
def test_the_picture_is_well_formed_and_harmless(plan: Blueprint) -> None:
    """XML that parses, holds every entity, and neither scripts nor references."""
    root = ElementTree.fromstring(svg(plan))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {entity.name for entity in plan.entities} <= set(texts)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script")) and "href" not in svg(plan)


def test_boxes_do_not_overlap() -> None:
    """However many entities there are, each has its own place."""
    entities = [{"name": f"E{i}", "plural": f"e{i}s", "fields": [{"name": "x", "type": "text"}]} for i in range(60)]
    links = [{"source": f"E{i}", "target": f"E{i // 3}", "name": "up"} for i in range(1, 60)]
    calls = [{"id": "r", "method": "GET", "path": "/e1s/{id}", "summary": "s", "kind": "read", "entity": "E1"}]
    boxes = list(place(shop(entities=entities, relations=links, operations=calls, budgets=[])).boxes.values())
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = a.x + a.width < b.x or b.x + b.width < a.x or a.y + a.height < b.y or b.y + b.height < a.y
            assert apart, (a.entity, b.entity)


def test_nothing_changed_says_nothing() -> None:
    """Equal blueprints have no differences."""
    assert diff(shop(), shop()) == ()


def test_changes_are_said_in_words() -> None:
    """Entities, fields, calls, roles and numbers: what was, and what is."""
    lines = "\n".join(diff(tiny(), shop()))
    assert "Entity Note removed" in lines and "Entity Order added, with status, total" in lines
    assert "Operation GET /notes/{id} removed" in lines and "Budget latency_p95 200 ms added" in lines
    auth = shop().auth.model_copy(update={"multi_factor": False, "token_minutes": 5})
    assert diff(shop(), shop(auth=auth)) == (
        "Security: multi factor was on, is off",
        "Security: token minutes was 15, is 5",
    )


def made(plan: Blueprint) -> Design:
    words = Narrative(
        strengths=("a", "b", "c"),
        improvements=("d", "e", "f"),
        recommendation="Go on.",
        next_steps=("step",),
        next_focus=("focus",),
        addressed=(Addressed(feedback_id="f1", change="added"),),
    )
    return Design(proposal=plan, narrative=words, designer="offline", model=None)


def proven(plan: Blueprint, role: Role, value: int | None) -> Assessment:
    parts = tuple(
        Score(key=s.key, name=s.name, value=value, measured_share=0.5, held=1, failed=0, not_measured=1)
        for s in role.scores
    )
    found = assessment(plan, check("api.valid"))
    card = Scorecard(overall=value, measured_share=0.5, parts=parts)
    return Assessment(artefacts=found.artefacts, checks=found.checks, scorecard=card, tools=found.tools)


def compare(want: object, got: object, path: str = "") -> list[str]:
    """Return where a value's shape differs from the example's."""
    if type(want) is not type(got):
        return [f"{path}: {type(got).__name__}, not {type(want).__name__}"]
    if isinstance(want, dict) and isinstance(got, dict):
        missing = [f"{path}/{key}: missing" for key in want if key not in got]
        return missing + [x for key in want if key in got for x in compare(want[key], got[key], f"{path}/{key}")]
    if isinstance(want, list) and isinstance(got, list) and want:
        return [x for i, item in enumerate(got) for x in compare(want[0], item, f"{path}/{i}")]
    return []


def test_the_file_has_the_definitions_shape(role: Role) -> None:
    """Every key of the definition's example is there, in its order and with its type; ours come after."""
    plan = shop()
    report = build_report(
        role=role, brief=brief(feedback=(note("x"),)), design=made(plan), assessment=proven(plan, role, 96),
        gates=[], timestamp=NOW, status="final",
    )  # fmt: skip
    got = json.loads(to_json(report))
    assert compare(dict(role.example), got) == []
    keys = list(role.example)
    assert [key for key in got if key in keys] == keys
    assert got["timestamp"] == "2026-01-02T03:04:05Z" and got["status"] == "final"
    assert got["api_specification"]["key_endpoints"][0].startswith("GET /api/v1/users - ")
    assert got["input_references"] == [source.path for source in brief().sources]
    assert got["feedback"][0]["change"] == "added" and got["unproven"] == []
    assert got["evidence"]["artefacts"]["openapi.yaml"] == render(plan)[0].sha256
    assert to_json(report).endswith(b"}\n")


def test_unmeasured_scores_are_named(role: Role) -> None:
    """A score without evidence is 0 by type and listed as unproven with the reason, the overall one first."""
    plan = shop()
    report = build_report(
        role=role, brief=brief(), design=made(plan), assessment=proven(plan, role, None), gates=[],
        timestamp=datetime.now(UTC), status="draft",
    )  # fmt: skip
    got = json.loads(to_json(report))
    assert set(got["backend_implementation"].values()) == {0}
    assert got["unproven"][0]["key"] == "backend_implementation.backend_score"
    assert len(got["unproven"]) == 6 and all("not measured" in item["reason"] for item in got["unproven"])
    assert "unproven" in got["iteration_status"] and got["iteration_status"].startswith("DRAFT")


def test_changes_since_the_last_iteration_are_in_the_file(role: Role) -> None:
    """The report says what differs from the previous blueprint."""
    report = build_report(
        role=role, brief=brief(previous=tiny()), design=made(shop()), assessment=proven(shop(), role, 90), gates=[],
        timestamp=NOW, status="final",
    )  # fmt: skip
    assert "Entity Note removed" in report.changes and "below the threshold of 95" in report.iteration_status
