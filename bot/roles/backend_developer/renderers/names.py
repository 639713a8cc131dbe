"""Names and texts as SQL and OpenAPI must write them."""

from __future__ import annotations

import hashlib
import re

from sqlalchemy.dialects.postgresql.base import PGDialect

MAX_IDENTIFIER = 63
"""PostgreSQL cuts longer identifiers silently, counted in bytes (its manual, "Identifiers and Key Words")."""

# The plain dialect: a driver's own would double percent signs for its parameters.
DIALECT = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def identifier(*parts: str) -> str:
    """Join the parts to a name that PostgreSQL keeps whole; a name too long ends in a digest of itself."""
    name = "_".join(parts)
    if len(name.encode()) <= MAX_IDENTIFIER:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name.encode()[: MAX_IDENTIFIER - 9].decode(errors='ignore')}_{digest}"


def snake(name: str) -> str:
    """Return a Pascal case name in snake case: ``OrderLine`` becomes ``order_line``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def folded(name: str) -> str:
    """Return a name without case and separators, to tell ``createdAt`` for ``created_at``."""
    return re.sub(r"[\W_]", "", name).lower()


def quoted(name: str) -> str:
    """Return a name as it must be written, in quotes where it is one of PostgreSQL's words."""
    return DIALECT.identifier_preparer.quote(name)


def literal(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def remark(text: str) -> str:
    """Return a text as one line of an SQL comment."""
    return f"-- {' '.join(text.split())}\n"


def body(lines: str) -> str:
    """Return a function's body in dollar quotes whose tag does not occur in it."""
    tag, count = "$body$", 1
    while tag in lines:
        tag, count = f"$body{count}$", count + 1
    return f"{tag}\n{lines.rstrip()}\n{tag}"
