"""What the people asked for, read from their own words.

The checks judge the design by it, so it is read here again instead of asking the designer's parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from bot.domain.design import Brief
from bot.reading.names import name_key

_ENDPOINT: Final = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE)\s+(/[\w{}/:.~-]*[\w}])")
_PREFIX: Final = re.compile(r"^(/api)?(/v\d+)?(?=/|$)", re.IGNORECASE)
_ROLES: Final = re.compile(r"\broles?\s*(?::|=)\s*([^.;\n]{3,200})", re.IGNORECASE)
_LATENCY: Final = re.compile(
    r"\bp9[59]\b[^\d\n.;]{0,40}?(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|seconds?)\b"
    r"|(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|seconds?)\s*(?:at\s+)?(?:the\s+)?\(?p9[59]\b",
    re.IGNORECASE,
)
_RESPONSE: Final = re.compile(
    r"\b(?:latency|respon\w+|answers?)\b[^\d\n.;]{0,40}?(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|seconds?)\b",
    re.IGNORECASE,
)
_NUMBERS: Final = {
    "throughput": re.compile(
        r"\b(\d[\d,]*(?:\.\d+)?)(k?)\s*(?:rps|req(?:uest)?s?\s*(?:/|per)\s*s(?:ec(?:ond)?)?)\b", re.IGNORECASE
    ),
    "availability": re.compile(r"\b(9\d(?:\.\d+)?)\s*%", re.IGNORECASE),
    "concurrent_users": re.compile(
        r"\b(\d[\d,]*(?:\.\d+)?)(k?)\s+(?:concurrent|simultaneous|active)\s+users?\b", re.IGNORECASE
    ),
}
_SCHEMES: Final = {
    "oidc": re.compile(r"\b(oidc|openid connect|sso|single sign[- ]on)\b", re.IGNORECASE),
    "oauth2": re.compile(r"\boauth\s*2?(\.0)?\b", re.IGNORECASE),
    "jwt": re.compile(r"\b(jwt|json web tokens?|bearer tokens?)\b", re.IGNORECASE),
    "api_key": re.compile(r"\bapi[- ]keys?\b", re.IGNORECASE),
    "mtls": re.compile(r"\b(mtls|mutual tls)\b", re.IGNORECASE),
}
_MFA: Final = re.compile(r"\b(mfa|2fa|multi[- ]factor|two[- ]factor)\b", re.IGNORECASE)
_TENANTS: Final = re.compile(r"\b(multi[- ]?tenan\w*|tenant isolation|per[- ]tenant)\b", re.IGNORECASE)
_NEGATED: Final = re.compile(
    r"\b(no|not|without|avoid|never|drop|instead of|rather than)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
# fmt: off
_SERVICES: Final = (
    "Stripe", "PayPal", "Adyen", "SendGrid", "Mailgun", "Postmark", "Amazon SES", "Twilio", "Slack", "Microsoft Teams",
    "GitHub", "GitLab", "Jira", "Salesforce", "HubSpot", "Zendesk", "Auth0", "Okta", "Keycloak", "Segment", "Mixpanel",
    "Datadog", "Sentry", "PagerDuty", "Elasticsearch", "Kafka", "Shopify", "QuickBooks", "Xero", "Plaid", "DocuSign",
    "Dropbox", "Google Drive", "Google Calendar", "Zapier", "Cloudinary", "Algolia",
)
# fmt: on
# fmt: off
_TECHNOLOGIES: Final = (
    "Python", "TypeScript", "JavaScript", "Kotlin", "Java", "Rust", "Ruby", "PHP", "Elixir", "Scala", "C#", "Golang",
    "FastAPI", "Django", "Flask", "Node.js", "NestJS", "Express", "Spring Boot", "Rails", "Laravel", "Phoenix",
    "PostgreSQL", "Postgres", "MySQL", "MariaDB", "MongoDB", "SQL Server", "Oracle", "DynamoDB", "Cassandra",
    "CockroachDB", "Redis", "Memcached", "RabbitMQ", "Kubernetes",
)
# fmt: on
_ALSO_WORDS: Final = frozenset({"Segment", "Slack", "Express", "Phoenix", "Rails", "Flask", "Oracle"})
"""Names that are English words too: meant only with their capital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing asked for, and where: an answer's key or an input's path."""

    what: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedNumber:
    """A number that people want held, in the words they used, e.g. metric latency, value 200 (milliseconds)."""

    metric: str
    value: float
    words: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Everything that was asked for in a form that can be looked for."""

    endpoints: tuple[Asked, ...]
    entities: tuple[Asked, ...]
    roles: tuple[Asked, ...]
    schemes: tuple[Asked, ...]
    services: tuple[Asked, ...]
    technologies: tuple[Asked, ...]
    numbers: tuple[AskedNumber, ...]
    latency_ms: AskedNumber | None
    multi_factor: str
    tenants: str


def read_claims(brief: Brief) -> Claims:
    """Read the answers (and, for entities, the data architect's list) of `brief`."""
    texts = [(reply.key, reply.text) for reply in brief.replies if reply.text]
    return Claims(
        endpoints=_unique(
            Asked(what=f"{method} {path}", where=key) for key, text in texts for method, path in _ENDPOINT.findall(text)
        ),
        entities=_unique(_entities(brief)),
        roles=_unique(
            Asked(what=role, where=key)
            for key, text in texts
            for listed in _ROLES.findall(text)
            for role in _listed(listed)
        ),
        schemes=_unique(
            Asked(what=name, where=key)
            for key, text in texts
            for name, pattern in _SCHEMES.items()
            if _wanted(pattern, text)
        ),
        services=_named(_SERVICES, texts),
        technologies=_named(
            _TECHNOLOGIES, [(r.key, r.text) for r in brief.replies if "stack" in f"{r.key} {r.question}".lower()]
        ),
        numbers=tuple(number for key, text in texts for number in _numbers(key, text)),
        latency_ms=next((found for key, text in texts for found in _latencies(key, text)), None),
        multi_factor=next((key for key, text in texts if _wanted(_MFA, text)), ""),
        tenants=next((key for key, text in texts if _wanted(_TENANTS, text)), ""),
    )


def same_path(path: str) -> str:
    """Normalise a path for comparison: without ``/api`` and version, parameters' names and a trailing slash dropped."""
    bare = _PREFIX.sub("", path.rstrip("/"), count=1)
    return re.sub(r"\{[^}]*\}|:[a-z_]+(?=/|$)", "{}", bare).lower() or "/"


def stem(name: str) -> str:
    """Normalise a noun for comparison: letters and digits only, lower case, singular."""
    return re.sub(r"[^a-z0-9]", "", name_key(name))


def _entities(brief: Brief) -> Iterator[Asked]:
    for source in brief.sources:
        for listed in _found(source.body, "core_entities"):
            names = listed if isinstance(listed, list) else [listed]
            yield from (Asked(what=name, where=source.path) for item in names if (name := _entity_name(item)))


def _found(value: Any, key: str, depth: int = 0) -> Iterator[Any]:
    if depth > 8 or not isinstance(value, Mapping):
        return
    for name, inner in value.items():
        if name == key:
            yield inner
        else:
            yield from _found(inner, key, depth + 1)


def _entity_name(item: Any) -> str:
    name = item.get("name") if isinstance(item, Mapping) else item
    return name.strip()[:80] if isinstance(name, str) and stem(name) else ""


def _listed(text: str) -> Iterator[str]:
    for part in re.split(r",|/|\band\b|\bor\b|&", text):
        words = re.sub(r"\(.*?\)|[^\w\s-]", "", part).strip()
        name = re.split(r"\s+(?:can|may|who|which|with|for|to)\b", words)[0].strip()
        if name and len(name.split()) <= 3:
            yield re.sub(r"[\s-]+", "_", name.lower())


def _named(names: Iterable[str], texts: Sequence[tuple[str, str]]) -> tuple[Asked, ...]:
    patterns = [(name, _word(name)) for name in names]
    return _unique(
        Asked(what=name, where=key) for key, text in texts for name, pattern in patterns if _wanted(pattern, text)
    )


def _word(name: str) -> re.Pattern[str]:
    flags = re.NOFLAG if name in _ALSO_WORDS else re.IGNORECASE
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", flags)


def _wanted(pattern: re.Pattern[str], text: str) -> bool:
    """Whether `text` names it at least once other than to refuse it ("no API keys")."""
    return any(
        not _NEGATED.search(text[max(0, match.start() - 40) : match.start()]) for match in pattern.finditer(text)
    )


def _numbers(key: str, text: str) -> Iterator[AskedNumber]:
    yield from _latencies(key, text)
    for metric, pattern in _NUMBERS.items():
        for match in pattern.finditer(text):
            number, *thousand = match.groups()
            factor = 1000 if thousand and (thousand[0] or "").lower() == "k" else 1
            value = float(number.replace(",", "")) * factor
            yield AskedNumber(metric=metric, value=value, words=match.group(0).strip(), where=key)


def _latencies(key: str, text: str) -> Iterator[AskedNumber]:
    """Yield each latency once, in milliseconds: a percentile with a time, or a response with a time."""
    seen: set[float] = set()
    for match in (*_LATENCY.finditer(text), *_RESPONSE.finditer(text)):
        number, unit = next(
            (n, u) for n, u in pairwise(match.groups()) if n and u and n[0].isdigit() and u[0].isalpha()
        )
        value = float(number) * (1 if unit.lower().startswith("m") else 1000)
        if value not in seen:
            seen.add(value)
            yield AskedNumber(metric="latency", value=value, words=match.group(0).strip(), where=key)


def _unique(found: Iterable[Asked]) -> tuple[Asked, ...]:
    """Keep the first mention of each thing."""
    first: dict[str, Asked] = {}
    for asked in found:
        first.setdefault(asked.what.lower(), asked)
    return tuple(first.values())
