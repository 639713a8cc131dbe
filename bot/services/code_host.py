"""Where code lives: the port through which what is rendered reaches a team's repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.errors import EipasError


class CodeHostFailed(EipasError):
    """The repository could not be read or written; the iteration goes on without it."""

    message_template = "The repository {repository} could not be reached: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One iteration's change to a line of work: `files` are put there, `removed` taken away, all else stays."""

    line: str
    title: str
    message: str
    files: Mapping[str, bytes]
    removed: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """Where a change stands: the commit's id, its branch, and the address of the pull request."""

    commit: str
    branch: str
    pull_request: str


class CodeHost(Protocol):
    """A repository. `line` names one idea's line of work: a branch and a folder."""

    async def read(self, line: str) -> Mapping[str, bytes]:
        """Return the team's files of a line as they are now, by path; empty if it was never pushed.

        Raises:
            CodeHostFailed: it could not be read.
        """
        ...

    async def push(self, change: Change) -> Pushed:
        """Make one commit of a change, and open or renew the pull request. The same change again makes no other commit.

        Raises:
            CodeHostFailed: it could not be written.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
