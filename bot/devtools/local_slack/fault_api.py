"""`/local/faults`: ask for trouble."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.faults import CallFault, FaultKind
from bot.devtools.local_slack.interactions import talking
from bot.devtools.local_slack.records import Json


class Trouble(BaseModel):
    """One kind of trouble, told apart by `do`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fail(Trouble):
    """The next calls of a method fail."""

    do: Literal["fail"]
    method: str = "*"
    kind: FaultKind
    times: Annotated[int, Field(ge=1)] = 1
    channel: str | None = None
    retry_after: int = 1
    seconds: float = 30.0
    error: str = "internal_error"


class Disconnect(Trouble):
    """Slack asks the app to reconnect."""

    do: Literal["disconnect"]
    reason: Literal["refresh_requested", "warning", "too_many_websockets"] = "refresh_requested"


class Count(Trouble):
    """Deliver events again, deliver the next ones in reverse, or lose the next acknowledgements."""

    do: Literal["redeliver", "reorder", "lose_acks"]
    count: Annotated[int, Field(ge=1)] = 1


class InChannel(Trouble):
    """Archive a channel, or remove the bot from it."""

    do: Literal["archive", "remove_bot"]
    channel: str


class DeleteMessage(Trouble):
    """Somebody deletes a message."""

    do: Literal["delete_message"]
    channel: str
    ts: str


class Display(Trouble):
    """The page learns later that the app has acknowledged."""

    do: Literal["delay_display"]
    seconds: float


class Simple(Trouble):
    """Break the sockets, revoke the token, uninstall the app, put both right again, forget all faults."""

    do: Literal["drop", "revoke", "uninstall", "restore", "clear"]


_TROUBLE: TypeAdapter[Fail | Disconnect | Count | InChannel | DeleteMessage | Display | Simple] = TypeAdapter(
    Annotated[Fail | Disconnect | Count | InChannel | DeleteMessage | Display | Simple, Field(discriminator="do")]
)


async def make(core: Core, body: bytes) -> Json:
    """Make the trouble that a JSON body describes.

    Raises:
        SlackRefusal: `invalid_arguments`, or the channel or message does not exist.
    """
    try:
        wanted = _TROUBLE.validate_json(body)
    except ValidationError as refused:
        raise SlackRefusal("invalid_arguments", detail=str(refused)) from refused
    match wanted:
        case Fail():
            core.faults.add(CallFault(**wanted.model_dump(exclude={"do"})))
        case Disconnect():
            await core.socket.disconnect(wanted.reason)
        case Count():
            _count(core, wanted)
        case InChannel():
            _in_channel(core, wanted)
        case DeleteMessage():
            channel = core.workspace.channel(wanted.channel)
            posting.delete(core, channel, core.workspace.message(channel.id, wanted.ts))
        case Display():
            core.faults.ack_display_delay = wanted.seconds
        case Simple():
            _simple(core, wanted)
    return {}


def _count(core: Core, wanted: Count) -> None:
    match wanted.do:
        case "redeliver":
            core.delivery.redeliver(wanted.count)
        case "reorder":
            core.delivery.hold(wanted.count)
        case "lose_acks":
            core.socket.lose_acks += wanted.count


def _in_channel(core: Core, wanted: InChannel) -> None:
    channel = core.workspace.channel(wanted.channel)
    if wanted.do == "archive":
        talking.archive(core, channel)
    else:
        talking.changed(core, core.workspace.leave(channel, core.identity.bot_user))
    kind = "channel_archive" if wanted.do == "archive" else "channel_left"
    posting.announce(core, {"type": kind, "channel": channel.id, "event_ts": core.workspace.tick()})


def _simple(core: Core, wanted: Simple) -> None:
    match wanted.do:
        case "drop":
            core.socket.drop()
        case "revoke":
            core.revoked = True
            tokens = {"oauth": [], "bot": [core.identity.bot_user]}
            posting.announce(core, {"type": "tokens_revoked", "tokens": tokens, "event_ts": core.workspace.tick()})
        case "uninstall":
            core.revoked = True
            posting.announce(core, {"type": "app_uninstalled", "event_ts": core.workspace.tick()})
        case "restore":
            core.revoked = False
        case "clear":
            core.faults.clear()
