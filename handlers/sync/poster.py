"""Sending one message or file so that it stands in Slack once, whatever happens between the call and its answer.

`chat.postMessage` has no idempotency key: the key travels in the message's metadata, a row "sending" is written before
the call, and a row that is still "sending" afterwards is looked up in the thread before anything is sent again. Of two
sends under one key, which a machine that stood still can cause, the first to be recorded stands and the other is taken
back.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import Stale
from bot.domain.surface import Desired, FilePost, Message, Posted, SurfaceId
from bot.services.ports import Database, Tx
from handlers.sync import lookup, retry_policy
from handlers.sync.budget import Budget, Held
from handlers.sync.lease import SurfaceLease
from handlers.sync.new_blocks import NewBlocks
from handlers.sync.plan import importance
from handlers.sync.refusals import PASSING
from handlers.transport.proxies import proxy_for

log = structlog.get_logger(__name__)
Call = Callable[..., Awaitable[AsyncSlackResponse]]
_UPLOAD = aiohttp.ClientTimeout(total=60)
_GONE = {"message_not_found", "thread_not_found"}
_GONE_FILE = {"file_not_found", "file_deleted"}
_LOOKS = 3
"""How often the lease is looked at again before a send because the last look took long: a database may be that slow."""
_UNSURE = PASSING - {"accesslimited", "team_added_to_org"}
"""Refusals that do not say whether the call took effect (docs.slack.dev/reference/methods/chat.postMessage)."""


class Poster:
    """Posts, updates and recovers for one surface in one channel; `thread_ts` is None until the root stands.

    `hold` is asked before each send and raises if the surface is another machine's by now. `unsure` holds when to come
    back and update once more, for an older update without an answer may arrive until then; it can take `settle_s`.
    """

    def __init__(
        self,
        db: Database,
        client: AsyncWebClient,
        surface: SurfaceId,
        channel: str,
        budget: Budget,
        hold: SurfaceLease | None = None,
        settle_s: float = 0.0,
        new_blocks: NewBlocks | None = None,
    ) -> None:
        self._db, self._client, self.surface, self._budget = db, client, surface, budget
        self.channel, self._hold, self._settle_time = channel, hold, timedelta(seconds=settle_s)
        self._new_blocks = new_blocks or NewBlocks()
        self.unsure: list[datetime] = []

    async def post(self, item: Message, thread_ts: str | None) -> str:
        """Send a new message and return its ts. Raises Held, and Stale if another send came first."""
        await self._spend("chat.postMessage", item)
        begun = await self._begin(self._row(item, "message"))
        try:
            answer = await self._with_blocks(
                item, self._client.chat_postMessage, channel=self.channel, thread_ts=thread_ts, unfurl_links=False,
                unfurl_media=False, parse="none", link_names=False,
            )  # fmt: skip
        except SlackApiError as error:
            await self._refused(begun, error)
            raise
        ts = str(answer["ts"])
        await self._settle(replace(begun[0], ts=ts))
        return ts

    async def update(self, item: Message, posted: Posted) -> bool:
        """Bring a message up to date; one that was deleted is marked gone, and False returned. Raises Held, Stale."""
        await self._spend("chat.update", item)
        if self._hold is not None:
            await self._hold.ensure()
        try:
            await self._with_blocks(item, self._client.chat_update, channel=posted.channel, ts=posted.ts or "")
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                if not _had_no_effect(error):
                    await self._doubt(posted)
                raise
            gone = replace(posted, state="gone")
            await self._db.transaction(lambda tx: tx.surfaces.revise(gone))
            return False
        except retry_policy.LOST:
            await self._doubt(posted)
            raise
        until = posted.unsure_until
        if until is not None and until > datetime.now(UTC):
            self.unsure.append(until)
            await self._updated(posted)
        else:
            await self._updated(replace(posted, digest=item.digest))
        return True

    async def _with_blocks(self, item: Message, call: Call, **arguments: Any) -> AsyncSlackResponse:
        """Send a message in the newest form that the workspace takes."""
        arguments |= {
            "text": item.text,
            "metadata": {"event_type": lookup.EVENT_TYPE, "event_payload": self._payload(item.key)},
        }

        async def send(blocks: list[dict[str, Any]]) -> AsyncSlackResponse:
            return await call(blocks=blocks, **arguments)

        return await self._new_blocks.send(self.surface.team, item.blocks, send)

    async def upload(self, files: Sequence[tuple[FilePost, bytes]], thread_ts: str | None) -> None:
        """Upload files and show them in one message; their ids are kept before, so that a lost answer is looked up.

        Where the budget gives out on the way, those before are shown. Raises Held, and Stale if another send came
        first.
        """
        await self._spend("files.completeUploadExternal", files[0][0])
        held: Held | None = None
        rows: list[tuple[Posted, FilePost]] = []
        for item, content in files:
            try:
                await self._spend("files.getUploadURLExternal", item)
            except Held as problem:
                held = problem
                break
            ticket = await self._client.files_getUploadURLExternal(
                filename=item.name.replace("/", "-"), length=len(content)
            )
            await self._send_bytes(str(ticket["upload_url"]), content)
            rows.append((replace(self._row(item, "file"), file_id=str(ticket["file_id"])), item))
        if rows:
            await self._show(rows, thread_ts)
        if held is not None:
            raise held

    async def _show(self, rows: Sequence[tuple[Posted, FilePost]], thread_ts: str | None) -> None:
        begun = await self._begin(*(row for row, _ in rows))
        try:
            await self._client.files_completeUploadExternal(
                files=[{"id": row.file_id or "", "title": item.title} for row, item in rows],
                channel_id=self.channel, thread_ts=thread_ts, initial_comment=rows[0][1].comment or None,
            )  # fmt: skip
        except SlackApiError as error:
            await self._refused(begun, error)
            raise
        await self._settle(*begun)

    async def recover(self, item: Desired, posted: Posted, thread_ts: str | None) -> Posted | None:
        """Find out whether an uncertain send took effect; its row if so, None if nothing is there. Raises Held."""
        await self._spend("conversations.replies" if thread_ts else "conversations.history", item)
        if isinstance(item, FilePost):
            # What stands in the thread is asked first: Slack fills in a file's `shares` only some moments after.
            stands = await lookup.message_showing(self._client, posted, thread_ts) is not None
            if not stands and not await lookup.is_shared(self._client, posted):
                return None
            row = replace(posted, digest=item.digest)
        else:
            found = await lookup.message_with(self._client, posted, thread_ts, self._payload(item.key))
            if found is None:
                return None
            row = replace(posted, ts=found, digest="")
        await self._settle(row)
        return replace(row, state="posted")

    async def take_back(self, surplus: Posted, thread_ts: str | None) -> None:
        """Delete what stands a second time; what Slack does not let us delete stays and is logged."""
        ts, outcome = surplus.ts, "taken_back"
        try:
            if surplus.kind == "file":
                ts = await lookup.message_showing(self._client, surplus, thread_ts, alone=True)
            if ts is not None:
                await self._client.chat_delete(channel=surplus.channel, ts=ts)
            if surplus.file_id:
                await self._client.files_delete(file=surplus.file_id)
        except SlackApiError as error:
            word = error.response.get("error")
            if word == "ratelimited" or not _had_no_effect(error):
                raise
            outcome = "taken_back" if word in _GONE | _GONE_FILE else "stays_double"
        await self._db.transaction(lambda tx: tx.surfaces.drop(surplus))
        log.warning(outcome, surface=self.surface.kind.value, owner=self.surface.owner, key=surplus.key)

    async def _spend(self, method: str, item: Desired) -> None:
        await self._budget.take((self.surface, item.key), method, importance(item), self.channel)

    async def _send_bytes(self, url: str, content: bytes) -> None:
        session = self._client.session
        if session is None:
            raise RuntimeError("the Slack client needs its shared session")
        async with session.post(url, data=io.BytesIO(content), timeout=_UPLOAD, proxy=proxy_for(url)) as answer:
            answer.raise_for_status()

    def _payload(self, key: str) -> dict[str, str]:
        return {"surface": self.surface.kind.value, "owner": self.surface.owner, "key": key}

    def _row(self, item: Desired, kind: Any) -> Posted:
        return Posted(
            surface=self.surface, key=item.key, kind=kind, state="sending", channel=self.channel, digest=item.digest
        )

    async def _begin(self, *rows: Posted) -> tuple[Posted, ...]:
        """Record what is about to be sent, if the surface is still ours."""

        def fn(tx: Tx) -> tuple[Posted, ...]:
            begun = tuple(replace(row, updated_at=tx.now) for row in rows)
            for row in begun:
                tx.surfaces.put(row)
            return begun

        if self._hold is None:
            return await self._db.transaction(fn)
        for _ in range(_LOOKS):
            begun = await self._hold.looked(fn)
            if self._hold.fresh:
                break
        return begun

    async def _refused(self, rows: Sequence[Posted], error: SlackApiError) -> None:
        def fn(tx: Tx) -> None:
            for row in rows:
                tx.surfaces.refuse(row)

        if _had_no_effect(error):
            await self._db.transaction(fn)

    async def _settle(self, *rows: Posted) -> None:
        def fn(tx: Tx) -> list[str]:
            late = [row.key for row in rows if not tx.surfaces.settle(replace(row, updated_at=tx.now))]
            for row in rows:
                if row.key == "root" and row.ts and not late:
                    tx.evaluations.set_thread(self.surface.owner, row.channel, row.ts)
            return late

        # What is lost of this is still "sending", and looked up in Slack.
        if late := await self._db.transaction(fn, durable=False):
            raise Stale(what=f"{late[0]} was sent by another machine, too")

    async def _doubt(self, posted: Posted) -> None:
        """Record that an update is on its way of which nobody knows whether and when it arrives."""
        doubtful = posted.unsure(datetime.now(UTC) + self._settle_time)
        await self._db.transaction(lambda tx: tx.surfaces.revise(doubtful), durable=False)

    async def _updated(self, row: Posted) -> None:
        """Record an update. Who lost the surface meanwhile may have overwritten something newer: it is done again."""

        def fn(tx: Tx) -> bool:
            try:
                if self._hold is not None:
                    self._hold.look(tx)
            except Stale:
                tx.surfaces.revise(replace(row, digest=""))
                tx.surfaces.want(self.surface)
                return False
            tx.surfaces.revise(row)
            return True

        if not await self._db.transaction(fn, durable=False):
            raise Stale(what=f"{row.key} was updated after another machine took over")


def _had_no_effect(error: SlackApiError) -> bool:
    """Whether Slack says for certain that nothing was done, so that nothing needs to be looked up."""
    response: Any = error.response
    if not isinstance(response, AsyncSlackResponse) or not isinstance(response.data, Mapping):
        return False
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    return response.status_code == HTTPStatus.OK and response.data.get("error") not in _UNSURE
