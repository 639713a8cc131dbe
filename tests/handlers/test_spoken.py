"""Whose name is kept, whose is cut, and who is spoken to."""

from __future__ import annotations

import asyncio

import pytest

from bot.services.directory import NoDirectory
from handlers.spoken import own_ids, spoken

BOT, BEN, AVA = "U0BOT", "U0BEN", "U0AVA"


class Names(NoDirectory):
    async def name(self, team: str, user: str) -> str:
        return {BEN: "Ben Carter", AVA: "Ava"}.get(user, user)

    async def channel(self, team: str, channel: str) -> str:
        return {"C0BILLING": "billing"}.get(channel, channel)


class Silent(NoDirectory):
    async def name(self, team: str, user: str) -> str:
        await asyncio.sleep(60)
        return ""


async def heard(markup: str) -> tuple[str, bool, bool]:
    found = await spoken(markup, frozenset({BOT}), Names(), "T1")
    return found.text, found.to_bot, found.to_others


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"<@{BOT}> PostgreSQL it is", "PostgreSQL it is"),
        (f"Ask <@{BEN}> and <@{AVA}|ava.l>: they own billing", "Ask @Ben Carter and @Ava: they own billing"),
        (f"Owner: <@{BEN}>. <@{BOT}> note that", "Owner: @Ben Carter. note that"),
        ("Approver is <@U0GONE>", "Approver is @U0GONE"),
        ("As in <#C0BILLING|> and <#C0OTHER|other> and <#C0UNSEEN>", "As in #billing and #other and #C0UNSEEN"),
        ("line one\nline <@U0BEN> two  ", "line one\nline @Ben Carter two"),
    ],
)
async def test_only_the_bots_own_mention_is_cut(markup: str, text: str) -> None:
    """Everybody else stays, by the name that people know, so that files read well; an unknown id stays an id."""
    assert (await heard(markup))[0] == text


@pytest.mark.parametrize(
    "markup",
    [
        f"<@{BEN}> can you take this?", f"<@{BEN}>, please answer", f"<@{BEN}>", f"cc <@{BEN}>",
        f"hey <@{BEN}> thoughts?",
        f"<@{BEN}> <@{AVA}> please have a look", f"<@{BEN}> and <@{AVA}>: what do you think",
        f"<@{BEN}> need your input",
        "<!subteam^S1|@backend> could somebody help", "@ben could you take this one", "@ben.carter please answer",
        "Ben, can you look at it", "<!here> does anyone know", f"Thanks <@{BEN}>, that helps",
        f"<@{BEN}> is this still right?",
    ],
)  # fmt: skip
async def test_who_begins_with_a_name_speaks_to_that_person(markup: str) -> None:
    """Asked, thanked or pinged: it is not for the bot."""
    assert (await heard(markup))[1:] == (False, True)


@pytest.mark.parametrize(
    "markup",
    [
        f"<@{BEN}> owns the database", f"<@{BEN}>'s team decides", f"<@{BEN}> said PostgreSQL",
        f"<@{BEN}> and <@{AVA}> own billing",
        f"<@{BEN}> will run it on Postgres", "@Entity class Order", "@app.get('/orders')",
        "<!here> PostgreSQL it is", "Orders, Invoices, please no others", f"PostgreSQL, says <@{BEN}>",
        f"<@{BEN}> and I agreed on Redis",
        f"<@{BOT}> <@{BEN}> owns it", f"<@{BOT}> can you note PostgreSQL",
    ],
)  # fmt: skip
async def test_who_speaks_about_a_person_speaks_to_all(markup: str) -> None:
    """A sentence about somebody, or one that begins with the bot, is no aside."""
    assert (await heard(markup))[2] is False


async def test_a_slack_that_tells_no_names_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the time that Slack gives for an acknowledgement the words are taken with the id."""
    monkeypatch.setattr("handlers.spoken._NAMING_S", 0.05)
    assert (await spoken(f"Ask <@{BEN}>", frozenset(), Silent(), "T1")).text == f"Ask @{BEN}"


def test_the_bots_own_id_is_the_deliverys() -> None:
    """Of the installations that a delivery is for, those of the bot; a person's own authorization is none."""
    body = {"authorizations": [{"user_id": BOT, "is_bot": True}, {"user_id": BEN, "is_bot": False}]}
    assert own_ids(body) == {BOT}
    assert own_ids({}) == frozenset()
