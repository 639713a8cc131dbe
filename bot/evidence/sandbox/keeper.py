"""Watches over a box from outside: what is in it never outlives the bot, nor its time, memory and disk.

A script of its own, for the interpreter's own library alone: `python -I -S -B keeper.py`. Its first line of input says
what to start and the bounds; after it `term` asks what is boxed to stop and `kill` ends it. The end of the input means
that the bot is gone: then all is killed and the folder removed. At the end it prints how it ended, one line of JSON.

It adopts orphans (PR_SET_CHILD_SUBREAPER), so that nothing escapes it by starting a session of its own.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_SUBREAPER = 36
_LOOK_SECONDS = 0.1


def descendants() -> dict[int, int]:
    """Return the process ids below this process, each with its parent's."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208 - faster than Path, ten times a second
        if entry.isdigit():
            try:
                text = Path(f"/proc/{entry}/stat").read_bytes()
            except OSError:
                continue
            parents[int(entry)] = int(text[text.rindex(b")") + 2 :].split()[1])
    found = {os.getpid(): 0}
    grew = True
    while grew:
        more = {pid: parent for pid, parent in parents.items() if parent in found and pid not in found}
        found |= more
        grew = bool(more)
    del found[os.getpid()]
    return found


def memory(pids: dict[int, int]) -> int:
    """Return the bytes of memory that processes hold for themselves."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
    return total


def size(folder: str) -> int:
    """Return the bytes on disk below a folder."""
    total = 0
    for place, _folders, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118 - as above
            except OSError:
                continue
    return total


class Keeper:
    """One boxed command under watch."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self._why = ""
        self._most_memory = 0
        self._orphaned = False
        log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._child = subprocess.Popen(told["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={})  # noqa: S603 - the bot says what
        os.close(log)
        self._deadline = time.monotonic() + told["seconds"]

    def run(self) -> dict[str, Any]:
        """Watch until it ended; return how."""
        pending = b""
        while self._child.poll() is None and not self._why:
            ready, _, _ = select.select([0], [], [], _LOOK_SECONDS)
            if ready:
                said = os.read(0, 4096)
                if not said:
                    self._orphaned, self._why = True, "orphaned"
                    break
                *lines, pending = (pending + said).split(b"\n")
                for line in lines:
                    self._obey(line.decode())
            self._look()
        if self._why:
            self._kill()
        code = self._child.wait()
        self._kill()
        return {"code": code, "why": self._why, "memory": self._most_memory, "orphaned": self._orphaned}

    def _obey(self, word: str) -> None:
        if word == "kill":
            self._why = "killed"
        elif word == "term":
            self._terminate()

    def _terminate(self) -> None:
        """Signal what is boxed, not the shells around it: the first below them that runs no bwrap."""
        ahead = [self._child.pid]
        found = descendants()
        while ahead:
            pid = ahead.pop(0)
            name = Path(f"/proc/{pid}/comm")
            if name.exists() and name.read_text().strip() != "bwrap":
                os.kill(pid, signal.SIGTERM)
                return
            ahead += sorted(one for one, parent in found.items() if parent == pid)

    def _look(self) -> None:
        bounds = self._told
        held = memory(descendants())
        self._most_memory = max(self._most_memory, held)
        if held > bounds["memory"]:
            self._why = "memory"
        elif time.monotonic() > self._deadline:
            self._why = "time"
        elif size(bounds["writable"]) > bounds["disk"]:
            self._why = "disk"

    def _kill(self) -> None:
        """Kill until nothing is left: what forks meanwhile is met at the next look."""
        for _ in range(500):
            found = descendants()
            for pid in found:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
            self._child.poll()
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                if not found:
                    return
            time.sleep(0.01)


def main() -> None:
    """Keep one box."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Unbuffered, so that `select` sees what comes after the line.
    with open(0, "rb", buffering=0, closefd=False) as given:
        told = json.loads(given.readline())
    lock = os.open(told["lock"], os.O_RDONLY | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)
    ended = Keeper(told).run()
    if ended.pop("orphaned"):
        shutil.rmtree(told["folder"], ignore_errors=True)
        return
    sys.stdout.write(json.dumps(ended) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
