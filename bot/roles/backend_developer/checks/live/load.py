"""The load that the team expects, on a database of a fixed size: latencies and rates of operations, on this machine."""

from __future__ import annotations

import json
import statistics
import threading
import time
import uuid
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from bot.roles.backend_developer.blueprint import OperationKind
from bot.roles.backend_developer.checks.catalogue import read_catalogue
from bot.roles.backend_developer.checks.live.client import NoAnswer
from bot.roles.backend_developer.checks.live.outcome import Figure
from bot.roles.backend_developer.checks.live.prober import Call, Prober
from bot.roles.backend_developer.checks.live.rows import CannotMake
from bot.roles.backend_developer.checks.live.stand import Stand
from bot.roles.backend_developer.checks.live.targets import Target
from bot.roles.backend_developer.checks.seeding import seed

LOAD: Final = "performance.load_held"
ROWS: Final = 10_000
"""Rows of each table that is listed, over fifty tenants; of the others `PARENTS`."""
PARENTS: Final = 200
_MOST_ROWS: Final = 60_000
AT_ONCE: Final = 8
ROUNDS: Final = 3
_REQUESTS: Final = 48
_SECONDS: Final = 20.0
"""For all operations together; what does not come to its turn within it is not tried."""
_MOST_TARGETS: Final = 24


def put_load(prober: Prober, stand: Stand) -> None:
    """Fill the tables, then ask every list, read and create eight at a time, three rounds each."""
    prober.tell("load", "filling the tables")
    _fill(prober, stand)
    chosen, deadline = _chosen(prober), time.monotonic() + _SECONDS
    for number, target in enumerate(chosen, 1):
        if time.monotonic() > deadline:
            prober.findings.leave(LOAD, target.id, f"the load had {_SECONDS:.0f} s, and they were over")
            continue
        prober.tell("load", f"{number} of {len(chosen)}: {target.id}")
        try:
            calls = _calls(prober, target)
        except CannotMake as reason:
            prober.findings.leave(LOAD, target.id, str(reason))
            continue
        rounds = [_round(stand, calls[n * _REQUESTS : (n + 1) * _REQUESTS]) for n in range(ROUNDS)]
        prober.findings.figures.append(_figure(target, rounds))


def _fill(prober: Prober, stand: Stand) -> None:
    listed = {t.shape.name for t in prober.targets if t.many and t.shape is not None}
    many = min(ROWS, _MOST_ROWS // max(1, len(listed)))
    with psycopg.connect(stand.conninfo, autocommit=True, connect_timeout=5) as connection:
        catalogue = read_catalogue(connection)
        own = {shape.name for shape in prober.rows.shapes.values()}
        wanted = {name: many if name in listed else PARENTS for name in catalogue.tables if name in own}
        for name, outcome in seed(connection, catalogue, wanted).items():
            if isinstance(outcome, str):
                prober.findings.leave(LOAD, f"rows of {name}", outcome)
        connection.execute("ANALYZE")
    _largest_tenant(prober)


def _largest_tenant(prober: Prober) -> None:
    """Let the callers be of the tenant with the most rows."""
    shapes = [s for s in prober.rows.shapes.values() if s.tenant_column]
    for shape in shapes:
        column = sql.Identifier(shape.tenant_column)
        found = prober.rows.execute(
            sql.SQL("SELECT {0} AS tenant FROM {1} GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").format(
                column, sql.Identifier(shape.name)
            )
        )
        if found and len(prober.rows.tenants) == 2:
            prober.rows.tenants.append(str(found[0]["tenant"]))
            if prober.rows.root:
                root = prober.rows.shapes[prober.rows.root]
                kept = prober.rows.now(root, {root.primary_key[0]: found[0]["tenant"]})
                if kept is not None:
                    prober.rows.tenant_rows.append(kept)
            return


def _chosen(prober: Prober) -> list[Target]:
    kinds = (OperationKind.LIST, OperationKind.READ, OperationKind.CREATE)
    mine = [t for t in prober.targets if t.written and t.kind in kinds and t.access == "roles" and prober.roles(t)]
    lists = [t for t in mine if t.kind is OperationKind.LIST]
    others = sorted((t for t in mine if t not in lists), key=lambda t: t.kind is OperationKind.CREATE)
    # Reads and creates take turns, so that a large design has some of each.
    reads = [t for t in others if t.kind is OperationKind.READ]
    creates = [t for t in others if t.kind is OperationKind.CREATE]
    turns = [t for pair in zip(reads, creates, strict=False) for t in pair]
    rest = [t for t in others if t not in turns]
    return [*lists[: _MOST_TARGETS // 2], *turns, *rest][:_MOST_TARGETS]


def _calls(prober: Prober, target: Target) -> list[Call]:
    tenant = 2 if len(prober.rows.tenants) > 2 and target.kind is not OperationKind.READ else 0
    if target.kind is OperationKind.CREATE:
        return [prober.call(target, tenant=tenant) for _ in range(ROUNDS * _REQUESTS)]
    few = [prober.call(target, tenant=tenant) for _ in range(4)]
    return [few[n % 4] for n in range(ROUNDS * _REQUESTS)]


def _round(stand: Stand, calls: Sequence[Call]) -> tuple[list[float], int, float]:
    """Send the calls, `AT_ONCE` at a time; return the seconds of each, how many failed, and the seconds of all."""
    took: list[float] = []
    failed = [0]
    waiting = list(reversed(calls))
    lock = threading.Lock()

    def work() -> None:
        client = stand.client()
        while True:
            with lock:
                if not waiting:
                    break
                call = waiting.pop()
            try:
                answer = client.send(*_request(call))
                good = answer.status < 400
            except NoAnswer:
                good, answer = False, None
            with lock:
                failed[0] += not good
                if answer is not None:
                    took.append(answer.seconds)
        client.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, failed[0], time.perf_counter() - began


def _request(call: Call) -> tuple[str, str, dict[str, str], bytes | None]:
    where = f"{call.address}?{urlencode(call.query)}" if call.query else call.address
    headers: dict[str, Any] = dict(call.headers)
    if call.target.keyed:
        headers["Idempotency-Key"] = uuid.uuid4().hex
    if call.body is None:
        return call.target.method, where, headers, None
    headers["Content-Type"] = "application/json"
    return call.target.method, where, headers, json.dumps(call.body).encode()


def _figure(target: Target, rounds: list[tuple[list[float], int, float]]) -> Figure:
    def median_of(share: float) -> float:
        return statistics.median(1000 * _quantile(took, share) for took, _failed, _all in rounds)

    return Figure(
        operation=target.id, requests=ROUNDS * _REQUESTS, failed=sum(failed for _took, failed, _all in rounds),
        p50=round(median_of(0.5), 2), p95=round(median_of(0.95), 2), p99=round(median_of(0.99), 2),
        rate=round(statistics.median(len(took) / seconds for took, _failed, seconds in rounds), 1),
    )  # fmt: skip


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
