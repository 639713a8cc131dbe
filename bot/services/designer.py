"""The port between a run and whatever designs: the offline rules, Claude, or a test's double."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.attempt import TranscriptHealth
from bot.domain.design import Brief, Design, Feedback, ModelReading
from bot.domain.errors import EipasError
from bot.domain.evidence import Assessment
from bot.domain.proposal import Proposal
from bot.domain.recap import Recap
from bot.domain.spending import Estimate

BUDGET_TASK = "budget"
"""Key of the task by which a designer warns that most of the budget is used."""


class TaskStatus(StrEnum):
    """States of a task in the live progress (Slack's task_card statuses)."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    ERROR = "error"


class RunParked(EipasError):
    """A designer gives its worker back until something outside has happened.

    Raised by a designer to give the worker back. `until` (aware datetime or None) is when to look again by itself;
    None waits for people (an answer, a raised budget).
    """

    message_template = "The run waits: {reason}"

    def __init__(self, *, reason: str, until: datetime | None = None, kind: str = "wait") -> None:
        super().__init__(reason=reason, until=until, kind=kind)
        self.reason, self.until, self.kind = reason, until, kind


class DesignFailed(EipasError):
    """A designer could not make the design.

    `reason` is in words for the thread, including what to do next; `record` says whether another attempt may go on
    from this one's record, which is so only where the cause is known to lie outside of it.
    """

    message_template = "The design could not be made: {reason}"

    def __init__(self, *, reason: str, record: TranscriptHealth = TranscriptHealth.SPOILED) -> None:
        super().__init__(reason=reason, record=record)
        self.reason, self.record = reason, record


class DesignSession(Protocol):
    """What a designer may do during one run. Everything it does through here is durable before the call returns.

    A designer may add to the brief what a model read in it, and nothing else; it remembers that itself.
    """

    brief: Brief
    run_id: str

    async def assess(self, proposal: Proposal) -> Assessment:
        """Render and check a proposal; stored, and computed once per proposal however often it is asked."""
        ...

    async def progress(self, task: str, title: str, status: TaskStatus, detail: str = "") -> None:
        """Show a task in the live progress message; `task` is a stable key within the run."""
        ...

    async def notes(self) -> tuple[Feedback, ...]:
        """Thread replies that came in since the run started, oldest first, those already handed out included."""
        ...

    async def ask(self, questions: Sequence[tuple[str, str, str]]) -> Mapping[str, str] | None:
        """Put (key, question, why) to the people; returns their answers once all are there, else None (then park)."""
        ...

    async def steps(self) -> tuple[Mapping[str, Any], ...]:
        """The run's append-only transcript: mappings with role, content, stop."""
        ...

    async def append(self, steps: Sequence[Mapping[str, Any]], *, call: Mapping[str, Any] | None = None) -> None:
        """Append transcript steps and, in the same transaction, finish the ledger row `call`.

        `call` has id, outcome, request_id, usage, usd. It is booked even if the run was stopped meanwhile.
        """
        ...

    async def open_call(self, model: str, estimate_usd: float) -> str:
        """Write a ledger row `sent` before a paid call and return its id."""
        ...

    async def close_call(self, call: Mapping[str, Any]) -> None:
        """Finish a ledger row that brought no step (an error, a cut or cancelled answer)."""
        ...

    async def spent_usd(self) -> float:
        """Money booked for the whole evaluation so far, including calls whose answer never came (at their estimate)."""
        ...

    async def budget_usd(self) -> float:
        """The evaluation's budget; people may raise it while the run is parked."""
        ...

    async def remember(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep a small value with the run under `key` (a frozen frame, a tool's result by its id); first write wins."""
        ...

    async def recall(self, key: str) -> Mapping[str, Any] | None:
        """Return what was remembered under `key`."""
        ...


class Ledger(Protocol):
    """Where paid calls are booked. A `DesignSession` is one."""

    async def open_call(self, model: str, estimate_usd: float) -> str:
        """Write a row `sent` before a call and return its id."""
        ...

    async def close_call(self, call: Mapping[str, Any]) -> None:
        """Finish a row: id, outcome, request_id, usage, usd (None: its estimate stands)."""
        ...


class Advisor(Protocol):
    """What a designer with a model can tell before a run."""

    def forecast(self, brief: Brief) -> Estimate:
        """Return what a run may cost. Pure and quick: it is asked inside a transaction."""
        ...

    async def specific_questions(self, brief: Brief, ledger: Ledger) -> tuple[tuple[str, str, str], ...]:
        """Return (key, question, why) of questions made for this idea. Raises RunParked, DesignFailed."""
        ...

    async def read_statements(self, brief: Brief, ledger: Ledger) -> tuple[ModelReading, ...]:
        """Return what a model reads in statements that no rule understood. Raises RunParked, DesignFailed."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


class Summarizer(Protocol):
    """What tells before a run what a role understands of a brief, so that people can correct it before the go."""

    async def recap(self, brief: Brief) -> Recap:
        """Return the whole of it. Computes nothing on the loop; the same brief gives the same recap."""
        ...


class Designer(Protocol):
    """Turns a brief into a design.

    Must be resumable: called again with the same session, it goes on where the session's record ends. It is cancelled
    when people stop the run; a call that was open then stands at its estimate unless it is closed on the way out.
    """

    name: str
    model: str | None

    async def design(self, session: DesignSession) -> Design:
        """Design, or raise RunParked / DesignFailed. Never decides a gate, never computes a score."""
        ...
