"""The design as data: what a designer proposes and what code renders, checks and scores.

pydantic because a model's output arrives here: every text and list is bounded, names are checked, unknown keys are
refused. References between parts (a relation's entity, an operation's role) are checked as a whole, so that a blueprint
that validates can be rendered.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.domain.proposal import Proposal
from bot.roles.backend_developer.blueprint.consistency import inconsistencies

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Snake = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,57}$")]
Pascal = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,57}$")]
UrlPath = Annotated[
    str, StringConstraints(pattern=r"^(/([a-z0-9][a-z0-9_-]*|\{[a-z][a-z0-9_]*\}))+(:[a-z-]+)?$", max_length=200)
]


# Control characters end up in SQL and XML, which refuse them; bidirectional overrides make a text read as another.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Part(BaseModel):
    """Base of every part: frozen, no unknown keys, no invisible characters in its texts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _visible(cls, value: object) -> object:
        return _INVISIBLE.sub(" ", value) if isinstance(value, str) else value


class FieldType(StrEnum):
    """Types a field may have; each has one PostgreSQL type and one JSON Schema (see `renderers`)."""

    UUID = "uuid"
    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    JSON = "json"
    EMAIL = "email"
    URL = "url"
    ENUM = "enum"
    BINARY = "binary"


class EntityField(Part):
    """One attribute of an entity. `values` are an enum's members; `sensitive` marks personal data and secrets."""

    name: Snake
    type: FieldType
    required: bool = True
    unique: bool = False
    sensitive: bool = False
    read_only: bool = False
    values: tuple[Snake, ...] = Field(default=(), max_length=40)
    description: str = Field(default="", max_length=300)


class Index(Part):
    """An index over fields of its entity (or foreign keys, as `<relation name>_id`)."""

    fields: tuple[Snake, ...] = Field(min_length=1, max_length=5)
    unique: bool = False


class Entity(Part):
    """A thing the backend keeps. Every entity gets `id`, `created_at` and `updated_at` from the renderer."""

    name: Pascal
    plural: Snake
    description: str = Field(default="", max_length=300)
    fields: tuple[EntityField, ...] = Field(min_length=1, max_length=60)
    indexes: tuple[Index, ...] = Field(default=(), max_length=20)
    tenant_scoped: bool = False
    source: str = Field(
        default="", max_length=200, description="where it comes from: an input's path or an answer's key"
    )


class Cardinality(StrEnum):
    """How many of the target one source has."""

    MANY_TO_ONE = "many_to_one"
    ONE_TO_ONE = "one_to_one"
    MANY_TO_MANY = "many_to_many"


class OnDelete(StrEnum):
    """What happens to the rows that point at a deleted row."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set_null"


class Relation(Part):
    """`source` points at `target` as `name`: a foreign key `<name>_id` on the source, a join table for many-to-many."""

    source: Pascal
    target: Pascal
    name: Snake
    cardinality: Cardinality = Cardinality.MANY_TO_ONE
    required: bool = True
    on_delete: OnDelete = OnDelete.RESTRICT


class Method(StrEnum):
    """HTTP methods an operation may have."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


class OperationKind(StrEnum):
    """What an operation does; decides its parameters, body and responses when rendered."""

    LIST = "list"
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ACTION = "action"
    QUERY = "query"


class Operation(Part):
    """One endpoint. `paginated` must hold for lists; `roles` empty with `public` false means any signed-in caller.

    `signed` marks what other services call: instead of a token, a signature over the body proves who sent it.
    """

    id: Snake
    method: Method
    path: UrlPath
    summary: Sentence
    kind: OperationKind
    entity: Pascal | None = None
    paginated: bool = False
    idempotent: bool = False
    asynchronous: bool = False
    public: bool = False
    signed: bool = False
    roles: tuple[Snake, ...] = Field(default=(), max_length=12)
    parameters: tuple[EntityField, ...] = Field(default=(), max_length=20, description="query parameters")
    request: tuple[EntityField, ...] = Field(default=(), max_length=40, description="body fields of an action")
    response: tuple[EntityField, ...] = Field(
        default=(), max_length=40, description="result fields of an action or query"
    )
    source: str = Field(default="", max_length=200)


class AccessRole(Part):
    """A role of the designed system."""

    name: Snake
    description: Sentence


class AuthScheme(StrEnum):
    """How callers prove who they are."""

    OIDC = "oidc"
    OAUTH2 = "oauth2"
    JWT = "jwt"
    API_KEY = "api_key"
    MTLS = "mtls"


class Auth(Part):
    """Authentication and authorisation of the designed system."""

    scheme: AuthScheme
    description: Sentence
    multi_factor: bool = False
    token_minutes: int = Field(default=15, ge=1, le=1440)
    authorization: Sentence
    headers: tuple[Word, ...] = Field(default=(), max_length=20)
    data_protection: Sentence
    rate_limit_per_minute: int = Field(default=600, ge=1, le=1_000_000)


class Integration(Part):
    """An outside service: what for, how, and what happens when it is down."""

    service: Word
    purpose: Sentence
    method: Word
    direction: Annotated[str, StringConstraints(pattern="^(outbound|inbound|both)$")] = "outbound"
    on_failure: Sentence
    source: str = Field(default="", max_length=200)


class Budget(Part):
    """A number the team wants held, e.g. p95 latency 200 ms on `list_orders`; `operation` empty means all."""

    metric: Annotated[
        str,
        StringConstraints(
            pattern="^(latency_p95|latency_p99|throughput|availability|concurrent_users|error_rate|data_volume|recovery_time|recovery_point)$"
        ),
    ]
    value: float = Field(gt=0)
    unit: Word
    operation: str = Field(default="", max_length=60)
    source: str = Field(
        default="", max_length=200, description="the answer or input it was read from; empty: our own default"
    )


class Stack(Part):
    """What it is built on."""

    language: Word
    framework: Word
    database: Word
    cache: str = Field(default="", max_length=80)
    messaging: str = Field(default="", max_length=80)
    deployment: str = Field(default="", max_length=200)


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


class Decision(Part):
    """A choice and its reason; shown in the review. `addresses` names the feedback it answers (gate key), if any."""

    what: Sentence
    why: Sentence
    addresses: str = Field(default="", max_length=200)


class Blueprint(Part, Proposal):
    """A whole backend design. Validates references between its parts."""

    title: Word
    summary: Sentence
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = "1.0.0"
    base_path: Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9]+)+$", max_length=60)] = "/api/v1"
    stack: Stack
    entities: tuple[Entity, ...] = Field(min_length=1, max_length=60)
    relations: tuple[Relation, ...] = Field(default=(), max_length=150)
    operations: tuple[Operation, ...] = Field(min_length=1, max_length=300)
    auth: Auth
    roles: tuple[AccessRole, ...] = Field(min_length=1, max_length=20)
    integrations: tuple[Integration, ...] = Field(default=(), max_length=30)
    budgets: tuple[Budget, ...] = Field(default=(), max_length=40)
    services: Services
    decisions: tuple[Decision, ...] = Field(default=(), max_length=60)

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        problems = inconsistencies(self)
        if problems:
            raise ValueError("; ".join(problems[:20]))
        return self
