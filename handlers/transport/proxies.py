"""Which proxy the environment wants an address to be asked through."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.domain.address import host_of, is_loopback
from bot.domain.errors import ConfigurationError

_LIKE: Final = {"wss": "https", "ws": "http"}


def proxy_for(url: str) -> str | None:
    """Return the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, None where NO_PROXY names the host.

    This machine itself is never asked through one: slack_sdk reads the same variables, but neither NO_PROXY nor whether
    the address is the local Slack's.

    Raises:
        ConfigurationError: what the environment names is no proxy that can be used.
    """
    if is_loopback(url) or proxy_bypass(host_of(url)):
        return None
    found, scheme = getproxies(), urlsplit(url).scheme
    return _usable((found.get(_LIKE.get(scheme, scheme)) or found.get("all") or "").strip())


def bare(proxy: str) -> str:
    """Return a proxy's address as it may be shown: without name and password."""
    head, sign, rest = proxy.rpartition("@")
    return f"{head.partition('://')[0]}://{rest}" if sign and "://" in head else rest


def _usable(named: str) -> str | None:
    """Return an address with its scheme; one without is HTTP's, as curl has it."""
    if not named:
        return None
    address = named if "://" in named else f"http://{named}"
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return address
    except ValueError:  # a port that is none, a bracket that is not closed
        pass
    raise ConfigurationError(
        problem=f"the environment names the proxy “{bare(address)}”, which cannot be used",
        mend="Set HTTPS_PROXY to http://host:port; hosts in NO_PROXY are asked without one.",
    )
