"""Goals 1 to 3: what a durable answer costs, beside what a user would build instead.

The bare echo, an AsyncApp that only acknowledges, is the limit: its answers mean nothing, and nobody can reach it. On
one connection nobody who commits can be faster than the echo and one bare commit on the same disk.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from handlers.ids import ActionId
from tests.bench import people, wire
from tests.bench.plan import Plan
from tests.bench.process import Running
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding
from tests.bench.standin import StandIn

CONNECTIONS = (1, 32, 256)
CLICKS = ("skip", "verdict")
DURABLE = ("skip", "verdict", "reply")
NAMES = {
    "skip": "click “Skip”", "verdict": "verdict submitted", "reply": "reply in a thread", "command": "/eipas status",
}  # fmt: skip
COMMIT = "commit"
_RATE = 1800
"""Deliveries made ready per second of load; a server that is faster is done sooner, and is measured as such."""

_NOTE = (
    "`echo` is an `AsyncApp` that only acknowledges: the limit, for its answers mean nothing. `orm` is what a user "
    "would build instead: an `AsyncApp` whose listener commits three rows by SQLAlchemy's async ORM before it "
    "acknowledges, with `process_before_response`, which spares it the 10 ms that Bolt's default (`default`, an echo "
    "with it) waits. `commit` is no server: three rows committed one after the other by SQLite alone, on the same disk "
    "in the same minute. On one connection an echo and a commit are the least that a durable answer takes."
)

_ONLY = {"skip": ("action", str(ActionId.SKIP)), "reply": ("message", "message")}
"""For each, the one entry point of a product that has no other."""


@dataclass(slots=True)
class Sample:
    """One load on one server."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(slots=True)
class Samples:
    """All loads, by server, kind and number of connections."""

    of: dict[tuple[str, str, int], list[Sample]] = field(default_factory=dict)

    def spread(self, part: str, server: str, kind: str, connections: int) -> Spread:
        return Spread([getattr(sample, part) for sample in self.of[server, kind, connections]])

    def limit(self, kind: str, base: str) -> Spread:
        """Return the most of `base`'s rate that can be had on one connection by whoever commits before answering."""
        echo, commit, theirs = (self.of[server, kind, 1] for server in ("echo", COMMIT, base))
        return Spread([
            1 / (1 / e.rate + 1 / c.rate) / t.rate for e, c, t in zip(echo, commit, theirs, strict=True)
        ])  # fmt: skip

    def ratio(self, part: str, kind: str, connections: int, server: str, base: str) -> Spread:
        """Round by round, so that what slows the machine slows both."""
        ours, theirs = self.of[server, kind, connections], self.of[base, kind, connections]
        return Spread([getattr(a, part) / getattr(b, part) for a, b in zip(ours, theirs, strict=True)])


class Deliveries:
    """Hands out deliveries that no server saw before."""

    def __init__(self, seeding: Seeding, plan: Plan) -> None:
        self._all: dict[str, Iterator[wire.Delivery]] = {
            kind: make(seeding.seeds, 1, plan.copies) for kind, make in people.KINDS.items()
        }

    def next(self, kind: str, seconds: float) -> Sequence[wire.Delivery]:
        return list(itertools.islice(self._all[kind], int(seconds * _RATE)))


async def measure(seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Echo, Bolt with the ORM, the product and the product with one entry point, in turn; only one runs at a time."""
    seeding.database(folder / "product", collecting=plan.copies, in_review=plan.copies)
    for kind in _ONLY:
        seeding.database(folder / kind, collecting=plan.copies)
    samples = Samples()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(StandIn())
        servers: dict[str, Running] = {}

        async def start(name: str, kind: str, **options: object) -> None:
            server = await stack.enter_async_context(Running(kind, folder / f"{name}.log", api=slack.url, **options))
            servers[name] = server
            server.pause()

        await start("echo", "echo")
        await start("default", "echo", before=False)
        await start("orm", "orm", before=True, data=str(folder / "orm"))
        await start("product", "product", data=str(folder / "product"))
        for kind, entry in _ONLY.items():
            await start(f"only {kind}", "product", data=str(folder / kind), only=entry)
        with closing(_bare(folder / "bare.db")) as raw:
            await _rounds(servers, Deliveries(seeding, plan), plan, samples, raw)
    return _goals(samples), _sections(samples)


async def _rounds(
    servers: dict[str, Running], deliveries: Deliveries, plan: Plan, samples: Samples, raw: sqlite3.Connection
) -> None:
    for name, server in servers.items():
        await _load(server, deliveries.next("reply" if name == "only reply" else "skip", 0.1), 4, 0.5)
    for turn in range(plan.rounds):
        for kind, connections in itertools.product(NAMES, CONNECTIONS):
            batch = deliveries.next(kind, plan.seconds)
            names = ["echo", "product"]
            if kind in DURABLE:
                names.append("orm")
            if connections == 1 and kind in CLICKS:
                names.append("default")
            if connections == 32 and kind in _ONLY:
                names.append(f"only {kind}")
            for name in names if turn % 2 else reversed(names):
                sample = await _load(servers[name], batch, connections, plan.seconds)
                samples.of.setdefault((name, kind, connections), []).append(sample)
            if connections == 1 and kind in DURABLE:
                samples.of.setdefault((COMMIT, kind, 1), []).append(_commits(raw, plan.seconds / 2))


async def _load(server: Running, batch: Sequence[wire.Delivery], connections: int, seconds: float) -> Sample:
    server.go_on()
    before = server.cpu()
    outcome = await wire.send(server.url, batch, connections, seconds)
    used = server.cpu() - before
    server.pause()
    if outcome.refused or outcome.broken or not outcome.seconds:
        raise RuntimeError(f"{outcome.refused} refused, {outcome.broken} broken: {outcome.last_body[:500]!r}")
    return _sample(outcome.seconds, outcome.rate, used)


def _sample(seconds: Sequence[float], rate: float, cpu: float) -> Sample:
    waits = sorted(seconds)
    return Sample(
        rate=rate, p50=median(waits) * 1e3, p99=waits[int(len(waits) * 0.99)] * 1e3, cpu=cpu / len(waits) * 1e6
    )


def _bare(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("CREATE TABLE said (key TEXT PRIMARY KEY, text TEXT)")
    return raw


def _commits(raw: sqlite3.Connection, seconds: float) -> Sample:
    """Commit three rows of a reply's length at a time, for so many seconds."""
    text, took, began, used = "x" * 300, list[float](), time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        at = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            raw.execute("INSERT INTO said VALUES (hex(randomblob(16)), ?)", (text,))
        raw.execute("COMMIT")
        took.append(time.perf_counter() - at)
    return _sample(took, len(took) / (time.perf_counter() - began), time.process_time() - used)


def _goals(samples: Samples) -> list[Goal]:
    goals = []
    for kind, connections in itertools.product(DURABLE, CONNECTIONS):
        goals.append(
            Goal(
                number=1, what=f"{NAMES[kind]}, {connections} connections: durable acks per second, of Bolt with ORM's",
                found=samples.ratio("rate", kind, connections, "product", "orm"), least=3, unit="x",
                limit=samples.limit(kind, "orm") if connections == 1 else None,
            )
        )  # fmt: skip
    for kind in CLICKS:
        found = samples.ratio("p50", kind, 1, "product", "default")
        goals.append(Goal(number=2, what=f"{NAMES[kind]}: p50 of default Bolt's", found=found, most=0.25, unit="x"))
    for kind in _ONLY:
        found = samples.ratio("cpu", kind, 32, "product", f"only {kind}")
        what = f"{NAMES[kind]}: CPU per ack with all entry points, of one"
        goals.append(Goal(number=3, what=what, found=found, most=1.2, unit="x"))
    return goals


def _sections(samples: Samples) -> list[Section]:
    rows = [
        [
            NAMES[kind], str(connections), name, *(
                samples.spread(part, name, kind, connections).words(digits)
                for part, digits in (("rate", 0), ("p50", 2), ("p99", 1), ("cpu", 0))
            ),
        ]
        for name, kind, connections in sorted(samples.of, key=lambda k: (list(NAMES).index(k[1]), k[2], k[0]))
    ]  # fmt: skip
    head = ["delivery", "connections", "server", "acks/s", "p50 ms", "p99 ms", "CPU µs each"]
    return [Section(title="Acknowledgements", head=head, rows=rows, note=_NOTE)]
