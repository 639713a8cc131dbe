"""CI names what passed only at its second try."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.bare_pytest import BARE
from tests.support.second_try import passed_again

ROOT = Path(__file__).resolve().parent.parent.parent
SHAKY = """
import pathlib, pytest
TRIED = pathlib.Path(__file__).parent / "tried"

def test_shaky():
    again = TRIED.exists()
    TRIED.touch()
    assert again

@pytest.mark.parametrize("number", [1, 2])
def test_steady(number):
    assert number

def test_broken():
    assert False
"""


def _run(folder: Path, report: str, *more: str) -> Path:
    target = folder / report
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={target}", *more, "test_it.py"]
    subprocess.run(command, cwd=folder, env={**os.environ, **BARE}, check=False, capture_output=True, timeout=60)
    return target


def test_what_passed_when_tried_again_is_named(tmp_path: Path) -> None:
    """Of real reports the shaky test is named; the steady one and the one that is broken for good are not."""
    (tmp_path / "test_it.py").write_text(SHAKY, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    first = _run(tmp_path, "1.xml")
    second = _run(tmp_path, "2.xml", "--last-failed")
    assert passed_again(first, second) == ["test_it::test_shaky"]


def test_ci_compares_both_of_its_tries() -> None:
    """Each second try in `.ci/run` is followed by what passed only then."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for name in ("tests", "faults"):
        assert script.count(f"--junitxml=build/{name}-") == 2
        assert f"tests.support.second_try build/{name}-1.xml build/{name}-2.xml" in script
