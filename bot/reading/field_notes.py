"""What is said of a field in brackets or behind its name: types, flags, bounds, units, members, defaults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.facts import FieldFact, ValueType
from bot.reading.field_wording import is_worded, with_places, worded
from bot.reading.names import singular, vocabulary
from bot.reading.tokens import squeezed
from bot.reading.types import FieldShape, value_type
from bot.reading.words import FUNCTION

_NUMBER = r"-?\d+(?:[.,_]\d+|(?<=\d)[ \u00a0\u202f]\d{3}(?!\d))*"
_BOUNDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"\b(?:max|maximum|maximal|at most|up to|höchstens|bis zu|(?<!\d\s)bis(?=\s*\d)|(?:no|not|never|nie|nicht)"
            rf" (?:more|higher|mehr|höher) (?:than|als))\.?\s*(?:of\s+|length\s+)?({_NUMBER})\s*"
            r"(chars?|characters?|zeichen)?",
            re.I,
        ),
        "max",
    ),
    (
        re.compile(
            r"\b(?:min|minimum|mindestens|at least|ab(?=\s*\d)|from(?=\s*\d[\d.,]*(?: (?:up|on|upwards))?$)"
            r"|(?:no|not|never|nie|nicht) (?:less|lower|fewer|weniger) (?:than|als))"
            rf"\.?\s*(?:of\s+|length\s+)?({_NUMBER})\s*"
            r"(chars?|characters?|zeichen)?",
            re.I,
        ),
        "min",
    ),
    (re.compile(rf"(?:>=|≥)\s*({_NUMBER})"), "min"),
    (re.compile(rf"(?:<=|≤)\s*({_NUMBER})"), "max"),
    (re.compile(rf"(?:>)\s*({_NUMBER})"), "above"),
    (re.compile(rf"(?:<)\s*({_NUMBER})"), "below"),
)
RANGE = re.compile(rf"(?<![\w.-])({_NUMBER})\s*(?:\.\.\.?|…|–|-|to|bis)\s*({_NUMBER})(?![\w-])")
DEFAULT = re.compile(
    (
        r"(?:\b(?=\S{1,40} by default\b)|\bdefaults?(?:\s+to|\s+is)?\s*[:=]?\s*|\bstandard(?:mäßig)?\s*[:=]?\s+"
        r"|\bvorgabe\s*[:=]?\s*|"
        r"(?<![<>])=\s*)(\"[^\"]*\"|'[^']*'|[^\s,;)]+)"
    ),
    re.I,
)
_REFERENCE = re.compile(
    (
        r"(?:\b(?:fk|foreign key|references?|ref|verweis auf|points? (?:to|at))\b\s*(?:to|on|auf|:)?\s*|"
        r"->\s*|→\s*)([A-Za-z_][\w.]*)?"
    ),
    re.I,
)
FLAGS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (
        re.compile(
            r"\b(?:not null|not nullable|non-null|required|mandatory|pflicht(?:feld)?|erforderlich|"
            r"notwendig)\b",
            re.I,
        ),
        {"required": True},
    ),
    (
        re.compile(r"\b(?:nullable|null|can be null|may be null|may be empty|can be empty|darf leer sein)\b", re.I),
        {"nullable": True},
    ),
    (re.compile(r"\b(?:optional|freiwillig|if any|if known)\b", re.I), {"required": False}),
    (re.compile(r"\b(?:unique|eindeutig|einmalig|distinct|uk|uniq)\b", re.I), {"unique": True}),
    (re.compile(r"\b(?:primary key|pk|primärschlüssel)\b", re.I), {"primary_key": True}),
    (
        re.compile(
            r"\b(?:read-?only|computed|calculated|derived|generated|nur lesen|berechnet|schreibgeschützt|"
            r"server-?side)\b",
            re.I,
        ),
        {"read_only": True},
    ),
    (re.compile(r"\b(?:write-?only|never returned)\b", re.I), {"write_only": True}),
    (
        re.compile(r"\b(?:immutable|set once|never changes|unveränderlich|cannot change|unveränderbar)\b", re.I),
        {"immutable": True},
    ),
    (
        re.compile(
            r"\b(?:encrypted|hashed|secret|sensitive|pii|personal data|vertraulich|verschlüsselt|"
            r"confidential)\b",
            re.I,
        ),
        {"sensitive": True},
    ),
    (re.compile(r"\b(?:non-?negative|not negative|nicht negativ|never negative|positive)\b", re.I), {"minimum": 0.0}),
)
_UNIT = re.compile(
    (
        r"(?:\bin\s+)?(?<![\w])(minor units?|cents?|cent|eur|euros?|usd|dollars?|gbp|chf|pounds?|seconds?"
        r"|sekunden|secs?|"
        r"minutes?|minuten|mins|hours?|stunden|days?|tage[n]?|weeks?|wochen|months?|monaten?|years?|jahren?|"
        r"milliseconds?|ms|(?:kilo|milli|micro)?gram(?:s|mes?|m|me)?|kilos?|kg|mg|g|tons?|tonnes?|tonnen?|lbs?"
        r"|ounces?|"
        r"square (?:met(?:er|re)s?|feet|kilomet(?:er|re)s?)|cubic (?:met(?:er|re)s?|feet)|quadratmetern?"
        r"|kubikmetern?|m²|m³|sqm|m2|m3|km²|ha|hectares?|hektar|"
        r"(?:kilo|centi|zenti|milli|nautical |sea)?(?:met(?:er|re)s?|metern)|(?:nautical |sea)?miles?|seemeilen"
        r"|inch(?:es)?|feet|foot|ft|zoll|knots?|knoten|"
        r"km/h|mph|m/s|km|cm|mm|percent|%|per cent|prozent|degrees?|grad|kwh|wh|kw|watts?|volts?|amperes?"
        r"|lumens?|lux|hertz|hz|bar|pascal|"
        r"(?:milli|hecto)?lit(?:er|re)s?|litern|ml|celsius|fahrenheit|°c|°f|°|€|\$|£|bytes?|mb|gb|kb|kilobytes?"
        r"|megabytes?)(?![\w])"
    ),
    re.I,
)
RATIO = re.compile(
    r"(?:in )?((?:[munkµ]?[glm]|km|kwh|kw|w|eur|€|\$|cts?|l|pcs|kcal|mb|kb)/(?:[hlsmg]|kg|km|m[²³23]|ha|kwh|min|day"
    r"|d|100\s?g|unit|piece|stück))",
    re.I,
)
"""A unit for another, which are no members of a choice: ``g/l``, ``EUR/h``."""
_SHORT_UNIT = re.compile(r"(?:in )?(m|t|l|s|h|v|w)")
"""Units of one letter, which are units only where nothing else stands there."""
_WHOLE = re.compile(
    r"min(?!or)|sec|sek|cent(?!i)|day|tag|ms$|milli(?=sec)|stunde|hour|week|woche|month|monat|year|jahr|bytes?$", re.I
)
"""Units that are counted in whole numbers."""
_ISO = re.compile(r"\biso[\s-]?(\d{3,5})(?:-\d)?\b", re.I)
_SIZED = re.compile(r"^([a-zäöü]+)\s+(\d+)$", re.I)
AMBIGUOUS = vocabulary(
    "date time number url email link file image text photo address percentage duration list flag record point "
    "datum adresse nummer bild datei anzahl zahl betrag mail amount select object phone any map set upload "
    "attachment uri keyword choice byte interval foto anhang liste dauer uhrzeit zeitpunkt telefon geld kind type "
    "minutes"
)
BARE_TYPES = re.compile(r"^(?:as|als|is an?|ist ein(?:e)?|an?|of type|vom typ|type|typ)\s+", re.I)


def parts(text: str, marks: str = ",") -> list[str]:
    """Cut a text at `marks` outside brackets and quotes."""
    found, depth, at, quote = [], 0, 0, ""
    for n, c in enumerate(text):
        if quote:
            quote = "" if c == quote else quote
        elif c == '"':
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth = max(0, depth - 1)
        elif (
            c in marks and not depth and not (c == "," and text[n - 1 : n].isdigit() and text[n + 1 : n + 2].isdigit())
        ):
            found.append(text[at:n])
            at = n + 1
    found.append(text[at:])
    return [part.strip() for part in found if part.strip()]


def with_members(fact: FieldFact, members: Sequence[str]) -> FieldFact:  # noqa: PLR0912
    """Return a field with the members that were listed, but for what they say of it instead."""
    default, kept, notes = fact.default, [], []
    for said in members:
        bare, note = without_brackets(said.strip().strip("`'\"."))
        if "=" in bare and not bare.startswith("="):
            bare = bare.split("=")[0].strip()
        if (isdefault := re.match(r"(?:default|standard)\s*[:=]?\s*(\S+)|=(\S+)", bare, re.I)) and (
            isdefault[1] or isdefault[2]
        ):
            default = (isdefault[1] or isdefault[2]).strip("'\"")
            continue
        if any("default" in n.lower() for n in note):
            default = bare
        flag = next((flags for pattern, flags in FLAGS if pattern.fullmatch(bare)), None)
        if flag:
            notes.append(bare)
        elif bare and bare.lower() not in {"etc", "usw", "...", "…"}:
            kept.append(bare)
    shape = value_type("/".join(kept)) if len(kept) == 2 else None
    if shape is not None and shape.type is ValueType.BOOLEAN:
        fact = replace(fact, type=ValueType.BOOLEAN, default=default)
    elif len(kept) == 1 and (typed := value_type(kept[0])):
        fact = replace(_shaped(fact, typed), default=default)
    else:
        first = value_type(kept[0]) if kept else None
        if first is not None and says_of_field(kept[0]) and len(kept) > 1 and not fact.type:
            fact = _shaped(fact, first)
            for rest in kept[1:]:
                fact = annotated(fact, rest)
        else:
            fact = replace(fact, type=ValueType.ENUM, values=tuple(dict.fromkeys(kept)), default=default)
    for note_ in notes:
        fact = annotated(fact, note_)
    return fact


def members_of(text: str) -> list[str]:
    """Return the members that a text lists by ``|``, ``/``, ``,`` or ``or``; empty if it lists none."""
    bare = squeezed(text).strip("()[]{}.")
    bare = re.sub(r"^(?:one of|enum(?:\s+of)?|either|entweder|eins von|can be|is)\s*:?\s*", "", bare, flags=re.I).strip(
        "()[]{} "
    )
    for mark in ("|", ",", " / ", "/"):
        if mark in bare and "://" not in bare:
            cells = [c.strip() for c in bare.split(mark)]
            if mark == ",":
                cells = parts(_last_or(bare))
            if len(cells) > 1 and all(c and len(c.split()) <= 3 and len(c) <= 40 for c in cells):
                return cells
    cells = re.split(r"\s+(?:or|oder)\s+", bare)
    if 1 < len(cells) <= 8 and all(re.fullmatch(r"[\w./-]+", c) for c in cells):
        return cells
    return []


def _last_or(text: str) -> str:
    return re.sub(r",?\s+(?:or|oder|and|und)\s+(?=[^,]+$)", ", ", text)


def without_brackets(text: str) -> tuple[str, list[str]]:
    """Split brackets off: ``number (string, unique)`` gives the name and ``string, unique``."""
    notes: list[str] = []
    out, depth, at = [], 0, 0
    for n, c in enumerate(text):
        if c in "([" and text[n : n + 2] != "[]":
            if depth == 0:
                out.append(text[at:n])
                at = n + 1
            depth += 1
        elif c in ")]" and depth and text[n - 1 : n + 1] != "[]":
            depth -= 1
            if depth == 0:
                notes.append(text[at:n].strip())
                at = n + 1
    out.append(text[at:] if depth == 0 else "")
    if depth:
        notes.append(text[at:].strip())
    return " ".join(o.strip() for o in out if o.strip()), [n for n in notes if n]


def _shaped(fact: FieldFact, shape: FieldShape) -> FieldFact:
    return replace(
        fact,
        type=shape.type,
        values=shape.values or fact.values,
        max_length=shape.max_length or fact.max_length,
        nullable=shape.nullable if shape.nullable is not None else fact.nullable,
        minimum=shape.minimum if shape.minimum is not None else fact.minimum,
        items=shape.items or fact.items,
    )


def annotated(fact: FieldFact, note: str, free: bool = False) -> FieldFact:
    """Add to a field what a bracket, or what stands behind its name, says of it."""
    note = note.strip()
    if told := worded(fact, note):
        return told
    if ratio := RATIO.fullmatch(note):
        return replace(fact, unit=ratio[1], type=fact.type or ValueType.DECIMAL)
    if shape := value_type(note):
        return _shaped(fact, shape)
    members = members_of(note)
    if len(members) > 1 and all(_word_like(m) for m in members) and not any(says_of_field(m) for m in members):
        return with_members(fact, members)
    for piece in parts(note, ",;"):
        fact = _piece(fact, piece, free)
    return fact


def _word_like(text: str) -> bool:
    return bool(re.fullmatch(r"[`'\"]?[\w./+ -]{1,40}[`'\"]?", text)) and len(text.split()) <= 3


_MUST_BE = re.compile(r"^(?:(?:must|has to|should) be|is|are|muss|ist) |(?<=\w) by default$", re.I)


_AS_TYPE = re.compile(
    r"(?:^|(?<=\S) )(?:as|als|stored as|given as|gespeichert als) (?:an? |eine? )?([^\W\d][\w /-]{1,30})$", re.I
)
"""``in °C as a whole number``: the type stands behind the unit."""


def says_of_field(text: str) -> bool:
    """Whether a word says something of a field (a type, a flag, a bound), so that it is no member of an enum."""
    text = _MUST_BE.sub("", text)
    return (
        (
            value_type(text) is not None
            and "/" not in text
            and text.lower()
            not in {
                "phone",
                "mail",
                "email",
                "e-mail",
                "link",
                "file",
                "image",
                "text",
                "keyword",
                "photo",
                "list",
                "any",
                "telefon",
                "number",
                "percent",
                "prozent",
            }
        )
        or any(p.fullmatch(text) for p, _ in FLAGS)
        or any(p.search(text) for p, _ in _BOUNDS)
        or bool(RANGE.fullmatch(text))
        or is_worded(text)
        or bool(_SIZED.match(text) and value_type(text.split(maxsplit=1)[0]))
        or bool(_ISO.search(text))
    )


_NUMBERS = frozenset({ValueType.INTEGER, ValueType.BIGINT, ValueType.DECIMAL, ValueType.FLOAT})
_SHARES = frozenset({"percent", "percentage", "prozent", "pct"})


def _piece(fact: FieldFact, piece: str, free: bool) -> FieldFact:  # noqa: PLR0911, PLR0912
    if told := worded(fact, piece):
        return told
    fact, piece = with_places(fact, piece)
    if not piece:
        return fact
    if (typed := _AS_TYPE.search(piece)) and (shape := value_type(typed[1])):
        before = piece[: typed.start()].strip()
        fact = _shaped(fact, shape)
        return _piece(fact, before, free) if before else fact
    if found := DEFAULT.search(piece):
        fact = replace(fact, default=found[1].strip("'\""))
        piece = piece[: found.start()] + " " + piece[found.end() :]
    if (found := _REFERENCE.search(piece)) and (found[1] or "fk" in found[0].lower()):
        fact = replace(fact, references=(found[1] or re.sub(r"_?id$", "", fact.name, flags=re.I)).split(".")[0])
        piece = piece[: found.start()] + " " + piece[found.end() :]
    for pattern, flags in FLAGS:
        if pattern.search(piece):
            if flags.get("nullable") and fact.required:
                continue
            fact = replace(fact, **flags)
            piece = pattern.sub(" ", piece)
    for pattern, side in _BOUNDS:
        if bound := pattern.search(piece):
            fact = _bounded(fact, side, bound)
            piece = piece[: bound.start()] + " " + piece[bound.end() :]
    if found := RANGE.search(piece):
        fact = replace(fact, minimum=number(found[1]), maximum=number(found[2]))
        piece = piece[: found.start()] + " " + piece[found.end() :]
    bare = BARE_TYPES.sub("", " ".join(piece.split()))
    if fact.type in _NUMBERS and bare.lower() in _SHARES:
        return replace(fact, unit="%")
    sized = _SIZED.match(bare)
    if sized and (shape := value_type(sized[1])):
        return _shaped(replace(fact, max_length=int(sized[2][:6])), shape)
    if shape := value_type(bare) or value_type(singular(bare)):
        return _shaped(fact, shape)
    if short := _SHORT_UNIT.fullmatch(bare):
        kind = fact.type or (ValueType.INTEGER if short[1] == "s" else ValueType.DECIMAL)
        return replace(fact, unit=short[1], type=kind)
    first = bare.split(" ", 1)[0]
    if (
        (unit := _UNIT.search(piece))
        and fact.type is None
        and first.lower() not in FUNCTION | AMBIGUOUS
        and (shape := value_type(first))
    ):
        return replace(_shaped(fact, shape), unit=unit[1].lower())
    if unit:
        fact = replace(fact, unit=unit[1].lower())
        if fact.type is None:
            fact = replace(
                fact,
                type=ValueType.INTEGER if _WHOLE.match(unit[1]) else ValueType.DECIMAL,
            )
        return fact
    if iso := _ISO.search(piece):
        return replace(
            fact,
            description=piece.strip(),
            type=fact.type or ValueType.STRING,
            max_length=3 if iso[1] == "4217" else fact.max_length,
        )
    words = bare.split()
    if len(words) > 2 and (shape := value_type(" ".join(words[:2]))) and (free or len(words) <= 4):
        fact = _shaped(fact, shape)
        bare = " ".join(words[2:])
    elif words and (shape := value_type(words[0])) and (free or len(words) <= 3) and words[0].lower() not in FUNCTION:
        fact = _shaped(fact, shape)
        bare = " ".join(words[1:])
    return replace(fact, description=(fact.description + " " + bare).strip()) if bare else fact


def number(text: str) -> float:
    """Return a number as written in English or German: ``1,000``, ``15.000``, ``0,8``, ``99.95``."""
    bare = re.sub(r"[_\s]", "", text)
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", bare):
        return float(re.sub(r"[.,]", "", bare))
    if bare.count(",") and bare.count("."):
        last = max(bare.rfind(","), bare.rfind("."))
        bare = re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :]
    bare = bare.replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        return float(re.sub(r"\D", "", bare) or 0)


def _bounded(fact: FieldFact, side: str, bound: re.Match[str]) -> FieldFact:
    value = number(bound[1])
    lengths = (bound.lastindex or 0) >= 2 and bound[2]
    texty = lengths or fact.type in {ValueType.STRING, ValueType.TEXT, ValueType.EMAIL, ValueType.URL}
    if side == "max":
        return replace(fact, max_length=int(value)) if texty else replace(fact, maximum=value)
    if side == "min":
        return replace(fact, min_length=int(value)) if texty else replace(fact, minimum=value)
    return replace(fact, minimum=value) if side == "above" else replace(fact, maximum=value)
