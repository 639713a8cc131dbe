"""The backend's checks: what a design is judged by, on its files and on a real PostgreSQL."""

from bot.roles.backend_developer.checks.bench import Subject
from bot.roles.backend_developer.checks.laboratory import Laboratory
from bot.roles.backend_developer.checks.registry import CHECKS, CheckSpec, tool_versions

__all__ = ["CHECKS", "CheckSpec", "Laboratory", "Subject", "tool_versions"]
