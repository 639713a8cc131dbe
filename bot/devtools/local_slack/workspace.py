"""The state of the local workspace: people, channels, messages, files, views. No I/O except its journal."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.journal import Journal, NoJournal
from bot.devtools.local_slack.records import Channel, HeldView, Identity, Json, Member, StoredFile


class Workspace:
    """All that the local Slack remembers; each change goes through a `put_` or `drop_` method, which journals it."""

    def __init__(self, identity: Identity, journal: Journal | None = None) -> None:
        self.identity = identity
        self.people: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: dict[str, HeldView] = {}
        self._messages: dict[str, dict[str, Json]] = {}
        self._journal = journal or NoJournal()
        self._last_tick = 0
        self._serial = 0
        self._replay()

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    # Identifiers and time ---------------------------------------------------------------------------------------------

    def tick(self) -> str:
        """Give a message timestamp: seconds with six decimals, never the same twice, always growing."""
        self._last_tick = max(self._last_tick + 1, time.time_ns() // 1000)
        return f"{self._last_tick // 1_000_000}.{self._last_tick % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """Give an id of Slack's form, such as C000000000A; it stays unique over restarts because it grows with time."""
        self._serial = max(self._serial + 1, time.time_ns() // 1000)
        return letter + _base36(self._serial)

    # People and channels ----------------------------------------------------------------------------------------------

    def put_person(self, person: Member) -> None:
        """Add or change a person."""
        self.people[person.id] = person
        self._journal.write("person", person.id, asdict(person))

    def put_channel(self, channel: Channel) -> Channel:
        """Add or change a channel."""
        self.channels[channel.id] = channel
        self._journal.write("channel", channel.id, asdict(channel))
        return channel

    def channel(self, channel_id: str) -> Channel:
        """Find a channel.

        Raises:
            SlackRefusal: `channel_not_found`.
        """
        found = self.channels.get(channel_id)
        if found is None:
            raise SlackRefusal("channel_not_found")
        return found

    def person(self, user_id: str) -> Member:
        """Find a person or the bot.

        Raises:
            SlackRefusal: `user_not_found`.
        """
        found = self.people.get(user_id)
        if found is None:
            raise SlackRefusal("user_not_found")
        return found

    def may_read(self, channel: Channel, user_id: str) -> bool:
        """Tell whether a person may read a channel: guests and other companies' people only those they are in."""
        person = self.people.get(user_id)
        inside = person is None or not (person.is_restricted or person.is_ultra_restricted or person.team)
        return user_id in channel.members or (inside and channel.visible_to(user_id))

    def direct(self, user_id: str) -> Channel:
        """Give the direct messages of a person with the bot, opened when they were not."""
        members = (self.person(user_id).id, self.identity.bot_user)
        for channel in self.channels.values():
            if channel.is_im and channel.members == members:
                return channel
        new = Channel(id=self.new_id("D"), name="directmessage", is_im=True, members=members, created=int(time.time()))
        return self.put_channel(new)

    def join(self, channel: Channel, user_id: str) -> Channel:
        """Add a person to a channel."""
        if user_id in channel.members:
            return channel
        return self.put_channel(replace(channel, members=(*channel.members, user_id)))

    def leave(self, channel: Channel, user_id: str) -> Channel:
        """Take a person out of a channel."""
        return self.put_channel(replace(channel, members=tuple(m for m in channel.members if m != user_id)))

    # Messages ---------------------------------------------------------------------------------------------------------

    def put_message(self, channel_id: str, message: Json) -> Json:
        """Add or change a message under its `ts`."""
        self._messages.setdefault(channel_id, {})[message["ts"]] = message
        self._journal.write("message", f"{channel_id} {message['ts']}", message)
        return message

    def drop_message(self, channel_id: str, ts: str) -> None:
        """Delete a message for good."""
        self._messages.get(channel_id, {}).pop(ts, None)
        self._journal.write("message", f"{channel_id} {ts}", None)

    def find_message(self, channel_id: str, ts: str) -> Json | None:
        """Find a message, thread reply or not."""
        return self._messages.get(channel_id, {}).get(ts)

    def message(self, channel_id: str, ts: str) -> Json:
        """Find a message.

        Raises:
            SlackRefusal: `message_not_found`.
        """
        found = self.find_message(channel_id, ts)
        if found is None:
            raise SlackRefusal("message_not_found")
        return found

    def history(self, channel_id: str) -> list[Json]:
        """List what a channel shows outside of threads, oldest first."""
        return [m for m in self.all_messages(channel_id) if _is_top(m) or m.get("subtype") == "thread_broadcast"]

    def thread(self, channel_id: str, thread_ts: str) -> list[Json]:
        """List a thread's parent and replies, oldest first."""
        return [m for m in self.all_messages(channel_id) if m["ts"] == thread_ts or m.get("thread_ts") == thread_ts]

    def all_messages(self, channel_id: str) -> list[Json]:
        """List a channel's messages and replies, oldest first."""
        return list(self._messages.get(channel_id, {}).values())

    # Files and views --------------------------------------------------------------------------------------------------

    def put_file(self, file: StoredFile) -> StoredFile:
        """Add or change a file."""
        self.files[file.id] = file
        row = {**_shallow(file), "content": base64.b64encode(file.content).decode()}
        self._journal.write("file", file.id, row)
        return file

    def drop_file(self, file_id: str) -> None:
        """Delete a file."""
        self.files.pop(file_id, None)
        self._journal.write("file", file_id, None)

    def put_view(self, user: str, view: Json) -> HeldView:
        """Add or change a Home tab or an open modal of a person."""
        held = HeldView(user=user, view=view)
        self.views[view["id"]] = held
        self._journal.write("view", view["id"], asdict(held))
        return held

    def view(self, view_id: str) -> HeldView:
        """Find an open modal or a Home tab.

        Raises:
            SlackRefusal: `not_found`, as `views.update` has it.
        """
        found = self.views.get(view_id)
        if found is None:
            raise SlackRefusal("not_found")
        return found

    def drop_view(self, view_id: str) -> None:
        """Close a modal."""
        self.views.pop(view_id, None)
        self._journal.write("view", view_id, None)

    # Restart ----------------------------------------------------------------------------------------------------------

    def _replay(self) -> None:
        for table, key, value in self._journal.replay():
            match table:
                case "person":
                    self.people[key] = Member(**value)
                case "channel":
                    self.channels[key] = Channel(**{**value, "members": tuple(value["members"])})
                case "message":
                    self._messages.setdefault(key.split()[0], {})[value["ts"]] = value
                case "file":
                    self.files[key] = StoredFile(**{**value, "content": base64.b64decode(value["content"])})
                case "view":
                    self.views[key] = HeldView(**value)
        stamps = (ts for messages in self._messages.values() for ts in messages)
        self._last_tick = max((_microseconds(ts) for ts in stamps), default=0)


def _shallow(file: StoredFile) -> dict[str, Any]:
    return {name: getattr(file, name) for name in StoredFile.__dataclass_fields__}


def _is_top(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) == message["ts"])


def _microseconds(ts: str) -> int:
    seconds, micros = ts.split(".")
    return int(seconds) * 1_000_000 + int(micros)


def _base36(number: int) -> str:
    digits: Iterable[str] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    alphabet, text = "".join(digits), ""
    while number:
        number, rest = divmod(number, 36)
        text = alphabet[rest] + text
    return text.rjust(10, "0")
