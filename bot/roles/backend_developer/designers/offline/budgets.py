"""Numbers that must hold, in free text: ``p95 200 ms``, ``99.9 %``, ``10k requests per second``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.roles.backend_developer.blueprint import Budget

_NUMBER = r"(\d[\d,]*(?:\.\d+)?)\s*(k|m|thousand|million|billion)?\b"
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}
_TIME = r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|sec|seconds?)\b"
_RATE = re.compile(
    rf"{_NUMBER}\s*(?:(?:requests?|req|calls?|transactions?|events?)\s*(?:/|per|a)\s*s(?:ec(?:ond)?)?\b|[rtq]ps\b)",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    rf"{_NUMBER}\s*(rows?|records?|gb|tb|orders|events|workflows|documents)\s*(?:(?:per|a|each)\s+(day|month|year))?",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;\n]|,(?!\d{3})|\.(?!\d)|\band\b")
MAX_VALUE = 1e15
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": 1440.0}


def parse_budgets(text: str, source: str) -> tuple[Budget, ...]:
    """Return the budgets that a text states, once per metric and kind of call.

    A latency said of reads or writes has that word as its `operation`, for the composer to resolve.
    """
    found: dict[tuple[str, str], Budget] = {}
    for clause in _CLAUSE.split(text):
        for metric, value, unit, calls in _clause(clause):
            if 0 < value < MAX_VALUE:
                budget = Budget(metric=metric, value=value, unit=unit, operation=calls, source=source[:200])
                found.setdefault((metric, calls), budget)
    return tuple(found.values())[:20]


def _clause(clause: str) -> Iterator[tuple[str, float, str, str]]:
    yield from _latency(clause)
    if match := re.search(rf"{_NUMBER}\s*(?:concurrent|simultaneous|parallel|online)", clause, re.IGNORECASE):
        yield "concurrent_users", _value(match), "users", ""
    if match := _RATE.search(clause):
        yield "throughput", _value(match), "requests/s", ""
    if (match := re.search(r"(9\d(?:\.\d+)?)\s*%", clause)) and not re.search(r"error|p9\d", clause, re.IGNORECASE):
        yield "availability", float(match[1]), "%", ""
    if match := re.search(r"error[^\d]{0,20}(\d+(?:\.\d+)?)\s*%", clause, re.IGNORECASE):
        yield "error_rate", float(match[1]), "%", ""
    if match := _VOLUME.search(clause):
        period = f" per {match[4].lower()}" if match[4] else ""
        yield "data_volume", _value(match), f"{match[3]}{period}", ""
    for name, metric in (("RTO", "recovery_time"), ("RPO", "recovery_point")):
        if match := re.search(rf"\b{name}\b[^\d]{{0,20}}(\d+(?:\.\d+)?)\s*([smhd])", clause, re.IGNORECASE):
            yield metric, float(match[1]) * _MINUTES[match[2].lower()], "min", ""


def _latency(clause: str) -> Iterator[tuple[str, float, str, str]]:
    words = r"p9[59]|latenc|respon|within|under|below|faster|reads?\b|writes?\b|<|less than"
    match = re.search(_TIME, clause, re.IGNORECASE)
    if match is None or not re.search(words, clause, re.IGNORECASE):
        return
    value = float(match[1]) * (1 if match[2].lower().startswith("m") else 1000)
    metric = "latency_p99" if re.search(r"p99", clause, re.IGNORECASE) else "latency_p95"
    reads = re.search(r"\b(?:reads?|quer(?:y|ies)|lists?|GETs?)\b", clause, re.IGNORECASE)
    writes = re.search(r"\b(?:writes?|creates?|updates?|POSTs?)\b", clause, re.IGNORECASE)
    calls = "" if bool(reads) == bool(writes) else "reads" if reads else "writes"
    yield metric, value, "ms", calls


def _value(match: re.Match[str]) -> float:
    return float(match[1].replace(",", "")) * _SCALE.get((match[2] or "").lower(), 1)
