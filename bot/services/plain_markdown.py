"""People's words in Markdown files, shown as words: nothing in them is a heading, a link, a picture or a list."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~!&]|^(?=\s*([-+=]|\d+[.)])(\s|$))|^(?=\s*[-=]{2,})")


def as_text(line: str) -> str:
    """Return one line of Markdown that shows exactly these words, with no heading, emphasis, link or list in them.

    CommonMark, "Backslash escapes": any ASCII punctuation may be escaped.
    """
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}" if found[0] else "\u200b", " ".join(line.split()))
