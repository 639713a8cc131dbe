"""What a statement says, typed: the common tongue of every reader, of every designer and of what measures the fit.

A reader gives a fact only for what stands there: a part of it that was not said is None (or empty), never a default.
Names are as people wrote them; whoever compares names does so by `bot.reading.names`. Every fact carries the id of its
statement, so that whatever is made of it can cite its source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
Verb: TypeAlias = Literal["read", "create", "update", "delete", "any"]


class Stance(StrEnum):
    """How its speaker stands to a fact.

    DENIED is a refusal ("no Stripe", "no PATCH anywhere"), POSTPONED one for now ("Adyen in Q3", "no Stripe yet"),
    UNSURE a guess of the speaker ("maybe Kafka", "we do not know yet").
    """

    STATED = "stated"
    DENIED = "denied"
    POSTPONED = "postponed"
    UNSURE = "unsure"


class ValueType(StrEnum):
    """Types of a field's values. `ARRAY` and `OBJECT` have their inner parts in `FieldFact.items` and `.fields`."""

    UUID = "uuid"
    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    BIGINT = "bigint"
    DECIMAL = "decimal"
    FLOAT = "float"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    JSON = "json"
    EMAIL = "email"
    URL = "url"
    ENUM = "enum"
    BINARY = "binary"
    FILE = "file"
    POINT = "point"
    ARRAY = "array"
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts: the id of the statement that says it, and how the speaker stands to it.

    `by_model` marks what a model read where the rules could not.
    """

    statement: str
    stance: Stance = Stance.STATED
    by_model: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFact(Fact):
    """There is a thing that the backend keeps. `plural` only where it was said (a table's or a path's name)."""

    name: str
    plural: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFact(Fact):
    """An entity has an attribute. `default` is the literal as said; `references` names the entity it points at."""

    entity: str
    name: str
    type: ValueType | None = None
    values: tuple[str, ...] = ()
    required: bool | None = None
    nullable: bool | None = None
    unique: bool | None = None
    primary_key: bool | None = None
    read_only: bool | None = None
    write_only: bool | None = None
    immutable: bool | None = None
    sensitive: bool | None = None
    default: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    unit: str = ""
    references: str = ""
    items: ValueType | None = None
    fields: tuple[FieldFact, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationFact(Fact):
    """`source` points at `target`: the many side is the source. `name` is the role in which it does, if it was said."""

    source: str
    target: str
    cardinality: Literal["many_to_one", "one_to_one", "many_to_many"] = "many_to_one"
    name: str = ""
    required: bool | None = None
    on_delete: Literal["restrict", "cascade", "set_null"] | None = None
    fields: tuple[FieldFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFact(Fact):
    """There is an endpoint. `path` is as written, "" for every path; `method` None for every method.

    `public` is whether it may be called without signing in. `roles` are those who may. `body` and `result` name
    entities or list fields.
    """

    method: Method | None
    path: str
    summary: str = ""
    operation_id: str = ""
    public: bool | None = None
    roles: tuple[str, ...] = ()
    parameters: tuple[FieldFact, ...] = ()
    body_entity: str = ""
    body: tuple[FieldFact, ...] = ()
    result_entity: str = ""
    result_is_list: bool = False
    result: tuple[FieldFact, ...] = ()
    statuses: tuple[str, ...] = ()
    deprecated: bool | None = None
    asynchronous: bool | None = None
    idempotent: bool | None = None
    paginated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFact(Fact):
    """An entity's life: from one of `sources` (empty: at the beginning) to `target` by `action`, by `roles`.

    `field` names the field that holds the state, "" where it was not said. DENIED is a change that must not happen.
    """

    entity: str
    target: str
    sources: tuple[str, ...] = ()
    field: str = ""
    action: str = ""
    roles: tuple[str, ...] = ()
    final: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFact(Fact):
    """There is a role of the backend's users."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFact(Fact):
    """Who may (STATED) or must not (DENIED) do what.

    `role` "" is anybody signed in, "*" anybody at all. `entity` "" is everything; `path` and `method` name one
    operation instead. `own` limits it to rows that are the caller's, `field` to one field of the entity, `action`
    to the one operation that a verb names ("archive": ``POST /channels/{id}/archive``). `also` says that others may
    as well: "customers should also be able to see scans".
    """

    role: str
    verbs: tuple[Verb, ...]
    entity: str = ""
    field: str = ""
    method: Method | None = None
    path: str = ""
    own: bool = False
    condition: str = ""
    action: str = ""
    also: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseFact(Fact):
    """A thing is to be used so; who may was not said, so that it grants nobody anything.

    `action` is the one verb that is neither of `verbs` ("publish"); of `shows` one property is to be seen.
    """

    entity: str
    verbs: tuple[Verb, ...]
    action: str = ""
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFact(Fact):
    """What must hold of an entity's rows.

    `kind`: `unique` over fields (`condition`: only among some), `compare` (`expression` such as ``starts_at <
    ends_at``), `bound`, `no_overlap`, `immutable` (append-only; rows never change), `retention` (`value` days),
    `soft_delete`, `audit` (each access or change is recorded), `count` (`value` at most), `other` (word for word).
    """

    entity: str
    kind: Literal[
        "unique", "compare", "bound", "no_overlap", "immutable", "retention", "soft_delete", "audit", "count", "other"
    ]
    fields: tuple[str, ...] = ()
    expression: str = ""
    condition: str = ""
    value: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFact(Fact):
    """A number that the team wants held, in `unit` (ms, rps, %, users, rows, h).

    `metric`: latency_p50, latency_p95, latency_p99, throughput, availability, concurrent_users, error_rate,
    data_volume, recovery_time, recovery_point, rate_limit, retention.
    """

    metric: str
    value: float
    unit: str
    path: str = ""
    method: Method | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFact(Fact):
    """An outside service is used."""

    name: str
    purpose: str = ""
    protocol: str = ""
    direction: Literal["outbound", "inbound", "both", ""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFact(Fact):
    """What the backend is built on. `version` as said; any of `alternatives` would do as well: "Kafka or NATS"."""

    part: Literal["language", "framework", "database", "cache", "messaging", "search", "storage", "deployment"]
    name: str
    version: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFact(Fact):
    """How callers prove who they are. `audience` says who signs in so ("staff", "partners"), "" for everybody.

    `scheme`: oidc, oauth2, saml, jwt, session, password, api_key, mtls, magic_link, basic, none.
    """

    scheme: str
    audience: str = ""
    provider: str = ""
    multi_factor: bool | None = None
    token_minutes: int | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TenancyFact(Fact):
    """Rows belong to a tenant. `tenant` names the tenant's entity, `entities` what belongs to it (empty: all)."""

    tenant: str = ""
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFact(Fact):
    """Something happens by itself or is told to others: an event, an outgoing or incoming webhook, a schedule."""

    kind: Literal["event", "webhook_out", "webhook_in", "schedule"]
    name: str
    entity: str = ""
    schedule: str = ""
    signed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionFact(Fact):
    """How the whole API is: base_path, naming, pagination, error_format, versioning, style, language, compliance."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFact(Fact):
    """A question that its speaker leaves open or hands back ("not sure whether …", "TBD", "ask Ben")."""

    about: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentFact(Fact):
    """What was said before is said otherwise: what was called `old` is now `new`, of another `type`, or gone (neither).

    `entity` is whose field or member it is, "" where that was not said. What `old` names is found out when all facts
    are known (`bot.reading.amended`); no amendment is left in an understanding. `otherwise` is what its sentence says
    where nobody has said anything under that name.
    """

    old: str
    new: str = ""
    entity: str = ""
    type: ValueType | None = None
    otherwise: tuple[Fact, ...] = ()


AnyFact: TypeAlias = (
    EntityFact
    | FieldFact
    | RelationFact
    | OperationFact
    | StateFact
    | RoleFact
    | AccessFact
    | UseCaseFact
    | RuleFact
    | NumberFact
    | ServiceFact
    | StackFact
    | SignInFact
    | TenancyFact
    | EventFact
    | ConventionFact
    | OpenFact
    | AmendmentFact
)
"""Every kind of fact. A reader may give no other."""


class Standing(StrEnum):
    """What became of a statement when it was read.

    UNDERSTOOD: at least one fact came of it. NOTHING_SAID: it asks for nothing (a greeting, an aside, a heading, "see
    above"). WITHDRAWN: struck through, commented out, quoted or taken back; does not count. NOT_UNDERSTOOD: all else.
    """

    UNDERSTOOD = "understood"
    NOTHING_SAID = "nothing_said"
    WITHDRAWN = "withdrawn"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence, bullet, table row or declaration; the unit in which what people said is accounted for.

    `source` is where it stands: ``answer:<question key>``, ``note:<id>``, ``feedback:<id>``, ``title``,
    ``description`` or ``input:<path>``. `start` and `end` are offsets into that text, so that ``text`` is exactly what
    stands there. `notation` is the reader's name. `id` is stable for the same source, span and text.
    """

    id: str
    source: str
    start: int
    end: int
    text: str
    notation: str
    standing: Standing
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader made of one segment: statements in the order of the text, and what they say."""

    statements: tuple[Statement, ...] = ()
    facts: tuple[AnyFact, ...] = field(default=())
