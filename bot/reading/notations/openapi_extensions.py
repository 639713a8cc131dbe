"""Reads what a document says beyond OpenAPI's own words: rules, states, references, rights, tenants (`x-…`).

The names are those of the documents that this product writes; they are plain enough for others to use them, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal, TypeAlias, TypeVar, get_args

from bot.domain.facts import (
    AccessFact,
    EventFact,
    FieldFact,
    RelationFact,
    RoleFact,
    RuleFact,
    SignInFact,
    Stance,
    StateFact,
    TenancyFact,
    ValueType,
    Verb,
)
from bot.reading.notations.notes import Notes
from bot.reading.notations.trees import Node

Cardinality: TypeAlias = Literal["many_to_one", "one_to_one", "many_to_many"]
OnDelete: TypeAlias = Literal["restrict", "cascade", "set_null"]
RuleKind: TypeAlias = Literal[
    "unique", "compare", "bound", "no_overlap", "immutable", "retention", "soft_delete", "audit", "count", "other"
]
Happening: TypeAlias = Literal["event", "webhook_out", "webhook_in", "schedule"]
_Word = TypeVar("_Word", bound=str)
_TYPES = {kind.value: kind for kind in ValueType}
_HAPPENINGS: tuple[tuple[str, Happening], ...] = (
    ("x-events", "event"),
    ("x-incoming-webhooks", "webhook_in"),
    ("x-schedules", "schedule"),
)
_DEEPEST = 40


def as_said(node: Node | None) -> str | None:
    """Return a value as a literal: a scalar's text, a list or map as JSON; None if there is none."""
    if node is None or node.is_null:
        return None
    return node.text if node.kind == "scalar" else json.dumps(_plain(node, 0), ensure_ascii=False)


def designed(made: FieldFact, value: Node) -> FieldFact:
    """Return a field with what its schema says beyond JSON Schema; bounds that are marked as assumed do not count."""
    assumed = set(_texts(value.get("x-assumed")))
    low, high = value.number("x-minimum"), value.number("x-maximum")
    kind = _TYPES.get(value.said("x-type"))
    return replace(
        made,
        type=kind or made.type,
        fields=() if kind in (ValueType.POINT, ValueType.JSON) else made.fields,
        minimum=low if low is not None else (None if "minimum" in assumed else made.minimum),
        maximum=high if high is not None else (None if "maximum" in assumed else made.maximum),
        max_length=None if assumed & {"maxLength", "maxItems"} else made.max_length,
        pattern="" if "pattern" in assumed else made.pattern,
        default=as_said(value.get("x-default")) or made.default,
        unit=value.said("x-unit"),
        sensitive=value.flag("x-sensitive"),
        immutable=value.flag("x-set-once"),
    )


def reference(value: Node, entity: str, statement: str, *, required: bool | None) -> RelationFact | None:
    """Return the relation that a property holds the key of, None if it does not say so."""
    said = value.get("x-references")
    if said is None or not (target := said.said("entity") if said.kind == "map" else said.text):
        return None
    return RelationFact(
        statement=statement,
        source=entity,
        target=target,
        name=said.said("name"),
        cardinality=_one_of(said.said("cardinality"), get_args(Cardinality)) or "many_to_one",
        on_delete=_one_of(said.said("on_delete"), get_args(OnDelete)),
        required=required,
    )


def read_rules(notes: Notes, entity: str, value: Node) -> None:
    """Note the rules and the states of an entity's rows."""
    for one in _maps(value.get("x-rules")):
        kind: RuleKind = _one_of(one.said("kind"), get_args(RuleKind)) or "other"
        notes.add(
            RuleFact(
                statement=notes.say(one.start, one.end),
                entity=entity,
                kind=kind,
                fields=_texts(one.get("fields")),
                expression=one.said("expression"),
                condition=one.said("condition"),
                value=one.number("value"),
                text=one.said("text"),
            )
        )
    states = value.get("x-states")
    for key, machine in states.entries if states is not None else ():
        statement = notes.say(key.start, machine.end)
        if initial := machine.said("initial"):
            notes.add(StateFact(statement=statement, entity=entity, field=key.text, target=initial))
        for step in _maps(machine.get("transitions")):
            notes.add(
                StateFact(
                    statement=notes.say(step.start, step.end),
                    entity=entity,
                    field=key.text,
                    sources=_texts(step.get("from")),
                    target=step.said("to"),
                    action=step.said("by"),
                    roles=_texts(step.get("roles")),
                )
            )


def links(value: Node) -> Iterator[tuple[Node, Node | None, RelationFact]]:
    """Yield an entity's many-to-many relations: the node that says it, the schema of its fields, and the fact."""
    entity = value.said("x-entity")
    for one in _maps(value.get("x-links")):
        fact = RelationFact(
            statement="",
            source=entity,
            target=one.said("entity"),
            name=one.said("name"),
            cardinality="many_to_many",
            on_delete=_one_of(one.said("on_delete"), get_args(OnDelete)),
            required=one.flag("required"),
        )
        if fact.target:
            yield one, one.get("schema"), fact


def read_whole(notes: Notes, root: Node) -> None:
    """Note what is said of the whole API: roles, who may what, tenants, and what happens by itself."""
    roles = root.get("x-roles")
    for key, value in roles.entries if roles is not None else ():
        statement = notes.say(key.start, max(key.end, value.end))
        notes.add(RoleFact(statement=statement, name=key.text, description=value.text))
    for one in _maps(root.get("x-permissions")):
        notes.add(_access(notes.say(one.start, one.end), one))
    tenancy = root.get("x-tenancy")
    if tenancy is not None and tenancy.kind == "map":
        statement = notes.say(tenancy.start, tenancy.end)
        scoped = _texts(tenancy.get("entities"))
        notes.add(TenancyFact(statement=statement, tenant=tenancy.said("tenant"), entities=scoped))
    for name, kind in _HAPPENINGS:
        found = root.get(name)
        for key, value in found.entries if found is not None else ():
            notes.add(happening(notes.say(key.start, max(key.end, value.end)), kind, key.text, value))


def happening(statement: str, kind: Happening, name: str, value: Node) -> EventFact:
    """Return an event, a webhook or a schedule."""
    return EventFact(
        statement=statement,
        kind=kind,
        name=name,
        entity=value.said("entity", "x-entity"),
        schedule=value.said("schedule"),
        signed=value.flag("signed"),
    )


def signed_in(made: SignInFact, value: Node) -> SignInFact:
    """Return a way to sign in with what its security scheme says beyond OpenAPI."""
    minutes = value.number("x-token-minutes")
    return replace(
        made,
        scheme=value.said("x-scheme") or made.scheme,
        audience=value.said("x-audience"),
        provider=value.said("x-provider") if value.get("x-scheme") else made.provider,
        multi_factor=value.flag("x-multi-factor"),
        token_minutes=int(minutes) if minutes is not None else None,
    )


def _access(statement: str, one: Node) -> AccessFact:
    verbs = tuple(verb for said in _texts(one.get("verbs")) if (verb := _one_of(said, get_args(Verb))))
    allowed = one.flag("allowed")
    return AccessFact(
        statement=statement,
        stance=Stance.DENIED if allowed is False else Stance.STATED,
        role=one.said("role"),
        verbs=verbs,
        entity=one.said("entity"),
        field=one.said("field"),
        action=one.said("operation"),
        own=bool(one.flag("own")),
        condition=one.said("condition"),
    )


def _one_of(said: str, words: Sequence[_Word]) -> _Word | None:
    return next((word for word in words if word == said), None)


def _maps(node: Node | None) -> list[Node]:
    return [one for one in node.items if one.kind == "map"] if node is not None else []


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(one.text for one in node.items if one.kind == "scalar") if node is not None else ()


def _plain(node: Node, depth: int) -> object:
    if depth > _DEEPEST or node.is_null:
        return None
    if node.kind == "list":
        return [_plain(one, depth + 1) for one in node.items]
    if node.kind == "map":
        return {key.text: _plain(value, depth + 1) for key, value in node.entries}
    with suppress(ValueError):
        return json.loads(node.text) if node.plain else node.text
    return node.text
