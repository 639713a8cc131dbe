"""A workspace's memory on disk: one JSON line for each value that was put or dropped, replayed at start."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, TextIO


class Journal(Protocol):
    """Where changes of the workspace are written down."""

    def replay(self) -> Iterator[tuple[str, str, Any]]:
        """Yield each value that was last put, in the order of first putting: table, key, value."""

    def write(self, table: str, key: str, value: Any) -> None:
        """Write a value down; None drops the key."""

    def close(self) -> None:
        """Release the file."""


class NoJournal:
    """Everything is forgotten at the end."""

    def replay(self) -> Iterator[tuple[str, str, Any]]:
        """There is nothing to replay."""
        return iter(())

    def write(self, table: str, key: str, value: Any) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""


class FileJournal:
    """JSON lines in a file, compacted whenever it is replayed.

    A line cut off by a crash is ignored: the change it would have held was never answered.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = _opened(path)

    def replay(self) -> Iterator[tuple[str, str, Any]]:
        """Read the file, write it anew without what was overwritten, and yield what is left."""
        rows: dict[tuple[str, str], Any] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                table, key, value = json.loads(line)
            except ValueError:
                continue
            if value is None:
                rows.pop((table, key), None)
            else:
                rows[table, key] = value
        self._compact(rows)
        return iter([(table, key, value) for (table, key), value in rows.items()])

    def write(self, table: str, key: str, value: Any) -> None:
        """Append one line and hand it to the operating system."""
        self._file.write(json.dumps([table, key, value], separators=(",", ":")) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _compact(self, rows: dict[tuple[str, str], Any]) -> None:
        self._file.close()
        anew = self._path.with_suffix(".anew")
        lines = (json.dumps([table, key, value], separators=(",", ":")) for (table, key), value in rows.items())
        anew.unlink(missing_ok=True)
        with _opened(anew) as stream:
            stream.writelines(f"{line}\n" for line in lines)
        anew.replace(self._path)
        self._file = _opened(self._path)


def _opened(path: Path) -> TextIO:
    """Open for appending a file that only this account may read: views and tokens stand in it in clear."""
    return open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))
