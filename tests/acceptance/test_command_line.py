"""What the command line says when it cannot do what it was asked for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import run_bot
from tests.support.second_role import write_role

ROOT = Path(__file__).resolve().parent.parent.parent


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    """What a command finds set whose data is in a folder of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("EIPAS_", "SLACK_"))}
    return {**clean, "PYTHONPATH": str(ROOT), "EIPAS_DATA_DIR": str(folder / "data"), **more}


def eipas(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder of its own."""
    return run_bot(*words, cwd=folder, env=environment_of(folder, **environment))


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """A second bot on the same port ends with the port's number and what to do, not with a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = eipas(tmp_path, "run", EIPAS_PORT=port)
    assert ended.returncode == 1
    assert f"port {port} cannot be listened on" in ended.stderr
    assert "EIPAS_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("EIPAS_PORT", "eighty", "port"),
        ("SLACK_BOT_TOKEN", "xoxb-1", "SLACK_APP_TOKEN is missing"),
        ("EIPAS_BUDGET_USD", "-1", "budget_usd"),
        ("EIPAS_DATABASE_URL", "mysql://x", "is no database this can use"),
        ("EIPAS_ROLE_FOLDERS", "/nowhere", "/nowhere is no folder"),
        ("EIPAS_ROLE_FOLDERS", str(ROOT / "bot" / "roles" / "backend_developer"), "holds no role; name the folder"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, setting: str, value: str, said: str) -> None:
    """A setting that cannot be used is named in one sentence, and the program ends with 1."""
    ended = eipas(tmp_path, "run", **{"EIPAS_PORT": "0", setting: value})
    assert ended.returncode == 1
    assert said in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


def test_a_model_without_a_price_is_refused_at_the_start(tmp_path: Path) -> None:
    """The setting that is missing is named as it has to be written; nothing is asked of the model."""
    ended = eipas(tmp_path, "run", EIPAS_PORT="0", ANTHROPIC_API_KEY="sk-none", EIPAS_MODEL="house-model")
    said = " ".join(ended.stderr.split())
    assert ended.returncode == 1 and "EIPAS_MODEL_PRICES=house-model=INPUT/OUTPUT" in said
    assert "EIPAS_MODEL_PRICES_OF" in said and "Traceback" not in said


def test_a_role_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path) -> None:
    """A kit that measures what is no score of its role ends the start with one sentence: file, line, and the score."""
    kit = write_role(tmp_path / "roles") / "kit.py"
    kit.write_text(kit.read_text("utf-8").replace("(check.score for check in CHECKS)", '({"beauty"})'), "utf-8")
    ended = eipas(tmp_path, "run", EIPAS_PORT="0", EIPAS_ROLE_FOLDERS=str(tmp_path / "roles"))
    assert ended.returncode == 1
    said = " ".join(ended.stderr.split())
    assert "technical_writer/kit.py cannot be used: line 27: the kit measures “beauty”" in said
    assert "Traceback" not in said


def test_a_rehearsal_without_its_folder_says_so(tmp_path: Path) -> None:
    """`eipas rehearse` names the folder that is not there."""
    ended = eipas(tmp_path, "rehearse", "--workspace", "nowhere")
    assert ended.returncode == 1
    assert "there is no folder nowhere" in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


def test_a_bot_that_does_not_run_is_not_healthy(tmp_path: Path) -> None:
    """`eipas healthy` of a folder without a bot ends with 1."""
    ended = eipas(tmp_path, "healthy")
    assert ended.returncode == 1
    assert "not running" in ended.stderr


def test_a_refusal_has_words_without_docstrings(tmp_path: Path) -> None:
    """Under `python -OO`, which takes docstrings away, a refusal still says what is wrong."""
    ended = subprocess.run(
        [sys.executable, "-OO", "-m", "bot", "backup", "copy.db"], cwd=tmp_path, env=environment_of(tmp_path),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "There is no database “eipas.db” here." in " ".join(ended.stderr.split())
