"""`app/actions.py` of a later iteration: the team's file as it is, and what has come new behind it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

TEAM_FILE: Final = "app/actions.py"
_DEFINED = re.compile(r"^(?:async )?def ([A-Za-z_0-9]+)", re.MULTILINE)
_IMPORTS: Final = {
    "all_models": "from app import models as all_models",
    "api": "from app.core import api",
    "t": "from app.core import types as t",
    "typing": "import typing",
}


def continued(base: str, team: str, now: str) -> tuple[str, tuple[str, ...]]:
    """Return the team's file with the functions that it lacks behind its own, and notes on what else has changed.

    No line of the team's is changed. `base` is the file as rendered before, `now` as rendered for the new design.
    """
    if team in (base, now):
        return now, ()
    before, after, own = _functions(base), _functions(now), _names(team)
    missing = [name for name in after if name not in own]
    added = [ast.get_source_segment(now, after[name]) or "" for name in missing]
    decorated = ["".join(f"@{ast.unparse(d)}\n" for d in after[name].decorator_list) for name in missing]
    text = team
    if missing:
        new = "".join(f"\n\n{above}{source}\n" for above, source in zip(decorated, added, strict=True))
        text = _with_imports(team.rstrip("\n") + "\n" + new, new)
    return text, tuple(_notes(before, after, missing, own))


def _notes(
    before: dict[str, ast.AsyncFunctionDef], after: dict[str, ast.AsyncFunctionDef], missing: list[str], own: set[str]
) -> Iterator[str]:
    for name in missing:
        yield f"`{name}` is yours to write: it was put at the end of `{TEAM_FILE}`"
    for name, function in before.items():
        if name not in own:
            continue
        if name not in after:
            yield f"`{name}` in `{TEAM_FILE}` is not called any more"
        elif _signature(function) != _signature(after[name]):
            yield f"`{name}` in `{TEAM_FILE}` is called otherwise now: `{_signature(after[name])}`"


def _signature(function: ast.AsyncFunctionDef) -> str:
    returned = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"{function.name}({ast.unparse(function.args)}){returned}"


def _functions(text: str) -> dict[str, ast.AsyncFunctionDef]:
    """Return the functions of a file that was rendered."""
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.AsyncFunctionDef)}


def _names(text: str) -> set[str]:
    """Return what a file of people's defines or imports; one that is no Python at the moment is read by its lines."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return set(_DEFINED.findall(text))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).partition(".")[0] for name in node.names}
    return found


def _with_imports(text: str, new: str) -> str:
    """Return the text with the imports that its new functions need, behind the last one that it has."""
    used = {node.id for node in ast.walk(ast.parse(new)) if isinstance(node, ast.Name)}
    wanted = [line for name, line in _IMPORTS.items() if name in used - _names(text)]
    if not wanted:
        return text
    lines = text.split("\n")
    try:
        heads = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
        place = heads[-1].end_lineno or 0 if heads else _after_docstring(text)
    except (SyntaxError, ValueError):
        place = 0
    return "\n".join([*lines[:place], *wanted, *lines[place:]])


def _after_docstring(text: str) -> int:
    body = ast.parse(text).body
    first = body[0] if body else None
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return (first.end_lineno or 0) if said and first is not None else 0
