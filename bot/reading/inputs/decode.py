"""Decodes one JSON document that people or programs outside gave us, or refuses it by name and place.

Every document passes through `decode`, so that whatever comes after may trust what it holds: an object at the top, of
bounded size and depth, in which every key occurs once, every number is finite and every text can be stored and shown.
RFC 8259 leaves these to the reader; the limits here are ours.
"""

import codecs
import hashlib
import json
from typing import NoReturn

from bot.domain.inputs import Document, InputRefused
from bot.domain.role import Json
from bot.reading.inputs.tokens import survey

MAX_BYTES = 5 * 1024 * 1024
_EXCERPT = 60

# The parser's own words are for programmers; people are told what is the usual reason.
_MEND = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing.",
    "Expecting ':' delimiter": "a colon is missing after the key.",
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected; the usual reasons are a"
    " comma too many before it, or single quotes.",
    "Expecting value": "a value is expected; the usual reasons are a comma too many before it, or text without quotes.",
    "Extra data": "the document ends before this; there is more text after its last bracket.",
    "Unterminated string starting at": "the text that begins here has no closing quote.",
    "Invalid control character at": "a text holds a bare line break, tab or control character; write it as an escape.",
    "Invalid \\escape": "a backslash begins no escape here; write it twice.",
    "Invalid \\uXXXX escape": "four hexadecimal digits must follow \\u.",
}


def decode(data: bytes, name: str) -> Document:
    """Decode a JSON document called `name`.

    A UTF-8 byte order mark is let pass with a warning. Takes well under a second for any bytes.

    Raises:
        InputRefused: over `MAX_BYTES`, not UTF-8, no JSON, no object at the top, nested too deeply, with too many or
            too long values, a key twice in one object, a number that is not finite, or a text that no database keeps.
            The message names the document, the line and the column, and what to do.
    """
    text, warnings = _text(data, name)
    fault = survey(text, name)
    body = _parse(text, name)
    if fault:
        _refuse(text, name, fault.position, fault.problem, fault.mend)
    if not isinstance(body, dict):
        raise InputRefused.at(
            name,
            f"it holds {_kind(body)} at the top, where an object in curly brackets is expected.",
            "Give the document itself, as its agent wrote it.",
            line=1,
        )
    return Document(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data), body=body, warnings=warnings)


def check_size(size: int, name: str) -> None:
    """Refuse a document by its size in bytes, so that it need not be fetched to be refused.

    Raises:
        InputRefused: it is longer than `MAX_BYTES`.
    """
    if size > MAX_BYTES:
        raise InputRefused.at(
            name,
            f"it is {size / 1024 / 1024:.1f} MiB long; at most {MAX_BYTES // 1024 // 1024} MiB are read.",
            "Take out what the later phases do not need, and give it again.",
        )


def _text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    check_size(len(data), name)
    if wide := _wide_encoding(data):
        raise InputRefused.at(name, f"it is encoded as {wide}, not as UTF-8.", "Save it as UTF-8.", line=1)
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start + 3 * marked
        raise InputRefused.at(
            name,
            f"the byte 0x{data[start]:02x} is not UTF-8.",
            "Save it as UTF-8.",
            line=data.count(b"\n", 0, start) + 1,
            column=len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8-sig", "replace")) + 1,
        ) from None
    if not text.strip():
        raise InputRefused.at(name, "it is empty.", "Give the document as its agent wrote it.", line=1)
    warning = f"“{name}”, line 1: it begins with a byte order mark, which JSON does not have; it was read without it."
    return text, (warning,) if marked else ()


def _wide_encoding(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]:
        return "UTF-16"
    return None


def _parse(text: str, name: str) -> Json:
    try:
        body: Json = json.loads(text)
    except json.JSONDecodeError as error:
        message = next((mend for start, mend in _MEND.items() if error.msg.startswith(start)), f"{error.msg}.")
        _refuse(text, name, error.pos, message, "Mend this place, or export the document again.")
    return body


def _refuse(text: str, name: str, position: int, problem: str, mend: str) -> NoReturn:
    """Refuse the document at a position, quoting what stands there."""
    start = text.rfind("\n", 0, position) + 1
    column = position - start + 1
    end = text.find("\n", position)
    left = max(start, position - _EXCERPT // 2)
    right = min(end if end >= 0 else len(text), left + _EXCERPT)
    excerpt = "".join(char if char.isprintable() else "·" for char in text[left:right]).strip()
    there = f" There it reads: {excerpt}" if excerpt else ""
    raise InputRefused.at(name, problem, mend + there, line=text.count("\n", 0, position) + 1, column=column)


def _kind(body: Json) -> str:
    if isinstance(body, list):
        return "a list"
    return "a text" if isinstance(body, str) else "a single value"
