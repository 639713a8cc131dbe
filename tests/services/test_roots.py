"""Folders for workspaces: each team lists and reads its own, and no name leads out of them."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.settings import Settings
from bot.domain.errors import ConfigurationError, UnknownWorkspace
from bot.services.evaluations import EvaluationService
from bot.services.run_fencing import Tasks
from tests.support.services import World

ONE, TWO = "T0ONE", "T0TWO"


@pytest.fixture
def evaluations(world: World, tmp_path: Path) -> EvaluationService:
    roots = {team: (tmp_path / team,) for team in (ONE, TWO)}
    for team, name in ((ONE, "alpha"), (TWO, "beta")):
        (tmp_path / team / name).mkdir(parents=True)
    context = replace(world.services.context, workspace_roots=(), team_roots=roots)
    return EvaluationService(context, Tasks())


def test_one_team_neither_lists_nor_reads_anothers(evaluations: EvaluationService, tmp_path: Path) -> None:
    """Each sees its own folder; the other's is unknown, and is not named in the refusal, by no way of writing it."""
    assert (evaluations.workspaces(ONE), evaluations.workspaces(TWO)) == (("alpha",), ("beta",))
    assert evaluations.folder(ONE, "alpha") == (tmp_path / ONE / "alpha").resolve()
    for name in ("beta", "../T0TWO/beta", str(tmp_path / TWO / "beta"), "..", "alpha/../../T0TWO/beta"):
        with pytest.raises(UnknownWorkspace) as refused:
            evaluations.folder(ONE, name)
        assert "“beta”" not in refused.value.fields["known"]


def test_a_team_without_a_root_has_none(evaluations: EvaluationService) -> None:
    """Nothing is listed for a team that was given no folder."""
    assert evaluations.workspaces("T0THREE") == ()
    with pytest.raises(UnknownWorkspace, match="There are none yet"):
        evaluations.folder("T0THREE", "alpha")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "~root", "loop", "out", "/etc", "pipe", "\ud800"])
def test_no_name_leads_out_or_breaks(evaluations: EvaluationService, tmp_path: Path, name: str) -> None:
    """Too long, with NUL, links in a circle or out of the root, absolute, a pipe: all are unknown in words."""
    root = tmp_path / ONE
    (root / "loop").symlink_to(root / "loop")
    (root / "out").symlink_to(tmp_path / TWO)
    os.mkfifo(root / "pipe")
    with pytest.raises(UnknownWorkspace):
        evaluations.folder(ONE, name)


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_are_one_name(
    evaluations: EvaluationService, tmp_path: Path, stored: str, typed: str
) -> None:
    """However a keyboard or a file system writes “Müller café”, it is found."""
    folder = tmp_path / ONE / unicodedata.normalize(stored, "Müller café")  # type: ignore[arg-type]
    folder.mkdir()
    assert evaluations.folder(ONE, unicodedata.normalize(typed, "Müller café")) == folder.resolve()  # type: ignore[arg-type]
    assert "Müller café" in evaluations.workspaces(ONE)


def test_several_workspaces_share_folders_by_explicit_choice_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed by OAuth, plain folders that were set are refused at the start, unless sharing them is set as well;
    those that nobody set are nobody's."""
    monkeypatch.setenv("EIPAS_OAUTH_CLIENT_ID", "1.2")
    assert Settings(_env_file=None).shared_roots == ()
    monkeypatch.setenv("EIPAS_WORKSPACE_ROOTS", "/srv/all,T1AAA=/srv/one")
    with pytest.raises(ConfigurationError, match="EIPAS_SHARE_ROOTS"):
        _ = Settings(_env_file=None).shared_roots
    monkeypatch.setenv("EIPAS_SHARE_ROOTS", "true")
    assert Settings(_env_file=None).shared_roots == (Path("/srv/all"),)
