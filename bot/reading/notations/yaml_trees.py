"""Trees of YAML: what is broken in one line loses that line and not the document."""

from __future__ import annotations

import re

import yaml

from bot.reading.notations.nodes import DEEPEST, Node, TooDeepError, Tree

_MOST_REPAIRS = 12
_FEW_LINES = 1500
"""How long a text may be, in lines, for several repairs to be tried and the best to be taken."""
_MOST_REPAIRED = 3_000_000
"""How many characters may be parsed again altogether, because each repair parses the text anew."""
_MOST_NODES = 400_000
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


def parse_yaml(text: str) -> Tree | None:
    """Return the tree of a YAML text; a line that cannot be read is masked and the rest read again.

    Raises:
        TooDeepError: it is nested too deeply or has too many nodes.
    """
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
