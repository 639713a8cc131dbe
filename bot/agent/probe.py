"""Whether the configured model can be asked, found out without a paid call."""

from __future__ import annotations

import anthropic

from bot.agent.client import connect
from bot.agent.config import ClaudeConfig
from bot.domain.errors import ConfigurationError

_MENDS = {
    401: "Set ANTHROPIC_API_KEY to a key that is in use.",
    403: "Let the key use this model.",
    404: "Set EIPAS_MODEL to a model that there is.",
}


async def probe(config: ClaudeConfig) -> str:
    """Ask the provider about the model, and return what it says of it.

    Only the first-party API has the Models endpoint; of the others the client is built and nothing is sent.

    Raises:
        ConfigurationError: the key is refused, there is no such model, or nobody answers.
    """
    client = await connect(config)
    try:
        if not isinstance(client, anthropic.AsyncAnthropic):
            return f"{config.model} at {config.provider}, not asked"
        model = await client.models.retrieve(config.model, timeout=10)
    except anthropic.APIStatusError as error:
        raise ConfigurationError(
            problem=f"the model's provider answers {error.status_code} for {config.model}",
            mend=_MENDS.get(error.status_code, "Try again later."),
        ) from error
    except anthropic.APIConnectionError as error:
        raise ConfigurationError(
            problem="the model's provider cannot be reached", mend="Let this host reach it, or set EIPAS_MODEL_BASE_URL"
        ) from error
    finally:
        await client.close()
    return model.display_name
