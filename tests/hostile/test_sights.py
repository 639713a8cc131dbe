"""Who sees an evaluation after people, channels and Slack itself have changed: every way is tried for each."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from bot.devtools.local_slack import Person
from bot.devtools.local_slack.records import Member
from bot.devtools.local_slack.sample import PEOPLE
from bot.services.evaluations import StartForm
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import key_of, words
from tests.acceptance.stage import CHANNEL, STAKEHOLDERS, Stage, Thread
from tests.hostile.test_hostile import cases

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]
GUEST = Member(id="U0GUSGUES1", name="gus", real_name="Gus Guest", is_restricted=True)
STRANGER = Member(id="U0STRANGE1", name="sten", real_name="Sten Stranger", is_stranger=True, team="T0ELSEWHER")
_SECRETS = (f"Zebra{number:03}fish" for number in itertools.count(1))
"""Stands in the title, the description, an answer and a document; whoever may not see it reads it nowhere."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("sights")) as running, AsyncExitStack() as stack:
        for member in (GUEST, STRANGER):
            workspace = running.local.core.workspace
            workspace.put_person(member)
            workspace.join(workspace.channel(running["eva"].channels[CHANNEL]), member.id)
            page = Person(running.local.url, member.id)
            running.people[member.name] = await stack.enter_async_context(page)
        yield running


def forget(stage: Stage) -> None:
    """Some minutes later: whatever Slack was asked is asked again."""
    directory: Any = stage.app.services.context.directory
    directory._channels.clear()
    directory._people.clear()


class Told:
    """One evaluation in a channel of its own, and what happens to it."""

    def __init__(self, stage: Stage, channel: str, thread: Thread, secret: str) -> None:
        self.stage, self.channel, self.thread, self.secret = stage, channel, thread, secret
        self.workspace = stage.local.core.workspace

    async def happens(self, what: str) -> None:
        who, _, deed = what.partition(" ")
        if who in self.stage.people:
            await PERSONAL[deed](self, who)
        else:
            await GENERAL[what](self)
        forget(self.stage)

    def place(self) -> Any:
        return self.workspace.channel(self.channel)

    async def joins(self, who: str) -> None:
        self.workspace.join(self.place(), self.stage[who].user)
        self.stage[who].channels[self.place().name] = self.channel

    async def leaves(self, who: str) -> None:
        self.workspace.leave(self.place(), self.stage[who].user)

    async def joins_stakeholders(self, who: str) -> None:
        place = self.workspace.channel(self.stage["eva"].channels[STAKEHOLDERS])
        self.workspace.join(place, self.stage[who].user)

    async def says(self, who: str, text: str) -> None:
        await self.thread.quiet()
        await self.stage[who].say(self.channel, text, thread_ts=self.thread.ts)
        await self.stage.local.settle()

    async def replies(self, who: str) -> None:
        await self.says(who, f"The {self.secret} service keeps orders for ten years.")
        await self.thread.until(lambda d: any(q.answers for q in d.questions))

    async def mentions_farid(self, who: str) -> None:
        await self.says(who, f"We keep what <@{self.stage['farid'].user}> knows of the {self.secret} for ten years.")
        await self.thread.until(lambda d: any(q.answers for q in d.questions))

    async def uploads(self, who: str) -> None:
        content = json.dumps({"title": self.secret, "description": self.secret}).encode()
        await self.stage[who].upload(self.channel, "idea.json", content, thread_ts=self.thread.ts)
        await self.thread.until(lambda d: any(u.state != "pending" for u in d.context.uploads))

    async def notes(self, who: str) -> None:
        await self.says(who, f"(aside) the {self.secret} is late")

    async def asks(self, who: str) -> None:
        await self.stage[who].command(CHANNEL, "/eipas", f"status {self.thread.id}")

    async def cancels(self, who: str) -> None:
        actor = self.stage.actor(who)
        await self.stage.app.services.evaluations.cancel(actor, self.thread.id, f"The {self.secret} is no more")

    async def person(self, who: str, **changes: Any) -> None:
        member = self.workspace.person(self.stage[who].user)
        self.workspace.put_person(replace(member, **changes))

    async def names_chloe(self, who: str) -> None:
        approvers, users = self.stage.app.services.approvers, (self.stage[n].user for n in ("dan", "chloe"))
        gone, new = users
        await approvers.replace(self.stage.actor(who), self.thread.id, gone, new)

    async def channel_is(self, **changes: Any) -> None:
        self.workspace.put_channel(replace(self.place(), **changes))

    async def bot_leaves(self) -> None:
        self.workspace.leave(self.place(), self.stage.local.core.identity.bot_user)

    async def gone(self) -> None:
        self.workspace.channels.pop(self.channel)

    async def silent(self) -> None:
        for method in ("conversations.info", "conversations.members"):
            await self.stage["eva"].trouble(do="fail", method=method, kind="error", error="internal_error", times=500)

    async def copied(self) -> None:
        copy = await self.stage.app.services.reopening.clone(self.stage.actor("eva"), self.thread.id)
        assert copy.channel == self.channel


Deed = Callable[[Told, str], Awaitable[None]]
PERSONAL: dict[str, Deed] = {
    "joins": Told.joins, "leaves": Told.leaves, "is not in the channel": Told.leaves, "replies": Told.replies,
    "uploads": Told.uploads, "notes": Told.notes, "asks": Told.asks, "cancels": Told.cancels,
    "joins the stakeholders": Told.joins_stakeholders, "mentions farid": Told.mentions_farid,
    "is deactivated": lambda told, who: told.person(who, deleted=True),
    "comes back": lambda told, who: told.person(who, deleted=False),
    "becomes a guest": lambda told, who: told.person(who, is_restricted=True),
    "names chloe for dan": Told.names_chloe,
}  # fmt: skip
GENERAL: dict[str, Callable[[Told], Awaitable[None]]] = {
    "the channel becomes private": lambda told: told.channel_is(is_private=True),
    "the channel is archived": lambda told: told.channel_is(is_archived=True),
    "the bot leaves": Told.bot_leaves,
    "the channel is gone": Told.gone,
    "Slack says nothing of channels": Told.silent,
    "the copy is begun elsewhere": Told.copied,
}


async def begun(stage: Stage, case: Json) -> Told:
    secret, eva, workspace = next(_SECRETS), stage["eva"], stage.local.core.workspace
    for member in PEOPLE:
        workspace.put_person(member)
    forget(stage)
    name = f"room-{secret.lower()}"
    channel = str((await eva.act("channels", name=name, is_private=not case.get("public")))["channel"]["id"])
    await eva.act("invite_bot", channel=channel)
    for who in ("eva", "ben"):
        workspace.join(workspace.channel(channel), stage[who].user)
        stage[who].channels[name] = channel
    view = await stage.form("eva")
    named = {qualified(BlockId.APPROVERS, "go"): stage.ids("dan")}
    values = {
        BlockId.TITLE: f"The {secret}",
        BlockId.DESCRIPTION: f"All about the {secret}.",
        BlockId.CHANNEL: channel,
        **named,
    }
    assert await eva.submit(view, values) == {}
    root = await eva.wait_for(
        lambda p: next((m for m in p.messages.values() if key_of(m) == "root" and secret in words(m)), None)
    )
    return Told(stage, channel, Thread(stage, root), secret)


@pytest.mark.parametrize("case", cases("sights"))
async def test_who_sees_it(stage: Stage, case: Json) -> None:
    """Whoever may see it reads of it in the answer to `status`; everybody else finds nothing, by no way at all."""
    told = await begun(stage, case)
    try:
        for what in case.get("then", ()):
            await told.happens(what)
        await stage.local.settle()
        person = stage[case["who"]]
        if case["sees"]:
            await person.command(CHANNEL, "/eipas", f"status {told.thread.id}")
            await person.message(told.secret, ephemeral=True)
        else:
            await finds_nothing(stage, person, told)
    finally:
        stage.local.core.faults.clear()
        await stage.close_forms()


async def test_a_form_brings_no_file_of_others(stage: Stage) -> None:
    """Farid's start form names a file of Eva's private channel by its id: it is refused in words, and not read."""
    told = await begun(stage, {})
    await told.uploads("eva")
    (file_id,) = (upload.file_id for upload in (await told.thread.dossier()).context.uploads)
    form = StartForm(
        role="backend-developer", title="A door", channel=stage["eva"].channels[CHANNEL],
        uploads=((file_id, "idea.json", 2),),
    )  # fmt: skip
    started = await stage.app.services.evaluations.start(stage.actor("farid"), form)
    async with asyncio.timeout(10):
        while not (dossier := await stage.app.services.queries.dossier(started.id)).context.refused:
            await asyncio.sleep(0.02)
    assert "not a file of yours" in dossier.context.refused[0].message
    assert told.secret not in str(dossier)


async def finds_nothing(stage: Stage, person: Person, told: Told) -> None:
    shown = set(person.messages)
    name, title = told.thread.id, f"the {told.secret}"
    for text in [f"{word} {part}" for word in WORDS for part in (name, name[:10])] + ["list", "list all"]:
        await person.command(CHANNEL, "/eipas", text)
    direct = stage.local.core.workspace.direct(person.user).id
    for text in (f"status {name}", f"inputs {name}", "list all", "what waits for me?", f"how far is {title.lower()}?"):
        await person.say(direct, text)
    await person.open_home()
    await forged_clicks(stage, person, told)
    await stage.local.settle()
    await asyncio.sleep(0.1)
    answers = {place: message for place, message in person.messages.items() if place not in shown}
    said = " ".join(words(message) for (channel, _), message in answers.items() if channel != told.channel)
    assert "There is no evaluation" in said
    assert told.secret not in f"{said} {person.home} {person.views}"


WORDS = ("status", "inputs", "export", "cancel", "approver", "clone")


async def forged_clicks(stage: Stage, person: Person, told: Told) -> None:
    """Each button, on a message in another channel."""
    blocks = [
        {"type": "actions", "block_id": f"b{n}", "elements": [_button(action, told.thread.id)]}
        for n, action in enumerate(BUTTONS)
    ]
    ts = await person.say(stage["eva"].channels[CHANNEL], "a door")
    workspace = stage.local.core.workspace
    message = workspace.message(stage["eva"].channels[CHANNEL], ts)
    workspace.put_message(stage["eva"].channels[CHANNEL], {**message, "blocks": blocks, "text": "a door"})
    for action in BUTTONS:
        await person.click(stage["eva"].channels[CHANNEL], {"ts": ts, "blocks": blocks}, str(action))


BUTTONS = (
    ActionId.ANSWER_ALL, ActionId.ADD_DOCUMENT, ActionId.CANCEL, ActionId.CHANGE_ANSWERS, ActionId.CORRECT,
    ActionId.RAISE_BUDGET, ActionId.REOPEN, ActionId.CLONE, ActionId.WAIVE, ActionId.DETAILS, ActionId.CHECKS,
)  # fmt: skip


def _button(action: str, evaluation: str) -> Json:
    target = {ActionId.DETAILS: "|gt_x", ActionId.CHECKS: "|1"}.get(ActionId(action), "")
    text = {"type": "plain_text", "text": "x"}
    return {"type": "button", "action_id": str(action), "text": text, "value": f"{evaluation}{target}"}
