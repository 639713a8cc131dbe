"""What the tests of inputs share."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.inputs import Input
from bot.domain.role import Role
from bot.reading.inputs import take
from bot.roles import load_role


@pytest.fixture
def role() -> Role:
    return load_role("backend-developer")


@pytest.fixture
def give(role: Role) -> Callable[..., Input]:
    """Give a document by its file name and body, as an upload."""

    def give(name: str, **body: object) -> Input:
        return take(json.dumps(body).encode(), name, role, "upload")

    return give


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a document or raw bytes below the temporary folder."""

    def put(path: str, body: object = None, *, raw: bytes | None = None) -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(json.dumps(body or {"agent": "x"}).encode() if raw is None else raw)
        return file

    return put
