"""Trees of YAML and JSON whose every node knows where it stands in the text.

Both are read as people paste them: what is broken in one line loses that line and not the document. Repairs keep the
length of the text, so that the offsets stay those of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

DEEPEST = 60
"""Deepest nesting that is read; documents that people write are less than 20 deep."""
_MOST_REPAIRS = 12
_FEW_LINES = 1500
"""How long a text may be, in lines, for several repairs to be tried and the best to be taken."""
_MOST_REPAIRED = 3_000_000
"""How many characters may be parsed again altogether, because each repair parses the text anew."""
_MOST_NODES = 400_000
_MOST_TOKENS = 180_000
"""Most words and signs of a JSON text that is read; an OpenAPI document of a megabyte has about 120,000."""


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, list or map. `text` is a scalar's content; `plain` whether it stood without quotes."""

    kind: str
    start: int
    end: int
    text: str = ""
    plain: bool = False
    items: Sequence[Node] = ()
    entries: Sequence[tuple[Node, Node]] = ()

    def get(self, *names: str) -> Node | None:
        """Return the value of the first of these keys that a map has."""
        for name in names:
            for key, value in self.entries:
                if key.text == name:
                    return value
        return None

    def said(self, *names: str) -> str:
        """Return the text of a scalar under one of these keys, "" if there is none."""
        found = self.get(*names)
        return found.text if found is not None and found.kind == "scalar" and not found.is_null else ""

    def number(self, *names: str) -> float | None:
        """Return the number under one of these keys."""
        said = self.said(*names)
        return (
            float(said) if re.fullmatch(r"[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,2})?", said) else None
        )

    def flag(self, *names: str) -> bool | None:
        """Return the truth value under one of these keys."""
        return {"true": True, "yes": True, "false": False, "no": False}.get(self.said(*names).lower())

    @property
    def is_null(self) -> bool:
        """Whether this is null, as YAML or JSON writes it."""
        return self.kind == "scalar" and self.plain and self.text.lower() in {"", "null", "~"}

    def texts(self) -> list[str]:
        """Return the scalars of a list, or a scalar alone."""
        found = self.items if self.kind == "list" else [self]
        return [one.text for one in found if one.kind == "scalar" and not one.is_null]


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's root and the spans of the text that could not be read."""

    root: Node
    unread: tuple[tuple[int, int], ...] = ()


class TooDeepError(ValueError):
    """The document is nested deeper, or has more nodes, than is looked into."""


def parse_tree(text: str) -> Tree | None:
    """Return the tree of a YAML or JSON text; None if it is neither a map nor a list.

    Raises:
        TooDeepError: it is nested too deeply or has too many nodes.
    """
    if re.match(r"\s*[{\[]", text):
        return parse_json(text)
    return _parse_yaml(text)


# --- JSON ---------------------------------------------------------------------------------------------------------

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


# --- YAML ---------------------------------------------------------------------------------------------------------

_QUOTED = frozenset("'\"|>")
_MASK = 0xE000
"""Characters that YAML chokes on are moved into the private use area, one for one, and back when scalars are read."""
_MOST_YAML_VALUES = 80_000
"""Most lines, commas and colons of a YAML text that is read: each is a node or less, and takes up to 20 µs."""
_LONGEST_WITH_TABS = 200_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNMASK = {_MASK + code: code for code in range(128)}
_DEEP_LINE = re.compile(r"^[ \t]*(?:[-?:][ \t]+){40}", re.M)
_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _parse_yaml(text: str) -> Tree | None:
    """Return the tree of a YAML text; a line that cannot be read is masked and the rest read again."""
    _refuse_deep(text)
    clean = _FORBIDDEN.sub(" ", text)
    clean = re.sub(r"^(?:---|\.\.\.)(?=\s)|^%", lambda m: " " * len(m.group()), clean, flags=re.M)
    if not re.search(r"^ *\t", clean, re.M):
        return _compose(text, clean.replace("\t", " ").split("\n"))
    widths = (2, 4, 8) if len(text) < _LONGEST_WITH_TABS else (2,)
    read = [_compose(text, _without_tabs(clean, width)) for width in widths]
    return min((tree for tree in read if tree is not None), key=lambda tree: len(tree.unread), default=None)


def _without_tabs(text: str, width: int) -> list[str]:
    """Return the lines with each tab of the indentation as `width` blanks, and any other as one."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if "\t" in line:
            body = line.lstrip(" \t")
            lead = line[: len(line) - len(body)]
            lines[number] = lead.replace("\t", " " * width) + body.replace("\t", " ")
    return lines


def _compose(text: str, lines: list[str]) -> Tree | None:
    """Return the tree of lines that are those of `text` but for their indentation and their end."""
    said = text.split("\n")
    unread: list[int] = []
    tried: set[int] = set()
    spent = 0
    for _ in range(_MOST_REPAIRS + 1):
        spent += len(text)
        try:
            composed = yaml.compose("\n".join(lines), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            if spent > _MOST_REPAIRED or not _repair(lines, error, tried, unread):
                return None
        except (yaml.YAMLError, ValueError):
            return None
        else:
            places = _Places(said, lines)
            root = _from_yaml(composed, places, text) if composed is not None else None
            spans = tuple((places.starts[line], places.starts[line] + len(said[line])) for line in sorted(unread))
            return Tree(root, spans) if root is not None and root.kind != "scalar" else None
    return None


class _Places:
    """Turns PyYAML's line and column into an offset of the text as it was said."""

    def __init__(self, said: list[str], lines: list[str]) -> None:
        self._said = said
        self._same_length = all(len(one) == len(other) for one, other in zip(said, lines, strict=True))
        self.starts = [0]
        for line in said:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self._shift = [
            (len(one) - len(one.lstrip())) - (len(other) - len(other.lstrip()))
            if one is not other and "\t" in other
            else 0
            for one, other in zip(lines, said, strict=True)
        ]

    def offset(self, mark: yaml.Mark) -> int:
        """Return the offset of a mark."""
        if self._same_length:
            return int(mark.index)
        if mark.line >= len(self._said):
            return self.starts[-1] - 1
        column = max(mark.column - self._shift[mark.line], 0)
        return self.starts[mark.line] + min(column, len(self._said[mark.line]))


def _refuse_deep(text: str) -> None:
    """Raise where brackets or dashes nest deeper than is read: the parser itself recurses."""
    if _DEEP_LINE.search(text) or sum(map(text.count, "\n,:")) > _MOST_YAML_VALUES:
        raise TooDeepError
    depth = 0
    for match in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if match.group() in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            raise TooDeepError
    indents: list[int] = []
    for line in re.finditer(r"^( *)[^\s#]", text, re.M):
        width = len(line.group(1))
        while indents and indents[-1] >= width:
            indents.pop()
        indents.append(width)
        if len(indents) > DEEPEST:
            raise TooDeepError


def _repair(lines: list[str], error: yaml.MarkedYAMLError, tried: set[int], unread: list[int]) -> bool:
    """Make the line at fault readable, or blank it if that was tried before; False if there is none."""
    suspects = [number for number in _suspects(lines, error) if lines[number].strip()]
    for number in suspects:
        if number not in tried:
            tried.add(number)
            mended = _mended(lines[number])
            if mended != lines[number] and _reach(lines, number, mended) > _reach(lines, number, lines[number]):
                lines[number] = mended
                return True
    if not suspects:
        return False
    number = max(suspects, key=lambda one: _reach(lines, one, "")) if len(lines) < _FEW_LINES else suspects[0]
    unread.append(number)
    lines[number] = " " * len(lines[number])
    return True


def _suspects(lines: list[str], error: yaml.MarkedYAMLError) -> list[int]:
    """Return the lines that may be at fault, the likeliest first: where it began, where it was seen, those before."""
    problem, context = error.problem_mark, error.context_mark
    numbers = [context.line] if context is not None and "flow" in (error.context or "") else []
    if problem is not None:
        seen = min(problem.line, len(lines) - 1)
        before = next((number for number in range(seen - 1, max(seen - 50, -1), -1) if lines[number].strip()), seen)
        numbers += [seen, before]
    if context is not None:
        numbers.append(context.line)
    return list(dict.fromkeys(number for number in numbers if number < len(lines)))


def _reach(lines: list[str], number: int, instead: str) -> int:
    """Return how far the text can be read with another line in this place; long texts are not tried."""
    if len(lines) >= _FEW_LINES:
        return len(instead) != len(lines[number])
    try:
        yaml.compose("\n".join([*lines[:number], instead, *lines[number + 1 :]]), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line if error.problem_mark is not None else 0
    except (yaml.YAMLError, ValueError):
        return -1
    return len(lines) + 1


def _mended(line: str) -> str:
    """Return a line of ``key: value`` without what YAML takes for its own signs, or with its brackets closed."""
    match = re.match(r"(\s*(?:- +)*[^\s:#{\[][^:{\[]*:\s+)(.*)$", line)
    if match is None or match.group(2)[:1] in {"{", "["}:
        closing: list[str] = []
        for sign in line:
            if sign in "{[":
                closing.append("}" if sign == "{" else "]")
            elif sign in "}]" and closing:
                closing.pop()
        return line.rstrip().rstrip(",:") + "".join(reversed(closing)) if closing else line
    value = match.group(2)
    return match.group(1) + re.sub(r"[:#@`*&!%'\"{}\[\],|>?\\-]", lambda m: chr(_MASK + ord(m.group())), value)


def _from_yaml(composed: yaml.Node, places: _Places, text: str) -> Node:
    """Return our tree of PyYAML's; an alias is the same node again, so that the tree stays as small as the text."""
    made: dict[int, Node] = {}
    root = _bare(composed, places)
    made[id(composed)] = root
    waiting: list[tuple[yaml.Node, Node]] = [(composed, root)]
    while waiting:
        theirs, ours = waiting.pop()
        if len(made) > _MOST_NODES:
            raise TooDeepError
        children: list[yaml.Node] = []
        if isinstance(theirs, yaml.MappingNode):
            children = [child for pair in theirs.value for child in pair]
        elif isinstance(theirs, yaml.SequenceNode):
            children = list(theirs.value)
        nodes: list[Node] = []
        for child in children:
            node = made.get(id(child))
            if node is None:
                node = made[id(child)] = _bare(child, places)
                waiting.append((child, node))
            nodes.append(node)
        if ours.kind == "map":
            ours.entries = list(zip(nodes[::2], nodes[1::2], strict=True))
        elif ours.kind == "list":
            ours.items = nodes
        _trim(ours, text)
    return root


def _bare(theirs: yaml.Node, places: _Places) -> Node:
    """Return a node without its children."""
    start, end = places.offset(theirs.start_mark), places.offset(theirs.end_mark)
    if isinstance(theirs, yaml.ScalarNode):
        return Node("scalar", start, end, str(theirs.value).translate(_UNMASK), theirs.style not in _QUOTED)
    return Node("map" if isinstance(theirs, yaml.MappingNode) else "list", start, end)


def _trim(node: Node, text: str) -> None:
    """Take the blank lines off the end of a block node, whose end PyYAML puts at the next token."""
    end = min(node.end, len(text))
    while end > node.start and text[end - 1].isspace():
        end -= 1
    node.end = end


def walk(root: Node) -> Iterator[Node]:
    """Yield every node of a tree once, whatever aliases it has."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(node.items)
        stack.extend(value for _, value in node.entries)
