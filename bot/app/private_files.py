"""Folders and files that hold what people said, and tokens: for the account that the bot runs as, and nobody else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.services.private_folders import FOLDER, make_private

__all__ = ["FILE", "FOLDER", "private_copy", "private_folder"]
FILE = 0o600
_WORLD = 0o077


def private_folder(folder: Path) -> None:
    """Make a folder that only this account may look into, or take everybody else's rights from one that is there.

    What lies in it directly loses them, too: databases, their WAL and the journal of versions before this one.
    """
    make_private(folder)
    _take_from_others(folder)
    for found in folder.iterdir():
        if not found.is_symlink():
            _take_from_others(found)


def private_copy(source: Path, target: Path) -> None:
    """Copy a folder to where nothing is; nobody else may look into it, whatever umask and source allow."""
    make_private(target.parent)
    _take_from_others(target.parent)
    shutil.copytree(source, target)
    for path in (target, *target.rglob("*")):
        _take_from_others(path)


def _take_from_others(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & _WORLD and path.stat().st_uid == os.getuid():
        path.chmod(mode & ~_WORLD)
