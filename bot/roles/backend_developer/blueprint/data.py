"""The data: entities, relations, rules over rows, and the states that rows go through."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.roles.backend_developer.blueprint.base import Cited, Identifier, Member, OperationId, Part, RoleName, Text
from bot.roles.backend_developer.blueprint.fields import EntityField


class Index(Part):
    """An index over fields of its entity (or foreign keys, as `<relation name>_id`).

    `condition` makes it partial (``status = 'open'``), `expression` indexes a computed value (``lower(email)``).
    """

    fields: tuple[Identifier, ...] = Field(default=(), max_length=8)
    unique: bool = False
    method: Literal["btree", "gin", "gist", "hash"] = "btree"
    descending: tuple[Identifier, ...] = Field(default=(), max_length=8)
    case_insensitive: bool = False
    text_search: bool = Field(default=False, description="full text over the fields")
    condition: str = Field(default="", max_length=300)
    expression: str = Field(default="", max_length=300)


class Entity(Cited):
    """A thing the backend keeps; `plural` is its table's name as said.

    Without `key` it gets an `id`: a random uuid, or a running number if `identity` is bigint. `key` names the fields
    (or foreign keys' columns) of a natural or composite one. `codes` are the rows of a code table with a key of one
    field. `owner` names the relation or field that holds the user whose row it is.
    """

    name: Identifier
    plural: Identifier
    label: str = Field(default="", max_length=120)
    description: str = Field(default="", max_length=600)
    fields: tuple[EntityField, ...] = Field(default=(), max_length=250)
    indexes: tuple[Index, ...] = Field(default=(), max_length=40)
    key: tuple[Identifier, ...] = Field(default=(), max_length=6)
    identity: Literal["uuid", "bigint"] = "uuid"
    codes: tuple[Member, ...] = Field(default=(), max_length=300)
    owner: str = Field(default="", max_length=60)
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


class Relation(Cited):
    """`source` points at `target` as `name`: a foreign key on the source, a join table for many-to-many.

    The key's columns are called `columns`, or `<name>_<the target's key>`. A join table is called `table`, or after
    the source and the relation, and has `fields` of its own.
    """

    source: Identifier
    target: Identifier
    name: Identifier
    cardinality: Cardinality = Cardinality.MANY_TO_ONE
    required: bool = True
    on_delete: OnDelete = OnDelete.RESTRICT
    immutable: bool = False
    columns: tuple[Identifier, ...] = Field(default=(), max_length=6)
    table: str = Field(default="", max_length=58)
    fields: tuple[EntityField, ...] = Field(default=(), max_length=40, description="of a many-to-many link")
    description: str = Field(default="", max_length=600)


class RuleKind(StrEnum):
    """What a rule demands of an entity's rows."""

    UNIQUE = "unique"
    COMPARE = "compare"
    BOUND = "bound"
    NO_OVERLAP = "no_overlap"
    IMMUTABLE = "immutable"
    COUNT = "count"
    SUM = "sum"
    RETENTION = "retention"
    SOFT_DELETE = "soft_delete"
    AUDIT = "audit"
    OTHER = "other"


class Rule(Cited):
    """What must hold of an entity's rows.

    unique: `fields`, among the rows of `condition` only. compare and bound: `expression` over fields
    (``starts_at < ends_at``). no_overlap: `fields` are the two ends and whatever must be equal for two rows to clash.
    immutable: `fields` are set once, none: rows are only appended; with a `condition` (``status in ('paid', 'void')``)
    the rows that meet it stay as they are, but for their state. count: at most `value` rows with equal `fields`.
    retention: rows live `value` days. soft_delete, audit: no parts. sum, other: `text` only, not enforced.
    """

    entity: Identifier
    kind: RuleKind
    fields: tuple[Identifier, ...] = Field(default=(), max_length=8)
    expression: str = Field(default="", max_length=400)
    condition: str = Field(default="", max_length=300)
    value: float | None = Field(default=None, allow_inf_nan=False)
    text: Text = ""


class Transition(Cited):
    """From one of `sources` to `target` by `action`: who may, which operation does it, and under which `guard`."""

    sources: tuple[Member, ...] = Field(default=(), max_length=40)
    target: Member
    action: str = Field(default="", max_length=80)
    operation: OperationId | Literal[""] = ""
    roles: tuple[RoleName, ...] = Field(default=(), max_length=40)
    guard: Text = ""


class StateMachine(Cited):
    """The life of an entity's rows: `field` is the enum that holds the state; what no transition names is refused."""

    entity: Identifier
    field: Identifier
    initial: str = Field(default="", max_length=80)
    transitions: tuple[Transition, ...] = Field(default=(), max_length=120)
