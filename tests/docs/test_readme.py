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
from handlers.commands import WORDS

ROOT = Path(__file__).resolve().parent.parent.parent
README = ROOT / "README.md"
_TABLE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)
_MOST_BYTES = 300_000


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
