"""Reads lists of fields as people write them: ``number (string, unique), status: draft, sent; amount_cents bigint``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.facts import FieldFact, ValueType
from bot.reading.names import singular, vocabulary
from bot.reading.spelling import mended_fields
from bot.reading.tokens import squeezed
from bot.reading.types import FieldShape, value_type
from bot.reading.words import FUNCTION

_NUMBER = r"-?\d+(?:[.,_]\d+)*"
_BOUNDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"\b(?:max|maximum|maximal|at most|up to|höchstens|bis zu)\.?\s*(?:of\s+|length\s+)?({_NUMBER})\s*"
            r"(chars?|characters?|zeichen)?",
            re.I,
        ),
        "max",
    ),
    (
        re.compile(
            rf"\b(?:min|minimum|mindestens|at least)\.?\s*(?:of\s+|length\s+)?({_NUMBER})\s*"
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
_RANGE = re.compile(rf"(?<![\w.-])({_NUMBER})\s*(?:\.\.\.?|…|–|-|to|bis)\s*({_NUMBER})(?![\w-])")
_DEFAULT = re.compile(
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
_FLAGS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
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
_SHORT_UNIT = re.compile(r"(?:in )?(m|t|l|s|h|v|w)")
"""Units of one letter, which are units only where nothing else stands there."""
_WHOLE = re.compile(
    r"min(?!or)|sec|sek|cent(?!i)|day|tag|ms$|milli(?=sec)|stunde|hour|week|woche|month|monat|year|jahr|bytes?$", re.I
)
"""Units that are counted in whole numbers."""
_EXAMPLE = re.compile(r"\b(?:like|such as|e\.g\.?|eg|z\.\s?b\.?|wie|i\.e\.?|for example)\s+\S+.*$", re.I)
_ISO = re.compile(r"\biso[\s-]?(\d{3,5})(?:-\d)?\b", re.I)
_OPTIONAL = re.compile(r"(?:an? |eine?n? )?(?:optional(?:e[nrs]?)?|optionally) ", re.I)
_SIZED = re.compile(r"^([a-zäöü]+)\s+(\d+)$", re.I)
_AMBIGUOUS = vocabulary(
    "date time number url email link file image text photo address percentage duration list flag record point "
    "datum adresse nummer bild datei anzahl zahl betrag mail amount select object phone any map set upload "
    "attachment uri keyword choice byte interval foto anhang liste dauer uhrzeit zeitpunkt telefon geld kind type "
    "minutes"
)
_TEXTS = vocabulary("alt help error full free rich plain hint button label link anchor display placeholder sms")
"""Words before "text" with which it is a name: an alt text is no "alt" of type text."""
_NAME = re.compile(r"[^\W\d][\w.$-]*(?:[ /][\w.$-]+){0,4}")
_BARE_TYPES = re.compile(r"^(?:as|als|is an?|ist ein(?:e)?|an?|of type|vom typ|type|typ)\s+", re.I)


@dataclass(frozen=True, slots=True)
class FieldList:
    """Fields that were read, and what share of the parts looked like fields (1 is every one)."""

    fields: tuple[FieldFact, ...]
    certain: bool


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


def read_fields(text: str, entity: str, statement: str, *, bullet: bool = False, typed: bool = False) -> FieldList:
    """Read a list of fields; `bullet` says that it is one item, so that a type at its end is for all of it.

    `typed` says that types stand behind the names, as in ``note(body text)``.
    """
    found: list[FieldFact] = []
    certain = False
    text = _plain_signs(text)
    text = mended_fields(_plain_members(_dashed(_noted(text)) if bullet else text))
    typed = typed or _typed_style(text)
    for group in parts(text, ";"):
        cells = parts(_last_and(group))
        here: list[FieldFact] = []
        open_colon: str | None = None
        values: list[str] = []
        for cell in cells:
            head, colon, tail = _colon(cell)
            if not colon and open_colon is not None and _is_member(cell):
                values.append(cell)
                continue
            if open_colon is not None:
                here.append(_colon_field(open_colon, values, entity, statement))
                open_colon, values = None, []
            if colon:
                certain = True
                open_colon, values = head, [tail]
                continue
            fact, sure = _field(cell, entity, statement, typed)
            if fact is None:
                continue
            certain = certain or sure
            here.append(fact)
            if (many := _shared_type(cell)) or (bullet and sure and fact.type and len(here) > 1 and cell.endswith(")")):
                shape = many or _Shape(fact.type, fact.nullable)
                here = [
                    replace(
                        f, type=f.type or shape.type, nullable=f.nullable if f.nullable is not None else shape.nullable
                    )
                    for f in here
                ]
        if open_colon is not None:
            here.append(_colon_field(open_colon, values, entity, statement))
        found += here
    return FieldList(tuple(found), certain)


_DASHED = re.compile(r"([*`\w][\w*` ./?]{0,60}?)\s+[-–—]\s+(?=\S)")
_PIPED = re.compile(r"(?<![\w|(:])([^\W\d][\w-]{0,60}) ([\w.-]{1,60}(?:\s*\|\s*[\w.-]{1,60}){1,40})(?=\s*(?:[,;]|$))")
_CAPITALS = re.compile(r"\b([a-z]\w{0,60}) ([A-Z][A-Z0-9_]{1,60}(?:, [A-Z][A-Z0-9_]{1,60}){1,60})(?![\w(])")


_EQUALS = re.compile(r"(?<![\w=<>!])([^\W\d]\w{0,60})=([a-z]\w{1,30})(?=[\s,;(]|$)")
_SLASHED = re.compile(r"\) / (?=[^\W\d])")


def _plain_signs(text: str) -> str:
    """Write ``lost=bool, code=str(unique)`` with colons, and fields that slashes part with commas."""
    if text.count(") / ") > 1:
        text = _SLASHED.sub("), ", text)
    pairs = _EQUALS.findall(text)
    if len(pairs) > 1 and all(value_type(kind) is not None for _, kind in pairs):
        text = _EQUALS.sub(lambda m: f"{m[1]} ({m[2]})", text).replace(")(", ", ")
    return text


def _noted(text: str) -> str:
    """Write ``bearing, decimal, 0 to 359`` as ``bearing (decimal, 0 to 359)``: an item is about one field."""
    cells = parts(text.rstrip("."))
    if not 1 < len(cells) <= 6 or any(sign in cells[0] for sign in "(:[{|") or len(cells[0].split()) > 3:
        return text
    notes = [cell for cell in cells[1:] if _says(cell) or _DEFAULT.match(cell) or _RANGE.fullmatch(cell)]
    typed = any(value_type(cell) is not None or value_type(cell.split(" ")[0]) for cell in cells[1:])
    flagged = any(p.fullmatch(cell) for cell in cells[1:] for p, _ in _FLAGS)
    if len(notes) < len(cells) - 1 or not (typed or flagged) or value_type(cells[0]) is not None:
        return text
    return f"{cells[0]} ({', '.join(cells[1:])})"


def _dashed(text: str) -> str:
    """Write ``due - date, optional`` as ``due (date, optional)`` and ``mode - one of: a, b`` as ``mode: a, b``."""
    match = _DASHED.match(text)
    if not match or "(" in match[1] or ":" in match[1]:
        return text
    name, rest = match[1].strip(" *`"), text[match.end() :].strip()
    if choice := re.match(r"(?:one of|either|enum|can be)\b\s*:?\s*", rest, re.I):
        return f"{name}: {rest[choice.end() :]}"
    return f"{name} ({rest})" if rest.count("(") == rest.count(")") else text


def _plain_members(text: str) -> str:
    """Put brackets around members behind a name: ``size s | m | l``, ``unit {kg, g}``, ``level LOW, HIGH``."""
    if "{" in text:
        text = re.sub(r"(?<=[\w ])\{([^{}]{1,400})\}", r"(\1)", text)
    if "|" in text:
        text = _PIPED.sub(r"\1 (\2)", text)
    return _CAPITALS.sub(r"\1 (\2)", text)


@dataclass(frozen=True, slots=True)
class _Shape:
    type: ValueType | None
    nullable: bool | None


def _last_and(text: str) -> str:
    """Turn the `and` before the last item of a list into a comma: ``a, b and c``."""
    for word in (" and ", " und ", " sowie ", " & ", " as well as "):
        depth_safe = text.rfind(word)
        if (
            depth_safe > 0
            and text.count("(", depth_safe) == text.count(")", depth_safe)
            and ":" not in text[:depth_safe].rsplit(",", 1)[-1]
        ):
            tail = text[depth_safe + len(word) :]
            if len(tail.split("(")[0].split()) <= 4:
                text = text[:depth_safe] + ", " + tail
    return text


def _colon(cell: str) -> tuple[str, bool, str]:
    bracket = cell.find("(")
    at = cell.find(": ")
    if at < 0 and cell.endswith(":"):
        at = len(cell) - 1
    if at <= 0 or (0 <= bracket < at) or len(cell[:at].split()) > 4:
        return cell, False, ""
    return cell[:at].strip(), True, cell[at + 1 :].strip()


def _is_member(cell: str) -> bool:
    return bool(re.fullmatch(r"[`'\"]?[\w./+-]+[`'\"]?(?: [\w-]+)?(?:\s*\(default\))?", cell)) and not _typed_tail(cell)


def _typed_tail(cell: str) -> bool:
    words = cell.split()
    return len(words) > 1 and (
        value_type(" ".join(words[1:])) is not None or any(p.search(" ".join(words[1:])) for p, _ in _FLAGS)
    )


def _typed_style(text: str) -> bool:
    """Whether fields of this list carry their types behind them without brackets."""
    cells = [_clean(re.sub(r"\(.*\)", "", cell)).split() for cell in parts(_last_and(text), ",;")]
    pairs = [words for words in cells if len(words) == 2]
    if pairs and len(pairs) == len(cells) and all(_ends_in_type(*words, alone=len(pairs) == 1) for words in pairs):
        return True
    for words in cells:
        if (
            len(words) >= 2
            and words[1].lower() not in _AMBIGUOUS
            and words[1].lower() not in FUNCTION
            and value_type(words[1]) is not None
        ):
            return True
    return False


def _ends_in_type(name: str, kind: str, *, alone: bool) -> bool:
    """Whether the second of two words is the first one's type: "body text" is, "birth date" and "alt text" are not."""
    low = kind.lower()
    if value_type(low) is None or low in FUNCTION:
        return False
    if low == "text":
        return name.lower() not in _TEXTS
    return not alone or low not in _AMBIGUOUS


def _shared_type(cell: str) -> _Shape | None:
    """Return the type of a bracket that speaks of several fields: ``(dates)``, ``(nullable timestamps)``."""
    match = re.search(r"\(([^()]{3,40})\)\s*$", cell)
    if not match:
        return None
    words = match[1].lower().split()
    nullable = True if words[0] in {"nullable", "optional", "null"} else None
    rest = " ".join(words[1:] if nullable else words)
    one = singular(rest)
    if one == rest or (shape := value_type(one)) is None:
        return None
    return _Shape(shape.type, nullable)


def _colon_field(head: str, values: Sequence[str], entity: str, statement: str) -> FieldFact:
    name, note = _take_brackets(head)
    fact = FieldFact(statement=statement, entity=entity, name=_clean(name))
    for piece in note:
        fact = _annotate(fact, piece)
    if len(values) == 1:
        tail = values[0]
        members = _members(tail)
        if len(members) < 2:
            return _annotate(fact, _BARE_TYPES.sub("", tail), free=True)
        return _with_members(fact, members)
    return _with_members(fact, [m for v in values for m in (_members(v) or [v])])


def _with_members(fact: FieldFact, members: Sequence[str]) -> FieldFact:  # noqa: PLR0912
    default, kept, notes = fact.default, [], []
    for said in members:
        bare, note = _take_brackets(said.strip().strip("`'\"."))
        if "=" in bare and not bare.startswith("="):
            bare = bare.split("=")[0].strip()
        if (isdefault := re.match(r"(?:default|standard)\s*[:=]?\s*(\S+)|=(\S+)", bare, re.I)) and (
            isdefault[1] or isdefault[2]
        ):
            default = (isdefault[1] or isdefault[2]).strip("'\"")
            continue
        if any("default" in n.lower() for n in note):
            default = bare
        flag = next((flags for pattern, flags in _FLAGS if pattern.fullmatch(bare)), None)
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
        if first is not None and _says(kept[0]) and len(kept) > 1 and not fact.type:
            fact = _shaped(fact, first)
            for rest in kept[1:]:
                fact = _annotate(fact, rest)
        else:
            fact = replace(fact, type=ValueType.ENUM, values=tuple(dict.fromkeys(kept)), default=default)
    for note_ in notes:
        fact = _annotate(fact, note_)
    return fact


def _members(text: str) -> list[str]:
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


def _take_brackets(text: str) -> tuple[str, list[str]]:
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


def _clean(name: str) -> str:
    bare = squeezed(name).strip("\"'.:;-–•* ")
    bare = re.sub(
        (
            r"^(?:an?|the|one|its|their|our|optional|ein(?:e|en|em|er)?|der|die|das|den|jeweils|und|and|"
            r"sowie|with|mit|also|each)\s+"
        ),
        "",
        bare,
        flags=re.I,
    )
    return bare.rstrip("?!*").strip()


def _field(cell: str, entity: str, statement: str, typed: bool) -> tuple[FieldFact | None, bool]:
    """Read one field without a colon. The second value says that a type, a flag or a bound stood there."""
    head, notes = _take_brackets(squeezed(cell))
    head, example = (
        (_EXAMPLE.sub("", head).strip(), bool(_EXAMPLE.search(head))) if _EXAMPLE.search(head) else (head, False)
    )
    sized = re.match(
        r"(.*\b(?:varchar|char|decimal|numeric|string|enum|tinyint|character|number|float|bit))$", head, re.I
    )
    if sized and notes and re.fullmatch(r"[\d,. ]+", notes[0]):
        head, notes = f"{head}({notes[0]})", notes[1:]
    if notes and " " in head and (given := re.match(r"([a-z]+(?:_[a-z0-9]+)+)(?:\s*,\s*|$)", notes[0])):
        head, notes = given[1], [n for n in (notes[0][given.end() :], *notes[1:]) if n]
    optional = head.endswith("?") or bool(_OPTIONAL.match(head))
    share = head.rstrip().endswith(" %")
    asked = head.endswith("?")
    head = head.rstrip(" %") if share else head
    name, rest = _name_and_rest(_clean(head) + ("?" if asked else ""), typed)
    name = _clean(name)
    if not _NAME.fullmatch(name) or len(name.split()) > 5 or name.lower() in {"etc", "usw", "more", "others", "so on"}:
        return None, False
    fact = FieldFact(statement=statement, entity=entity, name=name, required=False if optional else None)
    if share:
        fact = replace(fact, unit="%", type=ValueType.DECIMAL)
    if name.lower().endswith(("_cents", "_cent", "incents")):
        fact = replace(fact, unit="cents", type=ValueType.INTEGER)
    before = fact
    if rest:
        fact = _annotate(fact, rest, free=True)
    for note in notes:
        fact = _annotate(fact, note)
    if asked and fact.type is ValueType.BOOLEAN:
        fact = replace(fact, required=None)  # "lost?" asks, and is no name of an optional field
    return fact, fact != before or example or bool(notes) or "_" in name


def _name_and_rest(head: str, typed: bool) -> tuple[str, str]:
    words = head.split()
    for n in range(1, len(words)):
        rest = " ".join(words[n:])
        low = words[n].lower().strip("?!")
        if low in {
            "in",
            "default",
            "as",
            "als",
            "max",
            "min",
            "fk",
            "references",
            "->",
            "→",
            "=",
            "ref",
            "up",
            "pk",
            "not",
            "min.",
            "max.",
            "between",
        } or low.startswith("="):
            return " ".join(words[:n]), rest
        if typed and n == len(words) - 1 and low.endswith("ed") and low.islower():
            return " ".join(words[:n]), rest
        if (
            any(pattern.match(rest) for pattern, _ in _FLAGS)
            or re.match(r"[<>≤≥=]|-?\d+\.\.", low)
            or _RANGE.match(rest)
        ):
            return " ".join(words[:n]), rest
        identifier = n == 1 and n == len(words) - 1 and "_" in words[0]
        if low in _AMBIGUOUS and not typed and not identifier:
            continue
        if (
            "/" in low
            or "|" in low
            or value_type(words[n]) is not None
            or (n + 1 < len(words) and value_type(" ".join(words[n : n + 2])))
        ):
            if low in FUNCTION:
                continue
            return " ".join(words[:n]), rest
    return head, ""


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


def _annotate(fact: FieldFact, note: str, free: bool = False) -> FieldFact:
    """Add to a field what a bracket, or what stands behind its name, says of it."""
    note = note.strip()
    if shape := value_type(note):
        return _shaped(fact, shape)
    members = _members(note)
    if len(members) > 1 and all(_word_like(m) for m in members) and not any(_says(m) for m in members):
        return _with_members(fact, members)
    for piece in parts(note, ",;"):
        fact = _piece(fact, piece, free)
    return fact


def _word_like(text: str) -> bool:
    return bool(re.fullmatch(r"[`'\"]?[\w./+ -]{1,40}[`'\"]?", text)) and len(text.split()) <= 3


_MUST_BE = re.compile(r"^(?:(?:must|has to|should) be|is|are|muss|ist) |(?<=\w) by default$", re.I)


def _says(text: str) -> bool:
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
        or any(p.fullmatch(text) for p, _ in _FLAGS)
        or any(p.search(text) for p, _ in _BOUNDS)
        or bool(_SIZED.match(text) and value_type(text.split(maxsplit=1)[0]))
        or bool(_ISO.search(text))
    )


def _piece(fact: FieldFact, piece: str, free: bool) -> FieldFact:  # noqa: PLR0911, PLR0912
    if found := _DEFAULT.search(piece):
        fact = replace(fact, default=found[1].strip("'\""))
        piece = piece[: found.start()] + " " + piece[found.end() :]
    if (found := _REFERENCE.search(piece)) and (found[1] or "fk" in found[0].lower()):
        fact = replace(fact, references=(found[1] or re.sub(r"_?id$", "", fact.name, flags=re.I)).split(".")[0])
        piece = piece[: found.start()] + " " + piece[found.end() :]
    for pattern, flags in _FLAGS:
        if pattern.search(piece):
            if flags.get("nullable") and fact.required:
                continue
            fact = replace(fact, **flags)
            piece = pattern.sub(" ", piece)
    for pattern, side in _BOUNDS:
        if bound := pattern.search(piece):
            fact = _bounded(fact, side, bound)
            piece = piece[: bound.start()] + " " + piece[bound.end() :]
    if found := _RANGE.search(piece):
        fact = replace(fact, minimum=number(found[1]), maximum=number(found[2]))
        piece = piece[: found.start()] + " " + piece[found.end() :]
    bare = _BARE_TYPES.sub("", " ".join(piece.split()))
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
        and first.lower() not in FUNCTION | _AMBIGUOUS
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
    if words and (shape := value_type(words[0])) and (free or len(words) <= 3) and words[0].lower() not in FUNCTION:
        fact = _shaped(fact, shape)
        bare = " ".join(words[1:])
    return replace(fact, description=(fact.description + " " + bare).strip()) if bare else fact


def number(text: str) -> float:
    """Return a number as written in English or German: ``1,000``, ``15.000``, ``0,8``, ``99.95``."""
    bare = text.replace("_", "").replace(" ", "")
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
