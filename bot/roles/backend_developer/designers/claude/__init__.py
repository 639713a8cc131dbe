"""The designer on Claude (anthropic 2.12). Importing this costs nothing: the SDK is loaded by the first run."""

from __future__ import annotations

from bot.agent.config import PRICES, ClaudeConfig, Effort, Price, PriceList, Provider, priced
from bot.roles.backend_developer.designers.claude.designer import ClaudeDesigner
from bot.services.designer import Ledger

__all__ = ["PRICES", "ClaudeConfig", "ClaudeDesigner", "Effort", "Ledger", "Price", "PriceList", "Provider", "priced"]
