"""Folders that only the account of the bot may look into, on the whole way to them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = 0o700


def make_private(folder: Path) -> None:
    """Make a folder and those on the way that are not there, each 0700; what is there is left as it is.

    `Path.mkdir(parents=True, mode=…)` makes those on the way by the umask alone: whoever may write into one of them may
    put another folder in the place of ours.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=FOLDER, exist_ok=True)
    folder.mkdir(exist_ok=True)
