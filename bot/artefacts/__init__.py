"""Files drawn from a blueprint: pure functions, the same bytes for the same blueprint."""

from __future__ import annotations

from bot.artefacts.diagram import mermaid, svg
from bot.artefacts.migrations import create, drop
from bot.artefacts.openapi import openapi_yaml
from bot.domain.blueprint import Blueprint
from bot.domain.evidence import Artefact

__all__ = ["render"]

SQL, YAML = "application/sql", "application/yaml"


def render(blueprint: Blueprint, previous: Blueprint | None = None) -> tuple[Artefact, ...]:
    """Return every artefact of the blueprint: the API's document, the migrations, the diagram in two forms."""
    return (
        Artefact(name="openapi.yaml", media_type=YAML, content=openapi_yaml(blueprint)),
        Artefact(name="migrations/0001_initial.sql", media_type=SQL, content=create(blueprint).encode()),
        Artefact(name="migrations/0001_initial.down.sql", media_type=SQL, content=drop(blueprint).encode()),
        Artefact(name="diagram.mmd", media_type="text/vnd.mermaid", content=mermaid(blueprint).encode()),
        Artefact(name="diagram.svg", media_type="image/svg+xml", content=svg(blueprint).encode()),
    )
