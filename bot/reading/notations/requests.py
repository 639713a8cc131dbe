"""Reads calls as people paste them from a terminal: ``curl`` with its flags, and requests of HTTP/1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast, get_args

from bot.domain.facts import AnyFact, ConventionFact, EntityFact, FieldFact, Method, OperationFact, Reading, Standing
from bot.reading.names import singular
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.notes import Notes
from bot.reading.notations.table_samples import type_of
from bot.reading.segments import Segment

_NAME = "requests"
_METHODS = "|".join(get_args(Method))
_CURL = re.compile(r"[ \t]*(?:\$[ \t]*)?curl[ \t]")
_HTTP = re.compile(rf"[ \t]*({_METHODS})[ \t]+(\S{{1,500}})[ \t]+HTTP/\d")
_URL = re.compile(
    r"['\"]?(?:https?://|localhost|\$\{?\w{1,40}\}?)?[^\s'\"/]{0,200}(/[^\s'\"?#]{0,500})(?:\?([^\s'\"#]{0,500}))?['\"]?"
)
_FLAG = re.compile(rf"(?:-X|--request)[ =]?['\"]?({_METHODS})\b")
_DATA = re.compile(r"(?:-d|--data(?:-raw|-binary)?|--json)[ =]?('[^']{0,20000}'|\"(?:[^\"\\]|\\.){0,20000}\")", re.S)
_VALUE = re.compile(
    r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|[A-Z]{1,5}-?\d[\w-]*|\$\{?(\w+)\}?|<(\w+)>|:(\w+)|\{(\w*)\}"
)
_BASE = re.compile(r"(?:/api)?/v\d+(?=/)|/api(?=/)")


class RequestReader:
    """Reads ``curl`` commands and raw HTTP requests."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text begins with such a command or request."""
        return segment.kind != "table" and bool(_CURL.match(segment.text) or _HTTP.match(segment.text))

    def read(self, segment: Segment) -> Reading | None:
        """Return the operations that are called, and of their bodies the things that are sent."""
        return read_bounded(segment, _NAME, _read)


def _read(segment: Segment) -> Reading:
    notes = Notes(segment, _NAME)
    for start, end in _commands(segment.text):
        text = segment.text[start:end]
        found = _curl(text) if _CURL.match(text) else _request(text)
        if found is None:
            notes.say(start, end, Standing.NOT_UNDERSTOOD)
            continue
        statement = notes.say(start, end)
        notes.add(*_facts(*found, statement))
    return notes.reading()


def _commands(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of commands: each begins a line, and goes on behind a backslash or within quotes."""
    starts = [
        m.start()
        for m in re.compile(rf"^(?:[ \t]*(?:\$[ \t]*)?curl[ \t]|[ \t]*(?:{_METHODS})[ \t]+\S)", re.M).finditer(text)
    ]
    for number, start in enumerate(starts):
        yield start, starts[number + 1] if number + 1 < len(starts) else len(text)


def _curl(text: str) -> tuple[str, str, str, str] | None:
    line = text.replace("\\\n", " ")
    said = _DATA.search(line)
    bare = line[: said.start()] + line[said.end() :] if said else line
    bare = re.sub(
        r"(?:-H|--header|-u|--user|-o|--output)[ =]?(?:'[^'\n]{0,500}'|\"[^\"\n]{0,500}\"|\S{1,200})", " ", bare
    )
    url = next((m for word in bare.split() if "/" in word and (m := _URL.fullmatch(word)) is not None), None)
    if url is None:
        return None
    flag = _FLAG.search(line)
    method = flag[1] if flag else "POST" if said else "GET"
    return method, url[1], url[2] or "", said[1][1:-1] if said else ""


def _request(text: str) -> tuple[str, str, str, str] | None:
    head = _HTTP.match(text)
    url = _URL.fullmatch(head[2]) if head else None
    if head is None or url is None:
        return None
    body = re.split(r"\n[ \t]*\r?\n", text, maxsplit=1)
    return head[1], url[1], url[2] or "", body[1].strip() if len(body) > 1 else ""


def _facts(method: str, path: str, query: str, body: str, statement: str) -> Iterator[AnyFact]:
    """Yield the operation of a call, the base path, and what an example of a body tells of the thing that is made."""
    if base := _BASE.match(path):
        yield ConventionFact(statement=statement, kind="base_path", value=base.group())
        path = path[base.end() :]
    parts = [_parameter(part) for part in path.split("/") if part]
    names = [pair.partition("=")[0] for pair in query.split("&") if pair]
    yield OperationFact(
        statement=statement,
        method=cast(Method, method),
        path="/" + "/".join(parts),
        parameters=tuple(FieldFact(statement=statement, entity="", name=name) for name in names[:40] if name),
    )
    sent = _object(body)
    if not sent or not parts or parts[-1].startswith("{") or method not in {"POST", "PUT"}:
        return
    many = singular(parts[-1]) != parts[-1]
    if not many:
        return
    name = singular(parts[-1])
    yield EntityFact(statement=statement, name=name, plural=parts[-1])
    for key, value in list(sent.items())[:100]:
        said = json.dumps(value) if not isinstance(value, str) else value
        kind = type_of([said]) if not isinstance(value, dict | list) else None
        yield FieldFact(statement=statement, entity=name, name=key, type=kind)


def _parameter(part: str) -> str:
    found = _VALUE.fullmatch(part)
    return "{" + (next((g for g in found.groups() if g), "") or "id") + "}" if found else part


def _object(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body) if body.startswith("{") else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
