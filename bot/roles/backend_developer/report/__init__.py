"""The iteration's result as the definition wants it written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from bot.domain.design import Brief, Design
from bot.domain.evidence import Assessment
from bot.domain.role import Role
from bot.evidence.verify import statements_block
from bot.roles.backend_developer.blueprint import Blueprint, Operation, OperationKind
from bot.roles.backend_developer.blueprint.changes import diff
from bot.roles.backend_developer.coverage import Account
from bot.roles.backend_developer.renderers.tables import tables
from bot.roles.backend_developer.report.coverage_table import ASSUMED, counts, coverage_rows, summary
from bot.roles.backend_developer.report.schema import (
    SCHEMA_ID,
    SCORES,
    Answer,
    ApiSpecification,
    Coverage,
    CoveredStatement,
    DatabaseImplementation,
    DesignerNote,
    Evidence,
    EvidenceCheck,
    ExternalIntegration,
    FeedbackAnswer,
    IterationReport,
    PerformanceOptimization,
    ReportedGate,
    Scores,
    SecurityImplementation,
    ServiceArchitecture,
    StatementCounts,
    Traceability,
    Unproven,
)
from bot.roles.backend_developer.typed import blueprint_of, previous_of

__all__ = ["SCORES", "IterationReport", "build_report", "to_json"]

KEY_ENDPOINTS = 16
"""How many endpoints the result names; the document has them all."""


def build_report(
    *,
    role: Role,
    brief: Brief,
    design: Design,
    assessment: Assessment,
    gates: Sequence[ReportedGate],
    timestamp: datetime,
    status: Literal["draft", "final"],
) -> IterationReport:
    """Put an iteration's result together.

    The definition types every score as an integer, so one that was not measured is written as 0 and its key listed in
    `unproven` with the reason: a reader who honours that list never takes a missing measurement for a bad one, and no
    number looks measured that is not. `timestamp` must be aware; it is written in UTC. `gates` are kept as given.
    """
    blueprint, words, previous = blueprint_of(design), design.narrative, previous_of(brief)
    return IterationReport(
        agent=role.name,
        phase=role.phase,
        iteration=brief.iteration,
        timestamp=timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        input_references=tuple(dict.fromkeys(source.path for source in brief.sources)),
        backend_implementation=_scores(role, assessment),
        api_specification=_api(blueprint),
        database_implementation=_database(blueprint),
        service_architecture=_architecture(blueprint),
        security_implementation=_security(blueprint),
        performance_optimization=_performance(blueprint),
        external_integrations=_integrations(blueprint),
        iteration_status=status_words(role, assessment.scorecard.overall, status),
        next_iteration_focus=words.next_focus or words.next_steps or words.improvements,
        cross_phase_traceability=_traceability(brief, blueprint),
        **{"$schema": SCHEMA_ID},
        title=brief.title,
        status=status,
        strengths=words.strengths,
        performance_improvements=words.improvements,
        recommendation=words.recommendation,
        next_steps=words.next_steps,
        gates=tuple(gates),
        answers=tuple(Answer(key=r.key, question=r.question, answer=r.text, by=r.by) for r in brief.replies),
        feedback=_feedback(brief, design),
        changes=diff(previous, blueprint) if previous else (),
        coverage=_coverage(assessment),
        evidence=_evidence(assessment),
        unproven=_unproven(role, assessment),
        designer=_designer(design),
    )


def to_json(report: IterationReport) -> bytes:
    """Return the report as a file: UTF-8, the definition's order of keys, ended by a newline."""
    return (json.dumps(report.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2) + "\n").encode()


def _scores(role: Role, assessment: Assessment) -> Scores:
    values = {part.key: part.value or 0 for part in assessment.scorecard.parts}
    found = {spec.key: values.get(spec.key, 0) for spec in role.scores}
    return Scores.model_validate({role.overall_score: assessment.scorecard.overall or 0, **found})


def _unproven(role: Role, assessment: Assessment) -> tuple[Unproven, ...]:
    card = assessment.scorecard
    found = []
    for spec in role.scores:
        part = card.part(spec.key)
        if part is None or part.value is None:
            share = f"{part.measured_share:.0%} of its checks ran" if part else "it has no checks"
            found.append(Unproven(key=f"{role.score_block}.{spec.key}", reason=f"not measured: {share}"))
    if card.overall is None:
        names = ", ".join(item.key.rpartition(".")[2] for item in found) or "a part"
        reason = f"not measured: it rests on {names}"
        found.insert(0, Unproven(key=f"{role.score_block}.{role.overall_score}", reason=reason))
    return tuple(found)


def _api(blueprint: Blueprint) -> ApiSpecification:
    bodies = sum(1 for op in blueprint.operations if op.method != "GET")
    return ApiSpecification(
        api_standard=f"RESTful API with an OpenAPI 3.1 document, versioned under {blueprint.base_path}",
        authentication=blueprint.auth.description,
        key_endpoints=tuple(
            f"{op.method} {blueprint.base_path}{op.path} - {op.summary}" for op in _key_operations(blueprint)
        ),
        data_contracts=(
            f"JSON Schemas in openapi.yaml for all payloads of {len(blueprint.operations)} operations, {bodies} of "
            "them writing; unknown keys in requests are refused; errors follow RFC 9457"
        ),
    )


def _key_operations(blueprint: Blueprint) -> list[Operation]:
    """Return the operations that people asked for, then those that carry the product, then the rest."""

    def rank(op: Operation) -> int:
        if op.source:
            return 0
        return 1 if op.kind in (OperationKind.ACTION, OperationKind.CREATE) else 2

    chosen = {op.id for op in sorted(blueprint.operations, key=rank)[:KEY_ENDPOINTS]}
    return [op for op in blueprint.operations if op.id in chosen]


def _database(blueprint: Blueprint) -> DatabaseImplementation:
    shapes = tables(blueprint)
    keys = sum(1 for shape in shapes for column in shape.columns if column.references)
    scoped = sum(1 for shape in shapes if shape.tenant_scoped)
    indexes = sum(len(shape.keys) for shape in shapes)
    features = [f"{indexes} indexes, one for each list and each foreign key", "Cursor pagination on (created_at, id)"]
    if blueprint.stack.cache:
        features.append(f"Cache: {blueprint.stack.cache}")
    if scoped:
        features.append(f"Row level security on {scoped} tenant-scoped tables")
    return DatabaseImplementation(
        primary_database=blueprint.stack.database,
        schema_design=f"Normalised schema of {len(shapes)} tables with {keys} foreign keys, UUID keys and named checks",
        performance_features=tuple(features),
        migration_strategy=blueprint.services.migration_strategy,
    )


def _architecture(blueprint: Blueprint) -> ServiceArchitecture:
    parts = f" Boundaries: {'; '.join(blueprint.services.boundaries)}." if blueprint.services.boundaries else ""
    return ServiceArchitecture(
        microservices_design=blueprint.services.style + parts,
        communication=blueprint.services.communication,
        data_consistency=blueprint.services.data_consistency,
        service_discovery=blueprint.services.service_discovery,
    )


def _security(blueprint: Blueprint) -> SecurityImplementation:
    factor = "; multi-factor authentication required" if blueprint.auth.multi_factor else ""
    return SecurityImplementation(
        authentication_service=f"{blueprint.auth.description.rstrip('.')}{factor}",
        authorization=blueprint.auth.authorization,
        data_protection=blueprint.auth.data_protection,
        security_headers=", ".join(blueprint.auth.headers) or "none stated",
    )


def _performance(blueprint: Blueprint) -> PerformanceOptimization:
    return PerformanceOptimization(
        caching_strategy=blueprint.services.caching,
        database_optimization=blueprint.services.database_optimization,
        scalability_features=blueprint.services.scalability,
        monitoring=blueprint.services.monitoring,
    )


def _integrations(blueprint: Blueprint) -> tuple[ExternalIntegration, ...]:
    return tuple(
        ExternalIntegration(
            service=i.service, purpose=i.purpose, method=i.method, direction=i.direction, on_failure=i.on_failure
        )
        for i in blueprint.integrations
    )


def status_words(role: Role, overall: int | None, status: str) -> str:
    """Return how the iteration stands: as a draft or decided, and where its score stands against the threshold."""
    bar = role.threshold_score
    word = "COMPLETED" if status == "final" else "DRAFT"
    if overall is None:
        return f"{word} - Backend designed; the score is unproven, as too little could be measured"
    side = "reaches" if overall >= bar else "is below"
    return f"{word} - Backend designed and checked; the score of {overall}/100 {side} the threshold of {bar}"


def _traceability(brief: Brief, blueprint: Blueprint) -> Traceability:
    def read(*names: str) -> str:
        return ", ".join(s.path for s in brief.sources if any(name in s.path for name in names))

    def line(found: str, what: str, lacking: str) -> str:
        return f"{what}, after {found}" if found else f"No {lacking} was read; {what[:1].lower()}{what[1:]} is our own"

    database, style = blueprint.stack.database, blueprint.services.style.rstrip(".")
    return Traceability(
        architectural_alignment=line(
            read("architect-evaluation", "tech-architect", "cto-"),
            f"{style} on {blueprint.stack.language} and {database}",
            "architect's document",
        ),
        data_integration=line(
            read("data-architect"), f"Data model of {len(blueprint.entities)} entities", "data architect's document"
        ),
        security_compliance=line(
            read("security-architect"), blueprint.auth.authorization.rstrip("."), "security architect's document"
        ),
    )


def _feedback(brief: Brief, design: Design) -> tuple[FeedbackAnswer, ...]:
    changes = {item.feedback_id: item.change for item in design.narrative.addressed}
    return tuple(
        FeedbackAnswer(
            id=f.id, origin=f.origin, text=f.text, by=f.by, iteration=f.iteration, change=changes.get(f.id, "")
        )
        for f in brief.feedback
    )


def _coverage(assessment: Assessment) -> Coverage:
    """Say what became of every statement; those that ask for nothing are counted, and listed in the file alone."""
    rows = coverage_rows(assessment.artefacts)
    return Coverage(
        summary=summary(rows),
        counts=dict(sorted(counts(rows).items())),
        statements=tuple(
            CoveredStatement(
                statement=row.statement,
                source=row.source,
                standing=row.standing,
                parts=tuple(row.parts.split("; ")) if row.parts else (),
                reason=row.reason,
            )
            for row in rows
            if row.standing not in (ASSUMED, Account.NOTHING_SAID)
        ),
        assumed=tuple(row.parts for row in rows if row.standing == ASSUMED),
    )


def _evidence(assessment: Assessment) -> Evidence:
    names = tuple(name for name in EvidenceCheck.model_fields if name != "outcome")
    checks = tuple(
        EvidenceCheck.model_validate({**{name: getattr(c, name) for name in names}, "outcome": c.outcome.value})
        for c in assessment.checks
    )
    return Evidence(
        measured_share=round(assessment.scorecard.measured_share, 4),
        statements=StatementCounts(**statements_block(assessment.checks)),
        checks=checks,
        artefacts={a.name: a.sha256 for a in assessment.artefacts},
        tools=dict(assessment.tools),
    )


def _designer(design: Design) -> DesignerNote:
    if design.model is None:
        words = "Designed by fixed rules from the inputs and answers; no language model was used."
    else:
        words = f"Proposed by {design.model}; rendered, checked and scored by code."
    return DesignerNote(
        name=design.designer, model=design.model, statement=words, usage=dict(sorted(design.usage.items()))
    )
