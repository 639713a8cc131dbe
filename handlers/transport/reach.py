"""When Slack cannot be reached: in words that name the address, the proxy and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.domain.address import host_of
from bot.domain.errors import ConfigurationError
from handlers.transport.proxies import bare, proxy_for
from handlers.transport.web import NO_ANSWER

LOST: Final = (aiohttp.ClientError, OSError, TimeoutError, ValueError)
"""How a call ends at an address that is not there, not Slack's, or behind a proxy that lets nobody through."""


def word_of(error: SlackApiError) -> str:
    """Return Slack's word for a refusal, empty where what came is no answer of its Web API."""
    answer = error.response if isinstance(error.response, dict) else getattr(error.response, "data", None)
    word = str(answer.get("error") or "") if isinstance(answer, dict) else ""
    return "" if word == NO_ANSWER else word


def unreached(error: Exception, url: str) -> tuple[str, str]:
    """Say what is wrong, and what to do about it."""
    host, proxy = host_of(url) or url, proxy_for(url)
    through = f" through the proxy {bare(proxy)}" if proxy else ""
    why = "what answers there is not Slack's Web API" if isinstance(error, SlackApiError) else _why(error)
    mend = f"Let this host reach {host}"
    mend += ", or name it in NO_PROXY." if proxy else "; HTTPS_PROXY names a proxy, EIPAS_SLACK_API_URL another host."
    return f"Slack cannot be reached at {host}{through} ({why})", mend


_KINDS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...]] = (
    (aiohttp.ClientProxyConnectionError, "no proxy listens there"),
    ((aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError), "its certificate is not trusted"),
    (
        (aiohttp.ClientResponseError, aiohttp.ServerDisconnectedError),
        "what answers there does not answer as Slack does",
    ),
    (TimeoutError, "it does not answer in time"),
)
"""The first that fits; a connection that times out is a lost connection, too."""


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy answers {error.status}"
    if found := next((words for kind, words in _KINDS if isinstance(error, kind)), ""):
        return found
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno > 0:
        return os.strerror(cause.errno).lower()
    return str(getattr(cause, "strerror", "") or type(error).__name__)


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Say in words why Slack could not be reached. Raises ConfigurationError."""
    try:
        yield
    except (*LOST, SlackApiError) as error:
        if isinstance(error, SlackApiError) and word_of(error):
            raise
        problem, mend = unreached(error, url)
        raise ConfigurationError(problem=problem, mend=mend) from error
