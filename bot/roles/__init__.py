"""Roles: one Markdown definition each, as people write it, and one YAML file with what the Markdown does not say."""

from bot.roles.loader import load_role, load_roles, role_folders

__all__ = ["load_role", "load_roles", "role_folders"]
