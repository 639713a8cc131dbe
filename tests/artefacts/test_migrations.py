"""The migrations: PostgreSQL's own parser takes them, squawk has no complaint, and they hold what the document says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import postgast
import pytest

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.tables import MAX_IDENTIFIER, identifier, snake, tables
from tests.artefacts.blueprints import shop, tiny
from tests.support import quick_yaml


def squawk(path: Path) -> list[dict[str, Any]]:
    tool = shutil.which("squawk", path=str(Path(sys.executable).parent)) or "squawk"
    done = subprocess.run(
        [tool, "--reporter", "json", "--assume-in-transaction", str(path)], capture_output=True, text=True, check=False
    )
    found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    return found


@pytest.mark.parametrize("plan", [shop(), tiny()])
def test_migrations_are_sql(plan: Blueprint) -> None:
    """PostgreSQL's parser takes both ways."""
    assert postgast.parse(create(plan)).stmts and postgast.parse(drop(plan)).stmts


def test_squawk_has_no_complaint(tmp_path: Path) -> None:
    """squawk's default rules hold for the first migration."""
    file = tmp_path / "0001_initial.sql"
    file.write_text(create(shop()))
    assert squawk(file) == []


def test_tables_that_point_at_each_other_can_be_made() -> None:
    """Keys of a circle come after all tables; keys outside it stay with their table; none is lost."""
    text = create(shop())
    late = [line for line in text.splitlines() if line.startswith("ALTER TABLE") and "FOREIGN KEY" in line]
    assert len(late) >= 2
    keys = sum(len(shape.foreign_keys) for shape in tables(shop()))
    assert text.count("FOREIGN KEY") == keys
    assert text.rindex("CREATE TABLE") < text.index(late[0])


def test_money_has_a_currency() -> None:
    """An amount is exact and has its currency beside it."""
    text = create(shop())
    assert "total NUMERIC(19, 4) NOT NULL" in text and "total_currency ~ '^[A-Z]{3}$'" in text


def test_words_of_sql_are_quoted() -> None:
    """A field may be called like a keyword, and a description hold quotes and percent signs."""
    assert '"group" BIGINT' in create(shop())
    entity = {
        "name": "User",
        "plural": "user",
        "description": "50 % 'off'; \\ --",
        "fields": [{"name": "order", "type": "json"}],
    }
    plan = shop(
        entities=[entity],
        relations=[],
        operations=[{"id": "r", "method": "GET", "path": "/user", "summary": "s", "kind": "list", "entity": "User"}],
        budgets=[],
    )
    assert "IS '50 % ''off''; \\ --'" in create(plan)
    assert postgast.parse(create(plan)).stmts


def test_tenants_rows_are_guarded() -> None:
    """Each scoped table has row level security, and the tenants' own table shows a tenant itself only."""
    text = create(shop())
    assert text.count("ENABLE ROW LEVEL SECURITY") == 3
    assert "ON tenants\n    USING (id = " in text


def test_document_and_tables_agree() -> None:
    """Every property of a read schema is a column of its table."""
    schemas = quick_yaml.load(openapi_yaml(shop()))["components"]["schemas"]
    for shape in tables(shop()):
        if shape.entity:
            assert set(schemas[shape.entity]["properties"]) <= {column.name for column in shape.columns}


def test_no_index_is_a_prefix_of_another() -> None:
    """Plain indexes that a longer one serves are left out; each foreign key has one that begins with it."""
    for shape in tables(shop()):
        plain = [key.columns for key in shape.keys if not key.unique]
        for one in plain:
            assert not any(other != one and other[: len(one)] == one for other in plain)
        led = [key.columns for key in shape.keys] + [shape.primary_key]
        for foreign in shape.foreign_keys:
            assert any(set(foreign.columns) == set(columns[: len(foreign.columns)]) for columns in led)


def test_long_names_stay_apart() -> None:
    """Names that PostgreSQL would cut end in a digest, so that two do not become one."""
    one, other = identifier("ix", "a" * 60, "b"), identifier("ix", "a" * 60, "c")
    assert one != other and len(one) == len(other) == MAX_IDENTIFIER


def test_pascal_becomes_snake() -> None:
    """Acronyms stay together."""
    assert [snake(name) for name in ("OrderLine", "APIKey", "User")] == ["order_line", "api_key", "user"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"relations": [{"source": "Line", "target": "Order", "name": "o", "on_delete": "set_null"}]}, "required"),
        ({"entities": [{"name": "Problem", "plural": "p", "fields": [{"name": "x", "type": "text"}]}]}, "taken"),
        ({"entities": [{"name": "A", "plural": "p", "fields": [{"name": "xmin", "type": "text"}]}]}, "system column"),
    ],
)
def test_what_cannot_be_rendered_is_refused(changes: dict[str, object], complaint: str) -> None:
    """A blueprint that no database or document could hold does not validate."""
    with pytest.raises(ValueError, match=complaint):
        shop(**changes)
