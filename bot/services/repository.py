"""Handing a result over to the team's repository, where one is configured: reading what they made, then committing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import structlog

from bot.domain.evaluation import Evaluation
from bot.services.code_host import Change, CodeHost, CodeHostFailed
from bot.services.results import FinishedRun

log = structlog.get_logger(__name__)
FACT = "Repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An evaluation's line of work in the repository: the team's files as they were read, or why they were not."""

    name: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    failure: str = ""


class Repository:
    """The code host of a run; without one every line is empty, and nothing is committed.

    It raises nothing: a run that was paid for and checked is not lost because a repository does not answer.
    """

    def __init__(self, host: CodeHost | None) -> None:
        self._host = host

    async def line(self, evaluation: Evaluation) -> Line:
        """Return what the team made of the iterations before."""
        name = line_of(evaluation)
        if self._host is None:
            return Line(name=name)
        try:
            return Line(name=name, files=await self._host.read(name))
        except CodeHostFailed as error:
            log.warning("repository_not_read", reason=error.message)
            return Line(name=name, failure=error.message)

    async def hand_over(self, finished: FinishedRun, line: Line, title: str) -> FinishedRun:
        """Commit what was handed over; returns the result with the fact where it stands, or why it does not.

        Where the team's files could not be read nothing is committed, for it would not be merged into them.
        """
        if self._host is None or not finished.handed.tree:
            return finished
        if line.failure:
            return _told(finished, f"nothing was committed. {line.failure}")
        number = finished.brief.iteration
        said = "\n".join(f"- {name}: {value}" for name, value in finished.handed.facts)
        change = Change(
            line=line.name,
            title=f"{_plain(title)}: iteration {number}",
            message=f"{_plain(title)}: iteration {number}\n\n{said}\n",
            files=finished.handed.tree,
            removed=finished.handed.removed,
        )
        try:
            pushed = await self._host.push(change)
        except CodeHostFailed as error:
            log.warning("repository_not_written", reason=error.message)
            return _told(finished, f"nothing was committed. {error.message}")
        return _told(finished, f"commit {pushed.commit[:12]} on {pushed.branch}, {pushed.pull_request}")


def line_of(evaluation: Evaluation) -> str:
    """Return the name of an evaluation's line of work: its title as a slug, and enough of its id to be its own."""
    slug = re.sub(r"[^a-z0-9]+", "-", evaluation.title.lower()).strip("-")[:40].strip("-") or "idea"
    return f"{slug}-{evaluation.id[-4:].lower()}"


def _plain(words: str) -> str:
    """Return a text as one line that mentions nobody and links to nothing."""
    return re.sub(r"[@#`<>\[\]]", "", " ".join(words.split()))[:120] or "Service"


def _told(finished: FinishedRun, said: str) -> FinishedRun:
    shown = finished.result.highlights
    highlights = replace(shown, facts=(*shown.facts, (FACT, said)))
    return replace(finished, result=replace(finished.result, highlights=highlights))
