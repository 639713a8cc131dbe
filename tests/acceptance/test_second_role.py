"""One folder is one role: a second one plays a whole evaluation beside the backend, and the backend does not notice."""

from __future__ import annotations

import json
import os
import re
import shlex
import zipfile
from pathlib import Path

from rich.console import Console

from bot.app.rehearsal import Plan, rehearse_together
from bot.app.rehearsal.play import PUBLIC_KEY
from bot.app.settings import Settings
from bot.domain.bundle import is_bundle
from bot.domain.evaluation import Dossier
from bot.domain.lifecycle import State
from bot.roles import load_roles, role_folders
from bot.roles.backend_developer.checks.runner import CheckRunner
from bot.roles.rehearsal import SAMPLE, load_rehearsal
from tests.support.command_line import run_bot
from tests.support.databases import shared_server
from tests.support.second_role import NAME, commands, write_role

ROOT = Path(__file__).resolve().parents[2]
BACKEND = "backend-developer"
_PASSING = (
    (re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), b"<time>"),
    (
        re.compile(rb"Worst: [A-Z]+ \S+, [\d.]+ times a calibrating query, on [\d,]+ rows"),
        b"<the slowest>",
    ),
    (re.compile(rb'"(subject|raw)_sha256": "[0-9a-f]{64}"'), b"<digest of what has a time in it>"),
    (re.compile(rb"\b(gt|nt)_[\w.]+"), b"<id>"),
    (re.compile(rb'"coverage.csv": "[0-9a-f]{64}"'), b"<digest of what has ids in it>"),
)
"""What differs between any two performances: points in time, what was timed, digests of these, and ids."""


async def test_a_second_role_beside_the_backend(tmp_path: Path) -> None:
    """Both are played to their end in one process; each leaves the very bytes that it leaves alone."""
    write_role(tmp_path / "roles")
    together = await _play(tmp_path, "together", BACKEND, NAME)
    await _play(tmp_path, "first", BACKEND)
    await _play(tmp_path, "second", NAME)
    assert {dossier.evaluation.state for dossier in together.values()} == {State.DONE}
    for name, alone in ((BACKEND, "first"), (NAME, "second")):
        found, wanted = _files(tmp_path / "together" / name), _files(tmp_path / alone / name)
        assert sorted(found) == sorted(wanted)
        assert [file for file in found if found[file] != wanted[file]] == []

    with zipfile.ZipFile(tmp_path / "together" / BACKEND / "service-iteration-2.zip") as archive:
        assert {"service/README.md", "service/pyproject.toml"} <= set(archive.namelist())
        for name in archive.namelist():
            assert (tmp_path / "together" / BACKEND / name).read_bytes() == archive.read(name)

    guide = together[NAME]
    review = next(gate for gate in guide.gates if gate.key == "wording_review" and gate.iteration == 2)
    assert (review.needed, len({vote.voter for vote in review.votes})) == (2, 2)
    written = json.loads((tmp_path / "together" / NAME / f"{NAME}-iteration-2.json").read_bytes())
    assert written["guide_quality"] == {"guide_score": 58, "task_coverage": 100, "plain_wording": 33}
    assert [chapter["title"] for chapter in written["guide_outline"]][-1] == "Cancel a booking"


def test_the_page_is_followed(tmp_path: Path) -> None:
    """Whoever writes the files of the page and types its commands has a role that plays, and scores that verify."""
    write_role(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "EIPAS_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}
    typed = commands()
    assert len(typed) == 2
    for line in typed:
        setting, name, *arguments = shlex.split(line)
        assert name == "eipas"
        key, _, value = setting.partition("=")
        done = run_bot(*arguments, cwd=tmp_path, env={**environment, key: value})
        assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing was changed that this can see" in done.stdout


async def _play(folder: Path, place: str, *names: str) -> dict[str, Dossier]:
    """Play these roles beside each other; what each leaves is in a folder of its own."""
    beyond = (folder / "roles",)
    roles, folders = load_roles(*beyond), role_folders(*beyond)
    plans = []
    for name in names:
        rehearsal = load_rehearsal(roles[name], folders[name])
        plans.append(
            Plan(
                role=name, rehearsal=rehearsal, workspace=folders[name] / SAMPLE, out=folder / place / name,
                reject=next(spec.key for spec in roles[name].review_gates if spec.key in rehearsal.rejections),
            )
        )  # fmt: skip
    settings = Settings(_env_file=None, role_folders=beyond)
    runner = CheckRunner(server=shared_server())
    try:
        found = await rehearse_together(plans, settings, Console(quiet=True), {BACKEND: runner})
    finally:
        await runner.close()
    return dict(zip(names, found, strict=True))


def _files(folder: Path) -> dict[str, bytes]:
    """Every file that a performance left for people, without what passes; bundles are signed by a key of their own."""
    left = (file for file in folder.rglob("*") if file.is_file())
    return {
        str(file.relative_to(folder)): _lasting(file.read_bytes())
        for file in left
        if file.name not in ("slack-calls.jsonl", "transcript.md", ".rehearsal", PUBLIC_KEY)
        and not is_bundle(file.name)
    }


def _lasting(content: bytes) -> bytes:
    for pattern, word in _PASSING:
        content = pattern.sub(word, content)
    return content
