"""What operations are called and what they take: the vocabulary of the API's composer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.roles.backend_developer.blueprint import Entity, EntityField, FieldType, Method, OperationKind
from bot.roles.backend_developer.designers.offline.fields import parse_fields
from bot.roles.backend_developer.designers.offline.lexicon import append_only
from bot.roles.backend_developer.designers.offline.nouns import entity_name, plural_name, singular, snake, spoken, words
from bot.roles.backend_developer.designers.offline.wishes import AbilityWish

_WRITES = {
    OperationKind.LIST: ("list", "read", "view", "get", "search"),
    OperationKind.READ: ("list", "read", "view", "get", "search"),
    OperationKind.CREATE: ("create", "add", "submit", "book", "upload", "import"),
    OperationKind.UPDATE: ("update", "edit", "change", "assign", "reschedule"),
    OperationKind.DELETE: ("delete", "remove"),
}
PLAIN_VERBS = frozenset(verb for verbs in _WRITES.values() for verb in verbs)
_UNCHANGED = {OperationKind.LIST, OperationKind.READ}
_READ_ONLY = frozenset({"AuditEvent", "AuditLog", "InboundEvent", "SystemMetric"})


def route(method: Method, path: str) -> str:
    """Return method and path without the names of parameters."""
    return f"{method} {re.sub(r'{[^}]*}', '{}', path)}"


def kind_of(method: Method, segments: Sequence[str], known: dict[str, Entity]) -> OperationKind:
    """Return what a named endpoint does, by its method and by what its path ends in."""
    last = segments[-1]
    on_item = last.startswith("{")
    if method is Method.GET:
        return OperationKind.READ if on_item else OperationKind.LIST if last in known else OperationKind.QUERY
    if method is Method.DELETE:
        return OperationKind.DELETE
    if on_item:
        return OperationKind.ACTION if method is Method.POST else OperationKind.UPDATE
    return OperationKind.CREATE if method is Method.POST and last in known else OperationKind.ACTION


def verb_of(segments: Sequence[str], known: dict[str, Entity]) -> str:
    """Return the word that a path ends in where that is no resource."""
    last = segments[-1]
    return "" if last.startswith("{") or last in known else spoken(last)


def operation_id(method: Method, kind: OperationKind, segments: Sequence[str]) -> str:
    """Return an id in the words of the path: ``execute_workflow``."""
    nouns = [s for s in segments if not s.startswith("{")]
    if kind is OperationKind.ACTION and len(nouns) > 1:
        parts = [nouns[-1], *(plural_to_one(s) for s in nouns[:-1])]
    elif kind in (OperationKind.LIST, OperationKind.QUERY):
        parts = ["list" if kind is OperationKind.LIST else "get", *(plural_to_one(s) for s in nouns[:-1]), nouns[-1]]
    else:
        parts = [kind.value if kind is not OperationKind.ACTION else method.lower(), *(plural_to_one(s) for s in nouns)]
    return snake(" ".join(parts)) or f"{method.lower()}_call"


def plural_to_one(segment: str) -> str:
    """Return a path's segment in the singular."""
    parts = words(segment)
    return " ".join([*parts[:-1], singular(parts[-1])]) if parts else ""


def sentence(kind: OperationKind, entity: Entity | None, verb: str) -> str:
    """Return a summary for an operation of that kind."""
    if entity is None:
        return f"{verb.capitalize() or 'Read'}"
    one, many = spoken(entity.name), spoken(entity.plural)
    article = "an" if one[0] in "aeiou" and not one.startswith("use") else "a"
    sentences = {
        OperationKind.LIST: f"List {many}",
        OperationKind.READ: f"Read {article} {one}",
        OperationKind.CREATE: f"Create {article} {one}",
        OperationKind.UPDATE: f"Change {article} {one}",
        OperationKind.DELETE: f"Delete {article} {one}",
        OperationKind.QUERY: f"Read {verb or 'figures'} of {many}",
    }
    return sentences.get(kind) or f"{(verb or 'act on').capitalize()} {article} {one}"


def wanted(kind: OperationKind, entity: Entity, ability: AbilityWish | None) -> bool:
    """Whether that kind of operation is usual for the entity, or was named for it."""
    if ability is not None:
        named = set(ability.verbs) & PLAIN_VERBS
        return not named or kind in _UNCHANGED or bool(named & set(_WRITES[kind]))
    if entity.name in _READ_ONLY or entity.name == "Job":
        return kind in _UNCHANGED
    if append_only(entity.name):
        return kind in {*_UNCHANGED, OperationKind.CREATE}
    # A list of tenants would show each customer who the others are; tenants are made and closed by operators.
    return entity.name not in ("Tenant", "Organization") or kind in (OperationKind.READ, OperationKind.UPDATE)


def filters(entity: Entity) -> tuple[EntityField, ...]:
    """Return the query parameters of a list: its enums, each of which has an index."""
    return tuple(
        EntityField(
            name=f.name,
            type=FieldType.ENUM,
            required=False,
            values=f.values,
            description=f"Only of this {spoken(f.name)}.",
        )
        for f in entity.fields
        if f.type is FieldType.ENUM
    )[:3]


def period(kind: OperationKind, entity: Entity | None) -> tuple[EntityField, ...]:
    """Return the parameters of figures over time."""
    return (
        parse_fields("from_date optional, to_date optional") if kind is OperationKind.QUERY and entity is None else ()
    )


def result_fields(kind: OperationKind) -> tuple[EntityField, ...]:
    """Return the fields of a result that has no entity."""
    if kind is OperationKind.QUERY or kind in _UNCHANGED:
        return parse_fields("generated_at, from_date, to_date, metrics json")
    return parse_fields("accepted_at, result json")


def input_fields(verb: str) -> tuple[EntityField, ...]:
    """Return the fields that an action with that verb usually takes."""
    first = (words(verb) or [""])[0]
    known: dict[str, str] = {
        "execute": "input json optional",
        "run": "input json optional",
        "export": "format (csv|json)",
        "cancel": "reason text optional",
        "reject": "reason text",
        "approve": "comment text optional",
        "refund": "amount money, reason text optional",
        "assign": "assignee_id uuid",
        "schedule": "starts_at",
        "reschedule": "starts_at",
        "share": "email email",
        "invite": "email email",
    }
    return parse_fields(known.get(first, "note text optional"))


def mentioned(entities: Iterable[str]) -> set[str]:
    """Return entity names as people may have written them."""
    return {form for name in entities for form in (spoken(name), spoken(plural_name(name)), entity_name(name))}
