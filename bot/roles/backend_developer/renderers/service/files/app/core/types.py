"""Types of bodies, queries and results, with the bounds that openapi.yaml declares."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

__all__ = ["UNSET", "UUID", "Annotated", "Any", "Decimal", "Field", "Literal", "date", "datetime", "time", "timedelta"]

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""NUL as JSON writes it, which a text about backslashes is not."""

UNSET: Any = None
"""Default of a field that may be left out; whether it may be null says its type."""


def _storable(value: str) -> str:
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("must not hold the character NUL or half a surrogate pair")
    return value


def _storable_json(value: dict[str, Any]) -> dict[str, Any]:
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    _storable(written)
    if _NUL.search(written):
        raise ValueError("must not hold the character NUL")
    return value


def _moment(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must lie in the years 1 to 9999, UTC") from error


def _email(value: str) -> str:
    name, at, host = value.rpartition("@")
    if not (name and at and host) or any(char.isspace() for char in value):
        raise ValueError("must be an e-mail address")
    return value


def _decoded(value: object) -> object:
    if isinstance(value, str):
        return base64.b64decode(value, validate=True)
    return value


def _pattern(expression: str) -> AfterValidator:
    """Return a check by a regular expression that may stand anywhere in the text, as JSON Schema has it."""
    compiled = re.compile(expression)

    def check(value: str) -> str:
        if compiled.search(value) is None:
            raise ValueError(f"must match {expression}")
        return value

    return AfterValidator(check)


def matches(expression: str) -> AfterValidator:
    """Return the check of a text by a regular expression."""
    return _pattern(expression)


def between(lowest: str | None = None, highest: str | None = None) -> AfterValidator:
    """Return the check of a decimal by its bounds, both included."""

    def check(value: Decimal) -> Decimal:
        if lowest is not None and value < Decimal(lowest):
            raise ValueError(f"must be at least {lowest}")
        if highest is not None and value > Decimal(highest):
            raise ValueError(f"must be at most {highest}")
        return value

    return AfterValidator(check)


def _point_of(value: object) -> object:
    if isinstance(value, str):
        longitude, latitude = value.strip("()").split(",")
        return {"longitude": float(longitude), "latitude": float(latitude)}
    return value


def _whole(value: object) -> object:
    """Return 12.0 as 12: JSON has one kind of number, and JSON Schema calls both an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _decimal(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", value):
            raise ValueError("must be a decimal of at most 15 digits before and 4 after the point, as text")
        return Decimal(value)
    raise ValueError("must be a decimal, as text")


Text = Annotated[str, AfterValidator(_storable)]
String = Annotated[str, StringConstraints(max_length=200), AfterValidator(_storable)]
LongText = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_storable)]
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(_storable), AfterValidator(_email)]
Url = Annotated[
    str,
    StringConstraints(max_length=2_048, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$"),
    AfterValidator(_storable),
]
File = Annotated[str, StringConstraints(max_length=1_024), AfterValidator(_storable)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
DecimalText = Annotated[Decimal, BeforeValidator(_decimal)]
Binary = Annotated[bytes, BeforeValidator(_decoded), Field(max_length=1_050_000)]
Integer = Annotated[int, BeforeValidator(_whole), Field(ge=-9_007_199_254_740_991, le=9_007_199_254_740_991)]
BigInteger = Annotated[int, BeforeValidator(_whole), Field(ge=-(2**63), le=2**63 - 1)]
Float = Annotated[float, Field(ge=-1e300, le=1e300, allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
TimeOfDay = Annotated[time, AfterValidator(lambda value: value.replace(tzinfo=None))]
JsonObject = Annotated[dict[str, Any], Field(max_length=200), AfterValidator(_storable_json)]
PathText = Annotated[str, StringConstraints(min_length=1, max_length=1_024), AfterValidator(_storable)]
Base64 = Annotated[bytes, PlainSerializer(lambda value: base64.b64encode(value).decode(), return_type=str)]


class Body(BaseModel):
    """What callers send: unknown keys are refused, and no value is guessed into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False, protected_namespaces=())


class Changes(Body):
    """Changes to a row: at least one."""

    @model_validator(mode="after")
    def _some(self) -> Changes:
        if not self.model_fields_set:
            raise ValueError("at least one key is needed")
        return self


class Query(BaseModel):
    """Parameters of a query; those that nobody declared are ignored."""

    model_config = ConfigDict(extra="ignore", protected_namespaces=())


class Result(BaseModel):
    """What callers get."""

    model_config = ConfigDict(extra="ignore", protected_namespaces=(), from_attributes=False)


class Point(BaseModel):
    """A place on earth, in degrees."""

    model_config = ConfigDict(extra="forbid")

    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


StoredPoint = Annotated[Point, BeforeValidator(_point_of)]


class Accepted(Result):
    """Work that goes on in the background."""

    id: UUID
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]


class PageQuery(Query):
    """Which part of a list."""

    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
