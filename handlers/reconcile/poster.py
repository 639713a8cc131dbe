"""Sending one message or file so that it stands in Slack once, whatever happens between the call and its answer.

`chat.postMessage` has no idempotency key: the key travels in the message's metadata, a row "sending" is written before
the call, and a row that is still "sending" afterwards is looked up in the thread before anything is sent again.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.surface import Desired, FilePost, Message, Posted, SurfaceId
from bot.services.ports import Database, Tx
from handlers.reconcile.pacing import Pacer

Json = Mapping[str, Any]
Guard = Callable[[Tx, SurfaceId], None]
EVENT_TYPE = "eipas_message"
_UPLOAD_TIMEOUT_S = 60
_LOOKBACK = timedelta(minutes=2)
"""How far before the "sending" row a lost root message is searched: clocks of Slack and ours may differ."""

_GONE = {"message_not_found", "thread_not_found"}


class Poster:
    """Posts, updates and recovers for one surface in one channel; `thread_ts` is None until the root stands.

    `guard` is called in the transaction before each send and raises if the surface is another machine's by now.
    """

    def __init__(
        self,
        db: Database,
        client: AsyncWebClient,
        surface: SurfaceId,
        channel: str,
        pacer: Pacer,
        guard: Guard | None = None,
    ) -> None:
        self._db, self._client, self._surface, self._pacer = db, client, surface, pacer
        self.channel, self._guard = channel, guard

    async def post(self, item: Message, thread_ts: str | None) -> str:
        """Send a new message and return its ts. Raises Held."""
        self._pacer.check("chat.postMessage", self.channel)
        row = self._row(item, "message")
        await self._keep(row)
        await self._pacer.wait(self.channel)
        answer = await self._client.chat_postMessage(
            channel=self.channel, text=item.text, blocks=[dict(block) for block in item.blocks], thread_ts=thread_ts,
            unfurl_links=False, unfurl_media=False, parse="none", link_names=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": self._payload(item.key)},
        )  # fmt: skip
        ts = str(answer["ts"])
        await self._keep(replace(row, state="posted", ts=ts))
        return ts

    async def update(self, item: Message, posted: Posted) -> bool:
        """Bring a message up to date; one that was deleted is marked gone, and False returned. Raises Held."""
        self._pacer.check("chat.update", posted.channel)
        try:
            await self._client.chat_update(
                channel=posted.channel, ts=posted.ts or "", text=item.text,
                blocks=[dict(block) for block in item.blocks],
                metadata={"event_type": EVENT_TYPE, "event_payload": self._payload(item.key)},
            )  # fmt: skip
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            await self.lose(posted)
            return False
        await self._keep(replace(posted, digest=item.digest))
        return True

    async def lose(self, posted: Posted) -> None:
        """Record that a message does not stand any more."""
        await self._keep(replace(posted, state="gone"))

    async def upload(self, item: FilePost, content: bytes, thread_ts: str | None) -> None:
        """Upload a file in three calls; its id is kept before it is shared, so that a lost answer can be looked up.

        Raises Held.
        """
        self._pacer.check("files.completeUploadExternal", self.channel)
        ticket = await self._client.files_getUploadURLExternal(
            filename=item.name.replace("/", "-"), length=len(content)
        )
        row = replace(self._row(item, "file"), file_id=str(ticket["file_id"]))
        await self._keep(row)
        await self._send_bytes(str(ticket["upload_url"]), content)
        await self._share(item, row, thread_ts)

    async def recover(self, item: Desired, posted: Posted, thread_ts: str | None) -> Posted | None:
        """Find out whether an uncertain send took effect; its row if so, None if it may be sent again."""
        if isinstance(item, FilePost):
            return await self._recover_file(item, posted, thread_ts)
        payload = self._payload(item.key)
        found = await self._find(posted, thread_ts, lambda message: _carries(message, payload))
        if found is None:
            return None
        row = replace(posted, state="posted", ts=found, digest="")
        await self._keep(row)
        return row

    async def _recover_file(self, item: FilePost, posted: Posted, thread_ts: str | None) -> Posted | None:
        # What stands in the thread is asked first: Slack fills in a file's `shares` only some moments after the call.
        stands = await self._find(posted, thread_ts, lambda message: _shows(message, posted.file_id)) is not None
        if not stands and not await self._is_shared(posted):
            return None
        row = replace(posted, state="posted", digest=item.digest)
        await self._keep(row)
        return row

    async def _is_shared(self, posted: Posted) -> bool:
        try:
            info = await self._client.files_info(file=posted.file_id or "")
        except SlackApiError as error:
            if error.response.get("error") == "file_not_found":
                return False
            raise
        shares = (info["file"].get("shares") or {}) if info.get("file") else {}
        return any(posted.channel in places for places in shares.values())

    async def _find(self, posted: Posted, thread_ts: str | None, is_it: Callable[[Json], bool]) -> str | None:
        cursor: str | None = None
        while True:
            if thread_ts is not None:
                page = await self._client.conversations_replies(
                    channel=posted.channel, ts=thread_ts, include_all_metadata=True, limit=200, cursor=cursor
                )
            else:
                oldest = (posted.updated_at - _LOOKBACK).timestamp() if posted.updated_at else 0
                page = await self._client.conversations_history(
                    channel=posted.channel, oldest=f"{oldest:.6f}", include_all_metadata=True, limit=200, cursor=cursor
                )
            if (found := next((m for m in page["messages"] if is_it(m)), None)) is not None:
                return str(found["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None

    async def _send_bytes(self, url: str, content: bytes) -> None:
        session = self._client.session
        if session is None:
            raise RuntimeError("the Slack client needs its shared session")
        async with asyncio.timeout(_UPLOAD_TIMEOUT_S), session.post(url, data=io.BytesIO(content)) as answer:
            answer.raise_for_status()

    async def _share(self, item: FilePost, row: Posted, thread_ts: str | None) -> None:
        await self._pacer.wait(self.channel)
        await self._client.files_completeUploadExternal(
            files=[{"id": row.file_id or "", "title": item.title}], channel_id=self.channel, thread_ts=thread_ts,
            initial_comment=item.comment or None,
        )  # fmt: skip
        await self._keep(replace(row, state="posted"))

    def _payload(self, key: str) -> dict[str, str]:
        return {"surface": self._surface.kind.value, "owner": self._surface.owner, "key": key}

    def _row(self, item: Desired, kind: Any) -> Posted:
        return Posted(
            surface=self._surface, key=item.key, kind=kind, state="sending", channel=self.channel, digest=item.digest
        )

    async def _keep(self, row: Posted) -> None:
        def fn(tx: Tx) -> None:
            if row.state == "sending" and self._guard is not None:
                self._guard(tx, self._surface)
            tx.surfaces.put(replace(row, updated_at=tx.now))
            if row.key == "root" and row.ts and row.state == "posted":
                tx.evaluations.set_thread(self._surface.owner, row.channel, row.ts)

        await self._db.transaction(fn)


def _carries(message: Json, payload: Mapping[str, str]) -> bool:
    metadata = message.get("metadata") or {}
    return metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload") == payload


def _shows(message: Json, file_id: str | None) -> bool:
    return any(file.get("id") == file_id for file in message.get("files") or ())
