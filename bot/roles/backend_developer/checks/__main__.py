"""Runs the checks over a folder: ``python -m bot.roles.backend_developer.checks FOLDER [KEY ...]``.

The folder holds the artefacts as files, and `blueprint.json` and `brief.json` beside them.
Exit status 1 if a check failed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from bot.domain.design import Brief
from bot.domain.evidence import Artefact, Check, Outcome
from bot.domain.proposal import PROPOSAL_TYPE
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.checks.runner import CheckRunner
from bot.roles.backend_developer.checks.subject import Subject

_OURS = frozenset({"blueprint.json", "brief.json"})


def read_subject(folder: Path) -> Subject:
    """Read what is to be judged from a folder.

    Raises:
        OSError: a file is missing or cannot be read.
        pydantic.ValidationError: the blueprint or the brief is not one.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in _OURS)
    return Subject(
        artefacts=tuple(
            Artefact(name=path.relative_to(folder).as_posix(), media_type="text/plain", content=path.read_bytes())
            for path in files
        ),
        blueprint=Blueprint.model_validate_json((folder / "blueprint.json").read_bytes()),
        brief=TypeAdapter(Brief).validate_json(
            (folder / "brief.json").read_bytes(), context={PROPOSAL_TYPE: Blueprint}
        ),
    )


async def assess(folder: Path, keys: Sequence[str]) -> tuple[Check, ...]:
    """Run the checks with these keys (all, if none are given) over a folder."""
    chosen = [spec for spec in CHECKS if not keys or spec.key in keys]
    check_runner = CheckRunner(checks=chosen)
    try:
        return await check_runner.assess(read_subject(folder))
    finally:
        await check_runner.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line per check; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.roles.backend_developer.checks", description="Run the checks over a folder of artefacts."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("key", nargs="*", choices=[[], *(spec.key for spec in CHECKS)])
    given = parser.parse_args(arguments)
    checks = asyncio.run(assess(given.folder, given.key))
    for check in checks:
        sys.stdout.write(f"{check.outcome.replace('_', ' '):13} {check.key:38} {check.detail}\n")
    return int(any(check.outcome is Outcome.FAILED for check in checks))


if __name__ == "__main__":
    sys.exit(main())
