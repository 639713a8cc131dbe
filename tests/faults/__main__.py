"""`python -m tests.faults`.

Days of evaluations under kill -9, on SQLite and on PostgreSQL: first one bot with nothing else amiss; then, on
PostgreSQL, several machines behind a balancer; then under Slack's rates, by a minute of six seconds, where hardly a
call may be too fast; then with Slack failing as well and, where the database is a file, the disk full for a while,
else the database crashing.
Exits 1 if anything does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.evidence.postgres import PostgresServer
from tests.faults.crashing import make_durable
from tests.faults.day import Day, Outcome, play
from tests.faults.disk import NoSmallDisk, SmallDisk, small_disk

DISK_MB = 64
KINDS = ("killed", "shared", "rated", "troubled")
MINUTE_S = 6.0
TOO_FAST = 0.01
"""The share of calls that may be refused as too fast where Slack enforces its rates and does not fail otherwise."""

MACHINES = 3


def main() -> int:
    given = _arguments()
    days = [
        (kind, database)
        for kind in given.day or KINDS
        for database in given.database or ("sqlite", "postgres")
        if (kind, database) != ("shared", "sqlite")  # one process has the file
    ]
    outcomes: dict[str, Outcome] = {}
    for kind, database in days:
        share = 2 if kind == "killed" else 4  # each database has half of it; the other days are half as long
        day = Day(
            evaluations=-(-given.evaluations // share), kills=-(-given.kills // share), seed=given.seed,
            troubled=kind == "troubled", behind_a_balancer=kind == "shared",
            machines=MACHINES if database == "postgres" and kind in ("shared", "troubled") else 1,
            minute_s=MINUTE_S if kind == "rated" else 0.0,
        )  # fmt: skip
        outcomes[f"{database}, {kind}"] = _play(day, database)
    say("")
    for name, outcome in outcomes.items():
        say(f"{'✗' if outcome.problems else '✓'} {name}: {outcome}")
    return 1 if any(outcome.problems for outcome in outcomes.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--evaluations", type=int, default=50, help="on both databases; a quarter on each further day")
    parser.add_argument("--kills", type=int, default=200, help="as above")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--day", choices=KINDS, action="append")
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    return parser.parse_args()


def _play(day: Day, kind: str) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="eipas-faults-"))
    what = ", Slack fails" if day.troubled else ""
    what += f", {day.machines} machines" if day.machines > 1 else ""
    what += ", under rates" if day.minute_s else ""
    say(f"{kind}: {day.evaluations} evaluations, {day.kills} kills{what}, --seed {day.seed}; log in {folder}")
    with ExitStack() as stack:
        disk = _disk(stack, folder) if day.troubled and kind == "sqlite" else None
        url = stack.enter_context(_database(kind, disk.folder if disk else folder))
        outcome = asyncio.run(play(day, url, folder, disk))
    missing = [f"not once: {what}" for what, times in outcome.trouble.items() if not times] if day.troubled else []
    outcome.problems += missing
    if day.minute_s and outcome.refused >= TOO_FAST:
        outcome.problems.append(f"{outcome.refused:.2%} of the calls were too fast")
    for problem in outcome.problems:
        say(f"  ✗ {problem}")
    if day.troubled:
        say("  " + "; ".join(f"{what} ×{times}" for what, times in outcome.trouble.items()))
    say(f"  {outcome}")
    return outcome


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    """Lend an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'eipas.db'}"
        return
    with PostgresServer() as server:
        url = server.url_of(server.create_database().name)
        make_durable(url)
        yield url


def _disk(stack: ExitStack, folder: Path) -> SmallDisk | None:
    try:
        return stack.enter_context(small_disk(folder / "disk", folder / "bot.log", DISK_MB))
    except NoSmallDisk as reason:
        say(f"  the disk is not filled: one cannot be mounted here ({reason})")
        return None


def say(line: str) -> None:
    """Print at once, for this runs for minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
