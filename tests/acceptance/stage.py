"""The product over a local Slack, with everybody's page open: what acceptance tests speak to."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Self

from bot.app.application import Application, read_manifest
from bot.app.settings import Settings
from bot.devtools.local_slack import LocalSlack, Person, Timing
from bot.devtools.local_slack.sample import PEOPLE
from bot.domain.evaluation import Dossier
from bot.domain.gate import Gate, GateState
from bot.domain.lifecycle import State
from bot.domain.surface import SurfaceId, SurfaceKind
from bot.roles.backend_developer.checks.worker_runner import WorkerCheckRunner
from bot.roles.backend_developer.worker_calls import HEAVY
from bot.services.common import Actor
from bot.workers.pool import WorkerPool
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import Looking, key_of, words
from tests.support.databases import migrated_file, shared_server

Json = dict[str, Any]
CHANNEL, STAKEHOLDERS, STRANGE = "product-ideas", "stakeholders", "general"
PATIENCE = 60.0
RUN_PATIENCE = 120.0
REVIEWS = ("implementation_approval", "api_review", "security_check")
_TITLES = (f"Idea {n}" for n in itertools.count(1))


class Stage:
    """One workspace and one running product. `roots` is the folder under which start forms may name workspaces."""

    def __init__(self, folder: Path, *, local: LocalSlack | None = None, **settings: Any) -> None:
        self.folder, self.roots = folder, folder / "workspaces"
        self.roots.mkdir(parents=True, exist_ok=True)
        chosen: Json = {"data_dir": folder / "data", "workspace_roots": (self.roots,), "port": 0, "designer": "offline"}
        self.settings = Settings(_env_file=None, **(chosen | settings))
        self.local = local or LocalSlack(manifest=read_manifest(), timing=Timing().scaled(0.02))
        self.people: dict[str, Person] = {}
        self._stack = AsyncExitStack()
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.local)
        for member in PEOPLE:
            self.people[member.name] = await self._stack.enter_async_context(Person(self.local.url, member.id))
        await self.begin()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.end()
        await self._stack.aclose()

    async def begin(self) -> None:
        """Start the product, on a file that was migrated once for all stages and a PostgreSQL that all share."""
        if not self.settings.database_url:
            migrated_file(self.settings.data_dir / "eipas.db")
        workers = WorkerPool(HEAVY)
        self._running.callback(workers.close)
        judge = WorkerCheckRunner(workers, server=shared_server(), live=self.settings.evidence == "all")
        self.app = await self._running.enter_async_context(
            Application(self.settings, self.local, {"backend-developer": judge})
        )
        await self["eva"].wait_for(lambda p: p.connected)

    async def end(self) -> None:
        """Stop the product; Slack stays."""
        await self._running.aclose()

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def ids(self, *names: str) -> list[str]:
        return [self.people[name].user for name in names]

    def actor(self, who: str) -> Actor:
        """The person as the handlers would name them."""
        return Actor(team=self.local.core.identity.team_id, user=self[who].user)

    async def form(self, who: str, title: str = "Start an evaluation", text: str = "start") -> Json:
        """`/eipas start`, and the form that comes."""
        await self[who].command(CHANNEL, "/eipas", text)
        return await self[who].view(title)

    async def start(
        self, who: str = "eva", approvers: Mapping[str, tuple[str, ...]] | None = None, **values: Any
    ) -> Thread:
        """Start an evaluation by the form, its gates decided by `approvers`, and come back once its thread stands."""
        title = str(values.pop("title", None) or next(_TITLES))
        view = await self.form(who)
        chosen = {qualified(BlockId.APPROVERS, key): self.ids(*names) for key, names in (approvers or {}).items()}
        fields = {str(BlockId[name.upper()]): value for name, value in values.items()}
        answer = await self[who].submit(view, {BlockId.TITLE.value: title, **chosen, **fields})
        assert answer == {}, answer
        root = await self[who].wait_for(
            lambda p: next((m for m in p.messages.values() if key_of(m) == "root" and title in words(m)), None),
            within=PATIENCE,
        )
        return Thread(self, root)

    async def whispered(self, who: str, containing: str) -> Json:
        """Wait for what only this person is told."""
        return await self[who].message(containing, ephemeral=True)

    async def close_forms(self) -> None:
        """Close whatever forms are open, so that the next test begins at a clean page."""
        for person in self.people.values():
            for view in reversed(person.views):
                await person.close_view(view)
            await person.wait_for(lambda p: not p.views)
            person.toasts.clear()


class Thread(Looking):
    """One evaluation as people see it and act on it."""

    def __init__(self, stage: Stage, root: Json) -> None:
        self.stage, self.ts = stage, str(root["ts"])
        self.id = str(root["metadata"]["event_payload"]["owner"])

    async def dossier(self) -> Dossier:
        return await self.stage.app.services.queries.dossier(self.id)

    async def until(self, holds: Callable[[Dossier], object], within: float = PATIENCE) -> Dossier:
        """Wait for the state itself, as long as something changes `within` so many seconds.

        A run on a busy machine takes long, and is seen to go on; what is stuck changes nothing.
        """
        clock = asyncio.get_running_loop().time
        seen, since = None, clock()
        while not holds(found := await self.dossier()):
            if found != seen:
                seen, since = found, clock()
            if clock() - since > within:
                raise TimeoutError(f"nothing changed in {within:g} s; the state is {found.evaluation.state}")
            await asyncio.sleep(0.02)
        return found

    async def state(self, *states: State, within: float = PATIENCE) -> Dossier:
        return await self.until(lambda d: d.evaluation.state in states, within)

    async def quiet(self) -> None:
        """Wait until nothing is under way: no delivery, and every surface in step with the state."""
        await self.stage.local.settle()
        team = (await self.dossier()).evaluation.team
        for kind in (SurfaceKind.THREAD, SurfaceKind.STAKEHOLDERS):
            surface = SurfaceId(kind=kind, team=team, owner=self.id)
            await eventually(partial(self._in_step, surface))

    async def _in_step(self, surface: SurfaceId) -> bool:
        return not await self.stage.app.reconciler.behind(surface)

    async def say(self, who: str, text: str) -> str:
        return await self.stage[who].say(CHANNEL, text, thread_ts=self.ts)

    async def reply(self, who: str, text: str) -> str:
        """Answer the next question by a reply, once its card stands."""
        found = await self.until(lambda d: d.next_question is not None and d.next_question.asked_at)
        assert found.next_question is not None
        await self.card(f"q.{found.next_question.key}")
        return await self.say(who, text)

    async def upload(self, who: str, name: str, content: bytes) -> str:
        return await self.stage[who].upload(CHANNEL, name, content, thread_ts=self.ts)

    async def click(self, who: str, card: Json, action_id: str) -> None:
        await self.stage[who].click(CHANNEL, card, action_id)

    async def answer_everything(self, who: str = "eva", text: str = "As the documents say.") -> Dossier:
        """Answer all questions by the one form; the go gate is open afterwards."""
        await self.click(who, await self.card("root"), ActionId.ANSWER_ALL)
        view = await self.stage[who].view("All questions")
        fields = [b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith(f"{BlockId.ANSWER}/")]
        assert await self.stage[who].submit(view, dict.fromkeys(fields, text)) == {}
        return await self.state(State.AWAITING_GO)

    async def gate(self, key: str) -> Gate:
        """Wait for a gate that is open in the iteration worked on."""
        found = await self.until(lambda d: _open(d, key))
        gate = _open(found, key)
        assert gate is not None
        return gate

    async def gate_card(self, key: str) -> Json:
        gate = await self.gate(key)
        return await self.card(f"i{gate.iteration}.gate.{key}.{gate.id}")

    async def press(self, who: str, key: str, option: str) -> None:
        """Press a gate's button."""
        await self.click(who, await self.gate_card(key), qualified(ActionId.VOTE, option))

    async def vote(self, who: str, key: str, option: str, **text: str) -> None:
        """Press a gate's button and send the form that it opens, with `comment=` and `concerns=`."""
        await self.press(who, key, option)
        view = await self.stage[who].wait_for(lambda p: p.views[-1] if p.views else None)
        answer = await self.stage[who].submit(view, {BlockId[name.upper()]: said for name, said in text.items()})
        assert not answer.get("errors"), answer

    async def run(self, who: str = "eva") -> Dossier:
        """Give the go and wait for the result."""
        await self.vote(who, "go", "approve")
        return await self.state(State.IN_REVIEW, State.FAILED, within=RUN_PATIENCE)


async def eventually(look: Callable[[], Awaitable[object]], within: float = PATIENCE) -> None:
    """Wait for something that no page announces."""
    async with asyncio.timeout(within):
        while not await look():
            await asyncio.sleep(0.02)


def _open(dossier: Dossier, key: str) -> Gate | None:
    gate = dossier.gate(dossier.evaluation.iteration, key)
    return gate if gate is not None and gate.state is GateState.PENDING else None
