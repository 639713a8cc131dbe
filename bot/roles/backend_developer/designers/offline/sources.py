"""Documents of earlier phases as wishes, whatever their shape: keys are looked for at any depth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.design import Source
from bot.roles.backend_developer.blueprint import EntityField, Integration
from bot.roles.backend_developer.designers.offline.answers import wants_tenants
from bot.roles.backend_developer.designers.offline.fields import parse_field
from bot.roles.backend_developer.designers.offline.integrations import integration
from bot.roles.backend_developer.designers.offline.nouns import entity_name, quote, snake
from bot.roles.backend_developer.designers.offline.relations import parse_links, parse_universal
from bot.roles.backend_developer.designers.offline.security import merged, parse_security
from bot.roles.backend_developer.designers.offline.stack import first_named, parse_stack
from bot.roles.backend_developer.designers.offline.wishes import EntityWish, LinkWish, SecurityWish, StackWish, Wishes

MAX_DEPTH = 12
MAX_TYPE = 40
MAX_ENTITIES = 24
_ENTITIES = ("core_entities", "entities", "data_entities", "tables")
_RELATIONS = ("relationships", "relations", "entity_relationships")
_INTEGRATIONS = ("integration_architecture", "external_integrations", "integrations", "external_services")
_STACKS = ("technology_stack", "tech_stack", "stack")
_CONTROLS = (
    "security_controls",
    "compliance_framework",
    "authentication",
    "authorization",
    "data_protection",
    "constraints",
)
_OBSERVED = ("AnalyticsEvent", "Event", "ActivityEvent", "AuditLog")


def read_sources(sources: Sequence[Source]) -> Wishes:
    """Return what the documents ask for; where they disagree, the architects' word goes before the executives'."""
    ordered = sorted(sources, key=_rank)
    entities: dict[str, EntityWish] = {}
    for source in ordered:
        for wish in _entities(source):
            entities.setdefault(wish.name, wish)
    links = {(link.one, link.many): link for source in reversed(ordered) for link in _links(source)}
    found = {item.service.lower(): item for source in reversed(ordered) for item in _integrations(source)}
    universal = [name for source in ordered for text in _texts(source, _RELATIONS) if (name := parse_universal(text))]
    return Wishes(
        entities=tuple(entities.values())[:MAX_ENTITIES],
        links=tuple(reversed(links.values())),
        integrations=tuple(reversed(found.values())),
        stack=_stack(ordered),
        security=_security(ordered),
        tenants=any(
            wants_tenants(_flat(source.body)) for source in ordered if _names(source, "idea", "product-", "market-")
        ),
        style=next((style for source in ordered if (style := _style(source))), ""),
        observed=tuple(dict.fromkeys(universal)),
    )


def _rank(source: Source) -> int:
    order = ("data-architect", "security-architect", "architect", "senior-developer", "product-", "cto", "idea")
    return next((rank for rank, name in enumerate(order) if name in source.path), len(order))


def _names(source: Source, *names: str) -> bool:
    return any(name in source.path for name in names)


def _find(body: object, keys: Sequence[str], depth: int = 0) -> Iterator[object]:
    """Yield the values of these keys at any depth, outermost first."""
    if depth > MAX_DEPTH:
        return
    if isinstance(body, Mapping):
        yield from (body[key] for key in keys if key in body)
        for key, value in body.items():
            if key not in keys:
                yield from _find(value, keys, depth + 1)
    elif isinstance(body, Sequence) and not isinstance(body, str):
        for value in body[:100]:
            yield from _find(value, keys, depth + 1)


def _texts(source: Source, keys: Sequence[str]) -> Iterator[str]:
    yield from (_flat(value) for value in _find(source.body, keys))


def _flat(value: object, limit: int = 8_000) -> str:
    """Return a value's words as lines of text."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, Mapping):
        return "\n".join(_flat(item, limit) for item in list(value.values())[:100])[:limit]
    if isinstance(value, Sequence):
        return "\n".join(_flat(item, limit) for item in value[:100])[:limit]
    return "" if value is None else json.dumps(value)[:40]


def _entities(source: Source) -> Iterator[EntityWish]:
    for value in _find(source.body, _ENTITIES):
        items = list(value.items()) if isinstance(value, Mapping) else value
        if not isinstance(items, Sequence) or isinstance(items, str):
            continue
        for item in items[:MAX_ENTITIES]:
            name, fields = _entity(item)
            if name:
                yield EntityWish(name=name, fields=fields, source=source.path[:200])


def _entity(item: object) -> tuple[str, tuple[EntityField, ...]]:
    if isinstance(item, str):
        return entity_name(item[:80]), ()
    if isinstance(item, tuple):
        return entity_name(str(item[0])[:80]), _fields(item[1])
    if isinstance(item, Mapping):
        name = next((item[key] for key in ("name", "entity", "title", "table") if isinstance(item.get(key), str)), "")
        return entity_name(name[:80]), _fields(item)
    return "", ()


def _fields(value: object) -> tuple[EntityField, ...]:
    if isinstance(value, Mapping):
        inner = next((value[key] for key in ("fields", "attributes", "columns", "properties") if key in value), None)
        value = (
            inner
            if inner is not None
            else {k: v for k, v in value.items() if k not in ("name", "entity", "description")}
        )
    if isinstance(value, Mapping):
        texts = [
            f"{key} {kind}" if isinstance(kind, str) and len(kind) < MAX_TYPE else str(key)
            for key, kind in value.items()
        ]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        texts = [_field_text(item) for item in value]
    else:
        return ()
    fields = (parse_field(text[:120]) for text in texts[:30])
    return tuple({field.name: field for field in fields if field}.values())


def _field_text(item: object) -> str:
    if isinstance(item, Mapping):
        return f"{item.get('name', '')} {item.get('type', '')}"
    return item if isinstance(item, str) else ""


def _links(source: Source) -> Iterator[LinkWish]:
    for value in _find(source.body, _RELATIONS):
        for item in value if isinstance(value, Sequence) and not isinstance(value, str) else [value]:
            if isinstance(item, Mapping):
                yield from _link(item, source.path)
        yield from parse_links(_flat(value), source.path[:200])


def _link(item: Mapping[str, Any], path: str) -> Iterator[LinkWish]:
    one = next((str(item[key]) for key in ("from", "source", "parent", "one") if key in item), "")
    many = next((str(item[key]) for key in ("to", "target", "child", "many") if key in item), "")
    ratio = str(item.get("type", item.get("cardinality", ""))).lower().replace(" ", "")
    if ratio.startswith(("n:1", "m:1", "many_to_one", "many-to-one")):
        one, many = many, one
    kind = (
        "one"
        if ratio in ("1:1", "one-to-one", "one_to_one")
        else "both"
        if ratio[:4] in ("n:m", "m:n", "n:n", "many")
        else "many"
    )
    kind = "many" if "many_to_one" in ratio or "many-to-one" in ratio else kind
    ends = entity_name(one[:80]), entity_name(many[:80])
    if all(ends) and ends[0] != ends[1]:
        yield LinkWish(one=ends[0], many=ends[1], kind=kind, source=path[:200])


def _integrations(source: Source) -> Iterator[Integration]:
    for value in _find(source.body, _INTEGRATIONS):
        for item in value[:20] if isinstance(value, Sequence) and not isinstance(value, str) else ():
            if isinstance(item, Mapping):
                name = next((item[key] for key in ("system", "service", "name") if isinstance(item.get(key), str)), "")
                said = item.get("purpose", item.get("data", ""))
                found = integration(
                    name, str(item.get("method", "")), said if isinstance(said, str) else "", source.path
                )
                if found and snake(name):
                    yield found


def _stack(ordered: Sequence[Source]) -> StackWish:
    wishes = []
    for source in ordered:
        for value in _find(source.body, _STACKS):
            if isinstance(value, Mapping):
                backend = _flat(
                    [v for key, v in value.items() if key in ("backend", "language", "framework", "server")]
                )
                rest = _flat([v for key, v in value.items() if key not in ("frontend", "ui", "mobile")])
                wishes += [parse_stack(backend), parse_stack(rest)]
            else:
                wishes.append(parse_stack(_flat(value)))
        wishes += [parse_stack(text) for text in _texts(source, ("deployment",))]
    return first_named(*wishes)


def _security(ordered: Sequence[Source]) -> SecurityWish:
    wishes = [parse_security(text) for source in ordered for text in _texts(source, _CONTROLS)]
    # Only what documents say of roles as such would name roles; their prose on RBAC does not.
    return merged(tuple(wishes))


def _style(source: Source) -> str:
    for value in _find(
        source.body, ("pattern", "recommended_architecture", "architecture_pattern", "architecture_style")
    ):
        if isinstance(value, str) and value.strip():
            return quote(value, 200)
    return ""
