"""What stands around data and interface: services, numbers, stack, conventions, what was declined."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.roles.backend_developer.blueprint.base import Cited, Part, Sentence, Text, Word


class Integration(Cited):
    """An outside service: what for, how, and what happens when it is down."""

    service: Word
    purpose: Sentence
    method: Word
    direction: Annotated[str, StringConstraints(pattern="^(outbound|inbound|both)$")] = "outbound"
    on_failure: Sentence
    source: str = Field(default="", max_length=200)


class Budget(Cited):
    """A number the team wants held, e.g. p95 latency 200 ms on `list_orders`; `operation` empty means all."""

    metric: Annotated[
        str,
        StringConstraints(
            pattern="^(latency_p50|latency_p95|latency_p99|throughput|availability|concurrent_users|error_rate|data_volume|recovery_time|recovery_point|rate_limit|retention)$"
        ),
    ]
    value: float = Field(gt=0, allow_inf_nan=False)
    unit: Word
    operation: str = Field(default="", max_length=100)
    entity: str = Field(default="", max_length=60)
    source: str = Field(
        default="", max_length=200, description="the answer or input it was read from; empty: our own default"
    )


class Stack(Cited):
    """What it is built on. `assumed_parts` names those that nobody chose."""

    language: Word
    framework: Word
    database: Word
    cache: str = Field(default="", max_length=80)
    messaging: str = Field(default="", max_length=80)
    search: str = Field(default="", max_length=80)
    storage: str = Field(default="", max_length=80)
    deployment: str = Field(default="", max_length=200)
    assumed_parts: tuple[Word, ...] = Field(default=(), max_length=8)


class Services(Part):
    """The architecture in sentences, for `service_architecture`, `performance_optimization` and the like."""

    style: Sentence
    communication: Sentence
    data_consistency: Sentence
    service_discovery: Sentence
    caching: Sentence
    scalability: Sentence
    monitoring: Sentence
    migration_strategy: Sentence
    database_optimization: Sentence
    boundaries: tuple[Word, ...] = Field(default=(), max_length=20, description="names of services or modules")


class Decision(Cited):
    """A choice and its reason; shown in the review. `addresses` names the feedback it answers (gate key), if any."""

    what: Sentence
    why: Sentence
    addresses: str = Field(default="", max_length=200)


class Convention(Cited):
    """How the whole API is: naming, pagination, error format, language, compliance and the like."""

    kind: Word
    value: Sentence


class Declined(Cited):
    """What people refused or put off, so that it is not in the design: `what` in words, and why."""

    what: Sentence
    standing: Literal["refused", "postponed", "note"] = "refused"
    why: Text = ""
