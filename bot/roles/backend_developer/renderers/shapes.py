"""The forms in which renderers see a schema: columns, keys and tables, whichever part of a blueprint they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from bot.roles.backend_developer.blueprint import (
    EntityField,
    FieldType,
    InnerField,
    NestedField,
    OnDelete,
    Rule,
    StateMachine,
)

_SECRET = re.compile(
    r"(password|passwd|secret|token|private_?key|api_?key|key_hash|credential|otp|recovery_code|pin_hash)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"(pass_?word|passwd|pass_?phrase|pass_?code)$", re.IGNORECASE)
_AUTHOR = re.compile(r"^(created|updated|modified|deleted|requested|submitted)_?by(_?id)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column and what the API needs to know of it.

    `required` columns hold something in every row. `optional_input` may be left out when a row is made, although it is
    required: it has a default. `references` names the entity that a foreign key points at. `generated` columns are
    filled by the database or by the service and are never written by callers. `identity` says how a key is made.
    """

    name: str
    type: FieldType
    required: bool = True
    unique: bool = False
    sensitive: bool = False
    generated: bool = False
    values: tuple[str, ...] = ()
    description: str = ""
    references: str = ""
    on_delete: OnDelete = OnDelete.RESTRICT
    currency: bool = False
    label: str = ""
    items: FieldType = FieldType.STRING
    entity: str = ""
    fields: tuple[EntityField | NestedField | InnerField, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int = 0
    max_length: int = 0
    pattern: str = ""
    default: str | None = None
    write_only: bool = False
    immutable: bool = False
    optional_input: bool = False
    unit: str = ""
    example: str = ""
    identity: Literal["", "uuid", "bigint"] = ""
    moment: Literal["", "created", "updated"] = ""

    @property
    def secret(self) -> bool:
        """Whether the value must never leave the service, not even in a read."""
        return self.write_only or (self.sensitive and _SECRET.search(self.name) is not None)

    @property
    def nested(self) -> bool:
        """Whether its values are objects, kept as JSON."""
        inner = FieldType.OBJECT, FieldType.JSON, FieldType.ARRAY
        return self.type is FieldType.OBJECT or (self.type is FieldType.ARRAY and self.items in inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An index or a unique constraint over columns, in order; `live` only among rows that are not deleted."""

    columns: tuple[str, ...]
    unique: bool = False
    live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Columns that point at another table's key. `entity` is the one that the table belongs to."""

    name: str
    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]
    entity: str
    on_delete: OnDelete
    cleared: tuple[str, ...] = ()
    """Columns that ON DELETE SET NULL empties: not the tenant's, which every row must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table: an entity's, or the link table of a many-to-many relation (then `entity` is empty).

    `tenant` marks the table whose rows are the tenants themselves; `tenant_column` is "" where rows have none.
    """

    name: str
    entity: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ("id",)
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    tenant_scoped: bool = False
    tenant: bool = False
    tenant_column: str = ""
    owner_column: str = ""
    rules: tuple[Rule, ...] = ()
    machines: tuple[StateMachine, ...] = ()
    by_name: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.by_name.update({column.name: column for column in self.columns})

    def moment(self, kind: Literal["created", "updated"]) -> str:
        """Return the name of the column that says when a row was made or last changed; "" if there is none."""
        return next((column.name for column in self.columns if column.moment == kind), "")


def column_of(own: EntityField) -> Column:
    """Return the column of a field."""
    return Column(
        name=own.name,
        type=own.type,
        required=not own.empty_allowed,
        unique=own.unique,
        sensitive=own.sensitive,
        generated=own.read_only or is_author(own.name),
        values=tuple(dict.fromkeys(own.values)),
        description=own.description,
        label=own.label,
        items=own.items,
        entity=own.entity,
        fields=own.fields,
        minimum=own.minimum,
        maximum=own.maximum,
        min_length=own.min_length,
        max_length=own.max_length,
        pattern=own.pattern,
        default=own.default,
        write_only=own.write_only,
        immutable=own.immutable,
        optional_input=not own.required or own.default is not None,
        unit=own.unit,
        example=own.example,
    )


def is_password(column: Column) -> bool:
    """Whether people send a password in the column: only its digest is kept."""
    texts = FieldType.STRING, FieldType.TEXT
    named = _PASSWORD.search(column.name) is not None
    return column.type in texts and column.secret and not column.generated and named


def is_author(name: str) -> bool:
    """Whether a column says who wrote the row: the service fills it from the token (OWASP API3:2023)."""
    return _AUTHOR.match(name) is not None
