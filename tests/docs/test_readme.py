"""README says what the code says. `UPDATE_DOCS=1 python -m pytest tests/docs -n 0` writes its table anew."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from bot.app.cli import app
from bot.app.settings import Settings
from bot.app.verifying import LONE
from bot.devtools.local_slack.sample import PEOPLE
from bot.roles import load_role, role_folders
from bot.roles.rehearsal import load_rehearsal
from handlers.commands import WORDS

ROOT = Path(__file__).resolve().parent.parent.parent
README = ROOT / "README.md"
_TABLE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)
_MOST_BYTES = 300_000
DEMO = "backend-developer"


def _name(field: str, info: FieldInfo) -> str:
    alias = info.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"EIPAS_{field.upper()}"


def _default(value: Any) -> str:
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, tuple):
        return f"`{','.join(_plain(part) for part in value)}`"
    return f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def table() -> str:
    """The settings as a table: name in the environment, default, description."""
    rows = [
        f"| `{_name(field, info)}` | {_default(info.default)} | {str(info.description).replace('|', '&#124;')} |"
        for field, info in Settings.model_fields.items()
    ]
    return "\n".join(["| name | default | what it is |", "|---|---|---|", *rows, ""])


def test_the_table_of_settings_is_the_class() -> None:
    """Names, defaults and descriptions in README are those of `Settings`, all of them, in its order."""
    text = README.read_text(encoding="utf-8")
    wanted = _TABLE.sub(lambda found: f"{found[1]}{table()}{found[2]}", text)
    if os.environ.get("UPDATE_DOCS"):
        README.write_text(wanted, encoding="utf-8")
        return
    assert text == wanted


def test_every_setting_is_described() -> None:
    """No setting is without words."""
    assert [name for name, info in Settings.model_fields.items() if not info.description] == []


def test_every_word_and_command_is_named() -> None:
    """README names each word of `/eipas`, and no command of the command line that is not there."""
    text = README.read_text(encoding="utf-8")
    assert all(f"`{word}`" in text for word in WORDS)
    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    known |= {str(group.name) for group in app.registered_groups}
    named = set(re.findall(r"`(?:\.venv/bin/)?eipas ([a-z]+)", text))
    assert named <= known


def test_what_a_lone_file_proves_is_said_alike() -> None:
    """README, the command's help and what it prints promise of a lone JSON the same, and no more."""
    documented = next(
        c.callback.__doc__ for c in app.registered_commands if c.callback and c.callback.__name__ == "verify"
    )
    for text in (README.read_text(encoding="utf-8"), str(documented), LONE):
        words = " ".join(text.split())
        assert "prove that it fits together" in words
        assert "who made it" in words
        assert "checks came to what it says" in words


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_every_link_leads_somewhere(page: str) -> None:
    """Each file that a page points at exists, and pictures are small enough to load at once."""
    folder = (ROOT / page).parent
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8")):
        assert (folder / target).is_file(), target
        if target.endswith(".png"):
            assert (folder / target).stat().st_size <= _MOST_BYTES, target


def test_every_room_in_the_table_is_there() -> None:
    """Folders and make targets that README names exist."""
    text = README.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for folder in re.findall(r"^\| `([a-z]+)/` ", text, re.MULTILINE):
        assert (ROOT / folder).is_dir()
    for target in re.findall(r"`make ([a-z]+)`", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def _sayings() -> dict[str, set[str]]:
    """Everything that somebody says in the rehearsal of the product's own role, by who says it."""
    role = load_role(DEMO)
    rehearsal, first = load_rehearsal(role, role_folders()[DEMO]), {p.name: p.real_name.split()[0] for p in PEOPLE}
    said: dict[str, set[str]] = {name: set() for name in first.values()}
    for answer in rehearsal.answers.values():
        said[first[answer.by]].add(answer.text)
    for key, gate in rehearsal.gates.items():
        words = (gate.rejection, rehearsal.wish, rehearsal.justification)
        for option in role.gate(key).options:
            for name in gate.by:
                said[first[name]] |= {option.text(2), *(f"{option.text(2)} — {text}" for text in words if text)}
    asked = {question.text for question in role.questions} | {gate.text(1) for gate in role.gates}
    return {**said, "EIPAS": asked}


def test_the_dialogue_is_the_rehearsal() -> None:
    """What README has people say in its dialogue, and what it has EIPAS ask, are the words of the rehearsal."""
    text = README.read_text(encoding="utf-8")
    lines = re.findall(r"^> \*\*(\w+)\*\* (.+?)\\?$", text, re.MULTILINE)
    sayings = _sayings()
    quoted = 0
    for who, line in lines:
        # What EIPAS does is told; what it asks is quoted.
        parts = re.findall(r"[A-Z][^;*?]*\?", line) if who == "EIPAS" else [line]
        for part in parts:
            assert part in sayings[who] or part.startswith("`/eipas start`"), (who, part)
            quoted += 1
    assert quoted >= 7
    assert "seven more questions" in text and len(load_role(DEMO).questions) == 8
    assert {who for who, _ in lines} >= {"Eva", "Ava", "Dan", "EIPAS"}


def test_the_rejection_has_two_points_in_plain_words() -> None:
    """Whoever rejects in the rehearsal speaks a sentence with two points, without paths, methods, types or markup."""
    rehearsal = load_rehearsal(load_role(DEMO), role_folders()[DEMO])
    for text in (*rehearsal.rejections.values(), *(answer.text for answer in rehearsal.answers.values())):
        assert not re.search(r"[/{}|<>`_]|\b(GET|POST|PUT|PATCH|DELETE|uuid|varchar|endpoint)\b", text), text
    assert all(" and " in text for text in rehearsal.rejections.values())
