"""Which designers there are and which one a run gets: the offline rules always, Claude where it is configured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.app.settings import Settings
from bot.domain.errors import ConfigurationError
from bot.roles.backend_developer.designers.offline import OfflineDesigner
from bot.services.designer import Advisor, Designer

if TYPE_CHECKING:
    from bot.roles.backend_developer.designers.claude import ClaudeConfig


def build_designers(settings: Settings) -> tuple[Mapping[str, Designer], str, Advisor | None]:
    """Return all designers by name, the name of the one that new runs get, and what it can tell before a run.

    Claude's library is not imported here: that costs seconds, and is left to the first run that needs it.

    Raises:
        ConfigurationError: Claude is asked for, and there is neither a key, a base URL nor a cloud provider.
    """
    designers: dict[str, Designer] = {"offline": OfflineDesigner()}
    if settings.designer == "offline":
        return designers, "offline", None
    if not settings.model_configured:
        if settings.designer == "claude":
            raise ConfigurationError(
                problem="EIPAS_DESIGNER is claude, but no model is configured",
                mend="Set ANTHROPIC_API_KEY, EIPAS_MODEL_BASE_URL, or EIPAS_MODEL_PROVIDER with its settings.",
            )
        return designers, "offline", None
    from bot.roles.backend_developer.designers.claude import ClaudeDesigner  # noqa: PLC0415 - not where the rules design

    claude = ClaudeDesigner(claude_config(settings))
    designers["claude"] = claude
    return designers, "claude", claude


def claude_config(settings: Settings) -> ClaudeConfig:
    """Map the settings onto what the designer knows."""
    from bot.agent.config import ClaudeConfig, price_list  # noqa: PLC0415 - as above

    key = settings.anthropic_api_key
    return ClaudeConfig(
        model=settings.model,
        effort=settings.model_effort,
        prices=price_list(settings.model_prices, settings.model_prices_of),
        provider=settings.model_provider,
        api_key=key.get_secret_value() if key else "",
        base_url=settings.model_base_url,
        region=settings.model_region,
        project=settings.model_project,
        resource=settings.model_resource,
    )
