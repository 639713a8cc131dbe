"""Column types: instants in UTC, enumerations, people's words, and frozen values as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError
from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.domain.proposal import PROPOSAL_TYPE, Proposal

E = TypeVar("E", bound=StrEnum)


class Instant(TypeDecorator[datetime]):
    """A timezone-aware moment in UTC. SQLite keeps no zone, so naive values are refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it in UTC; ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it in UTC, whatever the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text written by people or models. What no UTF-8 database can keep (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it can be kept."""
        return value if value is None else storable(value)


class Named(TypeDecorator[E]):
    """A member of an enumeration, kept by its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Return the plain value."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Return the member; ValueError for a value that this version does not know."""
        return None if value is None else self.kind(value)


class Json(TypeDecorator[Any]):
    """A frozen value of the type `kind`, kept as JSON text and read back as an equal value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the value's JSON."""
        return None if value is None else encode(self.kind, value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the value again."""
        return None if value is None else decode(self.kind, value)


def storable(text: str) -> str:
    """Return `text` without what UTF-8 databases refuse."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def encode(kind: Any, value: Any) -> bytes:
    """Return `value` of the type `kind` as UTF-8 JSON; infinity, which JSON cannot say, becomes null."""
    adapter = _adapter(kind)
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        # Documents may hold "\ud800", which JSON can say and UTF-8 cannot.
        text = json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False)
        return storable(text).encode()


def decode(kind: Any, text: str | bytes, proposal_type: type[Proposal] | None = None) -> Any:
    """Return the value of the type `kind` that `encode` wrote; a proposal in it is read as `proposal_type`.

    Raises pydantic.ValidationError for anything else.
    """
    return _adapter(kind).validate_json(text, context={PROPOSAL_TYPE: proposal_type})


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Building one takes milliseconds: lazily, and once.
    return TypeAdapter(kind)
