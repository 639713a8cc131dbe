"""The backend's part of the conversation with the model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.agent.profile import Profile
from bot.domain.design import Brief
from bot.domain.role import Role
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.designers.claude.addresses import KEYS

if TYPE_CHECKING:
    from bot.agent.statements import Said, Shortcoming
    from bot.domain.evidence import Assessment
    from bot.roles.backend_developer.designers.claude.statements import BackendStatements, Read

_HERE: Final = Path(__file__).parent
_EDITS: Final[Mapping[str, Any]] = {
    "edits": [
        {
            "op": "add",
            "at": "entities/Hive/fields",
            "value": {"name": "height_cm", "type": "integer", "cites": ["e14"]},
        },
        {
            "op": "change",
            "at": "entities/Hive/fields/status",
            "value": {"values": ["active", "quarantined", "dissolved", "sold"]},
        },
        {"op": "change", "at": "operations/list_hives/roles", "value": ["inspector"]},
        {"op": "remove", "at": "permissions/keeper.read,update.Hive"},
        {"op": "move", "at": "entities/Inspection/fields/remark", "to": "entities/Hive/fields"},
    ]
}


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


def backend_profile(role: Role | None = None, read: Read | None = None) -> Profile[Blueprint]:
    """Return the profile of a role that reads its texts by `read`; without it nothing is accounted for."""
    return Profile(
        noun="blueprint",
        proposal_type=Blueprint,
        prompts=_HERE / "prompts",
        size=_size,
        parts=parts_of,
        keys=KEYS,
        examples={
            "propose_blueprint": (json.loads((_HERE / "example" / "blueprint.json").read_text("utf-8")),),
            "edit_blueprint": (_EDITS,),
        },
        worked=(_HERE / "example" / "statements.md").read_text("utf-8").strip(),
        role=role,
        reader=_Statements(read) if read is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Statements:
    """The statements' reader, loaded with the first run: no start needs what it imports."""

    read: Read

    async def said(self, brief: Brief) -> Said:
        """See `bot.agent.statements.StatementReader`."""
        return await (await self._loaded()).said(brief)

    async def account(self, brief: Brief, proposal: Blueprint, assessment: Assessment) -> tuple[Shortcoming, ...]:
        """See `bot.agent.statements.StatementReader`."""
        return await (await self._loaded()).account(brief, proposal, assessment)

    async def _loaded(self) -> BackendStatements:
        return await asyncio.to_thread(_made, self.read)


def _made(read: Read) -> BackendStatements:
    from bot.roles.backend_developer.designers.claude.statements import BackendStatements  # noqa: PLC0415 - as above

    return BackendStatements(read)


BACKEND: Final = backend_profile()
"""How a blueprint is named, edited and shown, of no role in particular."""
