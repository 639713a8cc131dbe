"""Many evaluations at once in one workspace whose Slack enforces its rates, each answered every 20 seconds.

Time is compressed: Slack's minute, the pauses between answers and the bot's own rates are all a fifth. What the machine
itself takes is not compressed, so the figures, given in uncompressed seconds, are above what they would be.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app.application import read_manifest
from bot.devtools.local_slack import LocalSlack, Timing
from bot.devtools.local_slack.core import Call
from bot.devtools.local_slack.rates import Rates
from bot.devtools.local_slack.records import Channel
from bot.devtools.local_slack.sample import CHANNELS, PEOPLE
from bot.domain.evaluation import Dossier
from bot.domain.lifecycle import State
from bot.domain.recap import RecapState
from bot.domain.surface import FilePost, Message, SurfaceId, SurfaceKind
from handlers.ids import BlockId
from handlers.views.thread import thread
from tests.acceptance.looking import key_of
from tests.acceptance.stage import Stage
from tests.bench.plan import Plan
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding

Json = dict[str, Any]
FASTER = 5.0
MINUTE_S, EVERY_S = 60 / FASTER, 20 / FASTER
STARTED_EVERY_S = 3
"""Slack takes fifty `conversations.info` a minute, one of which each start needs; nobody starts twenty a minute."""

BEFORE = 25
"""Calls of an evaluation from its first question to the go, when each answer cost two updates and a post."""
PER_CHANNEL = 5
"""Evaluations of one channel: a team's."""

_TRANSPORT = {"auth.test", "apps.connections.open"}


@dataclass(frozen=True, slots=True)
class Answered:
    """One reply: its `ts`, when it was sent, and the words that nobody else said."""

    ts: str
    at: float
    words: str


@dataclass(slots=True, kw_only=True)
class Seen:
    """What Slack saw of one run. Seconds are uncompressed."""

    calls: list[Call]
    answers: list[Answered]
    wrong: list[str]
    evaluations: int

    @property
    def refused(self) -> float:
        """The share of calls that were answered with 429, in per cent."""
        return 100 * sum(call.status == 429 for call in self.calls) / len(self.calls)

    def receipts(self) -> list[float]:
        """How long each answer took until its writer saw that it was taken: a reaction, or a message with its words."""
        return [self._after(one, lambda call, it=one: _reacts(call, it) or _shows(call, it)) for one in self.answers]

    def cards(self) -> list[float]:
        """How long each answer took until a message of the thread showed it."""
        return [self._after(one, lambda call, it=one: _shows(call, it)) for one in self.answers]

    def per_evaluation(self) -> float:
        return len(self.calls) / self.evaluations

    def _after(self, one: Answered, is_it: Any) -> float:
        moments = (call.at for call in self.calls if call.answer.get("ok") and call.at >= one.at and is_it(call))
        return (next(moments, float("inf")) - one.at) * FASTER


async def measure(_seeding: Seeding, _plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Play 20 and 50 evaluations from their start to the go."""
    goals, rows = [], []
    for number in (20, 50):
        seen = await play(number, folder / f"rates-{number}")
        receipts, cards = quantile(seen.receipts(), 0.95), quantile(seen.cards(), 0.95)
        by_method = Counter(call.method for call in seen.calls)
        methods = ", ".join(f"{name} {count}" for name, count in by_method.most_common(6))
        rows.append([
            str(number), f"{seen.refused:.2f} %", f"{quantile(seen.receipts(), 0.5):.1f} / {receipts:.1f}",
            f"{quantile(seen.cards(), 0.5):.1f} / {cards:.1f}", str(len(seen.wrong)), f"{seen.per_evaluation():.1f}",
            methods,
        ])  # fmt: skip
        print(*seen.wrong[:20], sep="\n")
        goals.append(
            Goal(number=3, what=f"429 with {number} evaluations", found=Spread([seen.refused]), unit="%", most=1)
        )
        goals.append(
            Goal(number=3, what=f"missing or doubled, {number}", found=Spread([len(seen.wrong)]), unit="ids", most=0)
        )
        if number == 20:
            goals.append(Goal(number=3, what="receipt, p95", found=Spread([receipts]), unit="s", most=2))
            goals.append(Goal(number=3, what="updated card, p95", found=Spread([cards]), unit="s", most=10))
            share = Spread([seen.per_evaluation() / BEFORE])
            goals.append(Goal(number=3, what=f"calls each, of {BEFORE} before", found=share, unit="x", most=0.5))
    head = ["evaluations", "429", "receipt p50/p95 s", "card p50/p95 s", "missing or doubled", "calls each", "of them"]
    return goals, [Section(title="Under Slack's rates", head=head, rows=rows, note=str(__doc__).replace("\n", " "))]


async def play(number: int, folder: Path) -> Seen:
    """Start so many evaluations, answer all their questions, and wait until Slack shows it all."""
    async with Stage(
        folder, local=_slack(number), post_interval=1 / FASTER, update_interval=3 / FASTER, rate_minute=MINUTE_S
    ) as stage:
        started = await _start(stage, number)
        begun = len(stage.local.calls)
        answers: list[Answered] = []
        async with asyncio.TaskGroup() as group:
            for place, (dossier, channel) in enumerate(started):
                group.create_task(_answer(stage, dossier, channel, EVERY_S * place / number, answers))
        await _settled(stage, [dossier for dossier, _ in started])
        wrong = [problem for dossier, _ in started async for problem in _wrong(stage, dossier.evaluation.id)]
        calls = [call for call in stage.local.calls[begun:] if call.method not in _TRANSPORT]
        return Seen(calls=calls, answers=answers, wrong=wrong, evaluations=number)


def quantile(values: list[float], share: float) -> float:
    """Return the value that this share of `values` is at most."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _slack(number: int) -> LocalSlack:
    bot = next(one for one in CHANNELS[0].members if one not in {person.id for person in PEOPLE})
    members = (*(person.id for person in PEOPLE), bot)
    teams = [Channel(id=f"C0TEAM{n:04}", name=f"team-{n}", members=members) for n in range(-(-number // PER_CHANNEL))]
    return LocalSlack(
        manifest=read_manifest(), timing=Timing(), channels=(*CHANNELS, *teams),
        rates=Rates(enforced=True, minute_s=MINUTE_S),
    )  # fmt: skip


async def _start(stage: Stage, number: int) -> list[tuple[Dossier, str]]:
    """Start them one after the other, as a person does; comes back once all stand."""
    eva, started = stage["eva"], []
    for n in range(number):
        channel = f"team-{n // PER_CHANNEL}"
        view = await stage.form("eva")
        values = {BlockId.TITLE.value: f"Idea {n}", BlockId.CHANNEL.value: eva.channels[channel]}
        assert await eva.submit(view, values) == {}
        started.append(channel)
        await asyncio.sleep(STARTED_EVERY_S / FASTER)
    team = stage.local.core.identity.team_id
    found = await stage.app.database.read(lambda tx: tx.evaluations.listing(team, open_only=False, limit=1000))
    dossiers = [await stage.app.services.queries.dossier(one.id) for one in found]
    await _settled(stage, dossiers)
    names = {place: name for name, place in eva.channels.items()}
    fresh = [await stage.app.services.queries.dossier(one.evaluation.id) for one in dossiers]
    return [(one, names[one.evaluation.channel]) for one in fresh]


async def _answer(stage: Stage, dossier: Dossier, channel: str, after: float, answers: list[Answered]) -> None:
    """Answer question after question, one each 20 seconds, whether its card has come or not."""
    await asyncio.sleep(after)
    began = time.monotonic()
    for place, question in enumerate(dossier.questions):
        await asyncio.sleep(max(0.0, began + place * EVERY_S - time.monotonic()))
        words = f"answer-{dossier.evaluation.id}-{question.key}."
        at = time.time()
        ts = await stage["eva"].say(channel, words, thread_ts=dossier.evaluation.thread_ts)
        answers.append(Answered(ts, at, words))


async def _settled(stage: Stage, dossiers: list[Dossier], within: float = 300.0) -> None:
    """Wait until every thread is in step with what no job is still at work on, and nothing was called for a while."""
    async with asyncio.timeout(within):
        await stage.local.settle()
        for dossier in dossiers:
            one = dossier.evaluation
            while any(r.state is RecapState.PENDING for r in (await stage.app.services.queries.dossier(one.id)).recaps):
                await asyncio.sleep(0.2)
            place = SurfaceId(kind=SurfaceKind.THREAD, team=one.team, owner=one.id)
            while await stage.app.reconciler.behind(place):
                await asyncio.sleep(0.05)


async def _wrong(stage: Stage, evaluation_id: str) -> Any:
    """What is missing, doubled or old in a thread, in words."""
    dossier = await stage.app.services.queries.dossier(evaluation_id)
    one, terms = dossier.evaluation, stage.app.services.context
    if one.state is State.COLLECTING:
        yield f"{one.id}: still collecting"
    wanted = thread(dossier, terms.role(one), model=terms.kit(one).designer.model, policy=terms.rules.policy)
    everything = stage.local.core.workspace.thread(one.channel, one.thread_ts or "")
    stands = [m for m in everything if key_of(m)]
    for key, count in Counter(key_of(m) for m in stands).items():
        if count > 1:
            yield f"{one.id}: {key} stands {count} times"
    texts = {key_of(m): m["text"] for m in stands}
    for item in wanted:
        if isinstance(item, Message) and texts.get(item.key) != item.text:
            yield f"{one.id}: {item.key} is {'old' if item.key in texts else 'missing'}"
    # What shows a file carries no key of ours, so files are told by their names.
    files = Counter(file["name"] for m in everything for file in m.get("files") or ())
    for name, count in Counter(item.name for item in wanted if isinstance(item, FilePost)).items():
        if files[name] != count:
            yield f"{one.id}: {name} stands {files[name]} times, not {count}"


def _reacts(call: Call, one: Answered) -> bool:
    return call.method == "reactions.add" and call.args.get("timestamp") == one.ts


def _shows(call: Call, one: Answered) -> bool:
    return call.method in ("chat.postMessage", "chat.update") and one.words in json.dumps(call.args)
