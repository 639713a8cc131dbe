"""Reactions as receipts: what was taken and has no card to say so. A reaction costs no message and no update."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.domain.evaluation import Dossier

TAKEN: Final = "ballot_box_with_check"
LATELY: Final = timedelta(minutes=10)
"""What was taken longer ago needs no receipt any more; a bot that starts anew gives none a second time."""


def receipts(dossier: Dossier, now: datetime) -> tuple[str, ...]:
    """Return the messages that were lately taken beside the one that the next card quotes, by ts.

    These are replies that joined an answer, and messages all of whose files were read.
    """
    lately = [answer for question in dossier.questions for answer in question.answers if answer.at > now - LATELY]
    joined = [ts for answer in lately if len(answer.messages) > 1 for ts in answer.messages[1:]]
    uploads = [one for one in dossier.context.uploads if one.ts and one.at > now - LATELY]
    unread = {one.ts for one in uploads if one.state != "read"}
    return tuple(dict.fromkeys((*joined, *(one.ts for one in uploads if one.ts not in unread))))
