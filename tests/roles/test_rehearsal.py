"""How a role is rehearsed: read from its folder, and refused by file and line."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

import bot.roles
from bot.app.rehearsal.answers import AnswersRefused, read_answers
from bot.app.rehearsal.plan import RehearsalFailed
from bot.app.rehearsal.recording import unpacked
from bot.devtools.local_slack.sample import PEOPLE
from bot.domain.role import Role, RoleError
from bot.roles import load_role
from bot.roles.rehearsal import REHEARSAL, load_rehearsal

FOLDER = Path(bot.roles.__file__).parent / "backend_developer"


@pytest.fixture
def role() -> Role:
    return load_role("backend-developer")


def test_everybody_is_in_the_local_slack(role: Role) -> None:
    """Every person of the rehearsal is one of the local Slack, and every question and gate has somebody."""
    found = load_rehearsal(role, FOLDER)
    assert found.people <= {member.name for member in PEOPLE}
    assert set(found.answers) == {question.key for question in role.questions}
    assert set(found.gates) == {gate.key for gate in role.gates}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  api_design:\n", "  api_desing:\n", "no question “api_desing”"),
        ("  go: {by: [dan]}\n", "", "the gate “go” is left out"),
        ("go: {by: [dan]}", "go: {by: []}", "gates.go.by"),
        ("owner: eva\n", "", "owner"),
        ("owner: eva\n", "owner: [eva\n", "flow"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, role: Role, old: str, new: str, problem: str) -> None:
    """A question or a gate that the role does not have, or that is left out, is refused with the file and the line."""
    file = tmp_path / FOLDER.name / REHEARSAL
    file.parent.mkdir()
    text = (FOLDER / REHEARSAL).read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RoleError) as caught:
        load_rehearsal(role, file.parent)
    assert caught.value.fields["file"] == f"{FOLDER.name}/{REHEARSAL}"
    assert caught.value.fields["line"] >= 1
    assert problem in caught.value.message


def test_a_role_without_a_rehearsal_says_so(tmp_path: Path, role: Role) -> None:
    """Without the file the refusal names it."""
    shutil.copytree(FOLDER, tmp_path / FOLDER.name, ignore=lambda *_: [REHEARSAL])
    with pytest.raises(RoleError, match=REHEARSAL):
        load_rehearsal(role, tmp_path / FOLDER.name)


def test_answers_of_ones_own(tmp_path: Path, role: Role) -> None:
    """A list of texts answers the opening questions in their order, a key the question of that name."""
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"opening": ["a", "b", ""], "api_design": "c"}))
    assert read_answers(file, role) == {"opening_1": "a", "opening_2": "b", "opening_3": "", "api_design": "c"}


@pytest.mark.parametrize(
    "content", ['{"opening": ["a", "b"]}', '{"opening": "a"}', '{"api_design": 3}', '{"opening": ["a", "b", 4]}']
)
def test_answers_of_another_shape(tmp_path: Path, role: Role, content: str) -> None:
    """Too few texts, or what is no text, is refused by its key."""
    file = tmp_path / "answers.json"
    file.write_text(content)
    with pytest.raises(AnswersRefused, match=r"opening|api_design"):
        read_answers(file, role)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "service/../../x"])
def test_a_zip_that_leads_out_is_not_unpacked(path: str) -> None:
    """A rehearsal writes nothing outside of its folder, whatever a kit packed; a plain zip is unpacked whole."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("service/README.md", "hello")
    assert unpacked(made.getvalue()) == {"service/README.md": b"hello"}
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(path, "x")
    with pytest.raises(RehearsalFailed):
        unpacked(made.getvalue())
