"""Which proxy the environment wants an address to be asked through."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.domain.address import host_of, is_loopback

_LIKE: Final = {"wss": "https", "ws": "http"}


def proxy_for(url: str) -> str | None:
    """Return the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, None where NO_PROXY names the host.

    This machine itself is never asked through one: slack_sdk reads the same variables, but neither NO_PROXY nor whether
    the address is the local Slack's.
    """
    if is_loopback(url) or proxy_bypass(host_of(url)):
        return None
    found, scheme = getproxies(), urlsplit(url).scheme
    return found.get(_LIKE.get(scheme, scheme)) or found.get("all")
