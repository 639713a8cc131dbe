"""The backend's part of the conversation with the model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.agent.profile import Profile
from bot.roles.backend_developer.blueprint import Blueprint


def parts_of(blueprint: Blueprint) -> Mapping[str, str]:
    """Return everything in a blueprint that has a name, by that name in lower case, as comparable text."""
    named = [
        *((entity.name, entity) for entity in blueprint.entities),
        *((operation.id, operation) for operation in blueprint.operations),
        *((role.name, role) for role in blueprint.roles),
        *((integration.service, integration) for integration in blueprint.integrations),
        *((f"{relation.source}.{relation.name}", relation) for relation in blueprint.relations),
        *((f"budget:{budget.metric}", budget) for budget in blueprint.budgets),
        ("auth", blueprint.auth),
        ("stack", blueprint.stack),
        ("services", blueprint.services),
    ]
    found: dict[str, str] = {}
    for name, part in named:
        found[name.lower()] = found.get(name.lower(), "") + part.model_dump_json()
    return found


def _size(blueprint: Blueprint) -> str:
    return f"{len(blueprint.entities)} entities, {len(blueprint.operations)} operations"


BACKEND: Final[Profile[Blueprint]] = Profile(
    noun="blueprint",
    proposal_type=Blueprint,
    prompts=Path(__file__).parent / "prompts",
    size=_size,
    parts=parts_of,
)
