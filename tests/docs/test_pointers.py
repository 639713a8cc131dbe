"""What comments, docstrings and pages point at is there: files, folders, modules and their names, decisions."""

from __future__ import annotations

import ast
import importlib
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_ROOMS = "bot|handlers|storage|tests"
_PATH = re.compile(rf"(?<![\w./:@-])(?:docs|\.ci|\.github|{_ROOMS})/[\w./*{{}}<>-]*[\w/]")
_PAGE = re.compile(r"(?<![\w./-])[\w-]+\.md\b")
_DOTTED = re.compile(rf"(?<![\w./:@-])(?:{_ROOMS})(?:\.[A-Za-z_]\w*)+(?![\w/])")
_DECISION = re.compile(r"\bdecision (\d+)", re.IGNORECASE)
_SEE = re.compile(r"\b[Ss]ee `([A-Za-z_][\w.]*)`")
_WRITTEN = frozenset({"transcript.md", "guide.md", "MERGE.md"})
"""Pages that the product writes for people, so that they are in no folder of ours."""

_PLACEHOLDER = re.compile(r"[*{}<>]")


def sources() -> list[Path]:
    """Every Python file of ours."""
    found = [file for room in _ROOMS.split("|") for file in sorted((ROOT / room).rglob("*.py"))]
    return [file for file in found if "__pycache__" not in file.parts and "snapshots" not in file.parts]


def said(source: str) -> Iterator[tuple[int, str]]:
    """Comments and docstrings, those below an assignment included, with their first lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


@cache
def is_there(dotted: str) -> bool:
    """Whether a dotted name is a module, or a name that a module or a class in it has."""
    parts = dotted.removeprefix(".").split(".")
    if "__main__" in parts:  # importing one runs it
        return ROOT.joinpath(*parts).with_suffix(".py").exists()
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                # A field without a default is no attribute of its class.
                return part in getattr(found, "__annotations__", {})
            found = getattr(found, part)
        return True
    return False


@cache
def identifiers() -> frozenset[str]:
    """Every name that our code defines: modules, packages, classes, functions, attributes."""
    found = {file.stem for file in sources()} | {file.parent.name for file in sources()} | set(_ROOMS.split("|"))
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return frozenset(found)


def lost(text: str, base: Path) -> list[str]:
    """What a text points at that is not there; `base` is a further folder that its pages may be in."""
    pages = {path.name for path in (ROOT, ROOT / "docs", base) for path in path.glob("*.md")}
    decisions = set(re.findall(r"^\W*(\d+)\.", (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8"), re.M))
    paths = [path for path in _PATH.findall(text) if not _PLACEHOLDER.search(path) and not (ROOT / path).exists()]
    names = [name for name in _DOTTED.findall(text) if not is_there(name)]
    return [
        *(path for path in paths if "." not in Path(path).name or not is_there(path.replace("/", "."))),
        *(page for page in _PAGE.findall(text) if page not in pages | _WRITTEN),
        *(name for name in _SEE.findall(text) if not set(name.split(".")) <= identifiers()),
        *(name for name in names if not (ROOT / name).exists()),
        *(f"decision {number}" for number in _DECISION.findall(text) if number not in decisions),
    ]


GONE = ["docs/gone.md", "bot/gone.py", "bot.domain.errors.Gone", "bot.gone", "decision 9999", "GONE.md"]


@pytest.mark.parametrize("gone", GONE)
def test_a_lost_pointer_is_found(gone: str) -> None:
    """Each kind of pointer is followed: what is not there is named."""
    assert gone in lost(f"As {gone} says.", ROOT)


def test_a_good_pointer_passes() -> None:
    """Files, names in modules, decisions and what `see` points at are found where they are."""
    there = "docs/operations.md, `bot/domain/errors.py`, bot.domain.errors.NotFound, decision 1; see `EipasError`."
    assert lost(there, ROOT) == []
    assert lost("See `NotFound.somewhere_else`.", ROOT) == ["NotFound.somewhere_else"]


def test_what_code_points_at_is_there() -> None:
    """Comments and docstrings name no file, module, name or decision that is gone."""
    found = [
        f"{file.relative_to(ROOT)}:{line}: {thing}"
        for file in sources()
        if lost(source := file.read_text(encoding="utf-8"), file.parent)  # most files need not be taken apart
        for line, text in said(source)
        for thing in lost(text, file.parent)
    ]
    assert found == []


def test_what_pages_point_at_is_there() -> None:
    """Pages name no file, module, name or decision that is gone; the decisions are history and may."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    found = [
        f"{page.name}:{number}: {thing}"
        for page in pages
        if page.name not in ("decisions.md", "CHANGELOG.md")
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        for thing in lost(line, page.parent)
    ]
    assert found == []
