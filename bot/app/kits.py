"""From settings to kits: which designer new runs get, how a model is asked, and one kit per role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app.settings import Settings
from bot.domain.errors import ConfigurationError
from bot.domain.role import Role
from bot.roles.environment import KitEnvironment
from bot.roles.kits import build_kits
from bot.services.ports import Kit

if TYPE_CHECKING:
    from bot.agent.config import ClaudeConfig

OFFLINE, CLAUDE = "offline", "claude"


def kits_of(
    settings: Settings, roles: Mapping[str, Role], folders: Mapping[str, Path], check_runners: Mapping[str, Any]
) -> dict[str, Kit[Any]]:
    """Build the kit of each role, by the role's name; `check_runners` stand in for the kits' own.

    Claude's library is not imported here: that costs seconds, and is left to the first run that needs it.

    Raises:
        ConfigurationError: Claude is asked for, and there is neither a key, a base URL nor a cloud provider.
        RoleError: a role's folder has no usable kit.
    """
    designer = designer_of(settings)
    model = claude_config(settings) if designer == CLAUDE else None
    return build_kits(
        {
            name: KitEnvironment(
                role=role, folder=folders[name], designer=designer, model=model,
                check_runner=check_runners.get(name), live=settings.evidence == "all",
            )
            for name, role in roles.items()
        }
    )  # fmt: skip


def designer_of(settings: Settings) -> str:
    """Return the name of the designer that the settings ask for. Raises ConfigurationError."""
    if settings.designer == CLAUDE and not settings.model_configured:
        raise ConfigurationError(
            problem="EIPAS_DESIGNER is claude, but no model is configured",
            mend="Set ANTHROPIC_API_KEY, EIPAS_MODEL_BASE_URL, or EIPAS_MODEL_PROVIDER with its settings.",
        )
    return OFFLINE if settings.designer == OFFLINE or not settings.model_configured else CLAUDE


def claude_config(settings: Settings) -> ClaudeConfig:
    """Map the settings onto what asks the model."""
    from bot.agent.config import ClaudeConfig, price_list  # noqa: PLC0415 - not where the rules design

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
        reader=settings.model_reader,
        reads=settings.model_reads,
        candidates=settings.model_candidates,
        critique=settings.model_critique,
        call_seconds=settings.model_call_seconds,
    )
