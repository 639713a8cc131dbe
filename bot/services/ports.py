"""What the services need from the outside, as protocols. Storage, engine and designers fulfil them; tests may, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.domain.bundle import Sealed, SealSubject
from bot.domain.design import Brief, Design
from bot.domain.evaluation import (
    Dossier,
    Highlights,
)
from bot.domain.evidence import Artefact, Assessment, Check, Deliverables, HandedOver
from bot.domain.gate import Gate
from bot.domain.proposal import Proposal
from bot.domain.role import Role
from bot.services.designer import Advisor, Designer, Summarizer
from bot.services.repositories import (
    Evaluations,
    Events,
    Files,
    Gates,
    Inputs,
    Inquiries,
    Iterations,
    Ledger,
    Notes,
    Questions,
    Rates,
    Recaps,
    Runs,
    Surfaces,
    Timers,
)

T = TypeVar("T")
P = TypeVar("P", bound=Proposal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Long work for the engine. The same `id` is never enqueued twice."""

    kind: str
    id: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the engine knows it by: unique over all kinds."""
        return f"{self.kind}:{self.id}"


class Tx(Protocol):
    """One open transaction. All its repositories write through the same connection."""

    now: datetime
    evaluations: Evaluations
    questions: Questions
    gates: Gates
    inputs: Inputs
    runs: Runs
    iterations: Iterations
    ledger: Ledger
    inquiries: Inquiries
    recaps: Recaps
    files: Files
    notes: Notes
    surfaces: Surfaces
    timers: Timers
    rates: Rates
    events: Events

    def enqueue(self, work: Work) -> None:
        """Hand long work to the engine, in this transaction."""
        ...

    def dossier(self, evaluation_id: str) -> Dossier:
        """Read everything about an evaluation. Raises NotFound."""
        ...


class Database(Protocol):
    """Runs a plain function inside one durable transaction."""

    async def transaction(self, fn: Callable[[Tx], T], *, delivery: str | None = None, durable: bool = True) -> T:
        """Run `fn`, commit, and return its result; nothing is kept if it raises.

        What is not `durable` is seen by all at once and survives any crash of the process, but the end of it may be
        lost with the machine's power: for what is found out again by asking Slack. Never for what was acknowledged.

        `delivery` is the dedupe key of the Slack delivery that caused this: its inbox row is written in the same
        transaction, and `Replayed` is raised if it was there already. After the commit the reconciler is woken for
        every surface that was marked.
        """
        ...

    async def read(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` on a snapshot without writing; never waits for a writer."""
        ...


class Kit(Protocol[P]):
    """Everything that a trade brings: designers, the proposal's type, renderers, checks and report. One per role."""

    @property
    def proposal_type(self) -> type[P]:
        """What its designers hand over; stored proposals are read as this."""
        ...

    @property
    def designers(self) -> Mapping[str, Designer]:
        """All that there are, by name: a run goes on with the one that it began with."""
        ...

    @property
    def designer(self) -> Designer:
        """The one that new runs get, as the settings say."""
        ...

    @property
    def scores(self) -> frozenset[str]:
        """Keys of the scores that its checks count for: those of the role, no more and no less."""
        ...

    def preload(self) -> None:
        """Begin to load what a run needs, once somebody starts an evaluation; in a thread, and again and again."""
        ...

    @property
    def advisor(self) -> Advisor | None:
        """What can tell before a run what it may cost, and ask; None where no model would be used."""
        ...

    @property
    def summarizer(self) -> Summarizer | None:
        """What tells before the go what is understood of a brief; None where a role tells nothing."""
        ...

    async def assess(
        self, proposal: P, brief: Brief, *, thorough: bool = True, tell: Callable[[str], None] = ...
    ) -> Assessment:
        """Render a proposal and run every check on it; unless `thorough`, only those that are quick.

        `tell` is told how far it is, in words for people, every few seconds while it takes long.
        """
        ...

    async def render(self, proposal: P, brief: Brief, checks: Sequence[Check] = ()) -> tuple[Artefact, ...]:
        """Render what `assess` renders, to the byte, and run no check; `checks` are what it found."""
        ...

    async def facts(self, brief: Brief) -> Artefact | None:
        """What was understood of a brief, as a file; the same for the same brief. None where a role reads no facts."""
        ...

    def highlights(self, design: Design, assessment: Assessment, role: Role) -> Highlights: ...
    def changes(self, old: P, new: P) -> tuple[str, ...]: ...
    def decisions(self, proposal: P) -> tuple[tuple[str, str], ...]:
        """(what, why) of what the designer decided where nobody had said."""
        ...

    async def deliverables(self, proposal: P, iteration: int, before: HandedOver) -> Deliverables:
        """Make what is handed over beside what was checked, off the loop; called once per result, may take seconds.

        `before` is what people have of it already: what they made of that is theirs and is kept.

        It raises nothing: what cannot be made is left out, and a fact says why. No score depends on it.
        """
        ...

    def report(
        self,
        *,
        role: Role,
        brief: Brief,
        design: Design,
        assessment: Assessment,
        gates: Sequence[Gate],
        timestamp: datetime,
        final: bool,
    ) -> Artefact:
        """The iteration's JSON; its name says draft unless `final`.

        The same arguments give the same bytes: whoever verifies a bundle makes it again.
        """
        ...

    def verify(self, report: Mapping[str, Any]) -> list[str]:
        """Return the faults of an iteration's JSON: what in it does not follow from its evidence."""
        ...

    async def close(self) -> None:
        """Close connections and stop whatever it started."""
        ...


class Sealer(Protocol):
    """Packs and signs the files of a decided iteration."""

    def seal(self, files: Mapping[str, bytes], subject: SealSubject) -> Sealed:
        """Return the bundle of `files`, which are by name; in a thread, as it packs megabytes."""
        ...


Clock = Callable[[], datetime]
Downloader = Callable[[str, str, str], Awaitable[bytes]]
"""(team, file id, whose) -> bytes; raises EipasError in words.

`whose` is the person who must have uploaded it, empty where the channel that it was shared in says who may read it.
"""
