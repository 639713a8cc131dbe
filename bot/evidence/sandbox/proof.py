"""A sandbox is used only after it was tried: code that attacks it ran inside, and everything was refused."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from bot.domain.errors import EipasError
from bot.evidence.sandbox import seccomp
from bot.evidence.sandbox.box import Box, Limits, sweep
from bot.evidence.sandbox.walls import SCOPES, Walls, bubblewrap, landlock_version

_SECONDS: Final = 20.0
_log = structlog.get_logger(__name__)


class SandboxUnavailable(EipasError):
    """No box can be closed on this machine, so that nothing generated is run; `reason` says what was tried."""

    message_template = "Nothing generated is run here: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Walls that were proven."""

    walls: Walls

    @property
    def name(self) -> str:
        """What the walls are called in a report."""
        return self.walls.name

    def box(self, *, user: int | None = None) -> Box:
        """Return a new box; `user` is the id it runs as where the bot is root, a fresh one if none is given."""
        return Box(self.walls, user=user)


@functools.cache
def proven() -> Sandbox:
    """Return the best sandbox that holds on this machine, tried once per process.

    Raises:
        SandboxUnavailable: none does.
    """
    sweep()
    reasons: list[str] = []
    for walls in _candidates(reasons.append):
        reason = attacked(walls)
        if not reason:
            return Sandbox(walls=walls)
        reasons.append(f"{walls.name} does not hold: {reason}")
    _log.warning("no_sandbox", reasons=reasons)
    raise SandboxUnavailable(reason="; ".join(reasons))


def _candidates(because: Callable[[str], None]) -> list[Walls]:
    if not seccomp.known():
        because("the machine's system calls are not known")
        return []
    found, python = [], Path(sys.executable)
    program = bubblewrap()
    if program:
        found.append(Walls(namespaces=True, python=python, bubblewrap=program))
    else:
        because("bubblewrap is not installed")
    version = landlock_version()
    if version >= SCOPES:
        found.append(Walls(namespaces=False, python=python))
    else:
        because(f"Landlock has version {version} here, and {SCOPES} is needed" if version else "there is no Landlock")
    return found


def attacked(walls: Walls) -> str:
    """Run code that attacks the walls; return what it got through, "" if nothing."""
    with _Bait() as bait:
        try:
            with Box(walls) as box:
                (box.given / "attack.py").write_text(_ATTACK)
                limits = Limits(address_space=512 << 20, processes=24, file=1 << 20, disk=8 << 20, seconds=_SECONDS)
                told = json.dumps({**bait.told, "work": str(box.work)})
                command = [str(walls.python), "-I", "-S", "-B", str(box.given / "attack.py"), told]
                boxed = box.start(command, limits=limits, environment={})
                ended = boxed.wait(_SECONDS + 5)
                if ended is None or ended.code != 0:
                    return f"nothing could be run in it ({boxed.log()[-300:].strip() or ended})"
                found: dict[str, str] = json.loads(boxed.log().splitlines()[-1])
        except (OSError, subprocess.SubprocessError, ValueError, IndexError) as problem:
            return f"it could not be tried ({problem})"
        found |= bait.changed()
    passed = [f"{name} ({seen})" for name, seen in found.items() if seen != "refused"]
    return ", ".join(passed)


class _Bait:
    """What the attack is to reach for: a listener, a file with a secret in it, a process."""

    def __enter__(self) -> _Bait:
        self._folder = Path(tempfile.mkdtemp(prefix="eipas-bait-"))
        self._folder.chmod(0o777)
        self._file = self._folder / "secret"
        self._file.write_text("secret")
        self._file.chmod(0o666)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._process = subprocess.Popen(["/bin/sleep", "60"])
        self.told = {"port": self._listener.getsockname()[1], "file": str(self._file), "pid": self._process.pid,
                     "bot": os.getpid()}  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def changed(self) -> dict[str, str]:
        """Return what is different afterwards."""
        same = sorted(p.name for p in self._folder.iterdir()) == ["secret"] and self._file.read_text() == "secret"
        return {
            "files": "refused" if same else "a file outside was changed",
            "signals": "refused" if self._process.poll() is None else "a process outside was ended",
        }


_ATTACK: Final = """
import ctypes, json, os, signal, socket, sys
told = json.loads(sys.argv[1])
found = {}

def tried(name, attempt, meant=OSError):
    try:
        found[name] = f"got {attempt()!r}"[:80]
    except meant:
        found[name] = "refused"
    except BaseException as other:
        found[name] = f"{type(other).__name__}: {other}"[:80]

def sent():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        return udp.sendto(b"x", ("192.0.2.1", 9))

def forked():
    made = []
    try:
        for _ in range(200):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            made.append(pid)
    finally:
        for pid in made:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return len(made)

def filled():
    with open(os.path.join(told["work"], "big"), "wb") as file:
        return file.write(b"x" * (4 << 20))

def renamed():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) == 0:
        return "a user namespace"
    raise OSError(ctypes.get_errno(), "unshare")

with open(os.path.join(told["work"], "own"), "w") as own:
    own.write("what is its own can be written")
tried("TCP", lambda: socket.create_connection(("127.0.0.1", told["port"]), 2))
tried("UDP", sent)
tried("reading a file outside", lambda: open(told["file"]).read())
tried("writing a file outside", lambda: open(told["file"], "w").write("x"))
tried("a new file outside", lambda: open(told["file"] + "2", "w").write("x"))
tried("a new file in the system", lambda: open("/usr/eipas", "w"))
tried("a signal to a process outside", lambda: os.kill(told["pid"], signal.SIGKILL))
tried("a signal to the bot", lambda: os.kill(told["bot"], 0) if told["bot"] != os.getpid() else 1 / 0)
tried("a user namespace", renamed)
tried("more processes", forked)
tried("more memory", lambda: len(bytearray(1 << 30)), MemoryError)
tried("a larger file", filled)
print(json.dumps(found))
"""
