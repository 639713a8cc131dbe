"""What the next iteration's designer is told of the last one, and what a model's readings are kept for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.design import Brief, Design, ModelReading
from bot.domain.fact_json import fact_from_json
from bot.domain.recap import Recap, RecapSection, RecapState
from bot.domain.spending import Estimate
from bot.services.designer import DesignFailed, DesignSession, Ledger
from tests.support.dossiers import ARCHITECT, LEAD, SECURITY
from tests.support.services import World, design

READING = ModelReading(
    statement="s1", span="a fluxometer",
    facts=(fact_from_json({"fact": "entity", "name": "fluxometer"}, statement="s1", by_model=True),),
)  # fmt: skip


class Reader:
    """An adviser that reads one statement at a price, and a summarizer that counts it."""

    def __init__(self) -> None:
        self.seen: list[Brief] = []
        self.trouble: Exception | None = None

    def forecast(self, brief: Brief) -> Estimate:
        return Estimate(model="double", usd=0.4, prices_of=date(2026, 10, 21))

    async def specific_questions(self, brief: Brief, ledger: Ledger) -> tuple[tuple[str, str, str], ...]:
        return ()

    async def read_statements(self, brief: Brief, ledger: Ledger) -> tuple[ModelReading, ...]:
        self.seen.append(brief)
        if self.trouble is not None:
            raise self.trouble
        call = {"id": await ledger.open_call("double", 0.5), "outcome": "end_turn", "usd": 0.1}
        await ledger.close_call(call)
        return () if brief.readings else (READING,)

    async def recap(self, brief: Brief) -> Recap:
        assumed = RecapSection(title="Assumed", lines=(), total=0)
        return Recap(statements=1, understood=len(brief.readings), assumed=assumed)

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def reader(world: World) -> Reader:
    found = Reader()
    world.kit.advisor = world.kit.summarizer = found
    return found


async def test_the_next_brief_says_how_the_last_iteration_came_out(world: World) -> None:
    """Scores, everybody's verdict with its reason or remark, and the documents that it was designed from."""
    evaluation = await world.to_review()
    await world.vote(evaluation, "implementation_approval", LEAD)
    await world.vote(evaluation, "api_review", ARCHITECT, "reject", "We need the scans.")
    await world.vote(evaluation, "security_check", SECURITY)
    await world.vote(evaluation, "iteration_complete", LEAD, "optimise", "Page the lists", concerns="Costs")
    await world.work_off()
    first, second = world.designer.briefs
    assert first.past is None and second.past is not None
    past = second.past
    assert (past.number, past.overall, dict(past.scores)) == (1, world.kit.overall, {"api_design": world.kit.overall})
    verdicts = {one.gate: one for one in past.verdicts}
    assert verdicts["API Review"].comment == "We need the scans." and verdicts["API Review"].verdict == "Reject"
    assert verdicts["Implementation Approval"].verdict == "Approve"
    assert verdicts["Iteration Complete"].concerns == "Costs"
    assert past.sources == tuple((source.path, source.sha256) for source in first.sources)


async def test_what_a_model_read_before_the_go_is_paid_once_and_reaches_the_run(world: World, reader: Reader) -> None:
    """The recap counts it, the evaluation pays for it, and the run's brief has it."""
    evaluation = await world.to_go()
    await world.work_off()
    dossier = await world.dossier(evaluation)
    recap = dossier.recap(1)
    assert recap is not None and recap.recap is not None and recap.recap.readings == (READING,)
    assert recap.recap.understood == 1 and dossier.spent_usd == pytest.approx(0.1 * len(reader.seen))
    await world.vote(evaluation, "go", LEAD)
    await world.work_off()
    assert world.designer.briefs[-1].readings == (READING,)


async def test_a_reader_that_fails_holds_no_recap_up(world: World, reader: Reader) -> None:
    """What I understood is shown with what the rules read; the run may read the rest."""
    reader.trouble = DesignFailed(reason="The budget does not reach.")
    evaluation = await world.to_go()
    await world.work_off()
    recap = (await world.dossier(evaluation)).recap(1)
    assert recap is not None and recap.state is RecapState.READY and recap.recap is not None
    assert recap.recap.readings == () and recap.recap.spent_usd == 0


async def test_what_a_run_read_is_known_to_the_next_iteration(world: World) -> None:
    """The brief that a result was made from keeps its readings, so that nobody pays for them again."""

    async def reads(session: DesignSession) -> Design:
        session.brief = replace(session.brief, readings=(READING,))
        return design()

    evaluation = await world.to_run()
    world.designer.script = [reads]
    await world.work_off()
    await world.review(evaluation)
    await world.vote(evaluation, "iteration_complete", LEAD, "optimise", "More")
    await world.work_off()
    assert world.designer.briefs[-1].readings == (READING,)
