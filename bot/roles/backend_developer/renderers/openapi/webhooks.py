"""What the service tells others and does by itself: outgoing webhooks, events, schedules."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint, Event
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.openapi.schemas import object_of
from bot.roles.backend_developer.renderers.openapi.security import SIGNATURE
from bot.roles.backend_developer.renderers.openapi.shared import Node, ref


def webhooks(blueprint: Blueprint) -> Node:
    """Return the document's `webhooks`: what subscribers receive, and what they are to answer."""
    taken = {op.id for op in blueprint.operations}
    found: Node = {}
    for event in blueprint.events:
        if event.kind == "webhook_out":
            found[event.name] = {"post": _call(event, taken)}
    return found


def happenings(blueprint: Blueprint) -> Node:
    """Return the extensions of the document that name events, incoming webhooks and schedules."""
    found: Node = {}
    for event in blueprint.events:
        if event.kind == "event":
            words = {"payload": object_of(event.payload, f"Payload of {event.name}.")} if event.payload else {}
            found.setdefault("x-events", {})[event.name] = {**_words(event), **words}
        elif event.kind == "webhook_in":
            found.setdefault("x-incoming-webhooks", {})[event.name] = {**_words(event), "signed": event.signed}
        elif event.kind == "schedule":
            found.setdefault("x-schedules", {})[event.name] = {**_words(event), "schedule": event.schedule}
    return found


def _words(event: Event) -> Node:
    return {
        **({"description": event.description} if event.description else {}),
        **({"entity": event.entity} if event.entity else {}),
        **({"operation": event.operation} if event.operation else {}),
        **({"x-assumed": True} if event.assumed else {}),
    }


def _call(event: Event, taken: set[str]) -> Node:
    base = f"on_{document_name(event.name).replace('.', '_').replace('-', '_')}"
    name, count = base, 2
    while name in taken:
        name, count = f"{base}_{count}", count + 1
    taken.add(name)
    data = (
        object_of(event.payload, "What happened.")
        if event.payload
        else ref("schemas", document_name(event.entity))
        if event.entity
        else {"type": "object", "description": "What happened.", "maxProperties": 200, "additionalProperties": True}
    )
    envelope: Node = {
        "type": "object",
        "description": "One event; the same id comes again if it is delivered again.",
        "required": ["id", "type", "occurred_at", "data"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "maxLength": 36, "description": "Identifier of the event."},
            "type": {"type": "string", "const": event.name, "description": "Kind of the event."},
            "occurred_at": {"type": "string", "format": "date-time", "maxLength": 35, "description": "When, UTC."},
            "data": data,
        },
        "additionalProperties": False,
    }
    tries = f"Tried {event.retries} more times, each after twice the time, until it is answered with 2xx."
    return {
        "operationId": name,
        "summary": event.description or f"Tells subscribers: {event.name}.",
        "description": tries,
        "requestBody": {"required": True, "content": {"application/json": {"schema": envelope}}},
        "responses": {"2XX": {"description": "Taken."}, "default": {"description": "Not taken: it will come again."}},
        "security": [{SIGNATURE: []}] if event.signed else [],
        "x-retries": event.retries,
        **({"x-entity": event.entity} if event.entity else {}),
    }
