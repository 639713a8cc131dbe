"""The one client of the process, for whichever provider the settings name."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any, Protocol

from bot.agent.config import ClaudeConfig
from bot.domain.address import is_loopback
from bot.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from anthropic.resources import AsyncMessages


class Client(Protocol):
    """What the providers' clients share."""

    @property
    def messages(self) -> AsyncMessages:
        """The Messages API."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


async def connect(config: ClaudeConfig) -> Client:
    """Import the SDK off the event loop, which takes seconds, and build the client. Raises ConfigurationError."""
    await asyncio.to_thread(importlib.import_module, "anthropic")
    try:
        return build(config)
    except (ImportError, ValueError) as problem:
        raise ConfigurationError(
            problem=f"the model's client for “{config.provider}” cannot be built: {problem}",
            mend="Complete its settings, or install the extra packages of that provider.",
        ) from problem


def build(config: ClaudeConfig) -> Client:
    """Return the provider's client. Never retries by itself: the SDK obeys any retry-after, spend limits included."""
    import anthropic  # noqa: PLC0415 - not before a model is used
    import httpx2  # noqa: PLC0415

    common: dict[str, Any] = {
        "max_retries": 0,
        "timeout": httpx2.Timeout(config.read_timeout, connect=config.connect_timeout),
        "base_url": config.base_url or None,
    }
    if is_loopback(config.base_url):
        common["http_client"] = anthropic.DefaultAsyncHttpxClient(
            trust_env=False
        )  # no proxy leads back to this machine
    match config.provider:
        case "anthropic":
            if not config.api_key and not config.base_url:
                raise ConfigurationError(
                    problem="there is no key for the model", mend="Set it, or use the offline designer."
                )
            # Never empty: the SDK would look for profiles on the disk. A gateway may do without one.
            return anthropic.AsyncAnthropic(api_key=config.api_key or "none", **common)
        case "bedrock":
            return anthropic.AsyncAnthropicBedrock(aws_region=config.region or None, **common)
        case "vertex":
            return anthropic.AsyncAnthropicVertex(region=config.region, project_id=config.project, **common)
        case "foundry":
            if not config.base_url:
                common["resource"] = config.resource or None
            foundry: Client = anthropic.AsyncAnthropicFoundry(api_key=config.api_key or None, **common)
            return foundry
