"""Fields: of entities, of links, of requests and results, and nested within one another."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from bot.roles.backend_developer.blueprint.base import Cited, Identifier, Line, Member, Part
from bot.roles.backend_developer.blueprint.defaults import elements_fit, fits

Bound = Annotated[float, Field(ge=-9.2e18, le=9.2e18, allow_inf_nan=False)]


class FieldType(StrEnum):
    """Types a field may have; each has one PostgreSQL type and one JSON Schema (see `renderers`).

    `FILE` is a file in object storage, kept by its reference; `BINARY` are a few bytes kept in the row.
    """

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


_NUMBERS = frozenset({FieldType.INTEGER, FieldType.BIGINT, FieldType.DECIMAL, FieldType.MONEY, FieldType.FLOAT})
_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL})


class _Value(Part):
    """What a value may be, wherever it stands.

    `name` is as said where that is an identifier, otherwise `label` is. `values` are an enum's members, `items` the
    type of an array's elements, `entity` whose schema an object or an array's objects have, instead of `fields`.
    """

    name: Identifier
    type: FieldType
    label: str = Field(default="", max_length=120)
    required: bool = True
    values: tuple[Member, ...] = Field(default=(), max_length=300)
    items: FieldType = Field(default=FieldType.STRING, description="of an array's elements; otherwise ignored")
    entity: str = Field(default="", max_length=60, description="entity that an object or an array's objects are")
    minimum: Bound | None = None
    maximum: Bound | None = None
    description: str = Field(default="", max_length=600)

    @model_validator(mode="after")
    def _bounds_hold(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.name}: the minimum {self.minimum:g} is above the maximum {self.maximum:g}")
        return self


class InnerField(_Value):
    """A field of an object within an object; objects here are free-form."""


class NestedField(_Value):
    """A field of an object; `fields` are those of an object within it."""

    fields: tuple[InnerField, ...] = Field(default=(), max_length=60)


class EntityField(_Value, Cited):
    """One attribute of an entity, a link, a request or a result.

    `required`: must be sent when the row is made, unless it has a `default` or is `read_only`. `nullable`: may hold
    nothing; null (the default) means: if it is not required. `immutable` is set once. `write_only` never leaves the
    service, `read_only` is never written by callers; `sensitive` marks personal data and secrets.
    """

    unique: bool = False
    nullable: bool | None = Field(default=None, description="null: nullable unless required")
    sensitive: bool = False
    read_only: bool = False
    write_only: bool = False
    immutable: bool = False
    default: Line | None = Field(default=None, max_length=300, description="the literal as said, or now/today")
    min_length: int = Field(default=0, ge=0, le=10_000_000, description="characters or items; 0: no bound")
    max_length: int = Field(default=0, ge=0, le=10_000_000, description="characters or items; 0: the type's bound")
    pattern: Line = Field(default="", max_length=300, description="regular expression that the whole dialects share")
    unit: str = Field(default="", max_length=40)
    example: str = Field(default="", max_length=200)
    fields: tuple[NestedField, ...] = Field(default=(), max_length=60, description="of an object or array of objects")

    @property
    def empty_allowed(self) -> bool:
        """Whether a row may hold nothing here."""
        return not self.required if self.nullable is None else self.nullable

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as problem:
            raise ValueError(f"not a regular expression: {problem}") from problem
        return pattern

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        if self.max_length and self.min_length > self.max_length:
            raise ValueError(f"{self.name}: min_length {self.min_length} is above max_length {self.max_length}")
        if self.read_only and self.write_only:
            raise ValueError(f"{self.name} cannot be read_only and write_only at once")
        if self.default is not None and not fits(self.type.value, self.default, self.values):
            raise ValueError(f"{self.name}: the default {self.default!r} is no {self.type.value}")
        if self.default is not None and not self._in_bounds(self.default):
            raise ValueError(
                f"{self.name}: the default {self.default!r} is outside of its own fields, bounds or pattern"
            )
        if self.default is not None and self.type is FieldType.ARRAY and not elements_fit(self.items, self.default):
            raise ValueError(f"{self.name}: the default {self.default!r} is no array of {self.items.value}")
        return self

    def _in_bounds(self, said: str) -> bool:
        """Whether a default that fits the type is what the field takes."""
        if self.type in _NUMBERS:
            low = self.minimum if self.minimum is not None else float("-inf")
            return low <= float(said) <= (self.maximum if self.maximum is not None else float("inf"))
        if self.type in _TEXTS:
            longest = self.max_length or len(said)
            return self.min_length <= len(said) <= longest and re.search(self.pattern, said) is not None
        if self.type is FieldType.ARRAY:
            count = len(json.loads(said))
            return self.min_length <= count <= (self.max_length or count)
        if self.type is FieldType.OBJECT and self.fields:
            given: set[str] = set(json.loads(said))
            return {f.name for f in self.fields if f.required} <= given <= {f.name for f in self.fields}
        return True
