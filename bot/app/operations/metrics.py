"""Prometheus metrics: what passed is counted as it happens, what waits is counted in the database when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot.domain.queue_statistics import QueueStatistics

_ACK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Up to the 3 s after which Slack gives up."""

_GROUP = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """One process's numbers, in a registry of its own."""

    def __init__(self, queue_statistics: Callable[[], Awaitable[QueueStatistics]]) -> None:
        self._queue_statistics = queue_statistics
        self.registry = CollectorRegistry()
        self._deliveries = Counter(
            "eipas_deliveries", "Deliveries from Slack", ("kind", "outcome"), registry=self.registry
        )
        self._acks = Histogram(
            "eipas_ack_seconds", "From a delivery's arrival to its answer", ("kind",), buckets=_ACK_S,
            registry=self.registry,
        )  # fmt: skip
        self._refused = Counter(
            "eipas_requests_refused", "Requests to the Request URL that were no delivery of Slack's", ("reason",),
            registry=self.registry,
        )  # fmt: skip
        self._commits = Histogram(
            "eipas_transactions_per_commit", "Transactions that shared one commit", buckets=_GROUP,
            registry=self.registry,
        )  # fmt: skip
        self._syncs = Counter("eipas_syncs", "Surfaces brought in step", ("kind", "outcome"), registry=self.registry)
        self._behind = self._gauge("eipas_surfaces_behind", "Surfaces that differ from the state", "kind", "problem")
        self._ages = self._gauge("eipas_oldest_seconds", "Age of what waits longest", "queue")
        self._runs = self._gauge("eipas_runs", "Runs by how they stand", "state")
        self._evaluations = self._gauge("eipas_evaluations", "Evaluations by where they stand", "state")
        self._spent = Gauge("eipas_spent_usd", "Money that models cost so far", registry=self.registry)
        self._machines = Gauge(
            "eipas_machines", "Processes on this database that show signs of life", registry=self.registry
        )
        ProcessCollector(registry=self.registry)

    def delivery(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a delivery that was answered, refused or failed."""
        self._deliveries.labels(kind, outcome).inc()
        self._acks.labels(kind).observe(seconds)

    def refuse(self, reason: str) -> None:
        """Count a request that was turned away before anybody looked into it."""
        self._refused.labels(reason).inc()

    def commit(self, transactions: int) -> None:
        """Count a commit."""
        self._commits.observe(transactions)

    def sync(self, kind: str, outcome: str) -> None:
        """Count an attempt to bring a surface in step."""
        self._syncs.labels(kind, outcome).inc()

    async def page(self) -> tuple[int, str, bytes]:
        """Give all numbers in Prometheus' text format."""
        self._take(await self._queue_statistics())
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, await asyncio.to_thread(generate_latest, self.registry)

    def _take(self, found: QueueStatistics) -> None:
        for gauge, counts in (
            (self._behind, found.behind),
            (self._runs, found.runs),
            (self._evaluations, found.evaluations),
        ):
            gauge.clear()
            for names, count in counts.items():
                gauge.labels(*names).set(count)
        self._ages.clear()
        for queue, since in found.oldest.items():
            self._ages.labels(queue).set(_age(found.at, since))
        self._spent.set(found.spent_usd)
        self._machines.set(found.machines)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(name, words, labels, registry=self.registry)


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
