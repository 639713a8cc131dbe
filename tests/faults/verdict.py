"""What must hold at the end of a day, whatever happened in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, text

from bot.devtools.local_slack import LocalSlack
from bot.domain.evaluation import Dossier
from bot.domain.event import first_broken
from bot.domain.gate import Policy
from bot.domain.surface import Desired, FilePost, Message
from bot.roles import load_roles
from handlers.views.stakeholders import stakeholders
from handlers.views.thread import thread
from storage import SqlDatabase, open_database
from storage.engines import parse
from tests.faults.stage import STAKEHOLDERS, Ledger
from tests.faults.story import key_of, payload

Json = dict[str, Any]


async def problems(url: str, slack: LocalSlack, ledger: Ledger, titles: list[str]) -> list[str]:
    """Everything that does not hold, in words; the bot must not run any more."""
    database = open_database(url, clock=lambda: datetime.now(UTC))
    await database.start()
    try:
        team = slack.core.identity.team_id
        found = await database.read(lambda tx: tx.evaluations.listing(team, open_only=False, limit=10_000))
        dossiers = [await database.read(lambda tx, i=e.id: tx.dossier(i)) for e in found]
        return [
            *_started(dossiers, titles),
            *_acknowledged(dossiers, ledger),
            *[problem for dossier in dossiers for problem in _in_step(dossier, slack)],
            *await _kept(database, dossiers),
        ]
    finally:
        await database.close()


def open_runs(url: str) -> str:
    """What the database says of runs and work that did not end, for whoever has to find out why."""
    parsed = parse(url)
    engine = create_engine(parsed)
    status = "dbos.workflow_status" if parsed.get_backend_name() == "postgresql" else "workflow_status"
    with engine.connect() as connection:
        runs = connection.execute(text("SELECT id, evaluation_id, state, starts, begins, reason FROM run")).all()
        work = connection.execute(text(f"SELECT workflow_uuid, status, queue_name, executor_id FROM {status}")).all()
        machines = connection.execute(text("SELECT * FROM machine")).all()
    engine.dispose()
    lines = [
        *(r for r in runs if r.state not in {"finished", "stopped"}),
        *(w for w in work if w.status != "SUCCESS"),
    ]
    return "\n".join(str(tuple(line)) for line in [*lines, *machines])


def _started(dossiers: list[Dossier], titles: list[str]) -> Iterator[str]:
    counts = Counter(d.evaluation.title for d in dossiers)
    yield from (f"“{title}” was started {counts[title]} times" for title in titles if counts[title] != 1)


def _acknowledged(dossiers: list[Dossier], ledger: Ledger) -> Iterator[str]:
    by_id = {d.evaluation.id: d for d in dossiers}
    said = {(d.evaluation.id, q.key, a.text) for d in dossiers for q in d.questions for a in q.answers}
    words = {text for _, _, text in said} | {note.text for d in dossiers for note in d.notes}
    yield from (f"lost an answer: {answer}" for answer in ledger.answers if answer not in said)
    yield from (f"lost a reply: {text}" for text in ledger.replies.values() if not any(text in word for word in words))
    for evaluation, gate_id, voter, option in ledger.votes:
        gates = [g for g in by_id[evaluation].gates if g.id == gate_id]
        if not any((v.voter, v.option) == (voter, option) for g in gates for v in g.votes):
            yield f"lost a vote: {evaluation} {gate_id} {voter} {option}"


def _in_step(dossier: Dossier, slack: LocalSlack) -> Iterator[str]:
    """The thread and the stakeholders' message equal the projection; nothing is doubled and nothing is missing."""
    evaluation = dossier.evaluation
    role, policy = load_roles()[evaluation.role], Policy()
    wanted = thread(dossier, role, model=None, policy=policy)
    inside = slack.core.workspace.thread(evaluation.channel, evaluation.thread_ts or "")
    yield from _compare(evaluation.id, wanted, inside)
    link = f"{slack.url}/archives/{evaluation.channel}/p{(evaluation.thread_ts or '').replace('.', '')}"
    notice = stakeholders(dossier, role, link, policy=policy)
    outside = slack.core.workspace.history(STAKEHOLDERS.id)
    yield from _compare(evaluation.id, (notice,), [m for m in outside if payload(m).get("owner") == evaluation.id])
    top = slack.core.workspace.history(evaluation.channel)
    roots = [m for m in top if payload(m).get("owner") == evaluation.id]
    if len(roots) != 1:
        yield f"{evaluation.id}: {len(roots)} root messages"


def _compare(name: str, wanted: tuple[Desired, ...], stands: list[Json]) -> Iterator[str]:
    counts = Counter(key_of(m) for m in stands if key_of(m))
    yield from (f"{name}: {key} stands {count} times" for key, count in counts.items() if count > 1)
    by_key = {key_of(m): m for m in stands if key_of(m)}
    for item in wanted:
        if isinstance(item, Message):
            yield from _same(name, item, by_key.get(item.key))
    titles = Counter(str(file.get("title")) for m in stands if m.get("bot_id") for file in m.get("files", ()))
    files = Counter(item.title for item in wanted if isinstance(item, FilePost))
    if titles != files:
        yield f"{name}: files doubled or strange {titles - files}, missing {files - titles}"


def _same(name: str, item: Message, found: Json | None) -> Iterator[str]:
    if found is None:
        yield f"{name}: {item.key} is missing"
    elif found.get("text") != item.text:
        yield f"{name}: {item.key} has another text: {found.get('text')!r} for {item.text!r}"
    elif _plain(found.get("blocks")) != _plain([dict(block) for block in item.blocks]):
        yield f"{name}: {item.key} has other blocks"


def _plain(value: Any) -> Any:
    """Blocks without the ids that Slack gives them."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "block_id"}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


async def _kept(database: SqlDatabase, dossiers: list[Dossier]) -> list[str]:
    """The audit chains hold and no surface is left dirty."""
    found = []
    for dossier in dossiers:
        name = dossier.evaluation.id
        if (broken := first_broken(await database.read(lambda tx, n=name: tx.events.all(n)))) is not None:
            found.append(f"{name}: the audit chain breaks at {broken}")
    dirty = await database.read(lambda tx: tx.surfaces.dirty())
    return [*found, *(f"left dirty: {surface}" for surface in dirty)]
