"""What the people of a rehearsal say. An answers file replaces the answers; the rest is theirs."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import EipasError


class AnswersRefused(EipasError):
    """The rehearsal's answers file is not there or has another shape."""

    message_template = "The answers file {path} cannot be used: {problem}"


class Answers(BaseModel):
    """The answers of a rehearsal: three to the opening questions, and one per area.

    An empty text skips the question.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    opening: tuple[str, str, str] = Field(
        default=(
            "Python 3.11 with FastAPI on PostgreSQL 16, Redis for caching and sessions.",
            "POST /workflows creates a workflow, GET /workflows lists them, GET /workflows/{id} reads one, "
            "POST /workflows/{id}/execute starts an execution, GET /workflows/{id}/executions lists its executions, "
            "GET /analytics/dashboard returns the key figures.",
            "Slack for notifications via webhooks, S3 for file storage, Stripe for payments via API and webhooks.",
        )
    )
    api_design: str = (
        "REST under /api/v1 with JSON. Endpoints: POST /workflows, GET /workflows, GET /workflows/{id}, "
        "PUT /workflows/{id}, POST /workflows/{id}/execute, GET /analytics/dashboard. "
        "Cursor pagination everywhere, errors as problem+json, idempotency keys on every POST."
    )
    database_schema: str = (
        "A User has many Workflows, a Workflow has many Tasks, a Workflow has many Executions. "
        "workflow: name, status (draft|active|archived), definition json. "
        "task: name, position integer, status (open|done). "
        "execution: status (queued|running|done|failed), started_at, finished_at."
    )
    integration_needs: str = (
        "Slack for notifications, S3-compatible storage for exports, Stripe for billing. A CRM feeds customers nightly."
    )
    performance_requirements: str = (
        "p95 below 200 ms for reads, 500 requests per second, 5,000 concurrent users, 99.9 % availability."
    )
    security_controls: str = (
        "OIDC single sign-on with multi-factor authentication, short-lived JWT access tokens, "
        "RBAC with roles: admin, editor, viewer. "
        "Tenants are strictly separated. Encryption at rest and in transit. SOC 2 audit log."
    )

    def text(self, key: str) -> str:
        """Return the answer to the question with that key (`opening_1`, …, or an area's)."""
        if key.startswith("opening_"):
            return self.opening[int(key.removeprefix("opening_")) - 1]
        return str(getattr(self, key))


def read_answers(path: Path | None) -> Answers:
    """Read an answers file.

    Raises:
        AnswersRefused: it cannot be read, is no JSON, or lacks what it must have.
    """
    if path is None:
        return Answers()
    if path.exists() and not path.is_file():  # a pipe would keep us waiting for ever
        raise AnswersRefused(path=path, problem="it is no file. Name a JSON file.")
    try:
        return Answers.model_validate_json(path.read_bytes())
    except OSError as error:
        raise AnswersRefused(path=path, problem=error.strerror or "it cannot be read.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "extra_forbidden":
            known = ", ".join(Answers.model_fields)
            raise AnswersRefused(
                path=path, problem=f"“{first['loc'][-1]}” is no answer. There are: {known}."
            ) from error
        raise AnswersRefused(
            path=path, problem=f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        ) from error


REASONS = {
    "implementation_approval": "The services must state how they are rolled back. Add an audit log for every change.",
    "api_review": "The lists need rate limits and stricter pagination; add endpoint GET /workflows/{id}/history.",
    "security_check": "Add MFA for administrators, rotate tokens, and write an audit log of every access.",
    "iteration_complete": "The architecture needs a clearer separation of the execution engine before we go on.",
}
"""Why the gate named by `--reject` is rejected; the next iteration works from it."""

OPTIMISE = "Please work in what the reviewers asked for."
JUSTIFICATION = "Accepted for this rehearsal: what is open is listed in the next steps and will be measured in staging."
CONCERNS = "Watch the size of the analytics tables."
UNFORESEEN = "Take the simplest choice that meets what we said, and name it as a decision."
"""What people answer when the designer asks something of its own."""
