"""A message's `text`: all that its blocks say, in words, for screen readers, notifications and search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from handlers.views.text import escape, fit

TEXT_LIMIT: Final = 4000
"""What chat.update takes (docs.slack.dev/reference/methods/chat.update): all that is posted can be updated."""

_STATUS = {"pending": "waiting", "in_progress": "in progress", "complete": "done", "error": "failed"}
_Part = Mapping[str, Any]


def text_of(blocks: Sequence[_Part]) -> str:
    """Return the words of `blocks` as markup, a line or more for each block."""
    lines = (line for block in blocks for line in _WORDS.get(block["type"], _nothing)(block))
    return fit("\n".join(line for line in lines if line.strip()), TEXT_LIMIT)


def _nothing(_block: _Part) -> Iterator[str]:
    yield from ()


def _said(text: _Part) -> str:
    """Return the words of a text object, a table cell or a piece of rich text; only mrkdwn is markup already."""
    return str(text["text"]) if text["type"] == "mrkdwn" else escape(str(text.get("text", "")))


def _text(block: _Part) -> Iterator[str]:
    if "text" in block:
        yield _said(block["text"])
    yield from (_said(field).replace("\n", ": ", 1) for field in block.get("fields", ()))


def _context(block: _Part) -> Iterator[str]:
    yield " · ".join(_said(element) for element in block["elements"] if "text" in element)


def _actions(block: _Part) -> Iterator[str]:
    labels = [_said(element["text"]) for element in block["elements"] if "text" in element]
    if labels:
        yield f"Buttons: {', '.join(labels)}."


def _table(block: _Part) -> Iterator[str]:
    for row in block["rows"]:
        yield " | ".join(_said(cell) for cell in row).rstrip(" |")


def _rich(block: _Part) -> Iterator[str]:
    for run in block["elements"]:
        for part in run["elements"]:
            yield from _rich({"elements": [part]}) if "elements" in part else [_said(part)]


def _plan(block: _Part) -> Iterator[str]:
    yield escape(str(block["title"]))
    for task in block.get("tasks", ()):
        detail = " ".join(_rich(task["details"])) if "details" in task else ""
        yield f"{escape(str(task['title']))}: {_STATUS[task['status']]}" + (f" ({detail})" if detail else "")


def _chart(block: _Part) -> Iterator[str]:
    yield f"*{escape(str(block['title']))}*"
    for line in block["chart"]["series"]:
        points = " → ".join(f"{point['value']:g}" for point in line["data"])
        yield f"{escape(str(line['name']))}: {points}"


def _container(block: _Part) -> Iterator[str]:
    yield _said(block["title"])
    yield from (line for child in block["child_blocks"] for line in _WORDS.get(child["type"], _nothing)(child))


_WORDS: Final[Mapping[str, Callable[[_Part], Iterator[str]]]] = {
    "header": _text,
    "section": _text,
    "context": _context,
    "actions": _actions,
    "table": _table,
    "rich_text": _rich,
    "plan": _plan,
    "data_visualization": _chart,
    "container": _container,
}
