"""Defaults of fields: literals as people write them, held to the field's type."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Final

NOW: Final = frozenset({"now", "now()", "current_timestamp", "current_timestamp()", "getdate()"})
TODAY: Final = frozenset({"today", "today()", "current_date", "current_date()"})
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?")
_POINT = re.compile(r"\(?\s*-?\d{1,3}(\.\d{1,15})?\s*,\s*-?\d{1,3}(\.\d{1,15})?\s*\)?")


def fits(kind: str, said: str, values: Sequence[str] = ()) -> bool:
    """Whether the literal can be the default of a field of this type (a `FieldType`'s value)."""
    word = said.strip()
    if kind == "enum":
        return said in values
    test = _TESTS.get(kind)
    return test is None or test(word)


def elements_fit(kind: str, said: str) -> bool:
    """Whether every element of a JSON array can be a value of this type."""
    return all(fits(kind, item if isinstance(item, str) else json.dumps(item)) for item in json.loads(said))


def plain(kind: str, said: str) -> str:
    """Return a default that fits its type as standards write it: RFC 3339 for times, RFC 9562 for uuids."""
    word = said.strip()
    if kind == "uuid":
        return str(uuid.UUID(word))
    if kind == "date" and not is_today(word):
        return date.fromisoformat(word).isoformat()
    if kind == "time":
        # A time of day is wherever the row is: the column has no zone either.
        return time.fromisoformat(word).replace(tzinfo=None, microsecond=0).isoformat()
    if kind == "timestamp" and not is_now(word):
        moment_of_day = datetime.fromisoformat(word)
        return moment_of_day.isoformat() if moment_of_day.tzinfo else f"{moment_of_day.isoformat()}Z"
    return word


def is_now(said: str) -> bool:
    """Whether it means the moment at which the row is made."""
    return said.strip().lower() in NOW


def is_today(said: str) -> bool:
    """Whether it means the day on which the row is made."""
    return said.strip().lower() in TODAY | NOW


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def test(word: str) -> bool:
        try:
            parse(word)
        except (ValueError, RecursionError):
            return False
        return True

    return test


def _json_of(kind: type) -> Callable[[str], bool]:
    def test(word: str) -> bool:
        try:
            return isinstance(json.loads(word), kind) and "\\u0000" not in word
        except (ValueError, RecursionError):
            return False

    return test


def _date(word: str) -> bool:
    return is_today(word) or _parses(date.fromisoformat)(word)


def _moment(word: str) -> bool:
    return is_now(word) or _parses(datetime.fromisoformat)(word)


def _number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None


_TESTS: Final[dict[str, Callable[[str], bool]]] = {
    "uuid": _parses(uuid.UUID),
    "integer": lambda word: _INTEGER.fullmatch(word) is not None and abs(int(word)) < 2**53,
    "bigint": lambda word: _INTEGER.fullmatch(word) is not None,
    "decimal": _number,
    "money": _number,
    "float": _number,
    "boolean": lambda word: word.lower() in ("true", "false"),
    "date": _date,
    "time": _parses(time.fromisoformat),
    "timestamp": _moment,
    "duration": lambda word: _DURATION.fullmatch(word) is not None,
    "json": _json_of(object),
    "object": _json_of(dict),
    "array": _json_of(list),
    "point": lambda word: _POINT.fullmatch(word) is not None,
    "binary": lambda word: not word,
    "file": lambda word: not word,
}
