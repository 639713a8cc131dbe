"""A box: a folder of its own, and commands that run in it and reach nothing else."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import resource
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from bot.evidence.sandbox import seccomp
from bot.evidence.sandbox.walls import Walls, landlocked, mounted

PREFIX: Final = "eipas-box-"
_HERE: Final = Path(__file__).parent
_MIB: Final = 1 << 20
# A line is the box's own end; the end of the input is the bot's, whose keepers may be killing what still writes.
_WARDEN: Final = 'if read -r _; then rm -rf -- "$FOLDER"; else rm -rf -- "$FOLDER"; sleep 1; rm -rf -- "$FOLDER"; fi'
_USERS: Final = (2_000_000, 2_900_000)
"""Where the user ids of boxes are taken from, for a bot that is root: a process count of its own for every box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds: bytes of memory (of all processes, and of address space of each), of disk and of one file; seconds."""

    memory: int = 1024 * _MIB
    address_space: int = 4096 * _MIB
    processes: int = 96
    cpu_seconds: int = 120
    disk: int = 128 * _MIB
    file: int = 64 * _MIB
    open_files: int = 512
    seconds: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its code, and which bound was passed (`memory`, `time`, `disk`), "killed" or ""."""

    code: int
    why: str
    memory: int


class Box:
    """A private folder: below `given` lies what the boxed code may read, `work` is all that it may write.

    Use it as a context manager: at its end all of its commands are killed and the folder is gone.
    """

    def __init__(self, walls: Walls, *, user: int | None = None) -> None:
        self._walls = walls
        self._own_user = user
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        self.given, self.work = self.folder / "given", self.folder / "work"
        self._running: list[Boxed] = []
        self._warden = subprocess.Popen(  # noqa: S603 - fixed words
            ["/bin/sh", "-c", _WARDEN], stdin=subprocess.PIPE, start_new_session=True, cwd="/",
            env={"FOLDER": str(self.folder), "PATH": os.defpath},
        )  # fmt: skip

    def __enter__(self) -> Self:
        self.folder.chmod(0o711)
        self.given.mkdir(mode=0o755)
        self.work.mkdir(mode=0o700)
        self.user = self._chosen_user()
        if self.user:
            os.chown(self.work, self.user, self.user)
        # Held for as long as the bot lives; a folder whose lock can be had is nobody's (see `sweep`).
        self._lock = os.open(self.folder / ".lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        return self

    def __exit__(self, *_: object) -> None:
        for boxed in self._running:
            boxed.kill()
        os.close(self._lock)
        self._warden.communicate(b"\n")

    def _chosen_user(self) -> int:
        if os.geteuid() != 0:
            return 0
        if self._own_user is not None:
            return self._own_user
        return _USERS[0] + secrets.randbelow(_USERS[1] - _USERS[0])

    def start(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        readable: Sequence[Path] = (),
        sockets: Sequence[Path] = (),
        folder: Path | None = None,
        limits: Limits | None = None,
    ) -> Boxed:
        """Start a command. `readable` are folders that it may read; in `sockets` are Unix sockets that it may use.

        Paths are the same inside. Its output is kept (`Boxed.log`); its temporary files lie in `work`.
        """
        bounds = limits or Limits()
        said = {"HOME": str(self.work), "TMPDIR": str(self.work), "LOGNAME": "box", "LC_ALL": "C.UTF-8",
                "PATH": "/usr/local/bin:/usr/bin:/bin", **(environment or {})}  # fmt: skip
        seen = [self.given, *readable]
        inner = {
            "limits": _resource_limits(bounds, self._count()),
            "user": self.user,
            "seccomp": base64.b64encode(seccomp.program(network=self._walls.namespaces)).decode(),
            "landlock": None if self._walls.namespaces else landlocked(seen, [self.work], sockets),
            "command": list(command),
            "environment": said,
            "folder": str(folder or self.work),
        }
        launcher = [str(self._walls.python), "-I", "-S", "-B", str(_HERE / "launcher.py"), json.dumps(inner)]
        outside = mounted(self._walls, seen, [self.work], sockets, _HERE) if self._walls.namespaces else []
        log = self.folder / f"log-{len(self._running)}"
        told = {"command": [*outside, *launcher], "log": str(log), "folder": str(self.folder),
                "lock": str(self.folder / ".lock"), "writable": str(self.work), "memory": bounds.memory,
                "disk": bounds.disk, "seconds": bounds.seconds}  # fmt: skip
        boxed = Boxed(told, log)
        self._running.append(boxed)
        return boxed

    def _count(self) -> int:
        """Return the threads that count against the user already: the kernel counts by user, not by box."""
        if self.user >= _USERS[0] or (self._walls.namespaces and not self.user):
            return 0
        return _threads_of(self.user or os.geteuid())


class Boxed:
    """A command that was started in a box, and its keeper."""

    def __init__(self, told: Mapping[str, object], log: Path) -> None:
        self._log = log
        self._ended: Ended | None = None
        self._keeper = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", "-B", str(_HERE / "keeper.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, cwd="/",
            env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        self._say(json.dumps(told))

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.wait(0) is None

    def terminate(self) -> None:
        """Ask it to stop (SIGTERM, sent inside)."""
        self._say("term")

    def kill(self) -> Ended:
        """End it with all that it started, and return how it ended."""
        self._say("kill")
        ended = self.wait(10)
        if ended is None:
            self._keeper.kill()
            self._keeper.wait()
            ended = self._ended = Ended(code=-9, why="killed", memory=0)
        return ended

    def wait(self, seconds: float) -> Ended | None:
        """Wait for its end; None if it still runs."""
        if self._ended is not None:
            return self._ended
        out = self._keeper.stdout
        assert out is not None  # noqa: S101 - it is a pipe
        deadline = time.monotonic() + seconds
        if not select.select([out], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return None
        line = out.readline()
        self._keeper.wait()
        for pipe in (out, self._keeper.stdin):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        said: dict[str, Any] = json.loads(line) if line else {"code": -9, "why": "killed", "memory": 0}
        self._ended = Ended(code=said["code"], why=said["why"], memory=said["memory"])
        return self._ended

    def log(self, most: int = 20_000) -> str:
        """Return the end of what it wrote."""
        try:
            return self._log.read_bytes()[-most:].decode("utf-8", "replace")
        except OSError:
            return ""

    def _say(self, line: str) -> None:
        pipe = self._keeper.stdin
        if pipe is None or pipe.closed:
            return
        with contextlib.suppress(OSError):
            pipe.write(line.encode() + b"\n")
            pipe.flush()


def sweep() -> int:
    """Remove folders of boxes whose bot and keepers are gone; return how many. For the start of a bot."""
    gone = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            lock = os.open(folder / ".lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
        finally:
            os.close(lock)
    return gone


def _resource_limits(bounds: Limits, present: int) -> list[tuple[int, int]]:
    return [
        (resource.RLIMIT_AS, bounds.address_space),
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_FSIZE, bounds.file),
        (resource.RLIMIT_NOFILE, bounds.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, bounds.processes + present),
    ]


def _threads_of(user: int) -> int:
    total = 0
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == user:
                total += len(list((entry / "task").iterdir()))
    return total
