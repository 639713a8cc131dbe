"""What is rendered is merged into what the team made of the service: no iteration loses anything of theirs."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app.rehearsal.recording import clear, handed_over, write_files
from bot.domain.evidence import Artefact, Deliverables
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.deliverables import service_of
from bot.roles.backend_developer.renderers.service.handover import REPORT
from bot.roles.backend_developer.renderers.service.rendering import MEMORY, NotRemembered, Rendering
from bot.roles.backend_developer.renderers.service.team_file import TEAM_FILE, continued
from bot.roles.backend_developer.team_copy import FOLDER
from tests.service.samples import crud, plain

ACTIONS = "app/actions.py"


def lamps(
    *fields: str, polish: str = "", more: tuple[str, ...] = (), types: Mapping[str, str] | None = None
) -> Blueprint:
    """Return a design of lamps with these fields; `polish` is an action's summary, `more` are further entities."""
    said = [{"name": name, "type": (types or {}).get(name, "string"), "required": False} for name in fields]
    entities: list[dict[str, Any]] = [{"name": "Lamp", "plural": "lamps", "fields": said}]
    entities += [{"name": name, "plural": f"{name.lower()}s", "fields": []} for name in more]
    operations = crud("Lamp", "/lamps") + [one for name in more for one in crud(name, f"/{name.lower()}s")]
    if polish:
        operations.append({"id": "polish", "method": "POST", "path": "/lamps/{id}/polish", "kind": "action",
                           "entity": "Lamp", "summary": polish})  # fmt: skip
    return plain(entities=entities, operations=operations)


def files(made: Deliverables) -> dict[str, bytes]:
    (artefact,) = made.files
    with zipfile.ZipFile(io.BytesIO(artefact.content)) as archive:
        return {name.removeprefix(f"{FOLDER}/"): archive.read(name) for name in archive.namelist()}


def lay(into: Path, made: Mapping[str, bytes]) -> None:
    """Unpack over what is there, as a team does."""
    for name, content in made.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_bytes(content)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_five_iterations_lose_no_edit(tmp_path: Path) -> None:
    """Edited rendered files, an edited actions.py and files of the team's own outlive five iterations of the design."""
    designs = [
        lamps("colour"),
        lamps("colour", "watts", polish="Polish it"),
        lamps("watts", polish="Polish it well", more=("Shade",)),
        lamps("colour", "watts", types={"watts": "integer"}, more=("Shade", "Bulb")),
        lamps("colour", "watts", polish="Polish it", types={"watts": "integer"}, more=("Bulb",)),
    ]
    team = tmp_path / FOLDER
    handed: list[Artefact] = []
    kept: dict[str, str] = {}
    for number, design in enumerate(designs, 1):
        made = service_of(design, number, earlier=handed[::-1], copies=[team] if team.is_dir() else [])
        lay(team, files(made))
        handed += made.files
        for path, line in kept.items():
            assert line in (team / path).read_text(), (number, path)
        for path, line, place in (
            (ACTIONS, f"def own_{number}() -> int:\n    return {number}\n", '"""YOURS'),
            ("app/core/types.py", f"# our remark {number}\n", '"""Types of bodies'),
            ("README.md", f"Our hint {number}.\n", "# Plain"),
            (f"app/ours_{number}.py", f"VALUE = {number}\n", ""),
        ):
            if place:
                edit(team / path, place, f"{line}{place}")
            else:
                (team / path).write_text(line)
            kept[f"{path}"] = line
    migrations = sorted(p.name for p in (team / "migrations").glob("*.sql") if not p.name.endswith(".down.sql"))
    assert migrations == [
        "0000_service.sql", "0000_service_factors.sql", "0001_initial.sql", "0002_changes.sql", "0003_changes.sql",
        "0004_changes.sql", "0005_changes.sql",
    ]  # fmt: skip
    text = (team / ACTIONS).read_text()
    assert text.count("async def polish(") == 1 and text.count("def own_") == 5
    assert not list(team.rglob(REPORT)) or "conflict" not in (team / REPORT).read_text()


def test_migrations_that_were_handed_over_are_never_rewritten(tmp_path: Path) -> None:
    """What may have run in a database stays as it was, byte for byte; the change is a migration of its own."""
    first = service_of(lamps("colour"), 1)
    second = service_of(lamps("colour", "watts"), 2, earlier=first.files)
    before, after = files(first), files(second)
    for name in before:
        if name.startswith("migrations/"):
            assert after[name] == before[name]
    assert b"ADD COLUMN watts" in after["migrations/0002_changes.sql"]
    assert (
        "Service",
        f"{len(after)} files in service-iteration-2.zip; new: migrations/0002_changes.sql",
    ) in second.facts


def test_a_migration_of_the_teams_own_keeps_its_number(tmp_path: Path) -> None:
    """The next migration of the design comes after those that the team wrote."""
    lay(tmp_path, files(service_of(lamps("colour"), 1)))
    (tmp_path / "migrations" / "0002_backfill.sql").write_text("SELECT 1;\n")
    made = files(service_of(lamps("colour", "watts"), 2, copies=[tmp_path]))
    assert "migrations/0003_changes.sql" in made and "migrations/0002_changes.sql" not in made


def test_a_skipped_iteration_stays_in_the_chain_of_migrations(tmp_path: Path) -> None:
    """A team that edits iteration 1 while 2 was handed over gets the migrations of both, and its edits merged."""
    one = service_of(lamps("colour"), 1)
    lay(tmp_path, files(one))
    edit(tmp_path / "README.md", "# Plain", "# Plain, ours")
    two = service_of(lamps("colour", "watts"), 2, earlier=one.files)
    three = files(service_of(lamps("colour", "watts", "volts"), 3, earlier=(*two.files, *one.files), copies=[tmp_path]))
    assert three["migrations/0002_changes.sql"] == files(two)["migrations/0002_changes.sql"]
    assert b"volts" in three["migrations/0003_changes.sql"] and b"watts" not in three["migrations/0003_changes.sql"]
    assert b"# Plain, ours" in three["README.md"]


def test_a_conflict_is_marked_listed_and_told(tmp_path: Path) -> None:
    """Where both changed the same lines, both stand in the file; the report and the review's facts name the place."""
    lay(tmp_path, files(service_of(lamps("colour"), 1)))
    edit(
        tmp_path / "app/models/lamps.py",
        "    colour: t.String | None = t.UNSET",
        "    colour: t.LongText | None = None",
    )
    made = service_of(lamps("colour", types={"colour": "url"}), 2, copies=[tmp_path])
    merged, report = files(made)["app/models/lamps.py"].decode(), files(made)[REPORT].decode()
    assert "t.LongText" in merged and "t.Url" in merged and "<<<<<<< yours" in merged
    assert "`app/models/lamps.py`, lines" in report
    assert "app/models/lamps.py" in dict(made.facts)["Changed by you and by the design"]


def test_an_edited_file_that_is_rendered_no_more_stays(tmp_path: Path) -> None:
    """A dropped entity's untouched modules are listed for deletion; the edited one stays, and the report says so."""
    lay(tmp_path, files(service_of(lamps("colour", more=("Shade",)), 1)))
    edit(tmp_path / "app/models/shades.py", '"""', '"""Ours. ')
    made = files(service_of(lamps("colour"), 2, copies=[tmp_path]))
    assert made["app/models/shades.py"].startswith(b'"""Ours. ')
    assert "app/routers/shades.py" not in made
    assert "- `app/routers/shades.py`" in made[REPORT].decode()


def test_a_deleted_file_comes_back_only_if_its_rendering_changed(tmp_path: Path) -> None:
    """What a team threw away stays away; where the design now says otherwise of it, they are asked."""
    lay(tmp_path, files(service_of(lamps("colour"), 1)))
    (tmp_path / "Makefile").unlink()
    (tmp_path / "app/models/lamps.py").unlink()
    made = files(service_of(lamps("colour", "watts"), 2, copies=[tmp_path]))
    assert "Makefile" not in made
    assert b"watts" in made["app/models/lamps.py"]
    assert "`app/models/lamps.py` was deleted" in made[REPORT].decode()


def test_what_is_no_text_is_kept_beside_what_is_rendered(tmp_path: Path) -> None:
    """A rendered file that became something binary is not touched."""
    lay(tmp_path, files(service_of(lamps("colour"), 1)))
    (tmp_path / "app/models/lamps.py").write_bytes(b"\xff\xfe\x00")
    made = files(service_of(lamps("colour", "watts"), 2, copies=[tmp_path]))
    assert made["app/models/lamps.py"] == b"\xff\xfe\x00"
    assert b"watts" in made["app/models/lamps.py.rendered"]


def test_the_teams_file_only_grows() -> None:
    """New functions come behind the team's with the imports that they need; a changed signature is told."""
    base = 'from app.core import api\n\n\nasync def a(x: int) -> None:\n    raise api.unwritten("a")\n'
    team = "from app.billing import a\n\nLIMIT = 3\n"
    now = (
        "import typing\n\nfrom app.core import api\n\n\n"
        "async def a(x: str) -> None:\n    raise api.unwritten('a')\n\n\n"
        "@api.handles('b')\nasync def b(y: typing.Any) -> None:\n    raise api.unwritten('b')\n"
    )
    text, notes = continued(base, team, now)
    assert [line for line in team.splitlines() if line not in text.splitlines()] == []
    tree = ast.parse(text)
    assert [n.name for n in tree.body if isinstance(n, ast.AsyncFunctionDef)] == ["b"]
    assert "import typing" in text and "from app.core import api" in text
    assert notes == (
        "`b` is yours to write: it was put at the end of `app/actions.py`",
        "`a` in `app/actions.py` is called otherwise now: `a(x: str) -> None`",
    )


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.text(max_size=200))
def test_any_text_of_a_team_is_kept(team: str) -> None:
    """Whatever stands in actions.py, Python or not, every line of it is there afterwards, in order."""
    base = "async def a() -> None:\n    raise ValueError\n"
    now = base + "\n\nasync def b() -> None:\n    raise ValueError\n"
    text, _notes = continued(base, team, now)
    if team in (base, now):
        return
    left = iter(text.split("\n"))
    assert all(line in left for line in team.rstrip("\n").split("\n") if line)


def test_a_broken_memory_is_said_and_nothing_is_rendered_over_the_teams(tmp_path: Path) -> None:
    """Without the base no merge is right: the fact says which file cannot be read."""
    lay(tmp_path, files(service_of(lamps("colour"), 1)))
    (tmp_path / MEMORY).write_bytes(b"PK\x03\x04 not a zip")
    made = service_of(lamps("colour", "watts"), 2, copies=[tmp_path])
    assert made.files == () and MEMORY in dict(made.facts)["Service"]
    with pytest.raises(NotRemembered):
        Rendering.read(b"")


def test_a_folder_without_a_memory_is_not_taken_for_a_service(tmp_path: Path) -> None:
    """A folder of that name which nobody unpacked is left alone."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "actions.py").write_text("x = 1\n")
    made = files(service_of(lamps("colour"), 1, copies=[tmp_path]))
    assert made[TEAM_FILE] != b"x = 1\n"


def test_links_and_what_tools_leave_are_not_read(tmp_path: Path) -> None:
    """A link out of the folder brings nothing of the machine into what is handed over."""
    lay(tmp_path, files(service_of(lamps("colour"), 1)))
    (tmp_path / "README.md").unlink()
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_text("not of the service")
    (tmp_path / "README.md").symlink_to(secret)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/README.md").symlink_to(secret)
    made = files(service_of(lamps("colour"), 2, copies=[tmp_path]))
    assert b"not of the service" not in b"".join(made.values())


def test_the_next_rehearsal_is_merged_into_an_edited_service(tmp_path: Path) -> None:
    """What a rehearsal left for people stays through the next one's start, and goes only when it was left again."""
    write_files(tmp_path, {"report.json": b"1", f"service/{MEMORY}": b"2", "service/a.py": b"3", "service/b.py": b"4"})
    (tmp_path / "service/a.py").write_bytes(b"edited")
    clear(tmp_path)
    assert handed_over(tmp_path) == ("service",)
    assert not (tmp_path / "report.json").exists()
    assert (tmp_path / "service/a.py").read_bytes() == b"edited"
    write_files(tmp_path, {f"service/{MEMORY}": b"5", "service/a.py": b"edited, merged"})
    assert sorted(p.name for p in tmp_path.rglob("*.py")) == ["a.py"]
