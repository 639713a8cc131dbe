"""Generated Python as the service's own ruff would leave it: formatted, imports in order, none unused."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.domain.errors import EipasError

_RULES = Path(__file__).parent / "files" / "ruff.toml"
_SECONDS = 60


class NotFormatted(EipasError):
    """ruff refused what was rendered: a fault of the renderer."""

    message_template = "The rendered service could not be formatted: {reason}"


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """Return the modules formatted, in one run of ruff over a private folder.

    Raises:
        NotFormatted: one of them is no Python.
    """
    with tempfile.TemporaryDirectory(prefix="eipas-service-") as folder:
        root = Path(folder)
        (root / "ruff.toml").write_bytes(_RULES.read_bytes())
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        _run(root, "check", "--quiet", "--fix", "--exit-zero", "--select", "F401,I", "--no-cache", ".")
        _run(root, "format", "--quiet", "--no-cache", ".")
        return {name: (root / name).read_text("utf-8") for name in files}


def _run(root: Path, *command: str) -> None:
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    program = str(ruff) if ruff.exists() else str(Path(sys.executable).parent / "ruff")
    done = subprocess.run(  # noqa: S603 - fixed program and words, over a folder of our own
        [program, *command], cwd=root, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode != 0:
        raise NotFormatted(reason=(done.stderr or done.stdout).strip()[:500])
