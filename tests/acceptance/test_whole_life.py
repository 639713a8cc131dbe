"""A whole evaluation, as people live it: two iterations, the first with a rejected review."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from bot.domain.bundle import is_bundle
from bot.domain.evaluation import Iteration
from bot.domain.lifecycle import State
from handlers.ids import ActionId
from tests.acceptance.stage import CHANNEL, Stage, Thread, eventually
from tests.support.samples import SAMPLE

pytestmark = pytest.mark.asyncio(loop_scope="module")

REASON = "Add endpoint GET /workflows/{id}/history & rate limits"
APPROVERS = {
    "go": ("dan",),
    "implementation_approval": ("ben",),
    "api_review": ("ava",),
    "security_check": ("chloe",),
    "iteration_complete": ("dan",),
}


async def _first(stage: Stage) -> Thread:
    shutil.copytree(SAMPLE, stage.roots / "platform")
    thread = await stage.start(
        approvers=APPROVERS,
        title="Clinic platform",
        workspace="platform",
        stakeholders=stage["eva"].channels["stakeholders"],
    )
    await thread.answer_everything(text="POST /workflows creates a workflow, GET /workflows lists them.")
    assert not (await thread.dossier()).runs
    dossier = await thread.run("dan")
    assert dossier.evaluation.state is State.IN_REVIEW
    draft = "Iteration 1 · backend-developer-iteration-1.draft.json (draft)"
    await thread.quiet()
    assert draft in await thread.files()
    await thread.vote("ben", "implementation_approval", "approve")
    await thread.vote("ava", "api_review", "reject", comment=REASON)
    await thread.vote("chloe", "security_check", "approve", comment="Fine")
    return thread


async def test_two_iterations_with_a_rejected_review(stage: Stage) -> None:
    """The reviewer's reason leads the second iteration; both results stand in the thread and the workspace, equal.

    Stakeholders see one message that follows to the end, and the thread is what the state says it is.
    """
    thread = await _first(stage)
    await thread.state(State.DECIDING)
    await thread.vote("dan", "iteration_complete", "optimise", comment="Do what Ava asks for")
    dossier = await thread.until(lambda d: d.evaluation.iteration == 2 and d.current.result, within=90)
    assert REASON in [item.text for item in dossier.current.feedback]
    assert "GET /workflows/{id}/history" in await thread.said("i2.opening")
    for gate, (who,) in APPROVERS.items():
        if gate not in {"go", "iteration_complete"}:
            await thread.vote(who, gate, "approve")
    await thread.vote("dan", "iteration_complete", "finish", comment="Good enough", concerns="Watch the costs")
    await thread.state(State.DONE)
    await thread.until(lambda d: is_sealed(d.current))
    await thread.is_the_projection()
    await _files_are_whole(stage, thread)
    await _few_messages_show_files(thread)
    told = [m for m in await stage["eva"].history("stakeholders") if thread.id in str(m.get("metadata"))]
    assert len(told) == 1
    assert "Clinic platform" in told[0]["text"]
    await stage["eva"].command(CHANNEL, "/eipas", f"export {thread.id}")
    await stage.whispered("eva", "backend-developer-iteration-2.json")
    assert not stage.local.broadcasts


def is_sealed(iteration: Iteration) -> bool:
    """Whether its bundle is there, which is made after its gate is decided."""
    return any(is_bundle(ref.name) for ref in iteration.files)


async def _few_messages_show_files(thread: Thread) -> None:
    """All files of an iteration stand in one message; its decided JSON and its bundle come later, in order."""
    for number in (1, 2):
        said = [m for m in await thread.shown() if m.get("files") and f"Iteration {number}" in m["text"]]
        shown = [m["files"] for m in said if m["files"][0]["name"] != "what-i-understood.md"]  # before the go
        assert len(shown[0]) > 1
        name = f"backend-developer-iteration-{number}"
        assert [file["name"] for files in shown[1:] for file in files] == [f"{name}.json", f"{name}.bundle.zip"]


async def _files_are_whole(stage: Stage, thread: Thread) -> None:
    files = await thread.files()
    for number in (1, 2):
        name = f"backend-developer-iteration-{number}.json"
        content = files[f"Iteration {number} · {name}"]
        path = stage.roots / "platform" / "phase4" / name

        async def exported(path: Path = path) -> bool:
            return await asyncio.to_thread(path.is_file)

        await eventually(exported)
        assert path.read_bytes() == content
        report = json.loads(content)
        assert report["iteration"] == number
        assert not stage.app.services.context.kits[report["agent"]].verify(report)
    second = json.loads(files["Iteration 2 · backend-developer-iteration-2.json"])
    assert any("history" in endpoint for endpoint in second["api_specification"]["key_endpoints"])


async def test_replies_while_it_runs_reach_the_next_iteration(stage: Stage) -> None:
    """What is said in the thread while the result is reviewed becomes a note that the next iteration starts from."""
    thread = await stage.start(approvers={"go": ("dan",)})
    await thread.answer_everything(text="GET /orders lists orders.")
    await thread.run("dan")
    await thread.say("farid", "Mind the nightly export")
    await thread.until(lambda d: d.notes)
    for gate in ("implementation_approval", "api_review", "security_check"):
        await thread.vote("eva", gate, "approve")
    await thread.vote("eva", "iteration_complete", "refine", comment="Split the export out")
    dossier = await thread.until(lambda d: d.evaluation.iteration == 2)
    texts = [item.text for item in dossier.current.feedback]
    assert "Mind the nightly export" in texts
    assert "Split the export out" in texts
    assert dossier.evaluation.state is State.AWAITING_GO
    await thread.click("eva", await thread.card("i2.opening"), ActionId.ANSWER_ALL)
    await stage["eva"].view("All questions")
    await thread.is_the_projection()
