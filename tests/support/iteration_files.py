"""A pytest plugin: every iteration file that a test has the backend's kit make is held to the published schema."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "backend-developer-iteration.schema.json"
_MAKER = "bot.roles.backend_developer.kit"


@cache
def validator() -> Draft202012Validator:
    """What holds a file to the schema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@lru_cache(maxsize=64)
def faults(content: bytes) -> tuple[str, ...]:
    """Return where a file is not as the schema says. Whoever verifies a bundle makes the same file again and again."""
    found = validator().iter_errors(json.loads(content))
    return tuple(f"{error.json_path}: {error.message[:200]}" for error in found)


@pytest.fixture(autouse=True)
def _iteration_files_are_as_published(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test that made a file which is not as the schema says, even where the product swallowed that."""
    made: list[str] = []
    kit: Any = sys.modules.get(_MAKER)  # where nothing has imported it, nothing makes a file
    if kit is not None:
        write = kit.to_json

        def checked(report: Any) -> bytes:
            content: bytes = write(report)
            made.extend(faults(content))
            return content

        monkeypatch.setattr(kit, "to_json", checked)
    yield
    assert made == []
