"""The workspace that ships with the backend's role."""

from __future__ import annotations

from bot.roles import role_folders

SAMPLE = role_folders()["backend-developer"] / "sample_workspace"
