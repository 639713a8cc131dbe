"""The table of docs/security.md is what the services do, cell by cell."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.design import Point
from bot.domain.errors import EipasError, GuestsOnlyWatch, NotAllowed, NotFound, SelfApproval
from bot.domain.evaluation import Evaluation
from bot.services.common import Actor
from bot.services.directory import NoDirectory, Standing
from bot.services.ports import Tx
from bot.services.recaps import Wording
from bot.services.registry import Services, build_services
from bot.services.waiving import WaiverForm
from tests.support.databases import migrated_file
from tests.support.dossiers import ARCHITECT, LEAD, OWNER
from tests.support.services import CHANNEL, TEAM, World, world_at

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
MEMBER, GUEST, OUTSIDER = "U0MEMBER01", "U0GUEST001", "U0OUTSIDE1"
PEOPLE = {
    "owner": Actor(team=TEAM, user=OWNER),
    "approver": Actor(team=TEAM, user=LEAD),
    "channel": Actor(team=TEAM, user=MEMBER),
    "guest": Actor(team=TEAM, user=GUEST),
    "outsider": Actor(team=TEAM, user=OUTSIDER),
    "foreign": Actor(team="T0FOREIGN1", user=OWNER),
}


class Private(NoDirectory):
    """A private channel with a member and a guest in it; somebody who decided has left."""

    def __init__(self) -> None:
        self.left: set[str] = set()

    async def standing(self, team: str, user: str) -> Standing:
        if user in self.left:
            return Standing.DEACTIVATED
        return Standing.GUEST if user == GUEST else Standing.MEMBER

    async def reads(self, team: str, channel: str, user: str) -> bool:
        return channel == CHANNEL and user in {MEMBER, GUEST}


def table() -> dict[str, dict[str, bool]]:
    """The page's table: what, by whom, whether."""
    found = re.search(r"<!-- rights -->\n(.*?)<!-- /rights -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].strip().splitlines()]
    return {
        row[0]: {who: {"yes": True, "no": False}[cell] for who, cell in zip(head[1:], row[1:], strict=True)}
        for row in rows
    }


class Try:
    """One person does one thing to one fresh evaluation, past the same door as every delivery."""

    def __init__(self, world: World, services: Services, directory: Private) -> None:
        self.world, self.services, self.directory = world, services, directory

    async def see(self, actor: Actor) -> object:
        """Every way to it: by its id, by its beginning, in the list of all, and on the desk of a Home tab."""
        queries, evaluation = self.services.queries, await self.world.start()
        listed = evaluation.id in {one.id for one in await queries.visible(actor)}
        ways = (queries.seen(actor, evaluation.id), queries.find(actor.team, evaluation.id[:-2], actor.user))
        found = await asyncio.gather(*ways, return_exceptions=True)
        refused = [one for one in found if isinstance(one, BaseException)]
        assert len(refused) in (0, len(ways)) and listed == (not refused), (listed, found)
        if refused:
            desk = await queries.desk(actor.team, actor.user)
            assert evaluation.id not in str(desk)
            raise refused[0]
        return found

    async def answer(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self.world.start())
        return await self.services.questions.answer(actor, evaluation.id, {"opening_1": "Words"})

    async def document(self, actor: Actor) -> object:
        evaluation = await self.world.start()
        await self.enter(actor, evaluation)
        return await self.services.inputs.give(actor, CHANNEL, evaluation.thread_ts or "", [("F1", "idea.json", 2)])

    async def note(self, actor: Actor) -> object:
        evaluation = await self.services.access.must_see(actor, (await self.world.start()).id)
        guest = not await self.services.access.takes_part(actor, evaluation)
        return await self.services.replies.take(actor, self.world.said(evaluation, "Mind the holidays"), guest=guest)

    async def decide(self, actor: Actor) -> object:
        evaluation = await self.world.to_go()
        gate = await self.world.gate(evaluation, "go")
        await self.enter(actor, evaluation)
        return await self.services.gates.check(actor, gate.id)

    async def correct(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self.world.to_go())
        return await self.services.recaps.correct(actor, evaluation.id, [Wording(text="Orders have a number.")])

    async def waive(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self._with_a_point())
        form = WaiverForm(evaluation_id=evaluation.id, feedback_id="fb_1", number=1, why="It is not needed")
        return await self.services.waiving.waive(actor, form)

    async def run(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self.world.to_run())
        await self.services.runs.raise_budget(actor, evaluation.id, 50.0)
        await self.services.runs.stop(actor, evaluation.id)
        return await self.services.runs.retry(actor, evaluation.id)

    async def cancel(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self.world.start())
        return await self.services.evaluations.cancel(actor, evaluation.id, "Enough")

    async def reopen(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self._cancelled())
        return await self.services.reopening.reopen(actor, evaluation.id)

    async def copy(self, actor: Actor) -> object:
        return await self.services.reopening.clone(actor, (await self._cancelled()).id)

    async def successor(self, actor: Actor) -> object:
        evaluation = await self.enter(actor, await self.world.start())
        self.directory.left = {ARCHITECT}
        return await self.services.approvers.replace(actor, evaluation.id, ARCHITECT, "U0SUCCESS1")

    async def enter(self, actor: Actor, evaluation: Evaluation) -> Evaluation:
        """What `handlers.guard` asks before any handler."""
        found = await self.services.access.must_see(actor, evaluation.id)
        await self.services.access.must_take_part(actor, found)
        return found

    async def _with_a_point(self) -> Evaluation:
        """An evaluation in review whose result leaves a point of feedback open."""
        evaluation = await self.world.to_review()

        def fn(tx: Tx) -> None:
            current = tx.dossier(evaluation.id).current
            assert current.result is not None
            point = Point(feedback_id="fb_1", number=1, text="Page every list", outcome="open")
            highlights = replace(current.result.highlights, points=(point,))
            tx.iterations.save(evaluation.id, replace(current, result=replace(current.result, highlights=highlights)))

        await self.world.database.transaction(fn)
        return evaluation

    async def _cancelled(self) -> Evaluation:
        evaluation = await self.world.start()
        return await self.services.evaluations.cancel(PEOPLE["owner"], evaluation.id, "Enough")


ACTS: dict[str, Callable[[Try, Actor], Awaitable[object]]] = {
    "see: status, list, documents, Home, details, export": Try.see,
    "answer, edit, skip": Try.answer,
    "hand in a document": Try.document,
    "leave a note in the thread": Try.note,
    "decide a gate": Try.decide,
    "correct what was understood": Try.correct,
    "waive a point of feedback": Try.waive,
    "stop or retry a run, raise the budget": Try.run,
    "cancel, with a reason": Try.cancel,
    "reopen": Try.reopen,
    "copy what is over": Try.copy,
    "name another approver for one who has left": Try.successor,
}


WHY_NOT = {
    "outsider": {NotFound.__name__}, "foreign": {NotFound.__name__}, "guest": {GuestsOnlyWatch.__name__},
    **{who: {NotAllowed.__name__, SelfApproval.__name__} for who in ("owner", "approver", "channel")},
}  # fmt: skip
"""In which words somebody may be refused: whoever may not see it reads what is said of an id that nobody has."""


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Try]:
    async with world_at(migrated_file(tmp_path / "rights.db"), tmp_path) as world:
        directory = Private()
        context = replace(world.services.context, directory=directory)

        async def download(team: str, file_id: str, whose: str) -> bytes:
            return b"{}"

        yield Try(world, build_services(context, download), directory)


@pytest.mark.parametrize("who", PEOPLE)
async def test_the_table_is_what_happens(trial: Try, who: str) -> None:
    """Each cell is tried: “yes” is done, “no” is refused in words."""
    rows = table()
    assert set(rows) == set(ACTS)
    for what, act in ACTS.items():
        trial.directory.left = set()
        refusal = ""
        try:
            done = bool(await act(trial, PEOPLE[who]))
        except EipasError as refused:
            done, refusal = False, type(refused).__name__
        assert done == rows[what][who], f"{what}, by {who}: {refusal}"
        # Refused for who they are, and not because something else is wrong.
        assert done or refusal in WHY_NOT[who], f"{what}, by {who}: {refusal}"


def test_whatever_the_settings_lead_to_is_said_to_leave() -> None:
    """Each setting that names a place elsewhere stands in the table of what leaves the machine."""
    from bot.app.settings import Settings

    section = PAGE.read_text(encoding="utf-8").partition("## What leaves the machine")[2].partition("\n## ")[0]
    elsewhere = [
        name for name in Settings.model_fields if re.search("_(?:url|repository|region|resource|project)$", name)
    ]
    assert len(elsewhere) > 4
    assert [name for name in elsewhere if f"`EIPAS_{name.upper()}`" not in section] == []


async def test_rights_on_the_disk_are_those_of_the_page() -> None:
    """The figures that the page names are the code's."""
    from bot.app.private_files import FILE, FOLDER
    from handlers.directory import CHANNEL_S, PERSON_S

    text = PAGE.read_text(encoding="utf-8")
    assert f"folder {oct(FOLDER)[2:].zfill(4)}, files {oct(FILE)[2:].zfill(4)}" in text
    assert (PERSON_S, CHANNEL_S) == (300.0, 60.0)
    assert "every 5 minutes" in text and "every minute per channel" in text
