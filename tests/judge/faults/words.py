"""What the design itself says that it lacks, or promises and has not."""

from __future__ import annotations

from tests.judge.bases import Base
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan


def _service(part: str, words: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        plan["services"] = {**plan["services"], part: words}

    return plant


def _auth(part: str, words: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        plan["auth"] = {**plan["auth"], part: words}

    return plant


def _failure(words: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        for one in plan["integrations"]:
            one["on_failure"] = words

    return plant


def _split(plan: Plan, base: Base) -> None:
    plan["services"] = {
        **plan["services"],
        "style": "Twelve microservices, each with its own database.",
        "boundaries": [],
    }


WORDS: tuple[Fault, ...] = many(
    "design",
    ("failure of a service: nothing happens", _failure("Nothing happens."), "service.failures_denied"),
    ("failure of a service: it will fail", _failure("It will fail."), "service.failures_denied"),
    ("failure of a service: not considered", _failure("We have not thought about it."), "service.failures_denied"),
    ("failure of a service: ignored", _failure("Errors are ignored."), "service.failures_denied"),
    ("monitoring is denied", _service("monitoring", "No metrics, no logs, no alerts."), "service.monitoring_denied"),
    ("monitoring is put off", _service("monitoring", "None for now."), "service.monitoring_denied"),
    ("encryption is denied", _auth("data_protection", "No TLS, nothing is encrypted."), "security.encryption_denied"),
    (
        "encryption is missing in transit",
        _auth("data_protection", "Plain HTTP; disks encrypted at rest."),
        "security.encryption_denied",
    ),
    (
        "encryption is missing at rest",
        _auth("data_protection", "TLS; data at rest is stored in plain text."),
        "security.encryption_denied",
    ),
    ("authorisation is denied", _auth("authorization", "Nobody checks anything."), "security.authorization_denied"),
    (
        "everything is cached for ever",
        _service("caching", "Everything is cached for ever, also patients."),
        "performance.caching_denied",
    ),
    (
        "personal data is cached in public",
        _service("caching", "Personal data is cached publicly at the edge."),
        "performance.caching_denied",
    ),
    ("microservices without any service", _split, "service.boundaries_there"),
    (
        "consistency is denied",
        _service("data_consistency", "No transactions; rows may be lost."),
        "service.consistency_denied",
    ),
)  # type: ignore[arg-type]
"""What words admit."""
