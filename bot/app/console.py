"""What all commands share: where they speak, and the settings, whose faults are said in words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from rich.console import Console

from bot.domain.errors import ConfigurationError

stdout, stderr = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)


def load_settings() -> Any:
    """Read the settings. Raises ConfigurationError."""
    from bot.app.settings import Settings  # noqa: PLC0415 - pydantic-settings is not needed to ask for health

    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False)]
        raise ConfigurationError(problem="; ".join(lines), mend="README has the table of settings.") from None
