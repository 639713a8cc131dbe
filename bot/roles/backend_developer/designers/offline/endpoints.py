"""Endpoints in free text: ``POST /api/workflows/{id}/execute - Execute workflow``."""

from __future__ import annotations

import re

from bot.roles.backend_developer.blueprint import Method
from bot.roles.backend_developer.designers.offline.nouns import quote, snake
from bot.roles.backend_developer.designers.offline.wishes import EndpointWish

MAX_ENDPOINTS = 60
MAX_SEGMENTS = 7
MAX_MAJOR = 20
_CALL = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE)\s+`?(/[\w/{}:<>.*~-]*)`?(?:[ \t]*(?:[-–—:]|\bto\b)[ \t]+([^\n;,.|]{3,120}))?"
)
_VERSION = re.compile(r"v(\d{1,2})$")


def parse_endpoints(text: str, source: str) -> tuple[EndpointWish, ...]:
    """Return the endpoints that a text names, once each, in its order."""
    found: dict[tuple[str, str], EndpointWish] = {}
    for match in _CALL.finditer(text):
        path = clean_path(match[2])
        if path and len(found) < MAX_ENDPOINTS:
            wish = EndpointWish(
                method=Method(match[1]), path=path, words=quote((match[3] or "").strip(), 120), source=source
            )
            found.setdefault((match[1], re.sub(r"{[^}]*}", "{}", path)), wish)
    return tuple(found.values())


def major_version(text: str) -> int:
    """Return the highest version that named paths carry (``/api/v2/...``), 1 if none does."""
    versions = [int(v) for v in re.findall(r"/v(\d{1,2})/", text)]
    return max((v for v in versions if 1 <= v <= MAX_MAJOR), default=1)


def clean_path(raw: str) -> str:
    """Return a path below the base path in lower case, parameters in braces; empty if nothing is left of it."""
    segments = [segment for segment in raw.rstrip(".:*~-").split("/") if segment]
    if segments and segments[0].lower() in ("api", "rest"):
        segments.pop(0)
    if segments and _VERSION.match(segments[0].lower()):
        segments.pop(0)
    cleaned = [_segment(segment) for segment in segments[:MAX_SEGMENTS]]
    kept = [segment for segment in cleaned if segment]
    return "/" + "/".join(kept) if kept and not kept[0].startswith("{") else ""


def _segment(raw: str) -> str:
    if raw[0] in "{:<":
        name = snake(raw)
        return f"{{{name or 'id'}}}"
    return snake(raw).replace("_", "-")
