"""Every file of a blueprint. Apart from the report: this needs the models of OpenAPI, which take long to load."""

from __future__ import annotations

from bot.domain.evidence import Artefact
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.diagram import mermaid, svg
from bot.roles.backend_developer.renderers.evolution import evolve, revert
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.openapi import openapi_yaml

SQL = "application/sql"
_KINDS = {"yaml": "application/yaml", "sql": SQL, "mmd": "text/vnd.mermaid", "svg": "image/svg+xml"}


def render(blueprint: Blueprint, previous: Blueprint | None = None) -> tuple[Artefact, ...]:
    """Return every artefact of the blueprint: the API's document, the migrations, the diagram in two forms.

    With a `previous` blueprint whose schema differs, 0001 makes that one's schema and 0002 leads from it to this one's.
    """
    pictures = {"diagram.mmd": mermaid(blueprint).encode(), "diagram.svg": svg(blueprint).encode()}
    made = {**files(blueprint, previous), **pictures}
    return tuple(Artefact(name=name, media_type=_KINDS[name.rpartition(".")[2]], content=made[name]) for name in made)


def files(blueprint: Blueprint, previous: Blueprint | None = None) -> dict[str, bytes]:
    """Return the content by name of all that is more than a picture: the document and the migrations."""
    return {"openapi.yaml": openapi_yaml(blueprint), **migrations(blueprint, previous)}


def migrations(blueprint: Blueprint, previous: Blueprint | None = None) -> dict[str, bytes]:
    """Return the content by name of the migrations."""
    change = evolve(previous, blueprint) if previous else ""
    first = previous if previous and change else blueprint
    made = {
        "migrations/0001_initial.sql": create(first).encode(),
        "migrations/0001_initial.down.sql": drop(first).encode(),
    }
    if previous and change:
        made["migrations/0002_changes.sql"] = change.encode()
        made["migrations/0002_changes.down.sql"] = revert(previous, blueprint).encode()
    return made
