"""Technologies named in free text, each under the name that it is known by."""

from __future__ import annotations

import re
from dataclasses import fields, replace

from bot.roles.backend_developer.designers.offline.wishes import StackWish

_Names = tuple[tuple[str, str], ...]
_VERSIONED = r"(?: ?v?(\d{1,4}(?:\.\d{1,2})?))?"
_LANGUAGES: _Names = (
    (r"typescript", "TypeScript"),
    (r"node(?:\.?js)?", "Node.js"),
    (r"javascript", "JavaScript"),
    (r"python", "Python"),
    (r"kotlin", "Kotlin"),
    (r"java", "Java"),
    (r"golang|go(?= (?:with|on|and|service|\d)|,|\.)", "Go"),
    (r"rust", "Rust"),
    (r"c#|\.net", "C#"),
    (r"ruby", "Ruby"),
    (r"php", "PHP"),
    (r"elixir", "Elixir"),
    (r"scala", "Scala"),
)
_FRAMEWORKS: _Names = (
    (r"fastapi", "FastAPI"),
    (r"django", "Django"),
    (r"flask", "Flask"),
    (r"nest\.?js", "NestJS"),
    (r"express(?:\.?js)?", "Express"),
    (r"fastify", "Fastify"),
    (r"spring boot|spring", "Spring Boot"),
    (r"quarkus", "Quarkus"),
    (r"asp\.net(?: core)?", "ASP.NET Core"),
    (r"rails", "Rails"),
    (r"laravel", "Laravel"),
    (r"phoenix", "Phoenix"),
    (r"axum", "Axum"),
    (r"gin", "Gin"),
)
_DATABASES: _Names = (
    (r"postgres(?:ql)?", "PostgreSQL"),
    (r"mysql", "MySQL"),
    (r"mariadb", "MariaDB"),
    (r"cockroach(?:db)?", "CockroachDB"),
    (r"mongo(?:db)?", "MongoDB"),
    (r"dynamo(?:db)?", "DynamoDB"),
    (r"sql server", "SQL Server"),
    (r"oracle", "Oracle"),
    (r"sqlite", "SQLite"),
)
_CACHES: _Names = ((r"redis", "Redis"), (r"valkey", "Valkey"), (r"memcached", "Memcached"))
_MESSAGING: _Names = (
    (r"(?:apache )?kafka", "Apache Kafka"),
    (r"rabbitmq", "RabbitMQ"),
    (r"sqs", "Amazon SQS"),
    (r"nats", "NATS"),
    (r"pub/?sub", "Pub/Sub"),
    (r"celery", "Celery"),
)
_DEPLOYMENT: _Names = (
    (r"kubernetes|k8s", "Kubernetes"),
    (r"docker", "Docker"),
    (r"aws", "AWS"),
    (r"azure", "Azure"),
    (r"gcp|google cloud", "Google Cloud"),
    (r"lambda|serverless", "serverless functions"),
    (r"heroku", "Heroku"),
)
DEFAULT = StackWish(
    language="Python 3.12",
    framework="FastAPI",
    database="PostgreSQL 17",
    deployment="Containers behind a load balancer",
)
_USUAL_FRAMEWORK = {
    "Python": "FastAPI",
    "TypeScript": "NestJS",
    "Node.js": "NestJS",
    "JavaScript": "Express",
    "Java": "Spring Boot",
    "Kotlin": "Spring Boot",
    "Go": "net/http with chi",
    "Rust": "Axum",
    "C#": "ASP.NET Core",
    "Ruby": "Rails",
    "PHP": "Laravel",
    "Elixir": "Phoenix",
    "Scala": "Play",
}


def parse_stack(text: str) -> StackWish:
    """Return the technologies that a text names; of several of a kind the first, with its version."""
    messaging = _first(text, _MESSAGING)
    return StackWish(
        language=_first(text, _LANGUAGES, earliest=False),
        framework=_first(text, _FRAMEWORKS),
        database=_first(text, _DATABASES),
        cache=_first(text, _CACHES),
        messaging=messaging,
        deployment=" on ".join(_all(text, _DEPLOYMENT)[:3]),
    )


def first_named(*wishes: StackWish) -> StackWish:
    """Return each technology from the first that names one; a framework only where it belongs to that language."""
    merged = StackWish()
    for wish in wishes:
        for spec in fields(StackWish):
            if not getattr(merged, spec.name) and getattr(wish, spec.name):
                merged = replace(merged, **{spec.name: getattr(wish, spec.name)})
    return merged


def completed(wish: StackWish) -> StackWish:
    """Return the stack with our own defaults where nothing was said."""
    framework = wish.framework
    if not framework and wish.language:
        framework = _USUAL_FRAMEWORK.get(wish.language.split(" ", maxsplit=1)[0], "its standard HTTP server")
    return first_named(replace(wish, framework=framework), DEFAULT)


def _first(text: str, names: _Names, *, earliest: bool = True) -> str:
    hits = []
    for rank, (pattern, name) in enumerate(names):
        match = re.search(
            rf"(?<![\w.])(?:{pattern})(?![\w]){_VERSIONED}(?! ?(?:%|ms|requests|users))", text, re.IGNORECASE
        )
        if match:
            version = f" {match[1]}" if match[1] else ""
            hits.append((match.start() if earliest else rank, f"{name}{version}"))
    return min(hits)[1] if hits else ""


def _all(text: str, names: _Names) -> list[str]:
    return [name for pattern, name in names if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)]
