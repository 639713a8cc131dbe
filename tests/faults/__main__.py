"""`python -m tests.faults`.

A day of evaluations under kill -9, first on SQLite, then on PostgreSQL; exits 1 if anything does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.evidence.postgres import PostgresServer
from tests.faults.day import Day, play


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Lend an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'eipas.db'}"
        return
    with PostgresServer() as server:
        yield server.url_of(server.create_database().name)


def say(line: str) -> None:
    """Print at once, for this runs for minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--evaluations", type=int, default=25, help="on each database")
    parser.add_argument("--kills", type=int, default=100, help="on each database")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--troubled", action="store_true", help="Slack fails as well")
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    given = parser.parse_args()
    failed = 0
    for kind in given.database or ["sqlite", "postgres"]:
        folder = Path(tempfile.mkdtemp(prefix="eipas-faults-"))
        say(f"{kind}: {given.evaluations} evaluations, {given.kills} kills, --seed {given.seed}; log in {folder}")
        day = Day(evaluations=given.evaluations, kills=given.kills, seed=given.seed, troubled=given.troubled)
        with database(kind, folder) as url:
            outcome = asyncio.run(play(day, url, folder))
        for problem in outcome.problems:
            say(f"  ✗ {problem}")
        trouble = f" {outcome.trouble}" if given.troubled else ""
        say(f"  {outcome.kills} kills{trouble} in {outcome.seconds:.0f} s, {len(outcome.problems)} problems")
        failed += len(outcome.problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
