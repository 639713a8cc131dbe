"""The role that `docs/adding-a-role.md` makes, step by step: written from the page as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-role.md"
NAME = "technical-writer"
_FILE = re.compile(r"^`(?P<name>[\w./]+)`\n\n````\w+\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)
_COMMANDS = re.compile(r"^```sh\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)


def write_role(parent: Path) -> Path:
    """Write the page's files under `parent`; returns the role's folder."""
    found = {match["name"]: match["text"] for match in _FILE.finditer(PAGE.read_text("utf-8"))}
    for name, text in found.items():
        file = parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return parent / NAME.replace("-", "_")


def commands() -> list[str]:
    """The commands that the page has its reader type."""
    return [line for match in _COMMANDS.finditer(PAGE.read_text("utf-8")) for line in match["lines"].splitlines()]
