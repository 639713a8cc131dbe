"""Finds what a role brings in its own folder: its kit, and what plays its model in a rehearsal."""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bot.domain.errors import EipasError
from bot.domain.proposal import Proposal
from bot.domain.role import RoleError
from bot.roles.environment import KitEnvironment
from bot.services.ports import Kit

if TYPE_CHECKING:  # only a rehearsal plays a model
    from bot.agent.script import Play

KIT, SCRIPTED_MODEL = "kit.py", "scripted_model.py"
_HERE = Path(__file__).parent
_BEYOND = "eipas_roles"
"""Begins the name of the package as which a folder of roles outside of this one is imported."""

BuildKit = Callable[[KitEnvironment], Kit[Any]]


def build_kits(environments: Mapping[str, KitEnvironment]) -> dict[str, Kit[Any]]:
    """Build the kit of each role, by the role's name; one kit serves one role. Raises what `build_kit` raises."""
    return {name: build_kit(environment) for name, environment in environments.items()}


def build_kit(environment: KitEnvironment) -> Kit[Any]:
    """Build the kit that lies in a role's folder.

    Raises:
        RoleError: there is none, it cannot be built, it lacks a part, or its scores are not those of the role; the
            error names the file and the line.
        EipasError: what the settings ask for cannot be done.
    """
    folder = environment.folder
    build: BuildKit = _function(folder, KIT, "build_kit")
    try:
        kit = build(environment)
    except EipasError:
        raise
    except Exception as error:
        at, line = _place(error, folder, KIT)
        raise RoleError(
            file=at, line=line, problem=f"the kit cannot be built ({type(error).__name__}: {error})."
        ) from error
    if problem := _problem(kit, environment):
        code = getattr(build, "__code__", None)
        raise RoleError(file=f"{folder.name}/{KIT}", line=code.co_firstlineno if code else 1, problem=problem)
    return kit


def _problem(kit: Kit[Any], environment: KitEnvironment) -> str:
    """Say what is wrong with a kit, empty if nothing is."""
    if missing := [name for name in vars(Kit) if not name.startswith("_") and not hasattr(kit, name)]:
        return f"the kit lacks `{missing[0]}`."
    if not (isinstance(kit.proposal_type, type) and issubclass(kit.proposal_type, Proposal)):
        return "the kit's `proposal_type` does not inherit from `bot.domain.proposal.Proposal`."
    if kit.designer not in kit.designers.values():
        return "the kit's `designer` is none of its `designers`."
    wanted = {score.key for score in environment.role.scores}
    if unknown := sorted(set(kit.scores) - wanted):
        return f"the kit measures “{unknown[0]}”, which is no score of the role."
    if unmeasured := sorted(wanted - set(kit.scores)):
        return f"the kit measures nothing for “{unmeasured[0]}”, which is a score of the role."
    return ""


def find_scripted_model(folder: Path) -> Play:
    """Return what plays the model for the role in `folder` where there is none. Raises RoleError."""
    play: Play = _function(folder, SCRIPTED_MODEL, "play")
    return play


def _function(folder: Path, file: str, name: str) -> Any:
    """Return a function of one of a role's files. Raises RoleError with the file and the line at fault."""
    if not (folder / file).is_file():
        raise RoleError(file=f"{folder.name}/{file}", line=1, problem=f"there is no such file; it has `{name}`.")
    try:
        found = getattr(_module(folder, file.removesuffix(".py")), name, None)
    except SyntaxError as error:
        at = f"{folder.name}/{Path(error.filename or file).name}"
        raise RoleError(file=at, line=error.lineno or 1, problem=f"it is no Python ({error.msg}).") from error
    except Exception as error:
        # Whatever an import may raise: the person who wrote the file is told where, in words.
        at, line = _place(error, folder, file)
        raise RoleError(
            file=at, line=line, problem=f"it cannot be imported ({type(error).__name__}: {error})."
        ) from error
    if not callable(found):
        raise RoleError(file=f"{folder.name}/{file}", line=1, problem=f"it has no function `{name}`.")
    return found


def _place(error: Exception, folder: Path, file: str) -> tuple[str, int]:
    """Return the file of the role and the line in it where an error came from."""
    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if folder in Path(frame.filename).parents]
    if not inside:
        return f"{folder.name}/{file}", 1
    return f"{folder.name}/{Path(inside[-1].filename).relative_to(folder)}", inside[-1].lineno or 1


def _module(folder: Path, name: str) -> ModuleType:
    if folder.parent == _HERE:
        return import_module(f"{__package__}.{folder.name}.{name}")
    # By the whole path: two folders may have a role of one name, as when one is the other's copy.
    parent = f"{_BEYOND}_{hashlib.sha256(str(folder.parent.resolve()).encode()).hexdigest()[:8]}"
    _import_package(parent, folder.parent)
    _import_package(f"{parent}.{folder.name}", folder)
    return import_module(f"{parent}.{folder.name}.{name}")


def _import_package(name: str, folder: Path) -> None:
    """Make a folder importable under a name of ours, whether it has an `__init__.py` or not."""
    if name in sys.modules:
        return
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module
