"""`python -m tests.bench`: measures everything side by side, prints the table, writes docs/benchmarks.md.

Exits 0 whether the goals hold or not: what does not hold is printed as such, and a busy machine is no broken build.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from tests.bench import acks, crash, growth, rates, rendered, stack, starting, updates
from tests.bench.machine import description
from tests.bench.plan import FULL, QUICK
from tests.bench.report import Goal, Section, page
from tests.bench.seed import Seeding

PARTS: dict[str, ModuleType] = {
    "acks": acks, "updates": updates, "starting": starting, "crash": crash, "stack": stack, "growth": growth,
    "rates": rates, "rendered": rendered,
}  # fmt: skip
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds; about 90 s on a quiet machine")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="measure a part, and write no page")
    given = parser.parse_args()
    machine, plan = description(), QUICK if given.quick else FULL
    goals: list[Goal] = []
    sections: list[Section] = []
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="eipas-bench-") as folder:
        seeding = Seeding(Path(folder))
        for name in given.only or PARTS:
            print(f"{time.perf_counter() - began:5.0f} s  {name} …", file=sys.stderr, flush=True)
            found, more = asyncio.run(PARTS[name].measure(seeding, plan, Path(folder)))
            goals += found
            sections += more
    rounds = "short rounds (--quick)" if given.quick else f"{plan.rounds} rounds of {plan.seconds} s per load"
    machine.append(f"{rounds}, {time.perf_counter() - began:.0f} s altogether")
    text = page(machine, sorted(goals, key=lambda goal: goal.number), sections)
    print(text)
    if not given.only:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
