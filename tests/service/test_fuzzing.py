"""schemathesis, with all its checks and two tenants, finds nothing in a rendered service but what is listed here."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint
from tests.service.conftest import laid_out
from tests.service.samples import shipped, workshop

pytestmark = pytest.mark.slow_service
HERE = Path(__file__).resolve().parent
DESIGNS: dict[str, Callable[[], Blueprint]] = {"sample": shipped, "workshop": workshop}
KNOWN = {
    r"The cursor is none that a page|\[412\] Precondition Failed": "JSON Schema takes any short text for a cursor or a "
    "version; only the service knows its own.",
    r"\[501\] Not Implemented": "A function of the team's that is not written yet says so; no contract promises that.",
    r"ST302 Created resource not found": "A repeated Idempotency-Key gets the first answer, also after the deletion.",
    r"The values together break a rule": "JSON Schema cannot say what must hold between two fields.",
    r"equal to -?9223372036854775\d\d\d": "The tool compares bounds of 64-bit integers as floating point numbers.",
}
"""Kinds of findings that are no faults, and why; anything else fails."""

EXAMPLES = os.environ.get("EIPAS_FUZZ_EXAMPLES", "5")


@pytest.fixture(params=DESIGNS, scope="module")
def stand(
    request: pytest.FixtureRequest, python: Path, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path]]:
    """A rendered service's folder, and the file that says where it runs and who may call."""
    if subprocess.run([python, "-c", "import schemathesis"], capture_output=True, check=False).returncode:
        pytest.skip("EIPAS_SERVICE_PYTHON has no schemathesis")
    folder = laid_out(tmp_path_factory.mktemp(request.param), DESIGNS[request.param])
    place = tmp_path_factory.mktemp("stand") / "stand.json"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": ""}
    command = [python, HERE / "standing.py", postgres.url, str(port), place]
    with (place.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _await(f"http://127.0.0.1:{port}/readyz", process, place.parent / "log")
        yield folder, place
    finally:
        process.terminate()
        process.wait(30)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the service is not ready after 60 s")


def test_no_finding_that_is_not_listed(python: Path, stand: tuple[Path, Path]) -> None:
    """Every operation, valid and invalid, alone and in sequence; the second tenant reads nothing of the first's."""
    folder, place = stand
    said = json.loads(place.read_text())
    scoped = "tenant_isolation" in (folder / "migrations/0001_initial.sql").read_text()
    headers = [word for name, value in said["callers"][0].items() for word in ("-H", f"{name}: {value}")]
    environment = {**os.environ, "STAND": str(place), "PYTHONPATH": str(HERE)}
    if scoped:
        environment["SCHEMATHESIS_HOOKS"] = "fuzz_hooks"
    done = subprocess.run(
        [python.parent / "schemathesis", "run", "openapi.yaml", "--url", said["base"], *headers, "--checks", "all",
         "--max-examples", EXAMPLES, "--request-timeout", "20", "--continue-on-failure", "--seed", "1", "--no-color"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert "API Operations:" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
    findings = re.findall(r"^- .*?st replay", done.stdout, re.DOTALL | re.MULTILINE)
    unlisted = [finding for finding in findings if not any(re.search(kind, finding) for kind in KNOWN)]
    assert unlisted == [], "\n\n".join(unlisted)[:6000]
    assert len(findings) >= done.stdout.count("st replay")
