"""Numbers that people want held, as tables and documents name them: a metric's words and its target."""

from __future__ import annotations

import re

from bot.domain.facts import NumberFact

_NUMBER = re.compile(
    r"(?P<number>\d{1,3}(?:[.,' ]\d{3})+(?![\d])|\d+(?:[.,]\d+)?)\s*(?:(?P<scale>k|m|tsd\.?|mio\.?|million|"
    r"tausend|thousand)(?!\w))?"
    r"\s*(?P<unit>%|percent|prozent|ms|millisekunden|milliseconds?|s\b|sec\w*|sek\w*|min\w*|"
    r"h\b|hours?|stunden?|days?|tage?n?|"
    r"years?|jahre?|rps|tps|qps|req\w*/s\w*|requests?\b|anfragen|users?|nutzer|benutzer|gb|tb|mb|rows|zeilen|records|"
    r"datensätze)?",
    re.I,
)
_METRICS = (
    (r"p\s?50|median", "latency_p50"),
    (r"p\s?95|95\s?(?:th|\.|%)?\s*(?:perc|-?perz)", "latency_p95"),
    (r"p\s?99|99\s?(?:th|\.)\s*(?:perc|-?perz)", "latency_p99"),
    (r"\brpo\b|recovery point", "recovery_point"),
    (r"\brto\b|recovery time|wiederherstellung|wiederanlauf", "recovery_time"),
    (r"availab|uptime|verfügbar", "availability"),
    (r"error|fehler", "error_rate"),
    (r"rate.?limit|throttl|drossel", "rate_limit"),
    (r"concurren|simultan|gleichzeitig|parallel", "concurrent_users"),
    (r"latenc|latenz|response.?time|antwortzeit|reaktionszeit", "latency"),
    (r"throughput|durchsatz|\brps\b|requests?.?per|anfragen.?pro|\btps\b", "throughput"),
    (r"retention|aufbewahr|keep|lösch", "retention"),
    (r"volume|rows|records|data size|datenmenge|datenvolumen|datensätze", "data_volume"),
)
_UNITS = (
    (r"^(?:%|p(?:er|ro)[cz]ent)", "%"),
    (r"^(?:ms|milli)", "ms"),
    (r"^(?:s|se[ck])", "s"),
    (r"^min", "min"),
    (r"^(?:h$|hour|stund)", "h"),
    (r"^(?:day|tag)", "days"),
    (r"^(?:year|jahr)", "years"),
    (r"^(?:rps|tps|qps|req|anfrag)", "rps"),
    (r"^(?:user|nutzer|benutzer)", "users"),
    (r"^(?:row|zeile|record|datens)", "rows"),
    (r"^(?:gb|tb|mb)", "GB"),
)
_SCALES = {"k": 1e3, "tsd": 1e3, "tausend": 1e3, "thousand": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6}
_DEFAULT_UNITS = {
    "concurrent_users": "users",
    "throughput": "rps",
    "data_volume": "rows",
    "availability": "%",
    "error_rate": "%",
}


def metric_of(words: str) -> str:
    """Return the metric that these words name, "" if it is none that is known."""
    plain = words.replace("_", " ")[:200]
    return next((metric for pattern, metric in _METRICS if re.search(pattern, plain, re.I)), "")


def number_fact(words: str, target: str, statement: str) -> NumberFact | None:
    """Return what ``p95 latency`` and ``< 300 ms`` say together; None if one of them says nothing."""
    metric = metric_of(words) or metric_of(target)
    said = re.sub(r"\bp\s?\d\d\b", " ", target[:300], flags=re.I)
    match = _NUMBER.search(said)
    if not metric or match is None:
        return None
    value = _value(match.group("number")) * _SCALES.get((match.group("scale") or "").lower().rstrip("."), 1.0)
    unit = next((name for pattern, name in _UNITS if re.match(pattern, match.group("unit") or "", re.I)), "")
    if not unit:
        found = re.search(r"\((ms|s|%|rps|h|min|days|users)\)|_(ms|pct|percent|rps|seconds|days|hours)\b", words, re.I)
        told = (found.group(1) or found.group(2)).lower() if found else ""
        unit = {"pct": "%", "percent": "%", "seconds": "s", "hours": "h"}.get(told, told) or _DEFAULT_UNITS.get(
            metric, ""
        )
    if unit == "s" and metric.startswith("latency"):
        value, unit = value * 1000, "ms"
    return NumberFact(statement=statement, metric=metric, value=value, unit=unit)


def _value(said: str) -> float:
    """Return the number of ``1.000``, ``1,000``, ``99,9`` or ``0.5``."""
    if re.fullmatch(r"\d{1,3}(?:[.,' ]\d{3})+", said):
        return float(re.sub(r"[.,' ]", "", said))
    return float(said.replace(",", "."))
