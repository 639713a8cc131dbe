"""The iteration file: the definition's "Output File Structure", then what that has no place for."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.gate import GateState

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
SCHEMA_ID: Final = "urn:eipas:backend-developer-iteration:v1"
"""Names the form of the file; the schema is published as docs/backend-developer-iteration.schema.json."""

Points = Annotated[int, Field(ge=0, le=100)]


class Block(BaseModel):
    """Base of every block: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scores(Block):
    """`backend_implementation`: points of 100. A 0 whose key is listed in `unproven` was not measured."""

    backend_score: Points
    api_design: Points
    database_implementation: Points
    security_integration: Points
    performance_optimization: Points
    service_architecture: Points


SCORES = frozenset(Scores.model_fields) - {"backend_score"}
"""Keys of the scores; the overall one is made of them."""


class ApiSpecification(Block):
    """The API in words; the document itself is an artefact."""

    api_standard: str
    authentication: str
    key_endpoints: tuple[str, ...]
    data_contracts: str


class DatabaseImplementation(Block):
    """The database in words; the migrations are artefacts."""

    primary_database: str
    schema_design: str
    performance_features: tuple[str, ...]
    migration_strategy: str


class ServiceArchitecture(Block):
    """How the services are cut and how they speak."""

    microservices_design: str
    communication: str
    data_consistency: str
    service_discovery: str


class SecurityImplementation(Block):
    """Who gets in, what they may do, how data is kept."""

    authentication_service: str
    authorization: str
    data_protection: str
    security_headers: str


class PerformanceOptimization(Block):
    """What keeps it fast."""

    caching_strategy: str
    database_optimization: str
    scalability_features: str
    monitoring: str


class ExternalIntegration(Block):
    """One outside service; direction and behaviour when it is down are additions."""

    service: str
    purpose: str
    method: str
    direction: str
    on_failure: str


class Traceability(Block):
    """How the design relates to the earlier phases' documents."""

    architectural_alignment: str
    data_integration: str
    security_compliance: str


class Unproven(Block):
    """A score that was not measured, and why."""

    key: str
    reason: str


class Answer(Block):
    """What people answered; an empty answer was skipped on purpose."""

    key: str
    question: str
    answer: str
    by: str


class FeedbackAnswer(Block):
    """Earlier feedback, and what in the design answers it; an empty change says that nothing does yet."""

    id: str
    origin: str
    text: str
    by: str
    iteration: int
    change: str


class DesignerNote(Block):
    """Who designed; `model` is null where no model was used.

    `usage` has the run's calls and billed tokens, and `usd`, `iteration_usd` and `evaluation_usd` at its end.
    """

    name: str
    model: str | None
    statement: str
    usage: dict[str, float] = {}


class EvidenceCheck(Block):
    """One check as it ran. The raw output's digest lets anyone see that it was not edited."""

    key: str
    title: str
    score: str
    outcome: str
    weight: float
    cap: int | None
    detail: str
    tool: str
    tool_version: str
    command: str
    raw_sha256: str
    measures: str = "soundness"
    share: float | None = None


class CoveredStatement(Block):
    """A statement, where it stands, what became of it, the parts that realise it, and why where none does."""

    statement: str
    source: str
    standing: str
    parts: tuple[str, ...]
    reason: str


class Coverage(Block):
    """Every statement that was said, in the order of the texts, and the parts that nobody said."""

    summary: str
    counts: dict[str, int]
    statements: tuple[CoveredStatement, ...]
    assumed: tuple[str, ...]


class StatementCounts(Block):
    """How many statements were compared with the result, each once, and what became of them."""

    compared: int
    done: int
    not_understood: int


class Evidence(Block):
    """What the scores were derived from: the checks, and the artefacts by name with their sha256.

    `measured_share` is that of the checks' weight whose question was answered: held, failed, or found not to apply.
    """

    measured_share: float
    statements: StatementCounts
    checks: tuple[EvidenceCheck, ...]
    artefacts: dict[str, str]
    tools: dict[str, str]


class ReportedVote(Block):
    """A person's verdict on a gate."""

    by: str
    option: str
    at: Instant
    comment: str
    concerns: str


class ReportedGate(Block):
    """A question that people decided. `subject_sha256` is the digest of what they judged: at a review, of the draft."""

    gate: str
    name: str
    question: str
    state: GateState
    outcome: str | None
    opened_at: Instant
    decided_at: Instant | None
    needed: int
    approvers: tuple[str, ...]
    escalated_to: tuple[str, ...]
    subject_sha256: str
    votes: tuple[ReportedVote, ...]


class IterationReport(Block):
    """One iteration's result. The blocks up to `cross_phase_traceability` are the definition's, in its order.

    `timestamp` is that of the draft which the review gates judged; when an iteration was decided stands at its gates.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title="An iteration of the backend developer")

    agent: str
    phase: str
    iteration: int
    timestamp: str
    input_references: tuple[str, ...]
    backend_implementation: Scores
    api_specification: ApiSpecification
    database_implementation: DatabaseImplementation
    service_architecture: ServiceArchitecture
    security_implementation: SecurityImplementation
    performance_optimization: PerformanceOptimization
    external_integrations: tuple[ExternalIntegration, ...]
    iteration_status: str
    next_iteration_focus: tuple[str, ...]
    cross_phase_traceability: Traceability
    named: Literal["urn:eipas:backend-developer-iteration:v1"] = Field(alias="$schema", description="This schema.")
    title: str
    status: Literal["draft", "final"]
    strengths: tuple[str, ...]
    performance_improvements: tuple[str, ...]
    recommendation: str
    next_steps: tuple[str, ...]
    gates: tuple[ReportedGate, ...]
    answers: tuple[Answer, ...]
    feedback: tuple[FeedbackAnswer, ...]
    changes: tuple[str, ...]
    coverage: Coverage
    evidence: Evidence
    unproven: tuple[Unproven, ...]
    designer: DesignerNote


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the file, which is published in docs/."""
    made = IterationReport.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **made}
