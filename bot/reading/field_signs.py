"""The signs with which people list fields, written as brackets and commas: dashes, pipes, braces, equals signs."""

from __future__ import annotations

import re

from bot.reading.field_notes import DEFAULT, FLAGS, RANGE, parts, says_of_field
from bot.reading.types import leading_type, value_type

_DASHED = re.compile(r"([*`\w][\w*` ./?]{0,60}?)\s+[-–—]\s+(?=\S)")
_PIPED = re.compile(r"(?<![\w|(:])([^\W\d][\w-]{0,60}) ([\w.-]{1,60}(?:\s*\|\s*[\w.-]{1,60}){1,40})(?=\s*(?:[,;]|$))")
_CAPITALS = re.compile(r"\b([a-z]\w{0,60}) ([A-Z][A-Z0-9_]{1,60}(?:, [A-Z][A-Z0-9_]{1,60}){1,60})(?![\w(])")
_EQUALS = re.compile(r"(?<![\w=<>!])([^\W\d]\w{0,60})=([a-z]\w{1,30})(?=[\s,;(]|$)")
_SUMMED = re.compile(r"(?<![\w.])([^\W\d]\w{0,40}) [+&] ([^\W\d]\w{0,40}) (\([^()]{2,120}\))")
_SLASHED = re.compile(r"\) / (?=[^\W\d])")


def plain_signs(text: str) -> str:
    """Write ``lost=bool, code=str(unique)`` with colons, and fields that slashes part with commas."""
    if text.count(") / ") > 1:
        text = _SLASHED.sub("), ", text)
    text = _SUMMED.sub(r"\1 \3, \2 \3", text)
    pairs = _EQUALS.findall(text)
    if len(pairs) > 1 and all(value_type(kind) is not None for _, kind in pairs):
        text = _EQUALS.sub(lambda m: f"{m[1]} ({m[2]})", text).replace(")(", ", ")
    return text


def noted_item(text: str) -> str:
    """Write ``bearing, decimal, 0 to 359`` as ``bearing (decimal, 0 to 359)``: an item is about one field."""
    cells = parts(text.rstrip("."))
    if (
        not 1 < len(cells) <= 6
        or any(sign in cells[0] for sign in ("(", ":", "[", "{", "|", "–", "—", " - "))
        or len(cells[0].split()) > 3
    ):
        return text
    notes = [c for c in cells[1:] if says_of_field(c) or DEFAULT.match(c) or RANGE.fullmatch(c) or _typed_range(c)]
    typed = any(value_type(c) is not None or value_type(c.split(" ")[0]) or _typed_range(c) for c in cells[1:])
    flagged = any(p.fullmatch(cell) for cell in cells[1:] for p, _ in FLAGS)
    if len(notes) < len(cells) - 1 or not (typed or flagged) or value_type(cells[0]) is not None:
        return text
    return f"{cells[0]} ({', '.join(cells[1:])})"


def _typed_range(cell: str) -> bool:
    """Whether a remark is a type with its range behind it: ``whole number 0–5``."""
    found = leading_type(cell)
    return found is not None and bool(RANGE.fullmatch(found[1].strip()))


def dashed_item(text: str) -> str:
    """Write ``due - date, optional`` as ``due (date, optional)`` and ``mode - one of: a, b`` as ``mode: a, b``."""
    match = _DASHED.match(text)
    if not match or "(" in match[1] or ":" in match[1]:
        return text
    name, rest = match[1].strip(" *`"), text[match.end() :].strip()
    if choice := re.match(r"(?:one of|either|enum|can be)\b\s*:?\s*", rest, re.I):
        return f"{name}: {rest[choice.end() :]}"
    return f"{name} ({rest})" if rest.count("(") == rest.count(")") else text


def bracketed_members(text: str) -> str:
    """Put brackets around members behind a name: ``size s | m | l``, ``unit {kg, g}``, ``level LOW, HIGH``."""
    if "{" in text:
        text = re.sub(r"(?<=[\w ])\{([^{}]{1,400})\}", r"(\1)", text)
    if "|" in text:
        text = _PIPED.sub(r"\1 (\2)", text)
    return _CAPITALS.sub(r"\1 (\2)", text)


def last_and_as_comma(text: str) -> str:
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
