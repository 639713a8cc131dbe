"""Have a case designed by the product and give back the folder of files that people get."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.corpus.cases import Case

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "bot.app.cli", "rehearse")


class NotDesignedError(Exception):
    """The product left no design; the message is the last line that it printed."""


@functools.cache
def _static() -> tuple[str, ...]:
    """The option that leaves out what runs the rendered service, where the product has it: this measures the design."""
    said = subprocess.run((*COMMAND, "--help"), capture_output=True, text=True, timeout=60, check=True, cwd=ROOT).stdout
    return ("--evidence", "static") if "--evidence" in said else ()


@functools.cache
def _product() -> str:
    """What the product's code is: a result is only taken again for the same."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "bot").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def design(case: Case, base: Path, *, fast: bool = False) -> Path:
    """Play all people's parts of the case once; the folder of its files.

    With `fast`, files in `base` that the same code made of the same words are taken as they are.

    Raises:
        NotDesignedError: The rehearsal failed.
    """
    place = base / ("small" if case.small else "whole") / case.name
    made_of = hashlib.sha256(
        json.dumps([_product(), case.idea, case.documents, case.answers], sort_keys=True).encode()
    ).hexdigest()
    mark, out = place / "made-of", place / "out"
    if fast and mark.exists() and mark.read_text() == made_of:
        return out
    shutil.rmtree(place, ignore_errors=True)
    case.write(place)
    done = subprocess.run(
        (*COMMAND, "--workspace", str(place / "ws"), "--answers", str(place / "answers.json"), "--out", str(out),
         "--iterations", "1", *_static()),
        capture_output=True, text=True, timeout=600, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise NotDesignedError((done.stdout + done.stderr).strip().splitlines()[-1])
    mark.write_text(made_of)
    return out
