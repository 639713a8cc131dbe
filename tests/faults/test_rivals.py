"""Two people decide the opposite at the same moment."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from typing import Any

from bot.app.application import Application
from bot.app.settings import Settings
from bot.devtools.local_slack.people import Person
from bot.domain.errors import AlreadyDecided
from bot.domain.gate import Gate, GateState
from bot.services.gates import Verdict
from handlers.ids import ActionId, BlockId, CallbackId, qualified
from tests.faults.conftest import Figures
from tests.faults.process import check_runner
from tests.faults.stage import Pair, set_up
from tests.faults.story import Story
from tests.support.dossiers import ARCHITECT, LEAD
from tests.support.services import World, world_at

ROUNDS = int(os.environ.get("RIVAL_ROUNDS", "30"))
"""`make faults` plays a thousand."""

SIDE_BY_SIDE = 10


async def test_one_of_two_opposite_verdicts_stands(url: str, tmp_path: Path, figures: Figures) -> None:
    """Each time one verdict decides the gate, the other person is told by whom, and only the first is counted."""
    async with world_at(url, tmp_path) as world:
        won: list[GateState] = []
        for start in range(0, ROUNDS, SIDE_BY_SIDE):
            won += await asyncio.gather(*(round_of(world, start + n) for n in range(min(SIDE_BY_SIDE, ROUNDS - start))))
    assert set(won) <= {GateState.APPROVED, GateState.REJECTED}
    assert len(won) == ROUNDS
    yes, database = won.count(GateState.APPROVED), url.partition(":")[0]
    figures(
        f"{ROUNDS} times opposite buttons at once on {database}: one verdict each ({yes} yes, {ROUNDS - yes} no), "
        f"{ROUNDS} losers told by whom"
    )


async def test_both_see_in_slack_whose_verdict_stands(tmp_path: Path) -> None:
    """Two forms sent at the same moment: one closes, the other says who decided, and the card shows one verdict."""
    titles = [f"Idea {n}" for n in range(4)]
    async with set_up(len(titles)) as stage:
        settings = Settings(_env_file=None, data_dir=tmp_path, designer="offline")
        async with Application(settings, stage.slack, {"backend-developer": check_runner(0.1)}) as application:
            stories = [Story(p, stage.ledger, t, random.Random(1)) for p, t in zip(stage.pairs, titles, strict=True)]
            refusals = await asyncio.gather(
                *(race(story, pair) for story, pair in zip(stories, stage.pairs, strict=True))
            )
            found = await application.services.queries.listing(stage.slack.core.identity.team_id, None, open_only=False)
            dossiers = [await application.services.queries.dossier(e.id) for e in found]
        gates = [gate for dossier in dossiers for gate in dossier.gates if gate.key == "go"]
    assert [len(gate.votes) for gate in gates] == [1] * len(titles)
    assert all("already decided" in refusal for refusal in refusals)


async def race(story: Story, pair: Pair) -> str:
    """Both send their forms at once; returns what the loser is told."""
    card = await story.to_go()
    people = ((pair.decider, "approve", {}), (pair.rival, "reject", {BlockId.COMMENT: "Not yet."}))
    forms = [
        await story.form(person, lambda p=person, o=option: p.click(pair.channel, card, qualified(ActionId.VOTE, o)))
        for person, option, _ in people
    ]
    await asyncio.gather(*(p.submit(view, words) for (p, _, words), view in zip(people, forms, strict=True)))
    left = {person: await person.wait_for(settled) for person, _, _ in people}
    (loser,) = [views for views in left.values() if views != ["closed"]]
    return str(loser)


def settled(person: Person) -> list[Any] | None:
    """What a person sees instead of the form of a verdict."""
    if any(view["callback_id"] == CallbackId.VERDICT for view in person.views):
        return None
    return list(person.views) or ["closed"]


async def round_of(world: World, number: int) -> GateState:
    evaluation = await world.to_go(approvers={"go": (LEAD, ARCHITECT)}, title=f"Idea {number}")
    gate = await world.gate(evaluation, "go")
    yes = Verdict(option="approve", subject_sha256=gate.subject_sha256)
    no = Verdict(option="reject", comment="Not yet.", subject_sha256=gate.subject_sha256)
    pairs = [(LEAD, yes), (ARCHITECT, no)]
    if number % 2:
        pairs.reverse()
    votes = (world.services.gates.vote(world.actor(user), gate.id, verdict) for user, verdict in pairs)
    outcomes = await asyncio.gather(*votes, return_exceptions=True)
    winners = [outcome for outcome in outcomes if isinstance(outcome, Gate)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDecided)]
    assert (len(winners), len(losers)) == (1, 1), outcomes
    kept = await world.gate(evaluation, "go")
    assert (kept.state, kept.outcome, len(kept.votes)) == (winners[0].state, winners[0].outcome, 1)
    assert f"@{kept.votes[0].voter}" in losers[0].message
    assert await world.state(evaluation) == ("running" if kept.state is GateState.APPROVED else "collecting")
    return kept.state
