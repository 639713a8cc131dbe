"""Documents of earlier phases, as values: what was read, what was refused, what is missing, what they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.domain.errors import EipasError
from bot.domain.role import Json

Origin: TypeAlias = Literal["workspace", "upload", "typed"]
"""Where a document came from: a workspace folder, a file uploaded to Slack, or words typed into a form."""

TEXT = "text"
"""The only key in the body of a document that is no JSON: its words, as they are written."""


class InputRefused(EipasError):
    """A document of earlier phases is broken or is not what its name says.

    The fields `line` and `column` count from 1 and are None where the whole document is at fault.
    """

    message_template = "“{name}”{where} was not taken: {problem} {mend}"

    @classmethod
    def at(
        cls, name: str, problem: str, mend: str, *, line: int | None = None, column: int | None = None
    ) -> "InputRefused":
        """Return the refusal of the document `name`: what is wrong, at which place, and how to mend it."""
        where = "" if line is None else f", line {line}"
        where += "" if column is None else f", column {column}"
        return cls(name=name, where=where, problem=problem, mend=mend, line=line, column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A decoded document. JSON is an object at the top, every key kept; of any other kind the body is its `TEXT`.

    `size` is in bytes and `sha256` is of the bytes as they were given. `warnings` are oddities that were accepted.
    """

    name: str
    sha256: str
    size: int
    body: Mapping[str, Json] = field(hash=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A document taken into an evaluation.

    `path` is the one really read, as outputs refer to it, with the workspace's prefix. `key` names the role's
    `InputSpec` that the document answers, None for one that the role keeps without asking for it.
    """

    path: str
    key: str | None
    sha256: str
    size: int
    origin: Origin
    body: Mapping[str, Json] = field(hash=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A document that was not taken: which, why, and where in it. SlackTransport and columns count from 1."""

    path: str
    message: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A document that the role asks for and nobody gave, with what it would have told."""

    key: str
    path: str
    purpose: str
    lost: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All that one workspace holds for a role.

    `highest_iteration` is the number of the role's newest earlier result, 0 if there is none, counting results that
    could not be read: their numbers are taken nevertheless. `previous` are the readable ones, the oldest first.
    """

    read: tuple[Input, ...]
    refused: tuple[Refusal, ...]
    missing: tuple[Missing, ...]
    highest_iteration: int = 0
    previous: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """The idea under evaluation. `facts` are its further (name, value) pairs in the document's order."""

    title: str
    description: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Something the documents ask of the role. `pointer` is the JSON Pointer (RFC 6901) of its place in `source`."""

    text: str
    source: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two documents that disagree. `sources` are their paths, each followed by `#` and the JSON Pointer in it."""

    text: str
    sources: tuple[str, ...]
