"""How the parts of a blueprint are addressed in edits: by what tells an item from the others of its list."""

from __future__ import annotations

from typing import Final

from bot.agent.edits import Keys

KEYS: Final[Keys] = {
    "entities": ("name",),
    "fields": ("name",),
    "indexes": ("fields",),
    "relations": ("source", "name"),
    "rules": ("entity", "kind", "fields"),
    "state_machines": ("entity", "field"),
    "transitions": ("action", "target"),
    "operations": ("id",),
    "parameters": ("name",),
    "request": ("name",),
    "response": ("name",),
    "payload": ("name",),
    "problems": ("code",),
    "events": ("kind", "name"),
    "sign_ins": ("name",),
    "roles": ("name",),
    "permissions": ("role", "verbs", "entity", "operation", "field"),
    "integrations": ("service",),
    "budgets": ("metric", "operation", "entity"),
    "conventions": ("kind",),
    "declined": ("what",),
    "decisions": ("what",),
}
