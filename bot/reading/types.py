"""Words for the types of values, as people and schema languages write them, shared by all readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.facts import ValueType

_LONGEST = 4000
"""Longest type expression that is looked into, in characters (an enum of a hundred members has 2,000)."""

_DEEPEST = 4
"""How many lists deep a type may stand."""
_LONGEST_WITH_ARGUMENTS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShape:
    """What a type expression says of a field.

    `values` are an enum's members as written. `items` is the type of an array's items; `element` names them where they
    are not of a known type (``[Order]``). `nullable` and `minimum` are None where nothing was said.
    """

    type: ValueType
    values: tuple[str, ...] = ()
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    nullable: bool | None = None
    minimum: float | None = None
    items: ValueType | None = None
    element: str = ""


_WORDS: dict[ValueType, str] = {
    ValueType.UUID: "uuid|guid|uniqueidentifier|uuid4|uuidv4|uuidv7|uuid v4|uuid v7|uuidfield|ulid",
    ValueType.STRING: "string|str|varchar|varchar2|nvarchar|nvarchar2|char|character|character varying|nchar|bpchar|"
    "charfield|citext|alphanumeric|short text|zeichenkette|zeichen|textfeld|keyword|phone|phone number|"
    "telefonnummer|telefon|slugfield|tinytext|inet|cidr|macaddr|string literal|cuid|ipaddress|ltree|"
    "varchar255|alphanumerisch",
    ValueType.TEXT: "text|longtext|mediumtext|clob|nclob|textfield|long text|long string|markdown|html|richtext|"
    "rich text|freitext|langtext|ntext|multiline|tsvector|xml|free text",
    ValueType.INTEGER: "int|integer|int4|int2|int16|int32|i32|i16|u32|u16|u8|i8|uint|uint32|smallint|mediumint|tinyint|"
    "serial|smallserial|serial4|number int|whole number|whole nr|whole nbr|whole num|integer number|"
    "natural number|ganzzahl|ganze zahl|integerfield|byte int|zähler|"
    "sint32|fixed32|sfixed32|anzahl|positiveintegerfield|smallintegerfield|autofield",
    ValueType.BIGINT: "bigint|int8|int64|long|bigserial|serial8|i64|u64|uint64|sint64|fixed64|sfixed64|bigintegerfield|"
    "bigautofield|big integer|snowflake",
    ValueType.DECIMAL: "decimal|numeric|number|dec|decimalfield|bigdecimal|dezimal|dezimalzahl|kommazahl|zahl|"
    "percent|percentage|prozent|num",
    ValueType.FLOAT: "float|double|real|double precision|float4|float8|float32|float64|f32|f64|floatfield|"
    "gleitkommazahl|gleitkomma|fließkommazahl",
    ValueType.MONEY: "money|smallmoney|currency amount|monetary|monetary amount|monetaryamount|geldbetrag|betrag|geld|"
    "moneyfield",
    ValueType.BOOLEAN: "bool|boolean|bit|yes/no|true/false|y/n|yes-no|ja/nein|j/n|wahr/falsch|wahrheitswert|flag|"
    "booleanfield|bit(1)|checkbox|logical|0/1",
    ValueType.DATE: "date|datum|localdate|datefield|iso date|date only|dateonly|calendar date|kalendertag",
    ValueType.TIME: "time|timetz|localtime|uhrzeit|timefield|time of day|timeonly|time without time zone|"
    "time with time zone|hh:mm",
    ValueType.TIMESTAMP: "timestamp|timestamptz|datetime|datetime2|date-time|datetimeoffset|smalldatetime|date time|"
    "date/time|date + time|date+time|day and time|day + time|datum + uhrzeit|"
    "datum+uhrzeit|tag und uhrzeit|datum mit uhrzeit|date with time|date incl time|"
    "localdatetime|zoneddatetime|offsetdatetime|instant|zeitpunkt|zeitstempel|datetimefield|datumzeit|"
    "timestamp with time zone|timestamp without time zone|timestamp tz|timestampz|datum/zeit|datum und uhrzeit|"
    "datum/uhrzeit|date & time|date and time|datum & uhrzeit|iso timestamp|iso datetime|iso8601|iso 8601|utc"
    " timestamp|epoch|unix timestamp|time stamp|"
    "timestampltz|timestamp_tz|timestamp_ntz",
    ValueType.DURATION: "duration|interval|timedelta|dauer|zeitspanne|timespan|durationfield|iso duration",
    ValueType.JSON: "json|jsonb|jsonfield|map|dict|any|hstore|record|mixed|variant|"
    "struct|jsonobject|free form|json object|"
    "key-value|key/value",
    ValueType.EMAIL: "email|e-mail|email address|e-mail address|emailfield|mail|emailstr|e-mail-adresse|mailadresse",
    ValueType.URL: "url|uri|link|urlfield|http url|httpurl|uri-reference|href|webadresse|anyurl|iri",
    ValueType.ENUM: "enum|enumeration|choice|choices|select|picklist|auswahl|aufzählung|one of|set of values|dropdown",
    ValueType.BINARY: "binary|bytea|blob|varbinary|bytes|longblob|mediumblob|tinyblob|image blob|"
    "byte|byte[]|byte array|"
    "base64|binär|binaryfield|bytearray",
    ValueType.FILE: "file|attachment|upload|image|photo|pdf|datei|anhang|bild|foto|filefield|imagefield",
    ValueType.POINT: "point|geopoint|geo point|latlng|lat/lng|lat/lon|coordinates|"
    "koordinaten|geography|geometry|"
    "pointfield",
    ValueType.ARRAY: "array|list|set|liste|menge|multiset|sequence",
    ValueType.OBJECT: "object|objekt|nested object|embedded|value object",
}
_KNOWN: dict[str, ValueType] = {word: kind for kind, text in _WORDS.items() for word in text.split("|")}

_LONGEST_WORDS = max(word.count(" ") + 1 for word in _KNOWN)

_LIST_OF = re.compile(
    r"(?:list|array|set|liste|menge|sequence|repeated|iterable|collection)(?:\s+(?:of|von|aus)\s+|\s*<\s*"
    r"|\s*\[\s*|\s*\(\s*)"
    r"(.+?)\s*[>\])]?$",
    re.I | re.S,
)
_OPTIONAL = re.compile(r"(?:optional|maybe|nullable|option)\s*[<\[(]\s*(.+?)\s*[>\])]$", re.I | re.S)
_ENUM = re.compile(
    r"(?:enum|enumeration|choice|choices|select|one of|auswahl|aufzählung|literal)\s*(?:[:=]|(?=[\[({<'\"]))\s*(.+)$",
    re.I | re.S,
)
_ENUM_BARE = re.compile(r"(?:enum|one of|auswahl)\s+(.+[|,/].+)$", re.I | re.S)
_ARGUMENTS = re.compile(
    r"([^()\[\]<>{}]+?)\s*[(\[<]\s*(\d+|max)\s*(?:char|byte)?\s*(?:[,.]\s*(\d+)\s*)?[)\]>]\s*([\w ]*)$", re.I
)
_NULLED = re.compile(r"\s*(?:\|\s*(?:null|undefined|none)|,?\s+(?:or null|oder null|nullable|null))$", re.I)
_NOT_NULL = re.compile(r",?\s+(?:not null|not nullable|non-null|nicht null)$", re.I)
_UNSIGNED = re.compile(r"\s+unsigned(?:\s+zerofill)?$|^(?:unsigned|positive)\s+", re.I)
_MEMBER = re.compile(r"[^\s|,;(){}\[\]<>]+(?: [^\s|,;(){}\[\]<>]+){0,4}")
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def value_type(text: str) -> FieldShape | None:
    """Return what a type expression says (``varchar(12)``, ``String!``, ``[Foo]``, ``enum(a|b)``, ``ja/nein``).

    None where it is no type that is known: the caller may know it as an enum or an entity of its document.
    """
    return _value_type(text, 0)


def _value_type(text: str, depth: int) -> FieldShape | None:
    """Return the shape of a type expression that stands `depth` lists deep in another."""
    said = text.strip().strip("`*").strip()
    if not said or len(said) > _LONGEST or depth > _DEEPEST:
        return None
    return _said_shape(said, depth)


@lru_cache(maxsize=1024)  # a document says the same few types again and again
def _said_shape(said: str, depth: int) -> FieldShape | None:
    nullable: bool | None = None
    for _ in range(3):
        said, found = _without_null(said)
        nullable = found if found is not None else nullable
    shape = _shape(said, depth)
    if shape is None or nullable is None:
        return shape
    return replace(shape, nullable=nullable)


def leading_type(text: str) -> tuple[FieldShape, str] | None:
    """Return the type that a text begins with, and the rest of it: ``uuid fk users`` gives a UUID and `` fk users``."""
    bounded = text[:_LONGEST]
    if end := _brackets_end(bounded):
        shape = value_type(bounded[:end])
        if shape is not None:
            return shape, text[end:]
    ends = [match.end() for match in re.finditer(r"[^\s,;]+", bounded[:200])][:_LONGEST_WORDS]
    for end in reversed(ends):
        shape = value_type(bounded[:end])
        if shape is not None:
            return shape, text[end:]
    return None


def enum_members(text: str) -> tuple[str, ...]:
    """Return the members that ``a | b``, ``a, b``, ``'a' 'b'`` or ``a/b`` list, as written; empty if it is no list."""
    body = text.strip()
    while body and body[0] in _PAIRS and body.endswith(_PAIRS[body[0]]):
        body = body[1:-1].strip()
    if quoted := re.findall(r"'([^']*)'|\"([^\"]*)\"", body):
        return tuple(dict.fromkeys(one or other for one, other in quoted if one or other))
    separator = next((sign for sign in "|,;/" if sign in body), None)
    parts = [part.strip().strip("`'\"") for part in body.split(separator)] if separator else [body]
    if not all(part and _MEMBER.fullmatch(part) for part in parts):
        return ()
    return tuple(dict.fromkeys(parts))


def _without_null(said: str) -> tuple[str, bool | None]:
    """Split what is said of null from a type: ``string?``, ``String!``, ``int | null``, ``Optional[int]``."""
    if said.endswith("!"):
        return said[:-1].rstrip(), False
    if said.endswith("?"):
        return said[:-1].rstrip(), True
    if match := _NOT_NULL.search(said[-20:]):
        return said[: len(said) - len(match.group())], False
    if match := _NULLED.search(said[-20:]):
        return said[: len(said) - len(match.group())], True
    if match := _OPTIONAL.match(said):
        return match.group(1), True
    return said, None


def _shape(said: str, depth: int) -> FieldShape | None:
    """Return the shape of a type expression from which null is taken away."""
    if kind := _KNOWN.get(said.lower()):
        return FieldShape(type=kind)
    unsigned = _UNSIGNED.search(said)
    if unsigned:
        inner = _shape(_UNSIGNED.sub("", said, count=1), depth + 1) if depth <= _DEEPEST else None
        return replace(inner, minimum=0) if inner else None
    return _array(said, depth) or _enum(said) or _with_arguments(said) or _bare_enum(said)


def _array(said: str, depth: int) -> FieldShape | None:
    """Return the shape of ``[T]``, ``T[]``, ``list[T]``, ``array of T``."""
    if said.startswith("[") and said.endswith("]") and "|" not in said and "," not in said:
        inner = said[1:-1]
    elif said.endswith("[]"):
        inner = said[:-2]
    elif match := _LIST_OF.match(said):
        inner = match.group(1)
    else:
        return None
    item = _value_type(inner, depth + 1)
    if item is not None:
        return FieldShape(type=ValueType.ARRAY, items=item.type, values=item.values, element=item.element)
    name = inner.strip().rstrip("!?").strip("'\"")
    return FieldShape(type=ValueType.ARRAY, element=name) if re.fullmatch(r"[\w.$]{1,100}", name) else None


def _enum(said: str) -> FieldShape | None:
    """Return the shape of ``enum(a, b)``, ``enum: a|b``, ``one of a, b``."""
    match = _ENUM.match(said) or _ENUM_BARE.match(said)
    members = enum_members(match.group(1)) if match else ()
    return FieldShape(type=ValueType.ENUM, values=members) if members else None


def _with_arguments(said: str) -> FieldShape | None:
    """Return the shape of ``varchar(12)``, ``numeric(10,2)``, ``timestamp(3) with time zone``, ``tinyint(1)``."""
    match = _ARGUMENTS.match(said) if len(said) <= _LONGEST_WITH_ARGUMENTS else None
    if match is None:
        return None
    word, second, rest = match.group(1).strip().lower(), match.group(3), match.group(4)
    first = int(match.group(2)[:9]) if match.group(2).isdigit() else None
    kind = _KNOWN.get(f"{word} {rest.strip().lower()}".strip()) or (_KNOWN.get(word) if not rest.strip() else None)
    if kind is None:
        return None
    if word in {"tinyint", "bit"} and first == 1:
        return FieldShape(type=ValueType.BOOLEAN)
    if kind in {ValueType.DECIMAL, ValueType.MONEY} or second is not None:
        return FieldShape(type=kind, precision=first, scale=int(second[:9]) if second else None)
    if kind in {ValueType.STRING, ValueType.TEXT, ValueType.BINARY, ValueType.EMAIL, ValueType.URL}:
        return FieldShape(type=kind, max_length=first)
    return FieldShape(type=kind)


def _bare_enum(said: str) -> FieldShape | None:
    """Return the shape of ``a | b | c``, ``(a|b)``, ``'a', 'b'`` or ``a/b``, none of whose members is itself a type."""
    if not re.search(r"[|/]|^['\"(\[{].*,", said, re.S) or said.startswith("/"):
        return None
    members = enum_members(said)
    if len(members) < 2 or (any(member.lower() in _KNOWN for member in members) and not re.search(r"['\"]", said)):
        return None
    return FieldShape(type=ValueType.ENUM, values=members)


def _brackets_end(text: str) -> int:
    """Return where the first pair of brackets ends that belongs to the leading word; 0 if there is none."""
    match = re.match(r"\s*[\w ]{0,40}?\s?[(\[{<]", text)
    if match is None:
        return 0
    opening = match.end() - 1
    depth, closing = 0, _PAIRS[text[opening]]
    for index in range(opening, len(text)):
        depth += (text[index] == text[opening]) - (text[index] == closing)
        if depth == 0:
            end = index + 1
            return end + 1 if text[end : end + 1] in {"?", "!"} else end
    return 0
