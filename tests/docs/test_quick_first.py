"""Whatever `make thorough` proves, `make test` proves of one case."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOME = """
import pytest

@pytest.mark.parametrize("number", [1, pytest.param(2, marks=pytest.mark.thorough)])
def test_sweep(number):
    assert number
"""
ALL = """
@pytest.mark.thorough
@pytest.mark.parametrize("number", [1, 2])
def test_slow(number):
    assert number
"""


@pytest.mark.parametrize(("source", "refused"), [(SOME, False), (SOME + ALL, True)], ids=["one quick", "none quick"])
def test_a_test_without_a_quick_case_is_refused(tmp_path: Path, source: str, refused: bool) -> None:
    """A run of everything in which all cases of a test are thorough ends at once and names the test."""
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\nmarkers = thorough: slow\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.quick_first", "-m", "not thorough"]
    # Plugins of other packages have no part in it, and importing them takes seconds.
    environment = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode == pytest.ExitCode.USAGE_ERROR, "test_it.py::test_slow" in done.stderr) == (
        refused,
        refused,
    )
    assert refused or "1 passed" in done.stdout
