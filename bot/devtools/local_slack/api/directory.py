"""Who and where: auth.test, users, user groups, team, bots, and the opening of Socket Mode."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.devtools.local_slack.api.arguments import Args, Text
from bot.devtools.local_slack.api.conversations import Page, page
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import Json


class Nothing(Args):
    """Arguments of methods without arguments."""


class OneUser(Args):
    """Arguments of `users.info`."""

    user: Text


class OneBot(Args):
    """Arguments of `bots.info`."""

    bot: Text = ""


def auth_test(core: Core, _args: Nothing) -> Json:
    """Tell the bot who it is."""
    identity = core.identity
    return {
        "url": f"{core.base_url}/",
        "team": identity.team_name,
        "user": identity.bot_name.lower(),
        "team_id": identity.team_id,
        "user_id": identity.bot_user,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(core: Core, _args: Nothing) -> Json:
    """Hand out a Socket Mode address, good for one connection."""
    host = urlsplit(core.base_url).netloc
    ticket = core.socket.ticket()
    return {"url": f"ws://{host}/link?ticket={ticket}&app_id={core.identity.app_id}"}


def user_info(core: Core, args: OneUser) -> Json:
    """Describe a person."""
    return {"user": core.workspace.person(args.user).profile(core.identity.team_id)}


def user_list(core: Core, args: Page) -> Json:
    """List the people."""
    people = [person.profile(core.identity.team_id) for person in core.workspace.people.values()]
    found, metadata = page(people, args)
    return {"members": found, "cache_ts": int(float(core.workspace.tick())), **metadata}


def usergroup_list(_core: Core, _args: Nothing) -> Json:
    """List the user groups: the local workspace has none."""
    return {"usergroups": []}


def team_info(core: Core, _args: Nothing) -> Json:
    """Describe the workspace."""
    identity = core.identity
    return {"team": {"id": identity.team_id, "name": identity.team_name, "domain": "local", "email_domain": ""}}


def bot_info(core: Core, args: OneBot) -> Json:
    """Describe the bot."""
    identity = core.identity
    if args.bot not in ("", identity.bot_id):
        raise SlackRefusal("bot_not_found")
    names = {"id": identity.bot_id, "app_id": identity.app_id, "user_id": identity.bot_user}
    return {"bot": {**names, "name": identity.bot_name, "deleted": False}}
