"""A language school with an open catalogue: pupils who see only what is theirs, said in Mermaid and bullets."""

from __future__ import annotations

from typing import Final

from tests.judge.plans import (
    HEALTH,
    SERVICES,
    Plan,
    auth,
    budgets,
    call,
    calls,
    entity,
    field,
    relation,
    roles,
    services,
)

SAID: Final = {
    "opening_1": "TypeScript with NestJS on PostgreSQL, RabbitMQ for messages.",
    "opening_3": "SendGrid for mail.",
    "database_schema": (
        "```mermaid\nerDiagram\n"
        "  TEACHER ||--o{ COURSE : gives\n  COURSE ||--o{ LESSON : has\n  COURSE ||--o{ ENROLMENT : fills\n"
        "  PUPIL ||--o{ ENROLMENT : signs\n  ENROLMENT ||--o{ PAYMENT : settles\n"
        "  TEACHER {\n    uuid id PK\n    string name\n    string email UK\n    string languages\n  }\n"
        "  COURSE {\n    uuid id PK\n    string title\n    string level\n    int seats\n    decimal price\n    date starts_on\n    boolean online\n  }\n"
        "  LESSON {\n    uuid id PK\n    timestamp starts_at\n    timestamp ends_at\n    string room\n  }\n"
        "  PUPIL {\n    uuid id PK\n    string full_name\n    string email UK\n    date birthday\n  }\n"
        "  ENROLMENT {\n    uuid id PK\n    timestamp enrolled_at\n    timestamp cancelled_at\n  }\n"
        "  PAYMENT {\n    uuid id PK\n    decimal amount\n    date paid_on\n    string reference UK\n  }\n"
        "```\n"
        "Enrolments: requested -> accepted -> completed; requested -> cancelled.\n"
        "Lessons: starts_at < ends_at.\n"
    ),
    "api_design": (
        "- GET /courses is public.\n- GET /courses/{id} is public.\n- POST /courses\n- PATCH /courses/{id}\n- DELETE /courses/{id}\n"
        "- GET /courses/{id}/lessons\n- POST /lessons\n- PATCH /lessons/{id}\n"
        "- GET /teachers\n- POST /teachers\n- GET /pupils\n- POST /pupils\n- GET /pupils/{id}\n- PATCH /pupils/{id}\n"
        "- GET /enrolments\n- POST /enrolments\n- GET /enrolments/{id}\n- POST /enrolments/{id}/accept\n"
        "- POST /enrolments/{id}/cancel\n- GET /payments\n- POST /payments\n- POST /reports/generate (async, 202)\n"
    ),
    "performance_requirements": "p95 under 400 ms. 25 requests per second.",
    "security_controls": (
        "OAuth2.\nRoles: office, teacher, pupil.\nPupils may read their own enrolments only.\n"
        "Teachers must not read payments.\nOnly the office may delete courses.\n"
    ),
}
_ALL: Final = ("office", "teacher", "pupil")
_STAFF: Final = ("office", "teacher")
_OFFICE: Final = ("office",)


def design() -> Plan:
    """The right design."""
    return {
        "title": "Language school",
        "summary": "Courses, lessons and who takes part.",
        "stack": {"language": "TypeScript", "framework": "NestJS", "database": "PostgreSQL", "messaging": "RabbitMQ"},
        "entities": _entities(),
        "relations": [
            relation("Course.teacher -> Teacher"),
            relation("Lesson.course -> Course cascade"),
            relation("Enrolment.course -> Course"),
            relation("Enrolment.pupil -> Pupil"),
            relation("Payment.enrolment -> Enrolment"),
        ],
        "rules": [{"entity": "Lesson", "kind": "compare", "expression": "starts_at < ends_at"}],
        "state_machines": [
            {
                "entity": "Enrolment", "field": "status", "initial": "requested",
                "transitions": [
                    {"sources": ["requested"], "target": "accepted", "operation": "post_enrolments_accept"},
                    {"sources": ["accepted"], "target": "completed", "operation": "post_enrolments_complete"},
                    {"sources": ["requested"], "target": "cancelled", "operation": "post_enrolments_cancel"},
                ],
            }
        ],
        "operations": _operations(),
        "auth": auth("oauth2"),
        "roles": roles(*_ALL),
        "permissions": [
            {"role": "pupil", "verbs": ["read", "update"], "entity": "Enrolment", "own": True},
            {"role": "teacher", "verbs": ["read"], "allowed": False, "entity": "Payment"},
        ],
        "integrations": services("SendGrid"),
        "budgets": budgets("latency_p95 400 ms", "throughput 25 rps"),
        "services": {**SERVICES, "boundaries": ["Teaching", "Office"]},
    }  # fmt: skip


def _entities() -> list[Plan]:
    return [
        entity("Teacher", "teachers", "name string sensitive; email email unique sensitive; languages string"),
        entity("Course", "courses", "title string; level string; seats integer; price decimal; starts_on date;"
               "online boolean"),
        entity("Lesson", "lessons", "starts_at timestamp; ends_at timestamp; room string"),
        entity("Pupil", "pupils", "full_name string sensitive; email email unique sensitive; birthday date sensitive"),
        entity("Enrolment", "enrolments", "enrolled_at timestamp; cancelled_at timestamp? read_only;"
               "status enum=requested|accepted|completed|cancelled default=requested read_only", owner="pupil"),
        entity("Payment", "payments", "amount decimal; paid_on date; reference string unique"),
    ]  # fmt: skip


def _operations() -> list[Plan]:
    return [
        *calls("Course", "/courses", (), "list read", public=True),
        *calls("Course", "/courses", _OFFICE, "create update delete"),
        *calls("Lesson", "/courses/{id}/lessons", _ALL, "list"),
        *calls("Lesson", "/lessons", _STAFF, "create update"),
        *calls("Teacher", "/teachers", _ALL, "list"),
        *calls("Teacher", "/teachers", _OFFICE, "create"),
        *calls("Pupil", "/pupils", _STAFF, "list read"),
        *calls("Pupil", "/pupils", _OFFICE, "create update"),
        *calls("Enrolment", "/enrolments", _ALL, "list create read"),
        call("POST /enrolments/{id}/accept", "action", "Enrolment", _OFFICE),
        call("POST /enrolments/{id}/complete", "action", "Enrolment", _STAFF, assumed=True),
        call("POST /enrolments/{id}/cancel", "action", "Enrolment", _ALL),
        *calls("Payment", "/payments", _OFFICE, "list create"),
        call("POST /reports/generate", "action", None, _OFFICE, asynchronous=True, idempotent=True,
             request=[field("from date"), field("to date")]),
        HEALTH,
    ]  # fmt: skip
