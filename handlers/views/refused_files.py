"""The answer to files that were not taken, below the message that brought them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.domain.evaluation import Dossier
from bot.domain.surface import Message
from handlers.views.blocks import message, section
from handlers.views.text import bullets, clip, clip_line

LISTED = 12


def refused_files(dossier: Dossier) -> Iterator[Message]:
    """Return a message for each that brought a file which was refused: why, at which line, and what is read instead.

    Those of a thread that was put up anew since are gone with it.
    """
    began = dossier.evaluation.thread_ts or ""
    refused = [one for one in dossier.context.uploads if one.state == "refused" and one.ts > began]
    for ts, uploads in groupby(sorted(refused, key=lambda one: (one.ts, one.at, one.file_id)), key=lambda one: one.ts):
        lines = [
            clip(one.problem, 550) if one.problem.startswith(f"“{one.name}”")
            else f"*{clip_line(one.name, 150)}*: {clip(one.problem, 400)}"
            for one in uploads
        ]  # fmt: skip
        yield message(f"file.{ts}", [section(f"⚠️ *Not taken*\n{bullets(lines, LISTED, 'more files')}")])
