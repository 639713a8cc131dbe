"""An understanding as a blueprint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.design import Brief
from bot.domain.facts import AnyFact, ConventionFact
from bot.reading.merge import Understanding
from bot.roles.backend_developer.blueprint import Blueprint, Decision
from bot.roles.backend_developer.designers.rules.access import (
    access_of,
    auth_of,
    own_rows,
    permissions_of,
    roles_of,
    sign_ins_of,
)
from bot.roles.backend_developer.designers.rules.compatibility import keep_callers
from bot.roles.backend_developer.designers.rules.data import data_of
from bot.roles.backend_developer.designers.rules.interface import Interface
from bot.roles.backend_developer.designers.rules.lives import linked, lives_of, rules_of
from bot.roles.backend_developer.designers.rules.surroundings import (
    budgets_of,
    conventions_of,
    declined_of,
    events_of,
    integrations_of,
    services_of,
    stack_of,
)
from bot.roles.backend_developer.designers.rules.world import World, world_of

DEFAULT_BASE = "/api/v1"
_BASE = re.compile(r"(/[A-Za-z0-9._~-]+)+")


def compose(understanding: Understanding, facts: Iterable[AnyFact], brief: Brief) -> Blueprint:
    """Return the design of what was understood; `facts` are all that were read.

    Raises:
        ValueError: what was said cannot be one valid blueprint; the message names the parts.
    """
    world = world_of(understanding, facts)
    data = data_of(world)
    access = access_of(world, data)
    own_rows(world, access, data)
    if isinstance(brief.previous, Blueprint):
        keep_callers(world, data, brief.previous)
    machines = lives_of(world, data)
    rules = rules_of(world, data, machines)
    base = _base(world) or DEFAULT_BASE
    operations = Interface(world, data, access).build(machines, base)
    ways, stack = sign_ins_of(world, access.roles), stack_of(world)
    entities = tuple(data.entities.values())[:250]
    return Blueprint(
        title=_line(brief.title)[:80].strip() or "Backend",
        summary=_summary(brief),
        version=f"1.{max(brief.iteration - 1, 0)}.0",
        base_path=base,
        stack=stack,
        entities=entities,
        relations=tuple(data.relations)[:600],
        tenant=data.tenant,
        rules=rules,
        state_machines=tuple(linked(machine, operations) for machine in machines),
        operations=operations,
        events=events_of(world, data),
        auth=auth_of(world, ways, access, tenants=bool(data.tenant)),
        sign_ins=ways,
        roles=roles_of(world, access, (role for op in operations for role in op.roles)),
        permissions=permissions_of(world, access, data),
        integrations=integrations_of(world),
        budgets=budgets_of(world, data, operations),
        services=services_of(world, stack, (e.label or e.name for e in entities[:8])),
        conventions=conventions_of(world, data),
        declined=declined_of(world),
        decisions=_decisions(understanding),
    )


def _base(world: World) -> str:
    said = [f.value for f in world.of(ConventionFact) if f.kind == "base_path"]
    for value in reversed(said):
        path = "/" + value.strip().strip("/")
        if _BASE.fullmatch(path) and len(path) <= 60:
            return path
    return ""


def _summary(brief: Brief) -> str:
    about = _line(brief.description)[:400].rstrip(". ") or f"Backend of {_line(brief.title)[:80] or 'the idea'}"
    return f"{about[:590]}."


def _line(text: str) -> str:
    """Return a text as one line of what can be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _decisions(understanding: Understanding) -> tuple[Decision, ...]:
    """Return each contradiction with the statement that counts and the one that does not."""
    said = {s.id: " ".join(s.text.split())[:250] for s in understanding.statements}
    return tuple(
        Decision(
            what=f"“{said.get(c.kept, '')}” counts, and not “{said.get(c.dropped, '')}”."[:600],
            why=f"Both speak of {c.about or 'the same'}, and the later word counts."[:600],
            cites=tuple(s for s in (c.kept, c.dropped) if s in said),
        )
        for c in understanding.contradictions
        if c.kept in said and c.dropped in said
    )[:60]
