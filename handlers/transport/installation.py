"""Several workspaces: installation by OAuth, and Slack's tokens encrypted at rest.

The queries are slack_sdk's, the tables are ours (storage/tables/installing.py): they are made and upgraded by the same
migrations as all others. What this adds is that no token reaches a table in clear.
docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ConfigurationError
from handlers.transport.workspaces import NotInstalled
from storage.tables import slack_bot, slack_installation, slack_state
from storage.token_encryption import rotate_encryption

_TOKENS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
_KNOWN_S = 60.0
"""How long a workspace's client is kept: another machine may have seen it leave, or come back with another token."""

STATE_S = 600
"""How long a person may take from our page over Slack's and back."""

Kept = TypeVar("Kept", Bot, Installation)


class Cipher:
    """Closes tokens with the first of its keys and opens what any of them closed, so that a key can be replaced.

    Raises:
        ConfigurationError: one of them is no Fernet key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            made = [Fernet(key) for key in keys]
        except ValueError as malformed:
            raise ConfigurationError(
                problem="EIPAS_ENCRYPTION_KEYS holds something that is no Fernet key",
                mend="Make one with `eipas key --encryption`",
            ) from malformed
        self._first, self._all = made[0], MultiFernet(made)

    def close(self, token: str) -> str:
        """Return the token encrypted."""
        return self._first.encrypt(token.encode()).decode()

    def open(self, closed: str) -> str:
        """Return the token in clear. Raises InvalidToken where no key opens it."""
        return self._all.decrypt(closed.encode()).decode()

    def renew(self, closed: str) -> str:
        """Return it closed by the first key; as it is where that closed it, or where no key opens it."""
        try:
            self._first.decrypt(closed.encode())
        except InvalidToken:
            with suppress(InvalidToken):  # whoever needs it finds it shut, and says so
                return self.close(self.open(closed))
        return closed


class Installations(AsyncInstallationStore):
    """Who installed the app where. slack_sdk's store is synchronous: each call goes to a thread."""

    def __init__(self, engine: Any, client_id: str, keys: Cipher) -> None:
        self._store = SQLAlchemyInstallationStore(client_id, engine, logger=self.logger)
        self._store.bots, self._store.installations = slack_bot, slack_installation
        self._engine, self._keys = engine, keys

    @property
    def logger(self) -> logging.Logger:
        """Slack's."""
        return logging.getLogger("slack")

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, its tokens encrypted.

        A team's id is unique in all of Slack, and the app is not installed in whole organisations (manifest.yml,
        `org_deploy_enabled`): the organisation is left out, so that a team is found by its id alone.
        """
        sealed = self._sealed(installation)
        sealed.enterprise_id = None
        await asyncio.to_thread(self._store.save, sealed)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return a workspace's bot, its token in clear; None if it is not installed or its key is gone."""
        found = await asyncio.to_thread(self._store.find_bot, enterprise_id=None, team_id=team_id)
        return self._opened(found) if found is not None else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Delete a workspace's bot."""
        await asyncio.to_thread(self._store.delete_bot, enterprise_id=None, team_id=team_id)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Delete a workspace's installation."""
        await asyncio.to_thread(self._store.delete_installation, enterprise_id=None, team_id=team_id, user_id=user_id)

    def renew(self) -> int:
        """Close with the first key what an older one closed, so that the older one can be given up. Blocks."""
        return rotate_encryption(self._engine, self._keys.renew, frozenset(_TOKENS))

    def _sealed(self, kept: Kept) -> Kept:
        return _each_token(kept, self._keys.close)

    def _opened(self, kept: Kept) -> Kept | None:
        try:
            return _each_token(kept, self._keys.open)
        except InvalidToken:
            self.logger.error("no key of EIPAS_ENCRYPTION_KEYS opens the token of team %s", kept.team_id)
            return None


def _each_token(kept: Kept, change: Callable[[str], str]) -> Kept:
    changed = copy(kept)
    for name in _TOKENS:
        if token := getattr(kept, name, None):
            setattr(changed, name, change(token))
    return changed


class States(AsyncOAuthStateStore):
    """The one-time states that tie an installation's end to its beginning in the same browser."""

    def __init__(self, engine: Any) -> None:
        self._store = SQLAlchemyOAuthStateStore(STATE_S, engine, logger=self.logger)
        self._store.oauth_states = slack_state

    @property
    def logger(self) -> logging.Logger:
        """Slack's."""
        return logging.getLogger("slack")

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """Make a new state."""
        return await asyncio.to_thread(self._store.issue)

    async def async_consume(self, state: str) -> bool:
        """Whether the state was ours and is used for the first time."""
        return await asyncio.to_thread(self._store.consume, state)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    client: AsyncWebClient
    bot: Bot
    until: float


class ManyWorkspaces:
    """Every workspace that installed the app. A lookup asks the store once a minute, and Slack never."""

    def __init__(self, store: Installations, make: Callable[[str], AsyncWebClient]) -> None:
        self._store, self._make = store, make
        self._known: dict[str, _Known] = {}
        self._changes = 0
        self.on_installed: Callable[[str], Awaitable[None]] | None = None

    async def client(self, team: str) -> AsyncWebClient:
        """Return a workspace's client. Raises NotInstalled."""
        known = await self._find(team)
        if known is None:
            raise NotInstalled(team=team)
        return known.client

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Say who we are there; None if it did not install us."""
        known = await self._find(team_id or "")
        if known is None:
            return None
        bot = known.bot
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, team=bot.team_name, bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id, bot_token=bot.bot_token,
        )  # fmt: skip

    async def forget(self, team: str) -> None:
        """Delete a workspace's tokens and client."""
        await self._store.async_delete_all(enterprise_id=None, team_id=team)
        self._changed(team)

    async def installed(self, installation: Installation) -> None:
        """Keep an installation and let what waited for it go on."""
        await self._store.async_save(installation)
        team = installation.team_id or ""
        self._changed(team)
        if self.on_installed is not None:
            await self.on_installed(team)

    def _changed(self, team: str) -> None:
        self._known.pop(team, None)
        self._changes += 1

    async def _find(self, team: str) -> _Known | None:
        known = self._known.get(team)
        if known is not None and known.until > time.monotonic():
            return known
        self._known.pop(team, None)
        before = self._changes
        bot = await self._store.async_find_bot(enterprise_id=None, team_id=team) if team else None
        if bot is None:
            return None
        found = _Known(client=self._make(bot.bot_token), bot=bot, until=time.monotonic() + _KNOWN_S)
        # What was read while an installation came or went may be out of date already: it serves this once.
        if before == self._changes:
            self._known[team] = found
        return found
