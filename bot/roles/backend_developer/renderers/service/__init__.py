"""The service: a FastAPI application with migrations and tests, from a blueprint. See `docs/service.md`.

`render_service` is pure: the same blueprint gives the same files. What does not depend on the design is copied from
`files/`, where it stands as Python that is linted like the rest; what does is written per entity.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.domain.errors import EipasError
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.service.actions import actions_module
from bot.roles.backend_developer.renderers.service.design import design_module
from bot.roles.backend_developer.renderers.service.formatting import formatted
from bot.roles.backend_developer.renderers.service.merging import Conflict, Merged, merged
from bot.roles.backend_developer.renderers.service.models import models_module
from bot.roles.backend_developer.renderers.service.package import zipped
from bot.roles.backend_developer.renderers.service.plan import Plan, plan_of
from bot.roles.backend_developer.renderers.service.project import project_files
from bot.roles.backend_developer.renderers.service.routes import router_module
from bot.roles.backend_developer.renderers.service.trials import trials_module

__all__ = ["Conflict", "Merged", "NotRendered", "merged", "reason_not_rendered", "render_service", "zipped"]

_FILES = Path(__file__).parent / "files"
_LANGUAGES = frozenset({"python", "python3", "cpython"})


class NotRendered(EipasError):
    """The team chose a stack that no renderer is for."""

    message_template = "Not rendered: {reason}"


def reason_not_rendered(blueprint: Blueprint) -> str:
    """Return why the blueprint's stack cannot be rendered, in words for people; "" if it can.

    Parts of the stack that nobody chose (`assumed_parts`) stand in no one's way.
    """
    stack = blueprint.stack
    first = stack.language.lower().split()[:1]
    said = {
        "language": (stack.language, bool(first) and first[0].rstrip(":,;0123456789.") in _LANGUAGES),
        "framework": (stack.framework, "fastapi" in stack.framework.lower()),
        "database": (stack.database, "postgres" in stack.database.lower()),
    }
    for part, (chosen, fits) in said.items():
        if part not in stack.assumed_parts and not fits:
            return f"the team chose {chosen} as {part}; services are rendered for Python, FastAPI and PostgreSQL."
    return ""


def render_service(blueprint: Blueprint) -> Mapping[str, str]:
    """Return every file of the service, as path below its folder and text.

    Raises:
        NotRendered: the team chose another stack; see `reason_not_rendered`.
    """
    reason = reason_not_rendered(blueprint)
    if reason:
        raise NotRendered(reason=reason)
    plan = plan_of(blueprint)
    return dict(
        sorted({**_copied(), **project_files(plan), **_contract(blueprint), **formatted(_written(plan))}.items())
    )


def _copied() -> dict[str, str]:
    return {
        path.relative_to(_FILES).as_posix(): path.read_text("utf-8")
        for path in sorted(_FILES.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix in (".py", ".sql", ".toml")
    }


def _contract(blueprint: Blueprint) -> dict[str, str]:
    return {
        "openapi.yaml": openapi_yaml(blueprint).decode(),
        "migrations/0001_initial.sql": create(blueprint),
        "migrations/0001_initial.down.sql": drop(blueprint),
    }


def _written(plan: Plan) -> dict[str, str]:
    modules = [group.module for group in plan.groups]
    served = [group for group in plan.groups if group.routes]
    found = {
        "app/design.py": design_module(plan),
        "app/actions.py": actions_module(plan),
        "app/models/__init__.py": _package("What callers send and get, one module per entity.", modules),
        "app/routers/__init__.py": _routers([group.module for group in served]),
        "tests/trials.py": trials_module(plan),
    }
    found |= {f"app/models/{group.module}.py": models_module(plan, group) for group in plan.groups}
    return found | {f"app/routers/{group.module}.py": router_module(plan, group) for group in served}


def _package(doc: str, modules: list[str]) -> str:
    imported = "".join(f"    {name},\n" for name in modules)
    listed = "".join(f'    "{name}",\n' for name in modules)
    imports = f"from app.models import (\n{imported})\n" if modules else ""
    return f'"""{doc}"""\n\n{imports}\n__all__: list[str] = [\n{listed}]\n'


def _routers(modules: list[str]) -> str:
    imported = "".join(f"    {name},\n" for name in modules)
    listed = "".join(f"    {name}.router,\n" for name in modules)
    imports = f"from app.routers import (\n{imported})\n" if modules else ""
    return (
        f'"""Routes, one module per entity."""\n\nfrom fastapi import APIRouter\n\n{imports}\n'
        f"ROUTERS: tuple[APIRouter, ...] = (\n{listed})\n"
    )
