"""The end of an iteration: its choices, its document, and what the next one is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.design import Design
from bot.domain.errors import ConfigurationError, InvalidInput, NotFound, ReasonRequired
from bot.domain.evaluation import Evaluation
from bot.domain.gate import GateState
from bot.roles.backend_developer.blueprint import Blueprint
from bot.services.common import Rules
from bot.services.designer import DesignSession
from tests.artefacts.blueprints import tiny
from tests.services.conftest import MakeWorld
from tests.support.dossiers import ARCHITECT, LEAD, SECURITY
from tests.support.services import World, design

CLOSING = "iteration_complete"


async def close(world: World, evaluation: Evaluation, option: str, comment: str = "", user: str = LEAD) -> None:
    await world.vote(evaluation, CLOSING, user, option, comment)


async def test_finishing_writes_the_final_document_once(world: World, tmp_path: Path) -> None:
    """The document is final, holds the gates as decided, and lies in the thread's files and in the workspace."""
    evaluation = await world.to_closing()
    await close(world, evaluation, "finish")
    dossier = await world.dossier(evaluation)
    assert dossier.evaluation.state == "done" and dossier.current.outcome == "finish"
    finals = [f for f in dossier.current.files if f.name == "backend-developer-iteration-1.json"]
    body = json.loads(await world.services.queries.file(finals[0].sha256))
    assert len(finals) == 1 and not finals[0].draft
    assert body["status"] == "final" and {g["gate"]: g["outcome"] for g in body["gates"]}[CLOSING] == "finish"
    await world.work_off()
    folder = tmp_path / "own" / evaluation.id / "phase4"
    assert json.loads((folder / finals[0].name).read_text()) == body
    assert (folder / "backend-developer-iteration-1" / "openapi.yaml").read_bytes() == tiny().summary.encode()


async def test_an_export_may_be_repeated_and_never_overwrites(world: World) -> None:
    """The same content is left as it is; other content is refused by name, and no half file is left behind."""
    evaluation = await world.to_closing()
    await close(world, evaluation, "finish")
    write = world.services.exports.write
    first = await write(evaluation.id, 1)
    assert await write(evaluation.id, 1) == first
    folder = Path((await world.dossier(evaluation)).evaluation.workspace or "")
    final = folder / next(name for name in first if name.endswith(".json"))
    assert not any(name.startswith("/") for name in first), "names in the folder, no paths of the server"
    assert final.stat().st_mode & 0o777 == 0o600
    final.write_text("{}")
    with pytest.raises(ConfigurationError, match="other content"):
        await write(evaluation.id, 1)
    assert final.read_text() == "{}"
    assert [path.name for path in final.parent.iterdir() if path.suffix == ".part"] == []


async def test_an_undecided_iteration_is_not_exported(world: World) -> None:
    """Drafts stay out of the workspace."""
    evaluation = await world.to_closing()
    with pytest.raises(NotFound, match="decided iteration"):
        await world.services.exports.write(evaluation.id, 1)
    with pytest.raises(NotFound):
        await world.services.exports.write(evaluation.id, 9)


async def test_a_folder_that_cannot_be_written_is_named(world: World, tmp_path: Path) -> None:
    """The export says what is wrong with the folder; the evaluation itself is decided nevertheless."""
    # A file where the folder should be.
    (tmp_path / "own").touch()
    evaluation = await world.to_closing()
    await close(world, evaluation, "finish")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await world.services.exports.write(evaluation.id, 1)
    assert await world.state(evaluation) == "done"


async def test_ready_goes_on_with_the_next_number(world: World) -> None:
    """The next iteration collects, with a go gate of its own, and its goal is the choice in the definition's words."""
    evaluation = await world.to_closing()
    await close(world, evaluation, "ready")
    dossier = await world.dossier(evaluation)
    assert (dossier.evaluation.state, dossier.evaluation.iteration) == ("awaiting_go", 2)
    assert dossier.current.goal == "Ready for iteration 2"
    assert [i.outcome for i in dossier.iterations] == ["ready", None]


async def test_optimising_runs_at_once(world: World) -> None:
    """It needs a reason, which the run is given, and no other go."""
    evaluation = await world.to_closing()
    with pytest.raises(ReasonRequired):
        await close(world, evaluation, "optimise")
    await close(world, evaluation, "optimise", "Lists are slow")
    dossier = await world.dossier(evaluation)
    assert (dossier.evaluation.state, dossier.evaluation.iteration) == ("running", 2)
    assert sorted(work.kind for work in world.waiting) == ["export", "run"]


async def test_refining_collects_again(world: World) -> None:
    """Refining the architecture needs a reason and new answers may be given before its go."""
    evaluation = await world.to_closing()
    await close(world, evaluation, "refine", "Split the service")
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "Two services"})
    dossier = await world.dossier(evaluation)
    assert (dossier.evaluation.state, dossier.evaluation.iteration) == ("awaiting_go", 2)


async def test_what_was_said_reaches_the_next_run(world: World) -> None:
    """Reasons, concerns and notes of an iteration are the next one's feedback, each with who said it.

    A note beside an approval asks for nothing; what an approver wants all the same is a concern.
    """
    evaluation = await world.to_review()
    evaluation = (await world.dossier(evaluation)).evaluation
    await world.reply(evaluation, "The names are odd", user=SECURITY)
    await world.vote(evaluation, "implementation_approval", LEAD, "approve", "Nice", concerns="Name the owners")
    await world.vote(evaluation, "api_review", ARCHITECT, "reject", "No paging")
    await world.vote(evaluation, "security_check", SECURITY)
    await world.vote(evaluation, CLOSING, LEAD, "optimise", "Page the lists", concerns="Costs")
    await world.work_off()
    brief = world.designer.briefs[-1]
    assert brief.iteration == 2 and brief.previous == tiny()
    assert {(f.origin, f.text, f.by) for f in brief.feedback} == {
        ("concerns", "Name the owners", LEAD),
        ("api_review", "No paging", ARCHITECT),
        (CLOSING, "Page the lists", LEAD),
        ("concerns", "Costs", LEAD),
        ("note", "The names are odd", SECURITY),
    }
    assert len({f.id for f in brief.feedback}) == 5


async def test_what_changed_is_told(world: World) -> None:
    """The second iteration's result says what differs from the first."""

    async def other(session: DesignSession) -> Design:
        return design(Blueprint.model_validate({**tiny().model_dump(), "summary": "Another one"}))

    evaluation = await world.to_closing()
    await close(world, evaluation, "optimise", "Another one")
    world.designer.script = [other]
    await world.work_off()
    result = (await world.dossier(evaluation)).current.result
    assert result is not None and result.changes == ("It changed.",)


@pytest.mark.parametrize(("overall", "why"), [(94, "94 is below the threshold of 95"), (None, "unproven")])
@pytest.mark.parametrize("option", ["ready", "finish"])
async def test_accepting_too_little_needs_a_justification(
    world: World, overall: int | None, why: str, option: str
) -> None:
    """Below the threshold, or without proof, a result is accepted only in writing; the words stay with the vote."""
    world.kit.overall = overall
    evaluation = await world.to_closing()
    with pytest.raises(ReasonRequired, match=why):
        await close(world, evaluation, option)
    assert (await world.gate(evaluation, CLOSING)).votes == ()
    await close(world, evaluation, option, "The pilot needs no more.")
    gate = next(g for g in (await world.dossier(evaluation)).gates if g.key == CLOSING)
    assert gate.votes[0].comment == "The pilot needs no more."


async def test_the_threshold_itself_is_enough(world: World) -> None:
    """95 of 100 needs no justification."""
    world.kit.overall = 95
    evaluation = await world.to_closing()
    await close(world, evaluation, "finish")
    assert await world.state(evaluation) == "done"


async def test_accepting_against_a_rejected_gate_needs_a_justification(world: World) -> None:
    """The gate is named; going on to mend it needs only the choice's own reason."""
    evaluation = await world.to_review()
    await world.vote(evaluation, "implementation_approval", LEAD)
    await world.vote(evaluation, "api_review", ARCHITECT)
    await world.vote(evaluation, "security_check", SECURITY, "reject", "No MFA")
    with pytest.raises(ReasonRequired, match="“Security Check” was rejected"):
        await close(world, evaluation, "finish")
    await close(world, evaluation, "optimise", "Add MFA")


async def test_the_last_iteration_can_only_be_finished(world: World, tmp_path: Path) -> None:
    """The role's fifth iteration is its last: going on is refused, finishing is not."""
    folder = tmp_path / "roots" / "old" / "phase4"
    folder.mkdir(parents=True)
    (folder.parent / "idea.json").write_text('{"title": "Old", "description": "Known."}')
    (folder / "backend-developer-iteration-4.json").write_text("{}")
    evaluation = await world.to_closing(workspace="old")
    assert evaluation.iteration == 5
    for option in ("ready", "optimise", "refine"):
        with pytest.raises(InvalidInput, match=r"5 iterations.*number 5.*“Finish”"):
            await close(world, evaluation, option, "more")
    await close(world, evaluation, "finish")


async def test_numbers_are_never_reused_between_evaluations(world: World, tmp_path: Path) -> None:
    """Two evaluations of a workspace that go on in turn count through, and their files lie side by side."""
    folder = tmp_path / "roots" / "acme"
    folder.mkdir(parents=True)
    (folder / "idea.json").write_text('{"title": "Acme", "description": "Known."}')
    first = await world.to_closing(workspace="acme")
    second = await world.to_closing(workspace="acme")
    await close(world, first, "ready")
    await close(world, second, "ready")
    numbers = [i.number for e in (first, second) for i in (await world.dossier(e)).iterations]
    assert numbers == [1, 3, 2, 4]
    await world.work_off()
    assert sorted(p.name for p in (folder / "phase4").glob("*.json")) == [
        "backend-developer-iteration-1.json",
        "backend-developer-iteration-2.json",
    ]


async def test_votes_that_cannot_agree_are_put_anew(world: World) -> None:
    """When everybody has voted and no choice has enough, the gate is withdrawn and asked again."""
    evaluation = await world.to_review(needed=2)
    for key, users in {
        "implementation_approval": (LEAD, ARCHITECT), "api_review": (LEAD, SECURITY), "security_check": (SECURITY,),
    }.items():  # fmt: skip
        for user in users:
            await world.vote(evaluation, key, user)
    await close(world, evaluation, "ready")
    gate = await world.vote(evaluation, CLOSING, ARCHITECT, "finish")
    assert gate.state is GateState.WITHDRAWN
    assert await world.gates(evaluation, CLOSING) == [GateState.WITHDRAWN, GateState.PENDING]
    assert "gate_split" in await world.kinds(evaluation)
    await close(world, evaluation, "finish")
    await world.vote(evaluation, CLOSING, ARCHITECT, "finish")
    assert await world.state(evaluation) == "done"


async def test_a_first_run_after_a_failure_keeps_its_number(make: MakeWorld) -> None:
    """Trying again is another attempt of the same iteration, not another iteration."""
    world = await make(rules=Rules())
    evaluation = await world.to_run()
    await world.services.runs.stop(world.actor(), evaluation.id)
    await world.services.runs.retry(world.actor(), evaluation.id)
    await world.work_off()
    await world.review(evaluation)
    await close(world, evaluation, "finish")
    dossier = await world.dossier(evaluation)
    assert [(i.number, i.outcome) for i in dossier.iterations] == [(1, "finish")]
