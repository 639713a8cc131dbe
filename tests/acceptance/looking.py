"""What stands in a thread, and whether it is what should stand there."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.domain.evaluation import Dossier
from bot.domain.surface import FilePost, Message
from handlers.views.charts import without_charts
from handlers.views.thread import thread

if TYPE_CHECKING:
    from tests.acceptance.stage import Stage

Json = dict[str, Any]


def key_of(message: Json) -> str:
    """The key that the bot's own messages carry, empty for all others."""
    return str((message.get("metadata") or {}).get("event_payload", {}).get("key", ""))


def words(message: Json) -> str:
    """Everything a message says."""
    return f"{message.get('text', '')} {json.dumps(message.get('blocks', []), ensure_ascii=False)}"


class Looking:
    """The reading half of a thread."""

    stage: Stage
    ts: str
    id: str

    async def dossier(self) -> Dossier:
        raise NotImplementedError

    async def quiet(self) -> None:
        raise NotImplementedError

    async def shown(self) -> list[Json]:
        """All messages of the thread, as they stand now."""
        return await self.stage["eva"].history("product-ideas", thread_ts=self.ts)

    async def cards(self) -> dict[str, Json]:
        """The bot's messages by their keys. Fails if one stands there twice."""
        keyed = [(key_of(m), m) for m in await self.shown() if key_of(m)]
        doubled = [key for key, count in Counter(key for key, _ in keyed).items() if count > 1]
        assert not doubled, f"posted more than once: {doubled}"
        return dict(keyed)

    async def card(self, key: str) -> Json:
        """Wait for the bot's message with this key, in step with the state."""
        await self.quiet()
        cards = await self.cards()
        assert key in cards, f"no {key} among {sorted(cards)}"
        return cards[key]

    async def said(self, key: str) -> str:
        """Everything the message with this key says."""
        return words(await self.card(key))

    async def files(self) -> dict[str, bytes]:
        """The bot's files in the thread by title. Fails if one stands there twice."""
        found: dict[str, bytes] = {}
        bot = self.stage.local.core.identity.bot_user
        for message in (m for m in await self.shown() if m.get("user") == bot):
            for file in message.get("files", []):
                assert file["title"] not in found, f"uploaded more than once: {file['title']}"
                found[file["title"]] = await self.stage["eva"].download(file)
        return found

    async def is_the_projection(self) -> None:
        """Hold the thread to the state: each message once, with these words and blocks, and each file once."""
        await self.quiet()
        dossier = await self.dossier()
        context = self.stage.app.services.context
        model = context.kit(dossier.evaluation).designer.model
        desired = thread(dossier, context.role(dossier.evaluation), model=model, policy=context.rules.policy)
        cards, files = await self.cards(), await self.files()
        for item in desired:
            if isinstance(item, FilePost):
                assert files[item.title] == await self.stage.app.services.queries.file(item.sha256)
            else:
                _same(item, cards[item.key])
        wanted = {item.key for item in desired if isinstance(item, Message)}
        left = {key for key in cards if key not in wanted}
        assert not left, f"not desired: {left}"


def _same(item: Message, posted: Json) -> None:
    """Hold a message to its item; the local Slack is sent no charts, but their words."""
    assert posted["text"] == item.text, item.key
    assert _bare(posted["blocks"]) == _bare([dict(block) for block in without_charts(item.blocks)]), item.key


def _bare(value: Any) -> Any:
    """Blocks without what Slack adds to them, in the form that they travel in."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if k not in {"block_id", "emoji", "verbatim"}}
    return [_bare(item) for item in value] if isinstance(value, list | tuple) else value
