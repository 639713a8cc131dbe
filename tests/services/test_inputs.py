"""Documents given in Slack: fetched once, read or refused by name and line, and never behind the go gate's back."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.domain.errors import EipasError, IllegalEvent
from bot.domain.evaluation import Evaluation, Upload
from bot.domain.gate import GateState
from tests.support.dossiers import LEAD
from tests.support.services import CHANNEL, World

CTO = json.dumps({"agent": "cto", "technology_stack": {"backend": "Python"}}).encode()


async def give(world: World, evaluation: Evaluation, *files: tuple[str, str, int]) -> Evaluation | None:
    return await world.services.inputs.give(world.actor(), CHANNEL, evaluation.thread_ts or "", files)


async def uploads(world: World, evaluation: Evaluation) -> list[Upload]:
    return list((await world.dossier(evaluation)).context.uploads)


async def test_an_upload_is_read_and_told_where_it_belongs(world: World) -> None:
    """It is noted at once, fetched in the background, and no longer missing."""
    world.files["F1"] = CTO
    evaluation = await world.start()
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    assert [u.state for u in await uploads(world, evaluation)] == ["pending"]
    await world.work_off()
    context = (await world.dossier(evaluation)).context
    assert [(u.state, u.path) for u in context.uploads] == [
        ("read", ".claude-agentflow/workspace/phase1/cto-evaluation.json")
    ]
    assert "cto_evaluation" in {d.key for d in context.inputs}
    assert "cto_evaluation" not in {m.key for m in context.missing}


async def test_files_given_with_the_start_are_fetched(world: World) -> None:
    """The start form's files take the same way."""
    world.files["F1"] = CTO
    evaluation = await world.start(uploads=(("F1", "cto-evaluation.json", 10),))
    await world.work_off()
    assert [u.state for u in await uploads(world, evaluation)] == ["read"]


async def test_a_broken_document_is_refused_with_its_line(world: World) -> None:
    """Name, line and what is wrong; a mended one of the same name takes its place."""
    world.files["F1"] = b'{\n  "agent": "cto"\n  "x": 1\n}'
    evaluation = await world.start()
    await give(world, evaluation, ("F1", "cto-evaluation.json", 30))
    await world.work_off()
    refused = (await world.dossier(evaluation)).context.refused
    assert [(r.path, r.line) for r in refused] == [("cto-evaluation.json", 3)]
    assert "line 3" in refused[0].message
    world.files["F2"] = CTO
    await give(world, evaluation, ("F2", "cto-evaluation.json", len(CTO)))
    await world.work_off()
    assert (await world.dossier(evaluation)).context.refused == ()


@pytest.mark.parametrize("error", [EipasError(), RuntimeError("boom")])
async def test_a_file_that_cannot_be_fetched_is_refused_in_words(world: World, error: Exception) -> None:
    """Whatever goes wrong, the file does not look as if it were still on its way."""
    world.files["F1"] = error
    evaluation = await world.start()
    await give(world, evaluation, ("F1", "a.json", 3))
    await world.work_off()
    found = await uploads(world, evaluation)
    assert found[0].state == "refused" and found[0].problem and "boom" not in found[0].problem


async def test_a_fetch_that_is_repeated_changes_nothing(world: World) -> None:
    """The engine may call it again, or twice at once; the document is taken in once."""
    world.files["F1"] = CTO
    evaluation = await world.start()
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    fetch = world.services.inputs.fetch
    await asyncio.gather(fetch(evaluation.id, "F1"), fetch(evaluation.id, "F1"))
    before = await world.dossier(evaluation)
    await fetch(evaluation.id, "F1")
    assert await world.dossier(evaluation) == before
    assert (await world.kinds(evaluation)).count("file_read") == 1


async def test_a_file_given_twice_is_fetched_once(world: World) -> None:
    """The same Slack file in two deliveries is one upload."""
    world.files["F1"] = CTO
    evaluation = await world.start()
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    before = (await world.dossier(evaluation)).evaluation.version
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    assert len(world.waiting) == 1 and (await world.dossier(evaluation)).evaluation.version == before


async def test_a_new_document_voids_the_go_gate(world: World) -> None:
    """What the gate judged has changed: it is withdrawn and opened anew; a refused document changes nothing."""
    world.files |= {"F1": CTO, "F2": b"no json"}
    evaluation = await world.to_go()
    evaluation = (await world.dossier(evaluation)).evaluation
    await give(world, evaluation, ("F2", "b.json", 7))
    await world.work_off()
    assert await world.gates(evaluation, "go") == [GateState.PENDING]
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    await world.work_off()
    assert await world.gates(evaluation, "go") == [GateState.WITHDRAWN, GateState.PENDING]
    assert await world.state(evaluation) == "awaiting_go"


async def test_a_new_document_after_a_no_asks_for_the_go_again(world: World) -> None:
    """As a changed answer does."""
    world.files["F1"] = CTO
    evaluation = await world.to_go()
    evaluation = (await world.dossier(evaluation)).evaluation
    await world.vote(evaluation, "go", LEAD, "reject", "Where is the CTO's paper?")
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    await world.work_off()
    assert await world.gates(evaluation, "go") == [GateState.REJECTED, GateState.PENDING]


async def test_a_document_that_arrives_after_the_go_is_refused(world: World) -> None:
    """The run works from what the gate judged; the words say when to give the document again."""
    world.files["F1"] = CTO
    evaluation = (await world.dossier(await world.to_go())).evaluation
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    await world.vote(evaluation, "go", LEAD)
    await world.services.inputs.fetch(evaluation.id, "F1")
    context = (await world.dossier(evaluation)).context
    assert context.uploads[0].state == "refused" and "next iteration" in context.uploads[0].problem
    assert [r.path for r in context.refused] == ["cto-evaluation.json"]
    assert "cto_evaluation" not in {d.key for d in context.inputs}


async def test_a_document_for_a_cancelled_evaluation_is_refused(world: World) -> None:
    """The words do not promise a next iteration."""
    world.files["F1"] = CTO
    evaluation = await world.start()
    await give(world, evaluation, ("F1", "cto-evaluation.json", len(CTO)))
    await world.services.evaluations.cancel(world.actor(), evaluation.id, "Enough")
    await world.work_off()
    assert "had ended" in (await uploads(world, evaluation))[0].problem


async def test_documents_are_closed_after_the_go(world: World) -> None:
    """Giving one then is refused with what to do, and elsewhere it is nobody's business."""
    evaluation = (await world.dossier(await world.to_run())).evaluation
    with pytest.raises(IllegalEvent, match="documents are closed"):
        await give(world, evaluation, ("F1", "a.json", 3))
    assert await world.services.inputs.give(world.actor(), CHANNEL, "9.9", (("F1", "a.json", 3),)) is None
