"""Fields from words: ``total money``, ``status (draft|paid)``, ``email unique``; else the name tells the type."""

from __future__ import annotations

import re

from bot.roles.backend_developer.blueprint import EntityField, FieldType
from bot.roles.backend_developer.designers.offline.nouns import snake

IMPLICIT = frozenset({"id", "uuid", "created_at", "updated_at", "tenant_id", "created", "updated"})
"""Fields that the renderer gives every entity."""

_RESERVED = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_VALUES = re.compile(r"\(([^()]*[|/,][^()]*)\)|\[([^\[\]]*[|/,][^\[\]]*)\]|\benum\b[:( ]+([\w |/,-]+)")
_TYPE_WORDS: dict[str, FieldType] = {
    "uuid": FieldType.UUID,
    "string": FieldType.STRING,
    "str": FieldType.STRING,
    "varchar": FieldType.STRING,
    "text": FieldType.TEXT,
    "int": FieldType.INTEGER,
    "integer": FieldType.INTEGER,
    "bigint": FieldType.INTEGER,
    "number": FieldType.DECIMAL,
    "decimal": FieldType.DECIMAL,
    "float": FieldType.DECIMAL,
    "numeric": FieldType.DECIMAL,
    "money": FieldType.MONEY,
    "bool": FieldType.BOOLEAN,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "timestamp": FieldType.TIMESTAMP,
    "timestamptz": FieldType.TIMESTAMP,
    "datetime": FieldType.TIMESTAMP,
    "json": FieldType.JSON,
    "jsonb": FieldType.JSON,
    "object": FieldType.JSON,
    "email": FieldType.EMAIL,
    "url": FieldType.URL,
    "uri": FieldType.URL,
    "binary": FieldType.BINARY,
    "blob": FieldType.BINARY,
}
_MARKS = frozenset(
    {"unique", "optional", "nullable", "required", "sensitive", "pii", "readonly", "key", "the", "a", "an"}
)
_BY_NAME: tuple[tuple[str, FieldType], ...] = (
    (r"(_at|_time|timestamp)$|^(time|datetime|expires|occurred)", FieldType.TIMESTAMP),
    (r"(_on|_date|^date|birthday|day)$", FieldType.DATE),
    (r"^(is|has|can|allow)_|(enabled|active|verified|default|archived|public)$", FieldType.BOOLEAN),
    (r"email", FieldType.EMAIL),
    (r"(url|uri|link|website|homepage)$", FieldType.URL),
    (r"(price|amount|total|cost|fee|balance|budget|salary|revenue|deposit)$", FieldType.MONEY),
    (
        r"(count|quantity|qty|position|age|size|version|attempts?|minutes|seconds|days|year|capacity|priority|"
        r"bytes|_ms|level)$",
        FieldType.INTEGER,
    ),
    (
        r"(rate|ratio|percent|percentage|score|weight|latitude|longitude|lat|lng|lon|value|height|width|"
        r"discount|tax)$",
        FieldType.DECIMAL,
    ),
    (
        r"(description|notes?|body|content|comment|text|message|reason|summary|bio|instructions?|address)$",
        FieldType.TEXT,
    ),
    (
        r"(metadata|payload|settings|config|configuration|definition|data|attributes|options|steps|result|"
        r"input|output|dimensions|properties|rules?|schema|preferences)$",
        FieldType.JSON,
    ),
    (r"(status|state)$", FieldType.ENUM),
)  # fmt: skip
_SENSITIVE = re.compile(
    r"email|phone|mobile|address|birth|ssn|passport|tax_id|iban|card|password|secret|token|salary|diagnosis|medical|"
    r"first_name|last_name|full_name|display_name|ip_address"
)
_STATES = ("draft", "active", "archived")
MAX_VALUES = 20
MAX_WORDS = 5
"""More words than that are a sentence, not a field."""


def parse_fields(text: str, limit: int = 30) -> tuple[EntityField, ...]:
    """Return the fields that a comma or semicolon separated list names, without those that every entity has."""
    found: dict[str, EntityField] = {}
    for part in _parts(text):
        field = parse_field(part)
        if field is not None and len(found) < limit:
            found.setdefault(field.name, field)
    return tuple(found.values())


def parse_field(text: str) -> EntityField | None:
    """Return the field that a few words name, or None if they name none (or one that every entity has)."""
    values = _values(text)
    bare = _VALUES.sub(" ", text)
    optional = "?" in bare
    tokens = re.findall(r"[A-Za-z][\w-]*", bare)
    marks = {token.lower() for token in tokens} & _MARKS
    rest = [token for token in tokens if token.lower() not in _MARKS]
    if not rest or len(rest) > MAX_WORDS:
        return None
    stated = next((_TYPE_WORDS[token.lower()] for token in rest[1:] if token.lower() in _TYPE_WORDS), None)
    name = snake("_".join(token for i, token in enumerate(rest[:4]) if i == 0 or token.lower() not in _TYPE_WORDS))
    if not name or name in IMPLICIT or name in _RESERVED:
        return None
    if name.endswith("password") or name == "pin":
        name = f"{name}_hash"
    kind = FieldType.ENUM if values else stated or type_of(name)
    if kind is FieldType.ENUM and not values:
        values = _STATES
    return EntityField(
        name=name,
        type=kind,
        required=not (optional or marks & {"optional", "nullable"}),
        unique="unique" in marks,
        sensitive=bool(marks & {"sensitive", "pii"}) or _SENSITIVE.search(name) is not None,
        read_only="readonly" in marks or name.endswith("_hash"),
        values=values if kind is FieldType.ENUM else (),
    )


def type_of(name: str) -> FieldType:
    """Return the type that a field of that name most likely has."""
    return next((kind for pattern, kind in _BY_NAME if re.search(pattern, name)), FieldType.STRING)


def _values(text: str) -> tuple[str, ...]:
    match = _VALUES.search(text)
    if match is None:
        return ()
    inside = next(group for group in match.groups() if group)
    names = (snake(part) for part in re.split(r"[|/,]|\bor\b", inside))
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_VALUES]


def _parts(text: str) -> list[str]:
    """Split at commas and semicolons that stand outside brackets, and at "and"."""
    parts, depth, start = [], 0, 0
    for i, sign in enumerate(text):
        depth = max(0, depth + (sign in "([") - (sign in ")]"))
        if sign in ",;" and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return [piece for part in parts for piece in re.split(r"\band\b(?![^(]*\))", part)]
