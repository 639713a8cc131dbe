"""The table of points.json: each promise has tests that are there, and each of them says what it shows."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
POINTS: list[dict[str, Any]] = json.loads((TESTS / "hostile/points.json").read_text(encoding="utf-8"))["points"]
FEWEST_WORDS = 5


def test_every_point_stands_in_the_table_once() -> None:
    """There are twenty, from the first to the last."""
    assert [point["point"] for point in POINTS] == list(range(1, 21))


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"point {point['point']}")
def test_a_promise_is_held_by_tests(point: dict[str, Any]) -> None:
    """Each named test is defined, is not skipped, asserts something and says in words what people see."""
    assert len(point["sees"].split()) > FEWEST_WORDS and point["tests"]
    for name in point["tests"]:
        file, _, function = name.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        found = [node for node in tree.body if _is_test(node) and getattr(node, "name", "") == function]
        assert len(found) == 1, f"there is no {name}"
        words = ast.get_docstring(found[0])  # type: ignore[arg-type]
        assert words and len(words.split()) > FEWEST_WORDS, name
        marks = [ast.unparse(decorator) for decorator in found[0].decorator_list]  # type: ignore[attr-defined]
        assert not any(mark.startswith("pytest.mark.skip") for mark in marks), name


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
