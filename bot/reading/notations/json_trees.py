"""Trees of JSON: comments, trailing commas and a cut end are borne."""

from __future__ import annotations

import re

from bot.reading.notations.nodes import DEEPEST, Node, TooDeepError, Tree

_MOST_TOKENS = 180_000
"""Most words and signs of a JSON text that is read; an OpenAPI document of a megabyte has about 120,000."""
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\]:,]|//[^\n]*|/\*.*?\*/|[^\s{}\[\]:,"]+|"', re.S)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def parse_json(text: str) -> Tree | None:
    """Return the tree of a JSON text; comments, trailing commas and a cut end are borne.

    Raises:
        TooDeepError: it is nested too deeply or has too many nodes.
    """
    root: Node | None = None
    stack: list[Node] = []
    keys: list[Node | None] = []
    unread: list[tuple[int, int]] = []
    for count, token in enumerate(_TOKEN.finditer(text)):
        said, sign = token.group(), token.group()[0]
        if sign in "{[":
            node = Node("map" if sign == "{" else "list", token.start(), token.end(), "", False, [], [])
            _attach(stack, keys, node, unread)
            stack.append(node)
            keys.append(None)
            root = root or node
        elif sign in "}]":
            if stack:
                stack.pop().end = token.end()
                keys.pop()
        elif sign in ":,":
            if sign == "," and stack and keys[-1] is not None:
                keys[-1] = None
        elif not said.startswith(("//", "/*")):
            _attach(stack, keys, _json_scalar(said, token.start()), unread)
        if len(stack) > DEEPEST or count > _MOST_TOKENS:
            raise TooDeepError
    for node in stack:
        node.end = len(text)
    return Tree(root, tuple(unread)) if root is not None else None


def _json_scalar(said: str, start: int) -> Node:
    """Return the node of a string, number or word; a string's span is that of its content."""
    if said[0] == '"' and len(said) > 1:
        content = said[1:-1]
        text = _ESCAPE.sub(_unescape, content) if "\\" in content else content
        return Node("scalar", start + 1, start + 1 + len(content), text)
    return Node("scalar", start, start + len(said), said, plain=True)


def _unescape(match: re.Match[str]) -> str:
    """Return the character that a JSON escape stands for."""
    said = match.group(1)
    return chr(int(said[1:], 16)) if len(said) == 5 else _ESCAPES.get(said, said)


def _attach(stack: list[Node], keys: list[Node | None], node: Node, unread: list[tuple[int, int]]) -> None:
    """Put a node into the container that is open: as item, as key, or as the value of the key before it."""
    if not stack:
        if node.kind == "scalar":
            unread.append((node.start, node.end))
        return
    container = stack[-1]
    if isinstance(container.items, list) and container.kind == "list":
        container.items.append(node)
    elif keys[-1] is None and node.kind == "scalar":
        keys[-1] = node
    elif keys[-1] is not None and isinstance(container.entries, list):
        container.entries.append((keys[-1], node))
        keys[-1] = None
