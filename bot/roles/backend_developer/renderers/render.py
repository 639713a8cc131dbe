"""Every file of a blueprint. Apart from the report: this needs the models of OpenAPI, which take long to load."""

from __future__ import annotations

from bot.domain.evidence import Artefact
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.diagram import mermaid, svg
from bot.roles.backend_developer.renderers.evolution import evolve, revert
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.openapi import openapi_yaml

SQL = "application/sql"


def render(blueprint: Blueprint, previous: Blueprint | None = None) -> tuple[Artefact, ...]:
    """Return every artefact of the blueprint: the API's document, the migrations, the diagram in two forms.

    With a `previous` blueprint whose schema differs, 0001 makes that one's schema and 0002 leads from it to this one's.
    """
    change = evolve(previous, blueprint) if previous else ""
    first = previous if previous and change else blueprint
    files = [
        ("openapi.yaml", "application/yaml", openapi_yaml(blueprint)),
        ("migrations/0001_initial.sql", SQL, create(first).encode()),
        ("migrations/0001_initial.down.sql", SQL, drop(first).encode()),
    ]
    if previous and change:
        files += [
            ("migrations/0002_changes.sql", SQL, change.encode()),
            ("migrations/0002_changes.down.sql", SQL, revert(previous, blueprint).encode()),
        ]
    files += [
        ("diagram.mmd", "text/vnd.mermaid", mermaid(blueprint).encode()),
        ("diagram.svg", "image/svg+xml", svg(blueprint).encode()),
    ]
    return tuple(Artefact(name=name, media_type=kind, content=content) for name, kind, content in files)
