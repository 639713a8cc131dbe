"""A server under measurement: started, paused while others are measured, looked at, stopped or killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


class Running:
    """One process. Use it as an asynchronous context manager; it is killed at the end if it still lives."""

    def __init__(self, kind: str, log: Path, **options: Any) -> None:
        self._command = [sys.executable, "-m", "tests.bench.servers", kind, json.dumps(options)]
        self._log = log
        self.url = ""
        self.started_in = 0.0

    async def __aenter__(self) -> Self:
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *self._command, stdout=asyncio.subprocess.PIPE, stderr=log, cwd=ROOT, env=_compiling(self._log.parent)
            )
        assert self._child.stdout is not None
        line = await asyncio.wait_for(self._child.stdout.readline(), PATIENCE_S)
        self.started_in = time.perf_counter() - began
        if not line:
            raise RuntimeError(f"the server died: {self._log.read_text()[-3000:]}")
        self.url = json.loads(line)["url"]
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._child.returncode is None:
            self._child.kill()
        await self._child.wait()

    def pause(self) -> None:
        os.kill(self._child.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self._child.pid, signal.SIGCONT)

    async def kill(self) -> None:
        """kill -9."""
        self._child.kill()
        await self._child.wait()

    def cpu(self) -> float:
        """Seconds of CPU that it used so far, all threads."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident set in MB."""
        return int(self._status("VmRSS").split()[0]) / 1024

    def threads(self) -> int:
        return int(self._status("Threads"))

    def _status(self, name: str) -> str:
        lines = dict(line.split(":", 1) for line in self._proc("status").splitlines())
        return lines[name].strip()

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self._child.pid}/{name}").read_text()


def _compiling(folder: Path) -> dict[str, str]:
    """Return an environment that keeps compiled modules, as `make setup` and the image do; the first start makes them.

    Without them each start would compile everything anew, and no start would be told from another.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
