"""The whole recap as a Markdown file, for what a message cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.evidence import Artefact
from bot.domain.recap import Recap, RecapSection
from bot.services.plain_markdown import as_text

NAME = "what-i-understood.md"


def recap_document(recap: Recap, title: str, iteration: int) -> Artefact:
    """Return all lines of a recap; `recap` must be the unbounded one."""
    text = "\n".join(_lines(recap, title, iteration)) + "\n"
    return Artefact(name=NAME, media_type="text/markdown", content=text.encode("utf-8", "replace"))


def _lines(recap: Recap, title: str, iteration: int) -> Iterator[str]:
    yield f"# What I understood of “{as_text(title)}”, iteration {iteration}"
    yield ""
    yield f"{recap.understood} of {recap.statements} statements that ask for something were understood."
    for section in recap.sections:
        yield from _section(section)
    if recap.corrections:
        yield from ("", "## Corrected by you", "")
        yield from (f"- “{as_text(one.text)}” → {as_text(one.became)}" for one in recap.corrections)
    if recap.questions:
        yield from ("", "## Questions", "")
        yield from (f"{number}. {as_text(one.text)}" for number, one in enumerate(recap.questions, 1))
    yield from _section(recap.assumed)


def _section(section: RecapSection) -> Iterator[str]:
    if section.lines:
        yield from ("", f"## {as_text(section.title)} ({section.total})", "")
        yield from (f"- {as_text(line)}" for line in section.lines)
