"""Finds the kit of each role in the role's own folder: its `kit.py` has a function `build_kit`."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.domain.role import RoleError
from bot.roles.environment import KitEnvironment
from bot.services.ports import Kit

KIT = "kit.py"
_HERE = Path(__file__).parent
_BEYOND = "eipas_roles"
"""Package under which folders of roles outside of this one are imported."""

BuildKit = Callable[[KitEnvironment], Kit[Any]]


def build_kits(environments: Mapping[str, KitEnvironment]) -> dict[str, Kit[Any]]:
    """Build the kit of each role, by the role's name; one kit serves one role.

    Raises:
        RoleError: a role's folder has no kit, or one that cannot be used; the error names the file and the line.
    """
    return {name: find_kit(environment.folder)(environment) for name, environment in environments.items()}


def find_kit(folder: Path) -> BuildKit:
    """Return the function that builds the kit of the role in `folder`. Raises RoleError."""
    file = folder / KIT
    if not file.is_file():
        raise RoleError(file=f"{folder.name}/{KIT}", line=1, problem="there is no such file; it has `build_kit`.")
    try:
        found = getattr(_module(folder), "build_kit", None)
    except SyntaxError as error:
        name = f"{folder.name}/{Path(error.filename or file).name}"
        raise RoleError(file=name, line=error.lineno or 1, problem=f"it is no Python ({error.msg}).") from error
    except Exception as error:
        # Whatever an import may raise: the person who wrote the kit is told where, in words.
        inside = [
            frame for frame in traceback.extract_tb(error.__traceback__) if folder in Path(frame.filename).parents
        ]
        name, line = (Path(inside[-1].filename).name, inside[-1].lineno or 1) if inside else (KIT, 1)
        raise RoleError(
            file=f"{folder.name}/{name}", line=line, problem=f"it cannot be imported ({type(error).__name__}: {error})."
        ) from error
    if not callable(found):
        raise RoleError(file=f"{folder.name}/{KIT}", line=1, problem="it has no function `build_kit`.")
    build: BuildKit = found
    return build


def _module(folder: Path) -> ModuleType:
    if folder.parent == _HERE:
        return import_module(f"{__package__}.{folder.name}.kit")
    package = f"{_BEYOND}.{folder.name}"
    if package not in sys.modules:
        _import_package(_BEYOND, folder.parent)
        _import_package(package, folder)
    return import_module(f"{package}.kit")


def _import_package(name: str, folder: Path) -> None:
    """Make a folder importable under a name of ours, whether it has an `__init__.py` or not."""
    if name in sys.modules:
        return
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module
