"""The people of a rehearsal: who plays which part, and the few things they do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

from bot.devtools.local_slack import ActRefused, Person
from bot.devtools.local_slack.sample import PEOPLE
from bot.domain.errors import EipasError

Json = Mapping[str, Any]
_POLL_S = 0.05
_FORM_PATIENCE_S = 20.0
_CLICKS = 20
"""So often a button is tried: together a second, in which any update has arrived."""


class PartRefused(EipasError):
    """The bot refused what a person of the rehearsal did."""

    message_template = "{who} was refused: {problem}"


class NothingCame(EipasError):
    """What a person of the rehearsal waited for did not come in time."""

    message_template = "Waited {seconds:g} s for {what}, which did not come."


class Cast:
    """Everybody in the local Slack, with their page open. Several plays may share one cast."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stack = AsyncExitStack()
        self._names = {member.id: member.real_name.split()[0] for member in PEOPLE}
        self._people: dict[str, Person] = {}
        self._busy = {member.id: asyncio.Lock() for member in PEOPLE}

    async def __aenter__(self) -> Self:
        """Open everybody's page."""
        for member in PEOPLE:
            self._people[member.name] = await self._stack.enter_async_context(Person(self._url, member.id))
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close the pages."""
        await self._stack.aclose()

    def __getitem__(self, name: str) -> Person:
        """Return a person by the name that they have in the local Slack."""
        return self._people[name]

    def busy(self, person: Person) -> asyncio.Lock:
        """Hold a person's attention from the click that opens a form until it is sent: nobody fills in two at once."""
        return self._busy[person.user]

    def name(self, person: Person) -> str:
        """A person's first name."""
        return self._names[person.user]

    async def click(self, person: Person, channel: str, message: Json, action_id: str) -> None:
        """Press a button; once more where the message was just being updated, which gives its blocks new ids."""
        for _ in range(_CLICKS - 1):
            try:
                return await person.click(channel, dict(message), action_id)
            except ActRefused:
                await asyncio.sleep(_POLL_S)
        try:
            await person.click(channel, dict(message), action_id)
        except ActRefused as error:
            raise PartRefused(who=self.name(person), problem=str(error)) from error

    async def form(self, person: Person) -> Json:
        """Wait for a modal to be open that is no loading view."""
        try:
            return await person.wait_for(lambda p: p.views[-1] if p.views else None, within=_FORM_PATIENCE_S)
        except TimeoutError as error:
            raise NothingCame(seconds=_FORM_PATIENCE_S, what=f"a form for {self.name(person)}") from error

    async def submit(self, person: Person, view: Json, values: Json) -> None:
        """Fill in and send a form; errors under its fields end the rehearsal."""
        known = {str(block.get("block_id")) for block in view["blocks"]}
        answer = await person.submit(dict(view), {k: v for k, v in values.items() if k in known})
        if answer.get("response_action") == "errors":
            raise PartRefused(who=self.name(person), problem=str(answer.get("errors")))
        await person.wait_for(lambda p: not p.views, within=_FORM_PATIENCE_S)

    async def see(self, person: Person, look: Callable[[Json], bool], what: str) -> Json:
        """Wait until a person's page shows a message."""
        try:
            return await person.wait_for(
                lambda p: next((m for m in p.messages.values() if look(m)), None), within=_FORM_PATIENCE_S
            )
        except TimeoutError as error:
            raise NothingCame(seconds=_FORM_PATIENCE_S, what=what) from error

    async def until(self, look: Callable[[], Awaitable[bool]], what: str, seconds: float) -> None:
        """Wait for something that no page shows, looking again and again."""
        try:
            async with asyncio.timeout(seconds):
                while not await look():  # noqa: ASYNC110 - what is waited for is in the database, which tells nobody
                    await asyncio.sleep(_POLL_S)
        except TimeoutError as error:
            raise NothingCame(seconds=seconds, what=what) from error

    async def files(self, person: Person, channel: str, thread_ts: str) -> dict[str, bytes]:
        """Download every file of a thread, by title."""
        found: dict[str, bytes] = {}
        for message in await person.history(channel, thread_ts=thread_ts):
            for file in message.get("files", []):
                found[str(file["title"])] = await person.download(file)
        return found
