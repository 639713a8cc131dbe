"""The service as the team has it: a folder in the workspace into which they unpacked it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bot.domain.errors import EipasError
from bot.domain.evidence import Deliverables

FOLDER: Final = "service"
"""Folder that all files of the zip are below, and that the team's copy is in, in the workspace."""

_SKIPPED: Final = frozenset(
    {".git", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "build",
     "dist"}
)  # fmt: skip
_MOST_FILES: Final = 5_000
_MOST_BYTES: Final = 20_000_000


def left_out(reason: str) -> Deliverables:
    """Say why there is no service."""
    return Deliverables(facts=(("Service", f"not rendered, because {reason}"),))


class TooMuch(EipasError):
    """The folder holds more than a service does."""

    message_template = "The folder “{folder}” holds more than {files} files or {megabytes} MB: it was not read."


def team_copy(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their paths in it; what a link leads to, and what tools leave, is left out.

    Raises:
        TooMuch: there are more files, or larger ones, than a service has.
    """
    found: dict[str, bytes] = {}
    size = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.endswith(".egg-info"))
        for name in sorted(names):
            path = Path(place) / name
            if path.is_symlink() or not path.is_file():
                continue
            size += path.stat().st_size
            if len(found) >= _MOST_FILES or size > _MOST_BYTES:
                raise TooMuch(folder=folder.name, files=_MOST_FILES, megabytes=_MOST_BYTES // 1_000_000)
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found
