"""The designer on Claude (anthropic 2.12). Importing this costs nothing: the SDK is loaded by the first run."""

from __future__ import annotations

from bot.roles.backend_developer.designers.claude.profile import BACKEND, backend_profile, parts_of

__all__ = ["BACKEND", "backend_profile", "parts_of"]
