"""The coverage: every statement and every part stands in it, and the JSON says what the file says."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from bot.domain.design import Brief, Design
from bot.domain.role import Role
from bot.reading.read import read
from bot.roles import load_role
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import addressed, assumed
from bot.roles.backend_developer.covering import covering
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.report import build_report
from bot.roles.backend_developer.report.coverage_table import coverage_rows, summary
from bot.roles.backend_developer.understanding import TOPICS, read_here, sources_of
from tests.artefacts.test_diagram_and_report import NOW, made, proven
from tests.designers.samples import brief

ANSWERS = {
    "opening_1": "Rust on MariaDB. No Kafka.",
    "database_schema": "Buoy: code string unique, colour (red|green)\nThe wobbler is to be frimped.\n=SUM(A1) is.",
    "api_design": "GET /buoys\nPOST /buoys",
    "security_controls": "Roles: pilot. We do not know yet who may delete.",
}


@pytest.fixture(scope="module")
def role() -> Role:
    return load_role("backend-developer")


def _made(answers: dict[str, str]) -> tuple[Brief, Blueprint]:
    given = brief(answers, {}, title="Harbour")
    known = read_here(sources_of(given))
    return given, compose(known.understanding, known.facts, given)


def _rows(given: Brief, plan: Blueprint) -> tuple[bytes, list[dict[str, str]]]:
    file = covering(read(sources_of(given), topics=TOPICS), given, plan)
    return file.content, list(csv.DictReader(io.StringIO(file.content.decode())))


def test_every_statement_and_every_part_is_accounted_for() -> None:
    """Each statement of the answers has a row, realised ones name parts that are there, and all else has a reason."""
    given, plan = _made(ANSWERS)
    _, rows = _rows(given, plan)
    said = read(sources_of(given), topics=TOPICS).statements
    assert [row["source"] for row in rows if row["standing"] != "assumed"] == [s.source for s in said]
    there = {address for address, _ in addressed(plan)}
    for row in rows:
        if row["standing"] == "realised":
            assert set(row["parts"].split("; ")) <= there
        elif row["standing"] != "assumed":
            assert row["reason"]
    assert [row["parts"] for row in rows if row["standing"] == "assumed"] == list(assumed(plan))
    cited = {address for address, part in addressed(plan) if part.cites}
    lost = [a for a, part in addressed(plan) if a not in cited and not part.assumed and a != "stack"]
    assert lost == [], "parts that nobody said and that are not marked as assumed"


def test_standings_are_what_became_of_the_sentences() -> None:
    """What was refused is declined with its reason, the nonsense is not understood, the open point stays open."""
    given, plan = _made(ANSWERS)
    standing = {row["statement"].lstrip("'"): row for row in _rows(given, plan)[1]}
    assert standing["The wobbler is to be frimped."]["standing"] == "not_understood"
    assert standing["No Kafka."]["standing"] == "declined"
    assert "refused" in standing["No Kafka."]["reason"]
    assert standing["GET /buoys"]["parts"] == "GET /buoys"


def test_no_cell_is_a_formula() -> None:
    """A statement that a spreadsheet would compute is kept as words."""
    rows = _rows(*_made(ANSWERS))[1]
    assert not [row for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert any(row["statement"].startswith("'=SUM") for row in rows)


def test_a_design_that_cites_nothing_is_held_against_the_same_reading() -> None:
    """Without citations a statement is realised by the parts that reading makes of it and the design has, too."""
    given, plan = _made(ANSWERS)
    bare = Blueprint.model_validate(_without_cites(plan.model_dump(mode="json")))
    fewer = bare.model_copy(update={"operations": bare.operations[:1]})
    standing = {row["statement"]: row["standing"] for row in _rows(given, fewer)[1]}
    assert standing[f"{bare.operations[0].method.value} {bare.operations[0].path}"] == "realised"
    assert standing[f"{bare.operations[1].method.value} {bare.operations[1].path}"] == "not_realised"


def test_the_json_says_what_the_file_says(role: Role) -> None:
    """The iteration's `coverage` has the file's statements and counts, and the answers stay word for word."""
    given, plan = _made(ANSWERS)
    file = covering(read(sources_of(given), topics=TOPICS), given, plan)
    found = replace(proven(plan, role, 96), artefacts=(file,))
    design: Design = made(plan)
    report = build_report(
        role=role, brief=given, design=design, assessment=found, gates=[], timestamp=NOW, status="final"
    )
    rows = coverage_rows((file,))
    assert report.coverage.summary == summary(rows)
    assert sum(report.coverage.counts.values()) == len(rows)
    listed = [(s.statement, s.standing) for s in report.coverage.statements]
    assert listed == [(r.statement, r.standing) for r in rows if r.standing not in ("assumed", "nothing_said")]
    assert {answer.key: answer.answer for answer in report.answers} == ANSWERS


def _without_cites(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_cites(inner) for key, inner in value.items() if key != "cites"}
    return [_without_cites(inner) for inner in value] if isinstance(value, list) else value
