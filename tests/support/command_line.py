"""`python -m bot …` as a process of its own that does not load its libraries each time.

A start takes two seconds of the processor, all but a tenth of them for imports. The processes here are forked from one
that has imported the libraries and the heavy rooms, but no command: what it does is done in a fresh process, with
a real exit code, a folder and an environment of its own. How a bare start behaves is proven where that is the subject:
tests/browser, tests/docs/test_around.py, tests/operations/test_draining.py.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.forked import FORK

_COMMANDS = frozenset({"bot.app.console", "bot.app.cli", "bot.__main__"})
"""Made anew by each process: a console looks at the environment when it is made."""


def run_bot(*words: str, cwd: Path, env: Mapping[str, str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command in this folder and environment, and return how it ended and what it said.

    Raises:
        subprocess.TimeoutExpired: it had not ended after `timeout` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="eipas-command-") as name:
        said = [Path(name) / "stdout", Path(name) / "stderr"]
        process = FORK.Process(target=_command, args=(words, str(cwd), dict(env), [str(path) for path in said]))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["eipas", *words], timeout)
        told, complained = (path.read_text(encoding="utf-8") for path in said)
        return subprocess.CompletedProcess(["eipas", *words], process.exitcode, told, complained)


def _command(words: Sequence[str], folder: str, environment: Mapping[str, str], said: Sequence[str]) -> None:
    """Be `python -m bot …` in this process."""
    assert not _COMMANDS & set(sys.modules), "a command's module was loaded before its environment was known"
    for number, path in enumerate(said, 1):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["eipas", *words]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
