"""Numbers that a team wants held: latency, load, availability, amounts, recovery."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.facts import Method, NumberFact, OperationFact, Stance
from bot.reading.field_notes import number
from bot.reading.prose.clause import Clause
from bot.reading.tokens import Token

_TIME = {
    "ms": 1,
    "millisecond": 1,
    "milliseconds": 1,
    "msec": 1,
    "millisekunden": 1,
    "s": 1000,
    "sec": 1000,
    "secs": 1000,
    "second": 1000,
    "seconds": 1000,
    "sekunde": 1000,
    "sekunden": 1000,
    "sek": 1000,
    "min": 60_000,
    "minute": 60_000,
    "minutes": 60_000,
    "minuten": 60_000,
    "h": 3_600_000,
    "hour": 3_600_000,
    "hours": 3_600_000,
    "std": 3_600_000,
    "stunde": 3_600_000,
    "stunden": 3_600_000,
}
_FACTOR = {
    "k": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "millionen": 1e6,
    "thousand": 1e3,
    "tsd": 1e3,
    "tausend": 1e3,
    "bn": 1e9,
    "billion": 1e9,
    "b": 1e9,
    "hundred": 1e2,
}
_PERCENTILE = re.compile(
    (
        r"\b(?:p|perz\w*\s*)(50|90|95|99)\b|\b(50|90|95|99)(?:th|\.)?\s*(?:-\s*)?(?:percentile|perzentil|"
        r"%\s*of)|\b(median)\b"
    ),
    re.I,
)
_PEOPLE = frozenset(
    [
        "user",
        "users",
        "people",
        "concurrent",
        "nutzer",
        "benutzer",
        "bearbeiter",
        "mitarbeiter",
        "anwender",
        "agents",
        "sessions",
        "kunden",
        "clients",
        "devices",
        "geräte",
        "staff",
        "gleichzeitig",
        "simultaneous",
        "simultaneously",
        "drivers",
        "players",
    ]
)
_PERIOD = {
    "tag": "day",
    "monat": "month",
    "jahr": "year",
    "h": "hour",
    "stunde": "hour",
    "min": "minute",
    "woche": "week",
}
"""What periods are called in a unit, whatever language they were said in."""
_PER_SECOND = frozenset(["rps", "qps", "tps", "req/s"])
_RECOVERY = {"rto": "recovery_time", "rpo": "recovery_point"}
_WAITS = frozenset(
    [
        "latency",
        "response",
        "respond",
        "responses",
        "antwortzeit",
        "antwortzeiten",
        "antwort",
        "answer",
        "answers",
        "fast",
        "latenz",
        "load",
        "reaktionszeit",
        "ladezeit",
        "within",
        "under",
        "unter",
        "below",
        "innerhalb",
        "schneller",
        "less",
        "reads",
        "read",
        "writes",
        "writing",
        "schreiben",
        "lesen",
        "pages",
        "page",
        "screen",
        "search",
        "suche",
    ]
)


_TENS = dict(
    zip(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"),
        range(20, 101, 10),
        strict=True,
    )
) | dict(
    zip(
        ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig", "hundert"),
        range(20, 101, 10),
        strict=True,
    )
)
_ONE = frozenset(["a", "one", "einer", "eine"])
_BELOW = frozenset(["under", "within", "below", "in", "unter", "innerhalb"])


def _spoken(words: Sequence[Token], n: int) -> float:
    """Return a number that is said in a word: "forty people", "under a second"; 0 if it is none."""
    low = words[n].low
    one = low in _ONE and n + 1 < len(words) and words[n + 1].low in {"second", "sekunde"}
    if one and n and words[n - 1].low in _BELOW:
        return 1
    return float(_TENS.get(low, 0))


_EACH_CALLER = re.compile(
    r"\b(?:per|pro|je|each) (?:api[- ])?(?:client|caller|key|ip|token|tenant|customer|user|kunde|nutzer)\b"
)


def read_figures(clause: Clause, statement: str, operations: Sequence[OperationFact]) -> list[NumberFact]:
    """Return the numbers of a clause. A number with an operation before it is that operation's."""
    found: list[NumberFact] = []
    words = clause.words
    percentile = "latency_p95"
    said_percentile = False
    skip = set[int]()
    for n, token in enumerate(words):
        joined = token.low
        if match := _PERCENTILE.match(
            joined + (" percentile" if n + 1 < len(words) and words[n + 1].low.startswith(("perc", "perz")) else "")
        ):
            percentile, said_percentile = f"latency_p{match[1] or match[2] or '50'}".replace("p90", "p95"), True
            if token.kind == "number":
                skip.add(n)
        if not (token.kind == "number" or _spoken(words, n)) or n in skip:
            continue
        if _is_share_within(words, n):
            percentile, said_percentile = f"latency_p{token.text}".replace("p90", "p95"), True
            continue
        if (
            n + 1 < len(words)
            and words[n + 1].low in {"th", ".", "-", "percentile", "perzentil"}
            and re.fullmatch(r"50|90|95|99", token.text)
            and clause.has("percentile", "perzentil")
        ):
            percentile, said_percentile = f"latency_p{token.text}".replace("p90", "p95"), True
            continue
        fact = _figure(clause, n, statement, percentile, said_percentile)
        if fact:
            operation = next((o for o in operations if o.path), None)
            if operation and fact.metric.startswith(("latency", "throughput")):
                fact = NumberFact(
                    statement=statement,
                    metric=fact.metric,
                    value=fact.value,
                    unit=fact.unit,
                    path=operation.path,
                    method=operation.method,
                    stance=fact.stance,
                )
            found.append(fact)
    return found


def _is_share_within(words: Sequence[Token], n: int) -> bool:
    """Whether a number is the share of calls that are answered within a time: "99 % of all requests below 1 s"."""
    after = [w.low for w in words[n + 1 : n + 4]]
    share = re.fullmatch(r"50|90|95|99", words[n].text) and after[:1] in (["%"], ["percent"], ["prozent"])
    return (
        bool(share) and after[1:2] in (["of"], ["aller"], ["der"], ["all"]) and any(w.low in _TIME for w in words[n:])
    )


def _figure(clause: Clause, n: int, statement: str, percentile: str, said: bool) -> NumberFact | None:  # noqa: PLR0911, PLR0912
    words = clause.words
    value, m = _spoken(words, n) or number(words[n].text), n + 1
    unit = words[m].low if m < len(words) else ""
    if unit in _FACTOR:
        value, m = value * _FACTOR[unit], m + 1
        unit = words[m].low if m < len(words) else ""
    elif unit not in _TIME and (found := re.fullmatch(r"(k|mio)(\w+)?", unit)):
        value, unit = value * _FACTOR[found[1]], found[2] or ""
    after = [w.low for w in words[m : m + 6]]
    before = [w.low for w in words[max(0, n - 8) : n]]

    def made(metric: str, amount: float, by: str) -> NumberFact:
        return NumberFact(statement=statement, metric=metric, value=round(amount, 6), unit=by, stance=_stance(words, n))

    share = after[1:2] and after[1] in {"of", "aller", "der", "all"}
    if unit in {"%", "percent", "prozent"} and share and any(w.low in _TIME for w in words[m:]):
        return None  # "95 % of answers within 300 ms" is a percentile, and no availability
    if unit in {"%", "percent", "prozent"} or (
        (
            clause.has("availability", "uptime", "verfügbarkeit", "available")
            or (clause.topic == "performance" and "." in words[n].text and not unit.isalpha())
        )
        and 90 < value < 100
        and unit not in _TIME
    ):
        if value >= 90 or clause.has("availability", "uptime", "verfügbarkeit"):
            return made("availability", value, "%")
        return made("error_rate", value, "%") if clause.has("error", "errors", "fehler", "fehlerrate") else None
    for word, metric in _RECOVERY.items():
        if word in before and unit in _TIME:
            return made(metric, value * _TIME[unit] / 3_600_000, "h")
    per = _per(after)
    if (unit in _PER_SECOND or per == "s") and clause.has("throttle", "rate-limit", "throttled", "limit"):
        return made("rate_limit", value * 60, "per_minute")
    if unit in _PER_SECOND or per == "s":
        return made("throughput", value, "rps")
    if unit in _TIME and not per:
        if any(
            w in {"token", "tokens", "session", "jwt", "expire", "expires", "access", "refresh", "gültig"}
            for w in before[-6:]
        ):
            return None
        if said or any(w in _WAITS for w in before) or words[n - 1].text in {"<", "≤", "<="}:
            return made(percentile, value * _TIME[unit], "ms")
        return None
    if per in {"min", "minute"} and any(
        w in {"rate", "limit", "requests", "calls", "anfragen", "limited"} for w in [*before, *after]
    ):
        limit = clause.has("limit", "rate", "limited") or _EACH_CALLER.search(clause.low) is not None
        return made(
            "rate_limit" if limit else "throughput", value / (1 if limit else 60), "per_minute" if limit else "rps"
        )
    if per in {
        "day",
        "tag",
        "month",
        "monat",
        "year",
        "jahr",
        "hour",
        "stunde",
        "h",
        "minute",
        "min",
        "week",
        "woche",
        "night",
    }:
        return made("data_volume", value, f"rows/{_PERIOD.get(per, per)}")
    if any(w in _PEOPLE for w in after[:3]) or any(w in {"concurrent", "concurrently"} for w in before[-2:]):
        return made("concurrent_users", value, "users")
    if any(
        w in {"row", "rows", "record", "records", "datensätze", "zeilen", "entries", "documents"} for w in after[:3]
    ) or (value >= 1000 and unit.isalpha() and clause.topic == "performance"):
        return made("data_volume", value, "rows")
    if unit in {"gb", "tb", "mb"}:
        return made("data_volume", value, unit.upper())
    return None


def _per(after: Sequence[str]) -> str:
    """Return the unit of time after "per", "a", "/" or "pro" that follows closely."""
    for i, word in enumerate(after[:5]):
        if word in {"/", "per", "a", "an", "pro", "each", "every", "jede", "am", "die", "and"} and i + 1 < len(after):
            unit = after[i + 1]
            if unit in {"s", "sec", "second", "sek", "sekunde"}:
                return "s"
            if unit in {
                "min",
                "minute",
                "h",
                "hour",
                "stunde",
                "day",
                "tag",
                "week",
                "woche",
                "month",
                "monat",
                "year",
                "jahr",
                "night",
            }:
                return unit
        if word in {",", ";", "."}:
            break
    return ""


def _stance(words: Sequence[Token], n: int) -> Stance:
    """A number is only said, not wanted, where it stands in brackets with somebody's doubt about it."""
    opened = next((i for i in range(n, -1, -1) if words[i].text == "("), -1)
    closed = next((i for i in range(n, len(words)) if words[i].text == ")"), len(words))
    inner = (
        [w.low for w in words[opened:closed]] if opened >= 0 and not any(w.text == ")" for w in words[opened:n]) else []
    )
    if any(
        w in {"unrealistic", "says", "unrealistisch", "meint", "but", "aber", "today", "currently", "heute", "was"}
        for w in inner
    ):
        return Stance.DENIED
    near = [w.low for w in words[max(0, n - 6) : n]]
    if any(w in {"today", "currently", "heute", "derzeit", "aktuell", "was", "used"} for w in near):
        return Stance.DENIED
    return Stance.STATED


METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE")
