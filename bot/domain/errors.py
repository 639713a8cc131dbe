"""One base for everything that may go wrong in words a person can act on."""

from __future__ import annotations

import inspect
from typing import Any


class EipasError(Exception):
    """Something went wrong on our side; nothing was changed. Please try again.

    The first paragraph of each subclass's docstring is what the user reads; its ``{fields}`` are filled from the
    keyword arguments.
    """

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        paragraph = (inspect.cleandoc(type(self).__doc__ or "")).split("\n\n")[0]
        self.message = " ".join(paragraph.split()).format_map(fields)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        # Engines pickle errors; keyword-only construction needs this to survive the trip.
        return (_rebuild, (type(self), self.fields))


def _rebuild(kind: type[EipasError], fields: dict[str, Any]) -> EipasError:
    return kind(**fields)


class NotFound(EipasError):
    """There is no {what} “{name}” here. {hint}"""


class NothingYet(EipasError):
    """You own no evaluation and decide in none. {hint}"""


class IllegalEvent(EipasError):
    """That is not possible while the evaluation is {state}: {hint}"""


class Stale(EipasError):
    """This changed while you were looking at it: {what}. The thread shows the newest state."""


class NotAllowed(EipasError):
    """You may not {what}. {who} may."""


class SelfApproval(EipasError):
    """You started this evaluation, so you cannot decide “{gate}” yourself. {who} may."""


class AlreadyVoted(EipasError):
    """Your verdict on “{gate}” is already recorded ({verdict}). It stands; {pending}."""


class AlreadyDecided(EipasError):
    """“{gate}” was already decided: {outcome} by {who}."""


class GateNotOpen(EipasError):
    """“{gate}” is {state} and takes no more verdicts. {hint}"""


class WordsDecideNothing(EipasError):
    """“{word}” decides nothing in words and was not kept. {gates}"""


class ReasonRequired(EipasError):
    """Please say why: {what}"""


class InvalidInput(EipasError):
    """{problem}"""


class TooLong(EipasError):
    """{what} is {length:,} characters long; at most {limit:,} fit. Nothing of it was kept: please shorten it."""


class UnknownWorkspace(EipasError):
    """There is no workspace “{name}”. {known}"""


class TitleMissing(EipasError):
    """The idea needs a title, or a workspace with an idea.json that has one."""


class ConfigurationError(EipasError):
    """The configuration is not usable: {problem}. {mend}"""


class Unavailable(EipasError):
    """Something this needs is not there at the moment. Please try again soon.

    What raised it kept nothing and may simply be done again: the engine does, and Slack is not given its ack.
    """


class Replayed(EipasError):
    """This was already handled; nothing more to do."""
