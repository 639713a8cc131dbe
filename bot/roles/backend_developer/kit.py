"""The backend's kit: cards and report at hand, what computes is in worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.design import Brief, Design
from bot.domain.evaluation import Highlights
from bot.domain.evidence import Artefact, Assessment, Check, Deliverables, HandedOver
from bot.domain.gate import Gate
from bot.domain.role import Role
from bot.evidence.lazy import Lazy
from bot.roles.backend_developer import worker_calls
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.blueprint.changes import diff
from bot.roles.backend_developer.designers.offline import OfflineDesigner, reading_process
from bot.roles.backend_developer.report import SCORES, build_report, to_json
from bot.roles.backend_developer.report.coverage_table import coverage_rows, points_of, summary
from bot.roles.backend_developer.report.gates import reported
from bot.roles.backend_developer.summarizer import RulesSummarizer
from bot.roles.backend_developer.team_copy import FOLDER, left_out
from bot.roles.backend_developer.typed import blueprint_of
from bot.roles.environment import KitEnvironment
from bot.services.designer import Advisor, Designer, Summarizer
from bot.workers.pool import WorkerFailed, WorkerPool

if TYPE_CHECKING:
    from bot.agent.config import ClaudeConfig
    from bot.reading.read import ReadingResult, SourceText
    from bot.roles.backend_developer.checks.worker_runner import WorkerCheckRunner

SHOWN = 12
"""Endpoints named on a card; the document has them all."""


def build_kit(environment: KitEnvironment) -> BackendKit:
    """Build the kit; a designer with a model is there if one is configured."""
    return BackendKit(environment)


class BackendKit:
    """OpenAPI, migrations, diagrams and the checks on them, made in worker processes, which the first run starts."""

    proposal_type = Blueprint
    scores = SCORES

    def __init__(self, environment: KitEnvironment) -> None:
        self._role = environment.role
        self._scores = [(score.key, score.name) for score in environment.role.scores]
        self._workers = WorkerPool(worker_calls.HEAVY)
        self._check_runner: Lazy[WorkerCheckRunner] = Lazy(
            (lambda: _check_runner(self._workers, environment.live))
            if environment.check_runner is None
            else lambda: environment.check_runner
        )
        self._lent = environment.check_runner is not None
        self._reading = Lazy(reading_process)
        self.summarizer: Summarizer | None = RulesSummarizer(self._reading, self._workers)
        self.designers: dict[str, Designer] = {OfflineDesigner.name: OfflineDesigner(self._reading, self._workers)}
        self.advisor: Advisor | None = None
        if environment.model is not None:
            self._offer(environment.model)
        self.designer = self.designers.get(environment.designer, self.designers[OfflineDesigner.name])

    def _offer(self, model: ClaudeConfig) -> None:
        from bot.agent.designer import ClaudeDesigner  # noqa: PLC0415 - not where the rules design
        from bot.roles.backend_developer.designers.claude import backend_profile  # noqa: PLC0415 - as above

        async def read(sources: Sequence[SourceText]) -> ReadingResult:
            return await (await asyncio.to_thread(self._reading)).read(sources)

        claude = ClaudeDesigner(model, backend_profile(self._role, read))
        self.designers[claude.name] = self.advisor = claude

    def preload(self) -> None:
        """Build what validates designs (a fifth of a second and 20 MB), and have the workers' modules loaded."""
        Blueprint.model_rebuild()
        self._workers.preload()

    async def assess(
        self,
        proposal: Blueprint,
        brief: Brief,
        *,
        thorough: bool = True,
        tell: Callable[[str], None] = lambda _words: None,
    ) -> Assessment:
        """Render the proposal, run every check on it, and account in it for every statement of the brief."""
        read = await self._read(brief)
        runner = await asyncio.to_thread(self._check_runner)
        found = await runner.assess_design(proposal, brief, read, self._scores, thorough=thorough, tell=tell)
        covered = await self._workers.run(worker_calls.coverage, read, brief, proposal, found.checks)
        return replace(found, artefacts=(*found.artefacts, covered))

    async def render(self, proposal: Blueprint, brief: Brief, checks: Sequence[Check] = ()) -> tuple[Artefact, ...]:
        """Render the proposal, and account in it for every statement of the brief, held to what `checks` compared."""
        read = await self._read(brief)
        return (
            *await self._workers.run(worker_calls.render, proposal, brief),
            await self._workers.run(worker_calls.coverage, read, brief, proposal, tuple(checks)),
        )

    async def facts(self, brief: Brief) -> Artefact | None:
        """Every statement of the brief with where it stands, and what was understood of it."""
        return await self._workers.run(worker_calls.facts, await self._read(brief), brief)

    async def _read(self, brief: Brief) -> ReadingResult:
        from bot.roles.backend_developer.understanding import sources_of  # noqa: PLC0415 - readers that no start needs

        return await (await asyncio.to_thread(self._reading)).read(sources_of(brief))

    def decisions(self, proposal: Blueprint) -> tuple[tuple[str, str], ...]:
        """What the designer decided where nobody had said, and why."""
        return tuple((decision.what, decision.why) for decision in proposal.decisions)

    def verify(self, report: Mapping[str, Any]) -> list[str]:
        """Return what in an iteration's JSON does not fit the rest of it."""
        from bot.roles.backend_developer.report.verification import verify_report  # noqa: PLC0415 - only a command needs it

        return verify_report(report, self._role)

    async def close(self) -> None:
        """Close the model's connections, what reads, and the checks with their PostgreSQL unless those are lent."""
        if self.advisor is not None:
            await self.advisor.close()
        if self._check_runner.made is not None and not self._lent:
            await self._check_runner.made.close()
        if self._reading.made is not None:
            await asyncio.to_thread(self._reading.made.close)
        await asyncio.to_thread(self._workers.close)

    def highlights(self, design: Design, assessment: Assessment, role: Role) -> Highlights:
        """Numbers and lines for the cards."""
        plan = blueprint_of(design)
        public = sum(operation.public for operation in plan.operations)
        facts = (
            ("Operations", str(len(plan.operations))),
            ("Entities", str(len(plan.entities))),
            ("Relations", str(len(plan.relations))),
            ("Integrations", str(len(plan.integrations))),
            ("Coverage", summary(coverage_rows(assessment.artefacts))),
            ("Stack", f"{plan.stack.language}, {plan.stack.framework}, {plan.stack.database}"),
        )
        endpoints = tuple(f"{o.method} {plan.base_path}{o.path} — {o.summary}" for o in plan.operations[:SHOWN])
        more = (f"… and {len(plan.operations) - SHOWN} more in openapi.yaml",) if len(plan.operations) > SHOWN else ()
        return Highlights(
            summary=plan.summary,
            facts=facts,
            lines=endpoints,
            points=points_of(coverage_rows(assessment.artefacts)),
            per_gate={
                "implementation_approval": _implementation(plan),
                "api_review": (
                    *endpoints,
                    *more,
                    *(f"Budget: {b.metric} {b.value:g} {b.unit}" for b in plan.budgets[:6]),
                ),
                "security_check": (
                    f"Sign-in: {plan.auth.description}",
                    f"Authorisation: {plan.auth.authorization}",
                    f"Roles: {', '.join(r.name for r in plan.roles) or 'none'}",
                    f"Data protection: {plan.auth.data_protection}",
                    f"Open to everybody: {public} of {len(plan.operations)} operations",
                ),
            },
        )

    def changes(self, old: Blueprint, new: Blueprint) -> tuple[str, ...]:
        """What is different, in lines."""
        return diff(old, new)

    async def deliverables(self, proposal: Blueprint, iteration: int, before: HandedOver) -> Deliverables:
        """The service as a zip, merged into what the team made of it, or a line that says why there is none."""
        root = Path(before.workspace)
        places = (root / self._role.workspace_prefix / FOLDER, root / FOLDER) if before.workspace else ()
        try:
            return await self._workers.run(worker_calls.deliverables, proposal, iteration, before, places)
        except WorkerFailed as failed:  # a run that was checked is not lost because its service could not be packed
            return left_out(failed.message)

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
        """The iteration's JSON; a draft says so in its name and its status."""
        report = build_report(
            role=role, brief=brief, design=design, assessment=assessment, gates=reported(role, gates),
            timestamp=timestamp, status="final" if final else "draft",
        )  # fmt: skip
        name = role.output_name(brief.iteration)
        return Artefact(
            name=name if final else name.replace(".json", ".draft.json"),
            media_type="application/json",
            content=to_json(report),
        )


def _check_runner(workers: WorkerPool, live: bool) -> WorkerCheckRunner:
    from bot.roles.backend_developer.checks.worker_runner import WorkerCheckRunner  # noqa: PLC0415 - PostgreSQL's driver, which only a run needs

    return WorkerCheckRunner(workers, live=live)


def _implementation(plan: Blueprint) -> tuple[str, ...]:
    tables = ", ".join(entity.plural for entity in plan.entities)
    return (
        f"Style: {plan.services.style}",
        f"Tables: {tables or 'none'}",
        f"Consistency: {plan.services.data_consistency}",
        f"Migrations: {plan.services.migration_strategy}",
        *(f"Decision: {d.what} — {d.why}" for d in plan.decisions[:4]),
    )
