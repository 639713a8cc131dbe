"""The backend's checks: what a design is judged by, on its files and on a real PostgreSQL."""

from bot.roles.backend_developer.checks.context import Subject
from bot.roles.backend_developer.checks.registry import CHECKS, versions
from bot.roles.backend_developer.checks.runner import CheckRunner

__all__ = ["CHECKS", "CheckRunner", "Subject", "versions"]
