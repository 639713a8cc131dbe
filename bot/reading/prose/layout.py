"""Lines that hang on a title above them without bullets: ``Kite``, below it ``span: decimal``, ``colour ... text``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.fields import read_fields
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.spelling import label_of
from bot.reading.tokens import Unit, language

_TITLE = re.compile(
    r"\W*(?:h\d\.\s*|=+\s*|\[|#+\s*|(?:entity|table|model|tabelle|entität|class|objekt|object)\b:?\s+)?"
    r"(?P<name>[^\W\d][\w'’-]*(?: [^\W\d][\w'’-]*){0,2})"
    r"(?:\s*(?:=+|\]|:|\((?:table|entity|model)\)|(?:table|entity|model|fields|has|properties)\s*:?))?\s*$",
    re.I,
)
_HEADED = re.compile(r"\s*(?:fields|columns|attributes|felder|spalten|attribute)\s*:", re.I)
_RULE = re.compile(r"\s*[-=_*~]{3,}\s*$")
_LINE = re.compile(
    r"\s*(?P<name>[^\W\d][\w?!*-]*(?: [\w%-]+){0,3}?)(?P<sign>\s*:\s*|\s*\t+\s*|\s{2,}|\s*\.{2,}\s*|\s+=\s+"
    r"|\s*=(?=[a-z])|"
    r"\s+[-–—]\s+|\s*(?=\()|\s+(?=[a-z]))(?P<rest>\S.{0,300})$"
)
_PATH = re.compile(r"(?:^|\s)/\w|\b(?:GET|POST|PUT|PATCH|DELETE)\b")
_MOST_LINES = 60


def laid_out(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Return units of which those that are fields of a title above them have it as their lead.

    A title counts only if a line right below it says a type, a bound or what is optional: a paragraph of prose whose
    first line happens to be short stays what it is.
    """
    lines = [_line(text, unit) for unit in units]
    found = list(units)
    n = 0
    while n < len(units):
        title = _title(lines[n]) if not units[n].item and not units[n].lead and _alone(text, units, n) else ""
        end = n + 1
        if title:
            while end < len(units) and _RULE.match(lines[end]):
                end += 1
            first, sure = end, 0
            while end < len(units) and end - first < _MOST_LINES and _follows(text, units, end):
                said = _says(lines[end])
                if said is None or (units[end].item and said == 0):
                    break
                sure += said
                end += 1
            if sure and sure * 2 >= end - first:
                for k in range(first, end):
                    found[k] = replace(units[k], lead=title, item=True)
            else:
                end = n + 1
        n = end
    return found


def plain_line(text: str) -> str:
    """Return a line that was laid out with a colon instead of its dots, tabs or blanks: ``name ..... text``.

    >>> plain_line("span ...... decimal"), plain_line("lost = boolean")
    ('span: decimal', 'lost: boolean')
    """
    found = _LINE.match(text)
    if found is None or "(" in found["name"] or (re.fullmatch(r"\s+", found["sign"]) and len(found["sign"]) < 2):
        return text
    sign = found["sign"].strip()
    if sign == ":" or not found["sign"]:
        return text
    return f"{found['name']}: {re.sub(r'[ 	]{2,}', ', ', found['rest'])}"


def _line(text: str, unit: Unit) -> str:
    return text[unit.start : unit.end]


def _alone(text: str, units: Sequence[Unit], n: int) -> bool:
    """Whether a unit is a line of its own, and another follows on the next line."""
    before = text[: units[n].start].rsplit("\n", 1)[-1]
    after = text[units[n].end : units[n + 1].start] if n + 1 < len(units) else ""
    return not before.strip() and after.count("\n") == 1


def _follows(text: str, units: Sequence[Unit], n: int) -> bool:
    return text[units[n - 1].end : units[n].start].count("\n") == 1


def _title(line: str) -> str:
    found = _TITLE.match(line) if len(line) < 80 else None
    if found is None or label_of(found["name"].lower()) or _says(line):
        return ""
    return owner_name(found["name"], language(line))


def _says(line: str) -> int | None:
    """Return 1 for a line that is a field with a type or the like, 0 for one that may be a name; None for another."""
    if _PATH.search(line) or len(line) > 320:
        return None
    bare = line.strip(" •*-\t")
    if _HEADED.match(bare):
        return 1
    found = _LINE.match(bare)
    if found is not None:
        fields = read_fields(plain_line(bare), "x", "s", bullet=True).fields
        told = [f for f in fields if f.type or f.values or f.required is not None or f.unique or f.references]
        if fields and len(told) * 2 >= len(fields) and not bare.endswith((".", "?", "!")):
            return 1
    return 0 if re.fullmatch(r"[^\W\d_][\w-]*(?: [\w-]+){0,2}", bare) and bare[0].islower() else None
