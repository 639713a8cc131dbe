"""Reads lists of fields as people write them: ``number (string, unique), status: draft, sent; amount_cents bigint``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.facts import FieldFact, ValueType
from bot.reading.field_cells import plain_cells
from bot.reading.field_notes import (
    AMBIGUOUS,
    BARE_TYPES,
    FLAGS,
    RANGE,
    RATIO,
    annotated,
    members_of,
    parts,
    with_members,
    without_brackets,
)
from bot.reading.field_signs import bracketed_members, dashed_item, last_and_as_comma, noted_item, plain_signs
from bot.reading.names import singular, vocabulary
from bot.reading.spelling import mended_fields
from bot.reading.tokens import squeezed
from bot.reading.types import value_type
from bot.reading.words import FUNCTION

_EXAMPLE = re.compile(r"\b(?:like|such as|e\.g\.?|eg|z\.\s?b\.?|wie|i\.e\.?|for example)\s+\S+.*$", re.I)
_OPTIONAL = re.compile(r"(?:an? |eine?n? )?(?:optional(?:e[nrs]?)?|optionally) ", re.I)
_TEXTS = vocabulary("alt help error full free rich plain hint button label link anchor display placeholder sms")
"""Words before "text" with which it is a name: an alt text is no "alt" of type text."""
_ONE_OF = re.compile(
    r"^(?:one of|either|any of|enum of|only|just|nur|can only be|entweder|eins von|eine[rs]? von)"
    r"(?: the following)?:?\s+(?=\S)",
    re.I,
)
_NAME = re.compile(r"[^\W\d][\w.$-]*(?:[ /][\w.$-]+){0,4}")


@dataclass(frozen=True, slots=True)
class FieldList:
    """Fields that were read, and what share of the parts looked like fields (1 is every one)."""

    fields: tuple[FieldFact, ...]
    certain: bool


_MOMENTS = frozenset({ValueType.TIMESTAMP, ValueType.DATE, ValueType.TIME})
_OF_MOMENTS = re.compile(
    r"(?:_|\b)(?:at|on|am|date|time|day|from|to|until|till|since|start|end|begin|due|von|bis|ab|seit)$|(?:datum|zeit|beginn|ende|tag"
    r"|frist|[a-z]At|[a-z]On)$|ed$",
    re.I,
)
"""Names of moments: a type of moments that is said once is theirs, and not that of all names before it."""


def read_fields(text: str, entity: str, statement: str, *, bullet: bool = False, typed: bool = False) -> FieldList:
    """Read a list of fields; `bullet` says that it is one item, so that a type at its end is for all of it.

    `typed` says that types stand behind the names, as in ``note(body text)``.
    """
    found: list[FieldFact] = []
    certain = False
    text = plain_signs(plain_cells(text))
    text = mended_fields(bracketed_members(dashed_item(noted_item(text)) if bullet else text))
    typed = typed or _typed_style(text)
    groups = parts(text, ";")
    noted = [noted_item(group) for group in groups]
    if sum(a != b for a, b in zip(groups, noted, strict=True)) > 1:
        groups = noted
    for group in groups:
        cells = parts(last_and_as_comma(group))
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
            if (again := _SAME.match(cell)) and (here or found):
                here.append(_like((here or found)[-1], _clean(again["name"])))
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
                    if shape.type not in _MOMENTS or _OF_MOMENTS.search(f.name) or not _OF_MOMENTS.search(here[-1].name)
                    else f
                    for f in here
                ]
        if open_colon is not None:
            here.append(_colon_field(open_colon, values, entity, statement))
        found += here
    return FieldList(tuple(found), certain)


_SAME = re.compile(
    r"(?P<name>[^\W\d][\w %]{0,40}?)(?: (?:the )?|: ?| ?\()(?:same(?: here| again| thing)?|ditto|likewise|as well|too"
    r"|dito|ebenso|genauso|gleich(?:falls)?)\)?$",
    re.I,
)
"""``moisture_pct same``: what was said of the field before is said of this one."""


def _like(before: FieldFact, name: str) -> FieldFact:
    return replace(before, name=name, unique=None, primary_key=None, references="")


@dataclass(frozen=True, slots=True)
class _Shape:
    type: ValueType | None
    nullable: bool | None


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
        value_type(" ".join(words[1:])) is not None or any(p.search(" ".join(words[1:])) for p, _ in FLAGS)
    )


def _typed_style(text: str) -> bool:
    """Whether fields of this list carry their types behind them without brackets."""
    cells = [_clean(re.sub(r"\(.*\)", "", cell)).split() for cell in parts(last_and_as_comma(text), ",;")]
    pairs = [words for words in cells if len(words) == 2]
    if pairs and len(pairs) == len(cells) and all(_ends_in_type(*words, alone=len(pairs) == 1) for words in pairs):
        return True
    for words in cells:
        if (
            len(words) >= 2
            and words[1].lower() not in AMBIGUOUS
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
    return not alone or low not in AMBIGUOUS


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
    name, note = without_brackets(head)
    fact = FieldFact(statement=statement, entity=entity, name=_clean(name))
    values = [_ONE_OF.sub("", values[0]), *values[1:]]
    for piece in note:
        fact = annotated(fact, piece)
    if len(values) == 1:
        tail = values[0]
        members = members_of(tail)
        if len(members) < 2:
            return annotated(fact, BARE_TYPES.sub("", tail), free=True)
        return with_members(fact, members)
    return with_members(fact, [m for v in values for m in (members_of(v) or [v])])


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
    head, notes = without_brackets(squeezed(cell))
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
        fact = annotated(fact, rest, free=True)
    for note in notes:
        fact = annotated(fact, note)
    if asked and fact.type is ValueType.BOOLEAN:
        fact = replace(fact, required=None)  # "lost?" asks, and is no name of an optional field
    return fact, fact != before or example or bool(notes) or "_" in name


_BOUND = re.compile(
    r"(?:höchstens|mindestens|maximal|minimal|bis(?: zu)?|ab|from|von|zwischen|up to|at (?:most|least)"
    r"|(?:no|not|never|nie|nicht) (?:more|less|higher|lower|fewer|mehr|weniger|höher) (?:than|als))"
    r" (?:[a-zäöüß]+ )?-?\d",
    re.I,
)
"""``faults at most 12``: where a bound begins, the name has ended."""


def _name_and_rest(head: str, typed: bool) -> tuple[str, str]:
    words = head.split()
    preposed = len(words) > 2 and words[0].lower() in FUNCTION  # "in use yes/no"
    for n in range(2 if preposed else 1, len(words)):
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
            _BOUND.match(rest)
            or any(pattern.match(rest) for pattern, _ in FLAGS)
            or re.match(r"[<>≤≥=]|-?\d+\.\.", low)
            or RANGE.match(rest)
        ):
            return " ".join(words[:n]), rest
        identifier = n == 1 and n == len(words) - 1 and "_" in words[0]
        if low in AMBIGUOUS and not typed and not identifier:
            continue
        if RATIO.fullmatch(rest):
            return " ".join(words[:n]), rest
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
