"""What is rendered is Python that imports nothing strange, formatted, and no text of a design becomes code."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.service import NotRendered, reason_not_rendered, render_service, zipped
from bot.roles.backend_developer.renderers.service.package import UnsafePath
from tests.service.samples import crud, kennel, named, plain, shipped
from tests.support import quick_yaml

RUFF = Path(sysconfig.get_path("scripts")) / "ruff"
HOSTILE = (
    'x", y=__import__("os").system("touch /tmp/pwned")) #', '"""\n__import__("os").system("id")\n"""', "\\", '\\"',
    "'''", "{__import__('os')}", "{{7*7}}", "%(x)s", "${HOME}", "'; DROP TABLE users; --", "$body$; DROP", "#!\nx",
    "<script>alert(1)</script>", "`rm -rf`", "\u2028import os", "ends with a quote\"", "a\rb", "[x](y)|z",
    "- run: id", "&a *a !!python/object", "\N{COMBINING ACUTE ACCENT}", "\N{RIGHT-TO-LEFT MARK}abc",
)  # fmt: skip
_TEXTS = frozenset(
    {"title", "summary", "description", "label", "text", "guard", "audience", "provider", "unit", "example", "purpose",
     "method_", "on_failure", "what", "why", "value_", "authorization", "data_protection", "style", "communication",
     "scalability", "monitoring", "caching", "deployment", "condition", "sunset_", "schedule", "source_"}
)  # fmt: skip


def modules(files: dict[str, str]) -> dict[str, ast.Module]:
    return {name: ast.parse(text, name) for name, text in files.items() if name.endswith(".py")}


def check(files: dict[str, str], tmp_path: Path) -> None:
    """Parse every module, and let the service's own ruff judge all of it."""
    assert modules(files)
    for name, text in files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    for command in (["check", "--quiet", "--no-cache", "."], ["format", "--check", "--quiet", "--no-cache", "."]):
        done = subprocess.run([RUFF, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("design", [shipped, kennel, named], ids=["sample", "kennel", "names that are traps"])
def test_it_is_python_that_lint_finds_nothing_in(design: Any, tmp_path: Path) -> None:
    """Every rendered module parses, is formatted, and has no unused or undefined name."""
    check(dict(render_service(design())), tmp_path)


def test_the_same_design_gives_the_same_files() -> None:
    """Rendering is a function of the blueprint and nothing else."""
    assert render_service(kennel()) == render_service(kennel())


def test_the_files_are_those_that_teams_expect() -> None:
    """A service has its contract, migrations with the way back, container, CI, tests and a readme."""
    files = render_service(kennel())
    assert {
        "README.md", "Dockerfile", "compose.yaml", "Makefile", "pyproject.toml", "openapi.yaml", ".env.example",
        ".github/workflows/ci.yaml", "app/main.py", "app/actions.py", "migrations/0001_initial.sql",
        "migrations/0001_initial.down.sql", "migrations/0000_service.sql", "tests/test_access.py",
        "app/routers/dogs.py", "app/models/dogs.py",
    } <= set(files)  # fmt: skip
    assert "__pycache__" not in "".join(files)


def test_a_state_change_is_in_the_router_of_its_entity() -> None:
    """What the blueprint says in full is rendered in full; nothing of it is left to the team."""
    blueprint = plain(
        entities=[{"name": "Lamp", "plural": "lamps", "fields": [
            {"name": "state", "type": "enum", "values": ["off", "on"]}]}],
        operations=[{"id": "light", "method": "POST", "path": "/lamps/{id}/light", "kind": "action", "entity": "Lamp",
                     "summary": "Light it", "roles": ["admin"]}],
        state_machines=[{"entity": "Lamp", "field": "state", "initial": "off", "transitions": [
            {"sources": ["off"], "target": "on", "operation": "light", "roles": ["admin"]}]}],
    )  # fmt: skip
    files = render_service(blueprint)
    assert 'api.Move(field="state", sources=("off",), target="on", roles=("admin",))' in files["app/routers/lamps.py"]
    assert "async def light" not in files["app/actions.py"]


def polishing() -> Blueprint:
    """Lamps, and an action on one that the blueprint says no effect of."""
    return plain(
        entities=[{"name": "Lamp", "plural": "lamps"}],
        operations=[{"id": "polish", "method": "POST", "path": "/lamps/{id}/polish", "kind": "action", "entity": "Lamp",
                     "summary": "Polish it"}],
    )  # fmt: skip


def test_what_a_blueprint_cannot_say_is_the_teams() -> None:
    """An action without an effect becomes a typed function in `actions.py`, and the readme names it."""
    files = render_service(polishing())
    assert "async def polish(" in files["app/actions.py"]
    assert "`polish`: Polish it" in files["README.md"]


@pytest.mark.parametrize(
    ("stack", "part"),
    [
        ({"language": "Go", "framework": "Gin", "database": "PostgreSQL"}, "language"),
        ({"language": "Python 3.12", "framework": "Django", "database": "PostgreSQL"}, "framework"),
        ({"language": "Python", "framework": "FastAPI", "database": "MySQL 8"}, "database"),
    ],
)
def test_another_stack_is_not_rendered(stack: dict[str, str], part: str) -> None:
    """Where the team chose something else, the reason says what."""
    blueprint = plain(stack=stack)
    assert part in reason_not_rendered(blueprint)
    with pytest.raises(NotRendered):
        render_service(blueprint)


def test_a_stack_that_nobody_chose_stands_in_no_ones_way() -> None:
    """What the designer assumed may be rendered otherwise."""
    stack = {"language": "Go", "framework": "Gin", "database": "PostgreSQL", "assumed_parts": ["language", "framework"]}
    assert reason_not_rendered(plain(stack=stack)) == ""


def poisoned(value: Any, texts: list[str]) -> Any:
    """Return a blueprint's JSON with its free texts replaced, one after the other."""
    if isinstance(value, dict):
        return {
            key: texts.pop() if key in _TEXTS and isinstance(inner, str) and texts else poisoned(inner, texts)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [poisoned(inner, texts) for inner in value]
    return value


def with_texts(texts: list[str]) -> Blueprint:
    """Return a design in which every free text is one of these."""
    field = {"name": "state", "type": "enum", "values": [t.strip()[:60] or "x" for t in texts[:3]] + ["on"]}
    words = {"name": "words", "type": "string", "required": False, "example": "", "description": "d", "label": "l"}
    values = [v for v in field["values"] if not set(v) & set("\n\r\t")]
    field = {**field, "values": list(dict.fromkeys(values))}
    base = plain(
        entities=[{"name": "Lamp", "plural": "lamps", "description": "d", "label": "l", "fields": [field, words]}],
        operations=[
            *crud("Lamp", "/lamps"),
            {"id": "go", "method": "POST", "path": "/go", "kind": "action", "summary": "s", "description": "d"},
        ],
        events=[{"kind": "schedule", "name": "nightly", "schedule": "s", "description": "d"}],
        sign_ins=[{"name": "way", "scheme": "oidc", "audience": "a", "provider": "p", "description": "d"}],
        rules=[{"entity": "Lamp", "kind": "other", "text": "t"}],
    )  # fmt: skip
    many = [text for text in texts if text.strip()] * 40
    return Blueprint.model_validate(poisoned(base.model_dump(mode="json"), many))


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def statements(tree: ast.AST) -> list[str]:
    """Return the kinds of a module's statements in order: what it does, texts and members of lists aside."""
    return [type(node).__name__ for node in ast.walk(tree) if isinstance(node, ast.stmt)]


CALM = modules(dict(render_service(with_texts(["calm"]))))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=70), min_size=3, max_size=8))
def test_no_text_becomes_code(texts: list[str]) -> None:
    """Whatever people write, the modules are the same programs: no statement and no call comes or goes."""
    try:
        blueprint = with_texts(texts)
    except ValueError:
        return  # the blueprint itself refuses it
    files, calm = modules(dict(render_service(blueprint))), CALM
    assert set(files) == set(calm)
    for name, tree in files.items():
        assert calls(tree) <= calls(calm[name]) | {"Schedule"}, name
        assert statements(tree) == statements(calm[name]), name


def test_hostile_texts_stay_texts_where_python_is_not() -> None:
    """YAML and TOML around the code stay readable with hostile titles."""
    for text in HOSTILE[::4]:
        blueprint = plain(title=f"x{text}"[:80], summary=f"x{text}")
        files = render_service(blueprint)
        assert tomllib.loads(files["pyproject.toml"])["project"]["version"] == "1.0.0"
        assert set(quick_yaml.load(files["compose.yaml"])["services"]) == {"database", "migrations", "service"}
        assert quick_yaml.load(files[".github/workflows/ci.yaml"])["name"] == "ci"
        assert json.dumps(quick_yaml.load(files["openapi.yaml"])["info"])


def test_a_field_that_not_every_role_may_read_is_left_out_for_the_others() -> None:
    """A denial of reading one field is in the entity's models, and every reply of the entity keeps to it."""
    blueprint = plain(
        entities=[{"name": "Lamp", "plural": "lamps", "fields": [{"name": "price", "type": "decimal"}]}],
        operations=crud("Lamp", "/lamps"),
        permissions=[{"role": "guest", "verbs": ["read"], "allowed": False, "entity": "Lamp", "field": "price"}],
    )  # fmt: skip
    files = render_service(blueprint)
    assert 'READERS: dict[str, tuple[str, ...]] = {"price": ("admin",)}' in files["app/models/lamps.py"]
    assert "model_validate(row)" not in files["app/routers/lamps.py"]


def test_an_action_on_a_row_finds_the_row_first() -> None:
    """The team's function gets a row that the caller may see, so that it cannot forget to ask."""
    files = render_service(polishing())
    assert "await actions.polish(connection, caller, row)" in files["app/routers/lamps.py"]
    assert 'api.fetch(connection, models.TABLE, {"id": id_}, lock=True)' in files["app/routers/lamps.py"]


def test_a_zip_is_the_same_for_the_same_files() -> None:
    """Two packings of one service are equal to the byte, whatever the clock says, and hold every file."""
    files = render_service(kennel())
    packed = zipped(files, "service")
    assert packed == zipped(dict(reversed(files.items())), "service")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name.removeprefix("service/"): archive.read(name).decode() for name in archive.namelist()} == files


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "..", ".", "", "a//b", "./a", "a\\..\\x", "C:x", "\\\\host\\x", "a\0b"]
)
def test_a_zip_holds_no_path_that_leads_out(path: str) -> None:
    """No system unpacks a file elsewhere than below the service's folder; such a path is refused, not mended."""
    with pytest.raises(UnsafePath):
        zipped({"README.md": "", path: ""}, "service")


@pytest.mark.parametrize("name", ["A$b", "__init__", "Ünïcode", "名前", "_", "Main", "𝔘nder", "con"])
def test_no_name_of_a_design_becomes_a_path(name: str) -> None:
    """What a design may name an entity is a module of a plain name, below the service's folder."""
    blueprint = plain(entities=[{"name": name, "plural": name}], operations=crud(name, "/lamps"))
    with zipfile.ZipFile(io.BytesIO(zipped(render_service(blueprint), "service"))) as archive:
        entries = archive.namelist()
    assert len(set(entries)) == len(entries)
    assert [entry for entry in entries if not re.fullmatch(r"service(/[\w.-]+)+", entry) or ".." in entry] == []
