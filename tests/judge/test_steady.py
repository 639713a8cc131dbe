"""A busy machine changes no score: `make steady`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.roles.backend_developer.checks.migration_run import FULL
from tests.judge.bench import assess, forget
from tests.judge.planting import right
from tests.judge.test_properties import numbers, outcomes

TIMES = 10
_SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(1_000_000))"


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep so many processes computing; they end with this one."""
    spinning = [subprocess.Popen([sys.executable, "-c", _SPIN]) for _ in range(processes)]
    try:
        yield
    finally:
        for one in spinning:
            one.kill()
            one.wait()


@pytest.mark.steady
@pytest.mark.parametrize("name", ["clinic", "depot"])
def test_ten_times_on_a_busy_machine_are_ten_equal_scores(name: str) -> None:
    """The same design, judged on as many rows as any, has the same scores and outcomes while all processors are busy."""
    found = []
    with busy(3 * (os.cpu_count() or 1)):
        for _ in range(TIMES):
            forget()
            checks, card = assess(right(name), FULL)
            found.append((numbers(card), outcomes(checks)))
    assert [scores for scores, _ in found] == [found[0][0]] * TIMES
    assert all(one == found[0] for one in found)
    assert set(found[0][0].values()) == {100}
