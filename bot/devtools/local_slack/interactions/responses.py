"""An app's later answer to an interaction, by its response URL.

docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.api.chat import refuse_blocks
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.interactions import commands
from bot.devtools.local_slack.payloads import without
from bot.devtools.local_slack.tokens import ResponseUrl


class Answer(BaseModel):
    """What an app posts to a response URL."""

    text: str = ""
    blocks: list[Any] = []
    response_type: str = "ephemeral"
    replace_original: bool = False
    delete_original: bool = False
    thread_ts: str | None = None


def respond(core: Core, url: ResponseUrl, given: Answer) -> None:
    """Change or delete the message that was acted on, or answer with a new one.

    Raises:
        SlackRefusal: `no_text` or `invalid_blocks`.
    """
    if given.delete_original:
        _delete(core, url)
        return
    if not given.text and not given.blocks:
        raise SlackRefusal("no_text")
    refuse_blocks(given.blocks)
    channel = core.workspace.channel(url.channel)
    original = core.workspace.find_message(channel.id, url.message_ts) if url.message_ts else None
    if given.replace_original and original is not None:
        changed = without({**original, "text": given.text}, "blocks")
        blocks = {"blocks": posting.with_ids(core, given.blocks)} if given.blocks else {}
        posting.change(core, channel, {**changed, **blocks})
        return
    if given.replace_original and url.message_ts:
        posting.drop_ephemeral(core, channel.id, url.message_ts)
    commands.answer(core, channel, url.user, given.model_dump(), given.thread_ts or url.thread_ts)


def _delete(core: Core, url: ResponseUrl) -> None:
    if url.message_ts is None or posting.drop_ephemeral(core, url.channel, url.message_ts):
        return
    message = core.workspace.find_message(url.channel, url.message_ts)
    if message is not None:
        posting.delete(core, core.workspace.channel(url.channel), message)
