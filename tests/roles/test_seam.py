"""Nothing outside of a role's folder names a role, a score or a block of its output."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.domain.role import Role
from bot.roles import load_roles, role_folders
from tests.support.second_role import write_role

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "handlers", "storage")
_COMPOUND = re.compile(r"[_-]")


def own_words(roles: Iterable[Role]) -> frozenset[str]:
    """The names that are a role's alone: of itself, its scores, its output's blocks, its questions and its gates.

    What the output of every role has (who wrote it, when, of which phase) is the shape that all share, not a role's.
    A single ordinary word (`go`, `security`) names nothing by itself; names made of several words are nobody's by
    chance, and a role whose keys were single words would be found by its own name, which stands beside them.
    """
    roles = tuple(roles)
    shared = frozenset.intersection(*(frozenset(role.example) for role in roles))
    words = {
        word
        for role in roles
        for word in (
            role.name, role.name.replace("-", "_"), role.score_block, role.overall_score, *role.example,
            *(one.key for one in (*role.scores, *role.questions, *role.gates)),
        )
    }  # fmt: skip
    return frozenset(word for word in words - shared if _COMPOUND.search(word))


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Find any of the words by itself, also within a path, a query or a longer name joined by a hyphen."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)")


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every identifier, attribute, keyword, imported name, and text that is data.

    What stands in a docstring or a comment is prose, and names nothing that runs.
    """
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) not in prose:
            fields = (value for _, value in ast.iter_fields(node) if isinstance(value, str))
            yield from ((getattr(node, "lineno", 1), value) for value in fields)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    folder = tmp_path_factory.mktemp("roles")
    write_role(folder)
    return own_words(load_roles(folder).values())


def offenders(root: Path, words: frozenset[str]) -> list[str]:
    """Where a role's word stands in the source under `root`, without the roles' own folders."""
    own, wanted = [root / "bot" / "roles" / folder.name for folder in role_folders().values()], pattern(words)
    return sorted(
        f"{file.relative_to(root)}:{line} {found[0]}"
        for package in PACKAGES
        for file in (root / package).rglob("*.py")
        if not any(file.is_relative_to(folder) for folder in own)
        for line, text in texts(file.read_text("utf-8"))
        if (found := wanted.search(text))
    )


def test_there_is_something_to_look_for(words: frozenset[str]) -> None:
    """The words are those of the definitions: both roles' names, scores and blocks are among them."""
    assert {"backend-developer", "backend_developer", "backend_score", "api_specification", "security_check"} <= words
    assert {"technical-writer", "guide_score", "plain_wording", "guide_outline"} <= words
    assert not {"agent", "phase", "iteration", "timestamp", "input_references", "go"} & words


def test_no_file_outside_names_a_role(words: frozenset[str]) -> None:
    """Engine, services, storage, handlers, reader, rehearsal and command line know no role."""
    assert offenders(ROOT, words) == []


@pytest.mark.parametrize("suffix", ["yml", "toml", "html", "js", "css"])
def test_no_other_file_of_the_product_does(words: frozenset[str], suffix: str) -> None:
    """Nor do the manifest, and the page of the local Slack."""
    files = [ROOT / "manifest.yml"] if suffix == "yml" else [*(ROOT / "bot" / "devtools").rglob(f"*.{suffix}")]
    for file in files:
        assert pattern(words).findall(file.read_text("utf-8")) == [], file


@pytest.mark.parametrize(
    "line",
    [
        'scores = report["backend_implementation"]', "print(result.guide_score)", 'key == "api_design"',
        'PATH = "bot/roles/backend_developer/sample"', "from bot.roles.backend_developer import kit",
        "report(plain_wording=3)", 'sql = "SELECT security_check FROM gates"', "def task_coverage(): ...",
        'name = f"{phase}/backend-developer-iteration-1.json"',
    ],
)  # fmt: skip
def test_a_name_would_be_found(tmp_path: Path, words: frozenset[str], line: str) -> None:
    """Whichever way a file would name a role, it is found."""
    file = tmp_path / "bot" / "services" / "gates.py"
    file.parent.mkdir(parents=True)
    shutil.copy(ROOT / "bot" / "services" / "gates.py", file)
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")
    assert offenders(tmp_path, words)
