"""The sandbox: what is in it reaches nothing, is bounded in everything, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.evidence.sandbox import Box, Boxed, Ended, Limits, proof
from bot.evidence.sandbox import box as box_module
from bot.evidence.sandbox.box import PREFIX, sweep
from bot.evidence.sandbox.walls import SCOPES, Walls, bubblewrap, landlock_version

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = Path("/usr/bin/python3")


def walls(name: str) -> Walls:
    if name == "bubblewrap":
        made = Walls(namespaces=True, python=Path(sys.executable), bubblewrap=bubblewrap())
        if not made.bubblewrap:
            pytest.skip("bubblewrap is not installed")
        return made
    if landlock_version() < SCOPES:
        pytest.skip(f"the kernel has Landlock {landlock_version()}, and {SCOPES} is needed")
    # A bot that is root changes its user, who may not enter root's home, where our own interpreter may lie.
    reachable = os.geteuid() != 0 or not Path(sys.executable).resolve().is_relative_to("/root")
    python = Path(sys.executable) if reachable else SYSTEM_PYTHON
    if not python.exists():
        pytest.skip("there is no interpreter that the box's user can reach")
    return Walls(namespaces=False, python=python)


@pytest.fixture(params=["bubblewrap", "Landlock"])
def kind(request: pytest.FixtureRequest) -> Walls:
    return walls(request.param)


@pytest.fixture
def box(kind: Walls) -> Iterator[Box]:
    with Box(kind) as made:
        yield made


def run(box: Box, kind: Walls, code: str, limits: Limits | None = None) -> Boxed:
    return box.start([str(kind.python), "-I", "-S", "-B", "-c", code], limits=limits)


def ended(boxed: Boxed) -> Ended:
    found = boxed.wait(30)
    assert found is not None, "it still runs"
    return found


def test_an_attack_from_inside_is_refused(kind: Walls) -> None:
    """Network, host files, signals, new user namespaces, too many processes, too much memory, a large file: refused."""
    assert proof.attacked(kind) == ""


def test_what_a_hole_lets_through_is_named(kind: Walls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof is no formality: walls that leave the bait's folder open are found out."""
    hole = Path(tempfile.mkdtemp(prefix="eipas-hole-"))
    hole.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(hole))
    name = "mounted" if kind.namespaces else "landlocked"
    kept = getattr(box_module, name)

    def holed(*given: Any) -> Any:
        *before, readable, writable, sockets = given[: 4 if kind.namespaces else 3]
        return kept(*before, readable, [hole, *writable], sockets, *given[4:])

    monkeypatch.setattr(box_module, name, holed)
    try:
        assert "file outside" in proof.attacked(kind)
    finally:
        shutil.rmtree(hole)


def test_it_runs_and_its_output_is_kept(box: Box, kind: Walls) -> None:
    """What is boxed may read what it is given, write its own folder, and its words can be read."""
    (box.given / "note").write_text("given")
    code = f"print(open({str(box.given / 'note')!r}).read()); open('own', 'w').write('x')"
    boxed = run(box, kind, code)
    assert ended(boxed).code == 0, boxed.log()
    assert boxed.log().strip() == "given"
    assert (box.work / "own").read_text() == "x"


def test_time_memory_and_disk_are_bounded(box: Box, kind: Walls) -> None:
    """Whoever passes the bound of all processes together is ended, and the reason is told."""
    assert ended(run(box, kind, "while True: pass", Limits(seconds=0.5))).why == "time"
    many = "import os, time\nfor _ in range(4): os.fork()\nkept = bytearray(24 << 20)\ntime.sleep(20)"
    assert ended(run(box, kind, many, Limits(memory=128 << 20))).why == "memory"
    files = "import time\nfor n in range(40): open(f'f{n}', 'wb').write(b'x' * (1 << 20))\ntime.sleep(20)"
    assert ended(run(box, kind, files, Limits(disk=16 << 20))).why == "disk"


def test_it_is_asked_to_stop(box: Box, kind: Walls) -> None:
    """SIGTERM reaches what is boxed, not the walls around it, so that it can end well."""
    code = (
        "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        "open('ready', 'w').close()\ntime.sleep(20)"
    )
    boxed = run(box, kind, code)
    _await(lambda: (box.work / "ready").exists())
    boxed.terminate()
    assert ended(boxed).code == 7, boxed.log()


def test_boxes_stay_apart(kind: Walls) -> None:
    """Of two boxes at once neither reads, writes nor ends what is in the other, nor takes its processes."""
    with Box(kind) as one, Box(kind) as other:
        (one.work / "secret").write_text("x")
        sleeper = run(one, kind, "import time; time.sleep(20)")
        code = f"""
import os, signal
for place in ({str(one.work / "secret")!r}, {str(one.given)!r} + "/new"):
    try:
        open(place, "a").close()
        print("opened", place)
    except OSError:
        pass
try:
    os.kill(-1, signal.SIGTERM)
except OSError:
    pass
"""
        attacker = run(other, kind, code)
        ended(attacker)
        assert attacker.log() == ""
        assert sleeper.running


def test_nothing_outlives_a_killed_bot(kind: Walls, tmp_path: Path) -> None:
    """After `kill -9` of the bot no process and no folder of a box is left, even of what daemonised itself."""
    bot = subprocess.Popen(
        [sys.executable, "-c", _BOT, str(kind.namespaces), str(kind.python), kind.bubblewrap],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert bot.stdout is not None
    folder = Path(bot.stdout.readline().strip())
    mark = bot.stdout.readline().strip()
    _await(lambda: len(_marked(mark)) >= 2)
    bot.send_signal(signal.SIGKILL)
    bot.wait()
    bot.stdout.close()
    _await(lambda: not _marked(mark))
    _await(lambda: not folder.exists())


def test_folders_that_nobody_holds_are_swept(kind: Walls) -> None:
    """A start removes what a lost machine left, and nothing that a living bot holds."""
    left = Path(tempfile.mkdtemp(prefix=PREFIX))
    (left / ".lock").touch()
    with Box(kind) as living:
        sweep()
        assert not left.exists()
        assert living.work.exists()


def test_without_walls_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither bubblewrap nor Landlock holds there is no box, and the reason names both."""
    monkeypatch.setattr(proof, "bubblewrap", lambda: "")
    monkeypatch.setattr(proof, "landlock_version", lambda: 0)
    proof.proven.cache_clear()
    try:
        with pytest.raises(proof.SandboxUnavailable) as refused:
            proof.proven()
    finally:
        proof.proven.cache_clear()
    assert "bubblewrap is not installed" in refused.value.message
    assert "no Landlock" in refused.value.message


def _await(held: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not held():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def _marked(mark: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return [pid for pid in found if pid != os.getpid()]


_BOT = """
import os, sys, time
from pathlib import Path
from bot.evidence.sandbox import Box, Limits
from bot.evidence.sandbox.walls import Walls
walls = Walls(namespaces=sys.argv[1] == "True", python=Path(sys.argv[2]), bubblewrap=sys.argv[3])
with Box(walls) as box:
    mark = f"mark-{os.getpid()}-{time.monotonic_ns()}"
    code = (
        "import os, sys, time\\nif os.fork() == 0:\\n    os.setsid()\\n"
        "    os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[1]])\\n"
        "time.sleep(60)"
    )
    boxed = box.start([sys.argv[2], "-I", "-S", "-B", "-c", code, mark], limits=Limits())
    print(box.folder, mark, sep="\\n", flush=True)
    time.sleep(60)
"""
