"""A person of the local workspace as an object, for tests and rehearsals: acts over HTTP, sees what the page sees."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar

import aiohttp

from bot.devtools.local_slack.inputs import STATE_KEYS, walk

Json = dict[str, Any]
Found = TypeVar("Found")
PATIENCE = 10.0


class ActRefused(Exception):
    """The local Slack, or the app through it, refused what the person did."""

    def __init__(self, answer: Json) -> None:
        super().__init__(f"{answer.get('error')}: {answer.get('detail', answer)}")
        self.error = str(answer.get("error"))
        self.answer = answer


class Person:
    """One person with an open page. Use it as an asynchronous context manager.

    `messages` holds each message that the page has been told of since it was opened, as it stands now;
    `views` the stack of open modals, topmost last; `home` the Home tab; `toasts` Slack's own notices.
    """

    def __init__(self, url: str, user: str) -> None:
        self.user = user
        self.messages: dict[tuple[str, str], Json] = {}
        self.views: list[Json] = []
        self.home: Json | None = None
        self.toasts: list[str] = []
        self.channels: dict[str, str] = {}
        self.connected = False
        self._url = url
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        """Open the page."""
        self._session = aiohttp.ClientSession(self._url)
        self._socket = await self._session.ws_connect("/local/events", params={"as": self.user})
        self._listening = asyncio.create_task(self._listen())
        boot = await self._get("boot")
        self.channels = {channel["name"]: channel["id"] for channel in boot["channels"]}
        self.views = boot["views"]
        self.connected = boot["connected"]
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close the page."""
        await self._socket.close()
        await self._listening
        await self._session.close()

    # Acting -----------------------------------------------------------------------------------------------------------

    async def say(self, channel: str, text: str, *, thread_ts: str | None = None, files: Iterable[str] = ()) -> str:
        """Post a message; gives its `ts`."""
        body = {"channel": self._channel(channel), "text": text, "thread_ts": thread_ts, "files": list(files)}
        return str((await self.act("message", **body))["ts"])

    async def edit(self, channel: str, ts: str, text: str) -> None:
        """Change an own message."""
        await self.act("edit", channel=self._channel(channel), ts=ts, text=text)

    async def delete(self, channel: str, ts: str) -> None:
        """Delete an own message."""
        await self.act("delete", channel=self._channel(channel), ts=ts)

    async def upload(
        self,
        channel: str,
        name: str,
        content: bytes,
        *,
        thread_ts: str | None = None,
        text: str = "",
        mode: str = "hosted",
    ) -> str:
        """Share a file, or with the mode `snippet` a text that is pasted into one; gives the message's `ts`."""
        query = {"as": self.user, "name": name, "mode": mode}
        async with self._session.post("/local/upload", params=query, data=io.BytesIO(content)) as answer:
            stored = _checked(await answer.json())["file"]
        return await self.say(channel, text, thread_ts=thread_ts, files=[stored["id"]])

    async def command(self, channel: str, command: str, text: str = "", *, thread_ts: str | None = None) -> None:
        """Run a slash command; comes back when the app has acknowledged it."""
        await self.act("command", channel=self._channel(channel), command=command, text=text, thread_ts=thread_ts)

    async def click(self, channel: str, message: Json, action_id: str, **value: Any) -> None:
        """Act on an element of a message as it stands now; menus take `selected_option=` and the like, by value."""
        # Who found a message some time ago sees it change: with each update Slack gives its blocks new ids.
        shown = self.messages.get((self._channel(channel), message["ts"]), message)
        container = {"channel": self._channel(channel), "message_ts": message["ts"]}
        block_id = _block_of(shown.get("blocks", []), action_id)
        await self.act("action", container=container, action_id=action_id, block_id=block_id, **value)

    async def click_view(self, view: Json, action_id: str, **value: Any) -> None:
        """Act on an element of a modal or the Home tab."""
        block_id = _block_of(view["blocks"], action_id)
        await self.act("action", container={"view_id": view["id"]}, action_id=action_id, block_id=block_id, **value)

    async def submit(self, view: Json, values: Json) -> Json:
        """Submit a modal; inputs are named by label, block id or action id.

        Gives `{}`, or `response_action` with `errors` where the app or Slack found some.
        """
        state = fill(view, values)
        return await self.act("view_submit", view_id=view["id"], state={"values": state})

    async def close_view(self, view: Json) -> None:
        """Close a modal."""
        await self.act("view_close", view_id=view["id"])

    async def shortcut(self, callback_id: str, *, channel: str | None = None, message_ts: str | None = None) -> None:
        """Run a shortcut, on a message or not."""
        where = {"channel": self._channel(channel), "message_ts": message_ts} if channel else {}
        await self.act("shortcut", callback_id=callback_id, **where)

    async def open_home(self) -> None:
        """Open the Home tab."""
        self.home = (await self.act("home"))["view"]

    async def act(self, what: str, **body: Any) -> Json:
        """Do anything of the contract.

        Raises:
            ActRefused: it was refused.
        """
        return await self._post(what, {"as": self.user, **body})

    async def trouble(self, **body: Any) -> None:
        """Ask the local Slack for a fault: `do=` and what belongs to it.

        Raises:
            ActRefused: there is no such trouble.
        """
        await self._post("faults", body)

    # Looking ----------------------------------------------------------------------------------------------------------

    async def history(self, channel: str, *, thread_ts: str | None = None) -> list[Json]:
        """List a channel's or a thread's messages as they stand now, oldest first."""
        where = {"channel": self._channel(channel), **({"thread_ts": thread_ts} if thread_ts else {})}
        listed: list[Json] = (await self._get("messages", **where))["messages"]
        return listed

    async def download(self, file: Json) -> bytes:
        """Give a file's bytes."""
        async with self._session.get(file["url_private"], params={"as": self.user}) as answer:
            return await answer.read()

    async def wait_for(self, look: Callable[[Person], Found | None], *, within: float = PATIENCE) -> Found:
        """Wait until `look` finds something, looking again whenever the page is told something.

        Raises:
            TimeoutError: it found nothing within so many seconds.
        """
        async with asyncio.timeout(within), self._changed:
            while not (found := look(self)):
                await self._changed.wait()
            return found

    async def message(self, containing: str, *, within: float = PATIENCE, **fields: Any) -> Json:
        """Wait for a message whose text or blocks contain a text, and whose other fields are as given."""

        def look(person: Person) -> Json | None:
            for message in reversed(person.messages.values()):
                if containing in _words(message) and all(message.get(key) == fields[key] for key in fields):
                    return message
            return None

        return await self.wait_for(look, within=within)

    async def view(self, title: str, *, within: float = PATIENCE) -> Json:
        """Wait for the topmost modal to have a title."""
        return await self.wait_for(
            lambda person: person.views[-1] if person.views and person.views[-1]["title"]["text"] == title else None,
            within=within,
        )

    async def _listen(self) -> None:
        async for item in self._socket:
            self._take(json.loads(item.data))
            async with self._changed:
                self._changed.notify_all()

    def _take(self, event: Json) -> None:
        match event["type"]:
            case "message" | "message_changed" | "ephemeral":
                self.messages[event["channel"], event["message"]["ts"]] = event["message"]
            case "message_deleted":
                self.messages.pop((event["channel"], event["ts"]), None)
            case "view":
                self._take_view(event["view"], event["how"])
            case "home":
                self.home = event["view"]
            case "toast":
                self.toasts.append(event["text"])
            case "connected":
                self.connected = event["value"]
            case "channel":
                self.channels[event["channel"]["name"]] = event["channel"]["id"]

    def _take_view(self, view: Json, how: str) -> None:
        others = [open_view for open_view in self.views if open_view["id"] != view["id"]]
        match how:
            case "open":
                self.views = [view]
            case "close":
                self.views = others
            case "update":
                self.views = [view if open_view["id"] == view["id"] else open_view for open_view in self.views]
            case "push":
                self.views = [*others, view]

    async def _post(self, what: str, body: Json) -> Json:
        async with self._session.post(f"/local/{what}", json=body) as answer:
            done = _checked(await answer.json())
        return {key: value for key, value in done.items() if key != "ok"}

    async def _get(self, what: str, **query: str) -> Json:
        async with self._session.get(f"/local/{what}", params={"as": self.user, **query}) as answer:
            return _checked(await answer.json())

    def _channel(self, name: str) -> str:
        return self.channels.get(name.removeprefix("#"), name)


def fill(view: Json, values: Json) -> Json:
    """Give the state of a modal's inputs, named by label, block id or action id.

    Raises:
        KeyError: the modal has no such input.
    """
    names: dict[str, tuple[str, Json]] = {}
    for block, element in walk(view["blocks"]):
        if "action_id" in element:
            for name in (element["action_id"], block["block_id"], block.get("label", {}).get("text")):
                names.setdefault(str(name), (block["block_id"], element))
    state: Json = {}
    for name, value in values.items():
        block_id, element = names[name]
        entry = {"type": element["type"], STATE_KEYS[element["type"]]: value}
        state.setdefault(block_id, {})[element["action_id"]] = entry
    return state


def _block_of(blocks: list[Json], action_id: str) -> str | None:
    return next((str(block["block_id"]) for block, item in walk(blocks) if item.get("action_id") == action_id), None)


def _words(message: Json) -> str:
    return f"{message.get('text', '')} {json.dumps(message.get('blocks', []), ensure_ascii=False)}"


def _checked(answer: Json) -> Json:
    if not answer.get("ok"):
        raise ActRefused(answer)
    return answer
