"""Scanning workspaces, healthy and hostile."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.domain.inputs import InputRefused
from bot.domain.role import Role
from bot.reading.inputs import objectives, scan
from bot.reading.inputs.workspace import MAX_FILES
from tests.support.samples import SAMPLE

PREFIX = ".claude-agentflow/workspace/"
Put = Callable[..., Path]


def names(documents: tuple[object, ...]) -> list[str]:
    return [document.path.removeprefix(PREFIX) for document in documents]  # type: ignore[attr-defined]


def test_the_sample_is_complete(role: Role) -> None:
    """The sample answers every input without a fault, and gives as many objectives as are shown."""
    result = scan(SAMPLE, role)
    assert (result.refused, result.missing, result.highest_iteration) == ((), (), 0)
    assert len(objectives(result.read, role)) == 12


def test_a_project_root_or_the_workspace_itself(tmp_path: Path, put: Put, role: Role) -> None:
    """Both folders give the same documents under the same recorded paths."""
    put(f"{PREFIX}idea.json", {"idea": "Returns"})
    put(f"{PREFIX}phase1/cto-evaluation.json")
    outer, inner = scan(tmp_path, role), scan(tmp_path / PREFIX, role)
    assert outer == inner
    assert [document.path for document in outer.read] == [f"{PREFIX}idea.json", f"{PREFIX}phase1/cto-evaluation.json"]
    assert all(document.origin == "workspace" for document in outer.read)


def test_order_and_other_documents(tmp_path: Path, put: Put, role: Role) -> None:
    """Inputs come in the role's order, iterations as numbers, and what the role does not ask for is kept last."""
    for number in (10, 2, 1):
        put(f"phase4/senior-developer-iteration-{number}.json")
    for path in ("phase5/qa-lead-iteration-1.json", "phase2/b.json", "phase2/a.json", "phase3/tech-architect.json"):
        put(path)
    assert names(scan(tmp_path, role).read) == [
        "phase2/a.json",
        "phase2/b.json",
        "phase3/tech-architect.json",
        "phase4/senior-developer-iteration-1.json",
        "phase4/senior-developer-iteration-2.json",
        "phase4/senior-developer-iteration-10.json",
        "phase5/qa-lead-iteration-1.json",
    ]


def test_earlier_results_number_the_next(tmp_path: Path, put: Put, role: Role) -> None:
    """The highest number counts even if that result is broken, drafts do not, and results are no inputs."""
    put("phase4/backend-developer-iteration-2.json", {"iteration": 2})
    put("phase4/backend-developer-iteration-10.json", {"iteration": 10})
    put("phase4/backend-developer-iteration-11.json", raw=b"{")
    put("phase4/backend-developer-iteration-40.draft.json")
    result = scan(tmp_path, role)
    assert result.highest_iteration == 11
    assert [document.body["iteration"] for document in result.previous] == [2, 10]
    assert names(result.refused) == ["phase4/backend-developer-iteration-11.json"]
    assert result.read == ()


def test_broken_documents_do_not_stop_the_scan(tmp_path: Path, put: Put, role: Role) -> None:
    """Each broken document is named with its line, is missing, and the others are read."""
    put("idea.json", {"neither": "nor"})
    put("phase1/cto-evaluation.json", raw=b'{"a": 1,\n "a": 2}')
    put("phase3/data-architect.json", raw='{"a": 1}'.encode("utf-16"))
    put("phase3/security-architect.json", raw=b" " * (6 * 1024 * 1024))
    put("phase3/tech-architect.json")
    result = scan(tmp_path, role)
    assert names(result.read) == ["phase3/tech-architect.json"]
    assert names(result.refused) == [
        "idea.json",
        "phase1/cto-evaluation.json",
        "phase3/data-architect.json",
        "phase3/security-architect.json",
    ]
    assert [(fault.line, fault.column) for fault in result.refused] == [(None, None), (2, 2), (1, None), (None, None)]
    assert {"idea", "cto_evaluation", "data_architect"} <= {item.key for item in result.missing}


def test_links_that_lead_out(tmp_path: Path, put: Put, role: Role) -> None:
    """A link or a linked folder that leaves the workspace is refused by name; one that stays is read."""
    secret = put("outside/secret.json", {"password": "x"})
    put("project/phase1/ceo-evaluation.json")
    root = tmp_path / "project"
    (root / "phase1/cto-evaluation.json").symlink_to(secret)
    (root / "phase1/cfo-evaluation.json").symlink_to(root / "phase1/ceo-evaluation.json")
    (root / "phase2").symlink_to(secret.parent)
    result = scan(root, role)
    assert names(result.read) == ["phase1/ceo-evaluation.json", "phase1/cfo-evaluation.json"]
    # Of the linked folder nothing is listed, not even a name.
    assert sorted(names(result.refused)) == ["phase1/cto-evaluation.json", "phase2"]
    assert all("leads out" in fault.message for fault in result.refused)


def test_entries_that_are_no_files(tmp_path: Path, put: Put, role: Role) -> None:
    """A pipe nobody writes to, a folder, a dangling link and a circle are refused, none hangs."""
    put("phase1/ok.json")
    folder = tmp_path / "phase1"
    os.mkfifo(folder / "pipe.json")
    (folder / "folder.json").mkdir()
    (folder / "dangling.json").symlink_to(folder / "nowhere.json")
    (folder / "circle.json").symlink_to(folder / "circle.json")
    (folder / ".hidden.json").write_text("{")
    (folder / "notes").write_text("no kind")
    result = scan(tmp_path, role)
    assert names(result.read) == ["phase1/ok.json"]
    assert sorted(names(result.refused)) == [f"phase1/{name}.json" for name in ("circle", "dangling", "folder", "pipe")]


@contextmanager
def as_nobody(folder: Path) -> Iterator[Path]:
    """A copy of a folder that belongs to the account that this runs as then: root, which CI is, may read everything."""
    with TemporaryDirectory() as elsewhere:
        copy = Path(shutil.copytree(folder, Path(elsewhere) / "copy"))
        me, nobody = os.geteuid(), os.geteuid() or NOBODY
        for path in (copy.parent, copy, *copy.rglob("*")):
            os.chown(path, nobody, -1)
        os.seteuid(nobody)
        try:
            yield copy
        finally:
            os.seteuid(me)


NOBODY = 65_534


def test_unreadable_entries(tmp_path: Path, put: Put, role: Role) -> None:
    """A file or folder without the right to read it is named."""
    put("phase1/cto-evaluation.json")
    put("phase2/a.json")
    assert not scan(tmp_path, role).refused
    with as_nobody(tmp_path) as folder:
        (folder / "phase1/cto-evaluation.json").chmod(0)
        (folder / "phase2").chmod(0)
        try:
            result = scan(folder, role)
        finally:
            (folder / "phase2").chmod(0o700)
    assert names(result.refused) == ["phase2", "phase1/cto-evaluation.json"]
    assert all("right to read" in fault.message for fault in result.refused)


def test_too_many_documents(tmp_path: Path, put: Put, role: Role) -> None:
    """A workspace of very many documents is read up to the limit, and says where it stopped."""
    for number in range(MAX_FILES + 3):
        put(f"phase2/a{number:04}.json")
    result = scan(tmp_path, role)
    assert len(result.read) == MAX_FILES
    assert names(result.refused) == [f"phase2/a{MAX_FILES:04}.json"]


def test_no_folder(tmp_path: Path, role: Role) -> None:
    """A folder that does not exist is refused with what to name instead."""
    with pytest.raises(InputRefused, match="no such folder"):
        scan(tmp_path / "nowhere", role)


def test_an_empty_folder(tmp_path: Path, role: Role) -> None:
    """An empty workspace misses everything and is no error."""
    result = scan(tmp_path, role)
    assert result.read == ()
    assert len(result.missing) == len(role.inputs)
