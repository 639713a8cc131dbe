"""Words behind a field's name and type: ``fk users, not null, default 'x', >= 0``, in English and German."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.facts import FieldFact, ValueType
from bot.reading.names import singular
from bot.reading.types import leading_type

_NUMBER = r"(-?\d{1,15}(?:\.\d{1,9})?)"
_WORDS: tuple[tuple[re.Pattern[str], dict[str, bool]], ...] = tuple(
    (re.compile(pattern, re.I), changes)
    for pattern, changes in (
        (
            r"\b(?:pk|primary[ -]?key|primary|primärschlüssel|hauptschlüssel)\b",
            {"primary_key": True, "required": True, "nullable": False},
        ),
        (
            r"\b(?:not[ -]null|required|mandatory|pflicht(?:feld)?|erforderlich|nn|muss)\b",
            {"required": True, "nullable": False},
        ),
        (r"\b(?:nullable|optional|null allowed|kann leer sein|null)\b", {"required": False, "nullable": True}),
        (r"\b(?:unique|uk|uq|eindeutig|uniq)\b", {"unique": True}),
        (r"\b(?:read[ -]?only|generated|computed|berechnet|nur lesen|schreibgeschützt)\b", {"read_only": True}),
        (r"\b(?:write[ -]?only)\b", {"write_only": True}),
        (r"\b(?:immutable|unveränderlich|set once)\b", {"immutable": True}),
        (r"\b(?:pii|sensitive|personenbezogen|vertraulich|encrypted|verschlüsselt)\b", {"sensitive": True}),
        (r"\b(?:auto[_ ]?increment|autoincrement|indexed|index|idx|identity)\b", {}),
    )
)
_REFERENCE = re.compile(
    r"(?:\b(?:fk|foreign key|references|refs?|fremdschlüssel|verweist auf|verweis auf|belongs to|links? to)\b"
    r"\s*(?:auf|to|:|->|→)?"
    r"|->|→|>)\s*([A-Za-zÄÖÜäöüß_][\w.]*)(\s*\(\w+\))?",
    re.I,
)
_DEFAULT = re.compile(
    r"\b(?:default|standard|vorgabe|initial)\b\s*[:=]?\s*('[^']*'|\"[^\"]*\"|[\w.+-]+(?:\(\))?)", re.I
)
_RANGE = re.compile(rf"(?<![\w.]){_NUMBER}\s*(?:-|–|\.\.|bis|to)\s*{_NUMBER}(?![\w-])", re.I)
_LOW = re.compile(rf"(?:>=|≥|\bmin(?:imum|destens)?\b\s*[:=]?)\s*{_NUMBER}", re.I)
_HIGH = re.compile(rf"(?:<=|≤|\bmax(?:imum|imal)?\b\s*[:=]?)\s*{_NUMBER}", re.I)
_POSITIVE = re.compile(r">\s*0\b|\bpositive?\b", re.I)
_LONGEST = 400


def described_field(entity: str, said: str, statement: str) -> FieldFact | None:
    """Return the field that ``name: type words`` or ``name type words`` or ``name (type)`` says; None if it is none."""
    if len(said) > _LONGEST:
        return None
    match = re.match(r"\s*[`\"*]*([^\W\d][\w.$-]*)([?!*]?)[`\"*]*\s*(?:[:\-–=]\s*|(?=\()|\s+|$)(.*)$", said, re.S)
    if match is None:
        return None
    name, mark, rest = match.groups()
    made = FieldFact(statement=statement, entity=entity, name=name)
    if mark == "?":
        made = replace(made, nullable=True)
    if mark in {"*", "!"}:
        made = replace(made, required=True)
    if not rest.strip():
        return made
    return with_type_and_words(made, rest)


def with_type_and_words(made: FieldFact, rest: str) -> FieldFact | None:
    """Return the field with the type that `rest` begins with and the words behind it; None if nothing is known."""
    inner = rest.strip()
    if inner.startswith("(") and inner.endswith(")") and "|" not in inner and "(" not in inner[1:]:
        inner = inner[1:-1].strip()
    found = leading_type(inner) or leading_type(rest.strip())
    if found is not None:
        shape, inner = found
        made = replace(
            made,
            type=shape.type,
            values=shape.values,
            items=shape.items,
            max_length=shape.max_length,
            minimum=shape.minimum,
            nullable=shape.nullable if shape.nullable is not None else made.nullable,
            references=singular(shape.element) if shape.element else "",
        )
    changed = with_words(made, inner)
    if found is None and changed == made:
        return None
    return changed


def with_words(made: FieldFact, said: str) -> FieldFact:
    """Return the field with what the words behind its type say."""
    said = said[:_LONGEST]
    if match := _DEFAULT.search(said):
        made = replace(made, default=match.group(1).strip("'\""))
        said = said[: match.start()] + said[match.end() :]
    if match := _REFERENCE.search(said):
        target = match.group(1)
        target = target.split(".")[0] if "." in target else target
        made = replace(made, references=singular(target))
        said = said[: match.start()] + said[match.end() :]
    for pattern, changes in _WORDS:
        if pattern.search(said):
            made = replace(made, **changes)  # type: ignore[arg-type]
            said = pattern.sub(" ", said)
    return _with_bounds(made, said)


def _with_bounds(made: FieldFact, said: str) -> FieldFact:
    """Return the field with its bounds: of its value, or of its length where it is a text."""
    low = high = None
    if match := _RANGE.search(said):
        low, high = float(match.group(1)), float(match.group(2))
    if match := _LOW.search(said):
        low = float(match.group(1))
    if match := _HIGH.search(said):
        high = float(match.group(1))
    if low is None and _POSITIVE.search(said):
        low = 1.0 if made.type in {ValueType.INTEGER, ValueType.BIGINT} else 0.0
    if made.type in {ValueType.STRING, ValueType.TEXT, ValueType.EMAIL, ValueType.URL}:
        return replace(
            made,
            min_length=int(low) if low is not None else made.min_length,
            max_length=int(high) if high is not None else made.max_length,
        )
    return replace(
        made,
        minimum=low if low is not None else made.minimum,
        maximum=high if high is not None else made.maximum,
    )
