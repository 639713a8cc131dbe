"""One base for everything that may go wrong in words a person can act on."""

from __future__ import annotations

from typing import Any, ClassVar

from bot.domain.phrase import filled


class EipasError(Exception):
    """Anything that ends what a person asked for; every refusal and failure of ours derives from it.

    `message_template` is what the person reads, with the keyword arguments in its ``{fields}``. It is an attribute, as
    ``python -OO`` takes docstrings away. `phrase` has the people whom it names as values; `message` is the same in
    plain words, for logs and terminals.
    """

    message_template: ClassVar[str] = "Something went wrong on our side; nothing was changed. Please try again."

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        self.phrase = filled(self.message_template, fields)
        self.message = str(self.phrase)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        # Engines pickle errors; keyword-only construction needs this to survive the trip.
        return (_rebuild, (type(self), self.fields))


def _rebuild(kind: type[EipasError], fields: dict[str, Any]) -> EipasError:
    return kind(**fields)


class NotFound(EipasError):
    """What was named does not exist, or not for whoever asks."""

    message_template = "There is no {what} “{name}” here. {hint}"


class NothingYet(EipasError):
    """A command without a name needs an evaluation of the person who typed it, and there is none."""

    message_template = "You own no evaluation and decide in none. {hint}"


class IllegalEvent(EipasError):
    """An event that the evaluation's present state does not accept."""

    message_template = "That is not possible while the evaluation is {state}: {hint}"


class IllegalTransition(EipasError):
    """An event that the table of a run or gate does not know in its present state."""

    message_template = "That is not possible any more: the {what} is {state}. The thread shows what is."


class Stale(EipasError):
    """The state changed between what a person saw and what they sent."""

    message_template = "This changed while you were looking at it: {what}. The thread shows the newest state."


class NotAllowed(EipasError):
    """Whoever acts has no right to it."""

    message_template = "You may not {what}. {who} may."


class GuestsOnlyWatch(EipasError):
    """A guest, or a person of another company, acts in an evaluation that does not let them."""

    message_template = (
        "Guests and people of other companies only follow this evaluation: they neither answer nor decide. "
        "{owner} can let them in when starting one."
    )


class ApproversRefused(EipasError):
    """People who cannot decide were named, or too few: `gates` has the words by gate, `needed` those on the number."""

    message_template = "{problems}"


class SelfApproval(EipasError):
    """An owner votes at a gate that has other approvers."""

    message_template = "You started this evaluation, so you cannot decide “{gate}” yourself. {who} may."


class AlreadyVoted(EipasError):
    """A second verdict of one person at one gate."""

    message_template = "Your verdict on “{gate}” is already recorded ({verdict}). It stands; {pending}."


class AlreadyDecided(EipasError):
    """A verdict at a gate that is decided."""

    message_template = "“{gate}” was already decided: {outcome} by {who}."


class GateNotOpen(EipasError):
    """A verdict at a gate that does not wait for one."""

    message_template = "“{gate}” is {state} and takes no more verdicts. {hint}"


class WordsDecideNothing(EipasError):
    """A reply that consists of a verdict's word, such as “approve”, while a gate waits."""

    message_template = "“{word}” decides nothing in words and was not kept. {gates}"


class ReasonRequired(EipasError):
    """A rejection, or a choice, came without the words that it needs."""

    message_template = "Please say why: {what}"


class InvalidInput(EipasError):
    """What a person sent cannot be taken; `problem` is a whole sentence."""

    message_template = "{problem}"


class TooLong(EipasError):
    """A text is longer than may be kept."""

    message_template = (
        "{what} is {length:,} characters long; at most {limit:,} fit. Nothing of it was kept: please {mend}."
    )

    def __init__(self, *, mend: str = "shorten it", **fields: Any) -> None:
        super().__init__(mend=mend, **fields)


class UnknownWorkspace(EipasError):
    """A start form or command names a workspace folder that is under none of the roots."""

    message_template = "There is no workspace “{name}”. {known}"


class FormExpired(EipasError):
    """Slack opens a form within three seconds of what a person did, and this took longer."""

    message_template = "The form could not be opened in the three seconds that Slack gives it. Please {again} again."


class TitleMissing(EipasError):
    """An evaluation was started without a title, and no document gives one."""

    message_template = "The idea needs a title, or a workspace with an idea.json that has one."


class ConfigurationError(EipasError):
    """Settings that do not fit each other or the machine, found at the start."""

    message_template = "The configuration is not usable: {problem}. {mend}"


class Unavailable(EipasError):
    """Something outside of the process (database, disk, Slack) is away for a while.

    What raised it kept nothing and may simply be done again: the engine does, and Slack is not given its ack.
    """

    message_template = "Something this needs is not there at the moment. Please try again soon."


class Replayed(EipasError):
    """A delivery that was handled before came again."""

    message_template = "This was already handled; nothing more to do."
