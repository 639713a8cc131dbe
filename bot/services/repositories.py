"""What a transaction offers, one protocol per kind of thing that is kept; `storage.repositories` fulfils them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.domain.design import Brief, Design
from bot.domain.evaluation import Answer, ContextReview, Evaluation, Iteration, Note, Question, Upload
from bot.domain.event import AuditEvent
from bot.domain.evidence import Artefact
from bot.domain.gate import Gate, Vote
from bot.domain.inputs import Input
from bot.domain.proposal import Proposal
from bot.domain.rates import Spent
from bot.domain.recap import StoredRecap
from bot.domain.run import Run
from bot.domain.spending import Inquiry
from bot.domain.surface import Posted, Surface, SurfaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to do at a time: kind is reminder | escalation | expiry | digest | parked_run; `key` is unique."""

    key: str
    kind: str
    evaluation_id: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


class Evaluations(Protocol):
    """Evaluations by id, thread and person."""

    def add(self, evaluation: Evaluation) -> None: ...
    def get(self, evaluation_id: str, *, lock: bool = True) -> Evaluation:
        """Raises NotFound. With `lock` no other transaction changes it until this one ends."""
        ...

    def beginning(self, team: str, prefix: str, limit: int) -> tuple[Evaluation, ...]:
        """Those whose id begins so, in the order of their ids; none for an empty beginning."""
        ...

    def save(self, evaluation: Evaluation) -> Evaluation:
        """Compare-and-set: stores and returns it with version + 1 and updated_at = now, and marks its surfaces.

        Raises Stale.
        """
        ...

    def in_thread(self, team: str, channel: str, thread_ts: str) -> str | None:
        """Return the id of the evaluation whose root message stands there."""
        ...

    def unplaced(self, team: str, channel: str, since: datetime) -> bool:
        """Whether an evaluation was started there since then whose root message is not known to stand yet."""
        ...

    def set_thread(self, evaluation_id: str, channel: str, thread_ts: str) -> None:
        """Record where the root message stands; no version change."""
        ...

    def listing(
        self, team: str, *, user: str | None = None, open_only: bool = True, limit: int = 20
    ) -> tuple[Evaluation, ...]:
        """Newest first; with `user` those they own or may decide."""
        ...

    def highest_iteration(self, workspace: str, role: str) -> int:
        """The highest iteration number any evaluation of that workspace and role ever used, 0 if none."""
        ...


class Questions(Protocol):
    """Questions and all versions of their answers."""

    def add(self, evaluation_id: str, questions: Sequence[Question]) -> None: ...
    def all(self, evaluation_id: str) -> tuple[Question, ...]:
        """In order of position."""
        ...

    def mark_asked(self, evaluation_id: str, key: str, at: datetime) -> None: ...
    def answer(self, evaluation_id: str, key: str, answer: Answer) -> None:
        """Append a version. Raises Stale if that version exists."""
        ...

    def withdraw(self, evaluation_id: str, key: str, first: int) -> None:
        """Drop an answer's versions from `first` on: they were none."""
        ...


class Gates(Protocol):
    """Gates and votes."""

    def add(self, gate: Gate) -> None: ...
    def get(self, gate_id: str, *, lock: bool = True) -> Gate:
        """With its votes. Raises NotFound."""
        ...

    def all(self, evaluation_id: str) -> tuple[Gate, ...]: ...
    def vote(self, gate_id: str, vote: Vote) -> None:
        """Raises AlreadyVoted-like Stale if this voter's vote exists (unique)."""
        ...

    def decide(self, gate: Gate) -> None:
        """Store state, outcome, decided_at, due_at, reminders, escalated_to; compare-and-set on state pending.

        Raises Stale.
        """
        ...

    def reassign(self, gate: Gate) -> None:
        """Store who is asked at a pending gate. Raises Stale."""
        ...

    def waiting_for(self, team: str, user: str, limit: int = 20) -> tuple[Gate, ...]: ...
    def decided_by(self, team: str, user: str, limit: int = 10) -> tuple[Gate, ...]: ...


class Inputs(Protocol):
    """Documents of an evaluation and files still to be fetched."""

    def put(self, evaluation_id: str, document: Input) -> None:
        """Keep a document; one of the same path is followed by it (earlier versions stay in the table)."""
        ...

    def context(self, evaluation_id: str) -> ContextReview: ...
    def set_context(self, evaluation_id: str, context: ContextReview) -> None:
        """Store refusals, missing, objectives and contradictions (not the inputs and uploads themselves)."""
        ...

    def add_upload(self, evaluation_id: str, upload: Upload) -> bool:
        """False if that file id is already known."""
        ...

    def settle_upload(self, evaluation_id: str, upload: Upload) -> None: ...


class Ledger(Protocol):
    """Paid calls. `payer` is the id of the run or inquiry that made one."""

    def open(
        self, evaluation_id: str, iteration: int, payer: str, call_id: str, model: str, estimate_usd: float
    ) -> None: ...
    def close(self, payer: str, call: Mapping[str, Any]) -> None:
        """Raises NotFound."""
        ...

    def spent_usd(self, evaluation_id: str, *, iteration: int | None = None, payer: str | None = None) -> float:
        """Calls without an answer count at their estimate."""
        ...

    def calls(self, payer: str) -> tuple[Mapping[str, Any] | None, ...]:
        """How each call of a payer ended, None for one whose answer never came."""
        ...


class Inquiries(Protocol):
    """Attempts to have the designer ask questions of its own before the go."""

    def add(self, inquiry: Inquiry) -> None: ...
    def save(self, inquiry: Inquiry) -> None: ...
    def all(self, evaluation_id: str) -> tuple[Inquiry, ...]: ...


class Recaps(Protocol):
    """What was understood before the go, one for each iteration."""

    def put(self, recap: StoredRecap) -> None: ...
    def all(self, evaluation_id: str) -> tuple[StoredRecap, ...]: ...


class Runs(Protocol):
    """Runs with their transcript and small memory."""

    def add(self, run: Run, brief: Brief) -> None: ...
    def get(self, run_id: str) -> Run: ...
    def save(self, run: Run) -> None: ...
    def brief(self, run_id: str, proposal_type: type[Proposal]) -> Brief:
        """What a run designs from; the previous proposal in it is read as that type."""
        ...

    def all(self, evaluation_id: str) -> tuple[Run, ...]: ...
    def unfinished(self) -> tuple[Run, ...]:
        """Queued, running or parked with a wake_at: for the watchdog."""
        ...

    def steps(self, run_id: str) -> tuple[Mapping[str, Any], ...]: ...
    def append(self, run_id: str, steps: Sequence[Mapping[str, Any]]) -> None: ...
    def remember(self, run_id: str, key: str, value: Mapping[str, Any]) -> None:
        """First write wins."""
        ...

    def recall(self, run_id: str, key: str) -> Mapping[str, Any] | None: ...
    def memories(self, run_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Everything that was remembered, by its key."""
        ...


class Iterations(Protocol):
    """Iterations, their proposals and files."""

    def add(self, evaluation_id: str, iteration: Iteration) -> None: ...
    def save(self, evaluation_id: str, iteration: Iteration) -> None: ...
    def all(self, evaluation_id: str) -> tuple[Iteration, ...]: ...
    def keep_design(self, evaluation_id: str, number: int, design: Design, brief: Brief) -> None: ...
    def design(self, evaluation_id: str, number: int, proposal_type: type[Proposal]) -> tuple[Design, Brief] | None:
        """The design that an iteration's result was rendered from, its proposals read as that type."""
        ...


class Files(Protocol):
    """Bytes by digest; never overwritten."""

    def put(self, artefact: Artefact) -> str:
        """Store the content once and return its sha256."""
        ...

    def get(self, sha256: str) -> bytes:
        """Raises NotFound."""
        ...


class Notes(Protocol):
    """Thread replies that answer no question."""

    def add(self, evaluation_id: str, note: Note) -> None: ...
    def all(self, evaluation_id: str) -> tuple[Note, ...]: ...
    def newest(self, evaluation_id: str) -> tuple[Note, ...]:
        """Return the newest `NOTES_IN_DOSSIER`, the oldest of them first."""
        ...

    def at(self, evaluation_id: str, ts: str) -> Note | None:
        """The note that a message became."""
        ...

    def get(self, evaluation_id: str, note_id: str) -> Note:
        """Raises NotFound."""
        ...


class Surfaces(Protocol):
    """Dirty marks and what is posted."""

    def want(self, surface: SurfaceId) -> None:
        """Mark it dirty (create it if new)."""
        ...

    def claim(self, surface: SurfaceId, worker: str, lease_s: float) -> Surface | None:
        """Take the lease if it is dirty and free, or this worker's own; None otherwise."""
        ...

    def renew(self, surface: SurfaceId, worker: str, lease_s: float) -> None:
        """Prolong the lease. Raises Stale if somebody else has taken the surface over."""
        ...

    def release(
        self,
        surface: SurfaceId,
        worker: str,
        *,
        synced: int | None,
        problem: str = "",
        retry_at: datetime | None = None,
    ) -> None: ...
    def dirty(self, limit: int = 100, *, worker: str = "") -> tuple[SurfaceId, ...]:
        """Those to look at now: wanted > synced, no other's live lease, retry_at passed."""
        ...

    def behind(self, surface: SurfaceId) -> bool:
        """Whether it is dirty, leased or not."""
        ...

    def hurry(self, team: str) -> tuple[SurfaceId, ...]:
        """Those of a team that are dirty and wait for their next try: they need not wait any more."""
        ...

    def posted(self, surface: SurfaceId) -> Mapping[str, Posted]: ...
    def at(self, surface: SurfaceId, key: str) -> Posted | None:
        """What is known to stand there under one key."""
        ...

    def put(self, posted: Posted) -> None: ...
    def settle(self, posted: Posted) -> bool:
        """Record what a send came to; False if another send under its key came first: then it is kept as surplus."""
        ...

    def refuse(self, posted: Posted) -> None:
        """Record that a send certainly had no effect."""
        ...

    def revise(self, posted: Posted) -> bool:
        """Record state and digest of a message, if it still is the one that stands."""
        ...

    def drop(self, posted: Posted) -> None: ...
    def forget(self, surface: SurfaceId) -> None:
        """Drop what is known to be posted (the thread was deleted): it will be posted anew."""
        ...


class Timers(Protocol):
    """Due rows."""

    def set(self, due: Due) -> None:
        """Insert or move."""
        ...

    def cancel(self, evaluation_id: str, prefix: str = "") -> None:
        """Drop those whose key begins with `prefix`."""
        ...

    def claim(self, limit: int = 50) -> tuple[Due, ...]:
        """Take due rows by compare-and-set (deleting them); whoever claims does them in the same transaction."""
        ...

    def next_at(self) -> datetime | None: ...


class Rates(Protocol):
    """What was called of Slack lately, by workspace and method (for posts with the channel behind it)."""

    def lock(self, team: str, method: str) -> Spent:
        """What was spent; nobody else spends until the transaction ends."""
        ...

    def put(self, team: str, method: str, spent: Spent) -> None:
        """Record what was spent of what was locked."""
        ...


class Events(Protocol):
    """The append-only audit log."""

    def append(self, event: AuditEvent) -> None: ...
    def all(self, evaluation_id: str) -> tuple[AuditEvent, ...]: ...
