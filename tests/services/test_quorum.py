"""How many must agree at a gate: what the role or the start form asks for, and never a gate that nobody can pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.domain.errors import ApproversRefused
from bot.domain.gate import Policy
from bot.domain.role import Role
from bot.services.approvers import Naming, must_be_able_to_decide
from bot.services.common import quorum
from tests.services.conftest import MakeWorld
from tests.support.dossiers import ARCHITECT, LEAD, OWNER
from tests.support.services import TEAM

GATE = "api_review"


def asking_for(role: Role, needed: int) -> Role:
    """The role with a quorum at one gate."""
    return replace(role, gates=tuple(replace(g, needed=needed) if g.key == GATE else g for g in role.gates))


@pytest.mark.parametrize(
    ("approvers", "form", "role_asks", "refused"),
    [
        ({GATE: (LEAD, ARCHITECT)}, 1, 2, ""),
        ({GATE: (LEAD,)}, 1, 2, "2 approvals are more than “API Review” can get: only 1 person can"),
        ({GATE: (LEAD, OWNER)}, 1, 2, "only 1 person can"),
        ({}, 1, 2, "only 1 person can"),
        ({"go": (LEAD,)}, 1, 2, "“API Review”"),
        ({GATE: (LEAD, ARCHITECT)}, 3, 2, "3 approvals are more"),
        ({}, 1, 1, ""),
    ],
)
async def test_a_quorum_that_nobody_can_reach_is_refused(
    make: MakeWorld, approvers: Mapping[str, tuple[str, ...]], form: int, role_asks: int, refused: str
) -> None:
    """Who starts is told which gate needs more people, also where they named nobody and would decide alone."""
    world = await make()
    naming = Naming(team=TEAM, owner=OWNER, approvers=approvers, needed=form)
    role = asking_for(world.role, role_asks)
    if not refused:
        return await must_be_able_to_decide(world.services.context, role, naming)
    with pytest.raises(ApproversRefused) as caught:
        await must_be_able_to_decide(world.services.context, role, naming)
    assert refused in caught.value.fields["needed"]


@pytest.mark.parametrize(("form", "role_asks", "needed"), [(1, 1, 1), (1, 2, 2), (2, 1, 2), (3, 2, 3), (9, 1, 3)])
async def test_the_larger_of_two_wishes_counts(make: MakeWorld, form: int, role_asks: int, needed: int) -> None:
    """A gate asks for what the role or the form wants, whichever is more, and for no more than may vote there."""
    world = await make()
    evaluation = replace(await world.start(), needed=form)
    spec = asking_for(world.role, role_asks).gate(GATE)
    assert quorum(evaluation, spec, Policy()) == needed
