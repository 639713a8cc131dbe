"""A disk of its own for a database, small enough to be filled."""

from __future__ import annotations

import asyncio
import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
LAZY = 2  # MNT_DETACH


class NoSmallDisk(Exception):
    """A file system cannot be mounted here; the text says why."""


class SmallDisk:
    """A file system in memory. `log` is where the bot writes what it met; it stands elsewhere, or nothing would."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self.log = folder, log
        self._ballast = folder / "ballast"

    @property
    def met(self) -> int:
        """How often the bot found no room."""
        said = self.log.read_text(errors="replace") if self.log.exists() else ""
        return said.count("No space left") + said.count("disk is full")

    def fill(self) -> None:
        """Write until nothing more fits."""
        for size in (1 << 16, 512):
            with suppress(OSError), self._ballast.open("ab", buffering=0) as stream:
                while True:
                    stream.write(bytes(size))

    def clear(self) -> None:
        """Make room."""
        self._ballast.unlink(missing_ok=True)

    async def full_for(self, seconds: float) -> None:
        """Fill it and keep it full, also where the bot makes room, for so long."""
        try:
            for _ in range(max(1, round(seconds / 0.1))):
                await asyncio.to_thread(self.fill)
                await asyncio.sleep(0.1)
        finally:
            self.clear()


@contextmanager
def small_disk(folder: Path, log: Path, megabytes: int = 24) -> Iterator[SmallDisk]:
    """Mount one at `folder`.

    Raises:
        NoSmallDisk: this process may not mount.
    """
    folder.mkdir()
    size = f"size={megabytes}m".encode()
    if os.geteuid() != 0 or LIBC.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, size) != 0:
        raise NoSmallDisk(os.strerror(ctypes.get_errno()) if os.geteuid() == 0 else "not root")
    try:
        yield SmallDisk(folder, log)
    finally:
        LIBC.umount2(bytes(folder), LAZY)
