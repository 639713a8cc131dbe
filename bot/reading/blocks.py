"""Finds notations that were pasted without a fence, so that Markdown and sentences do not tear them apart.

One pass over the lines: a line that only one notation can begin with starts a block, brackets and indentation end it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_SQL = re.compile(
    (
        r"(create|alter|drop|insert|comment)\s+(or\s+replace\s+)?(global\s+|temp\w*\s+|unique\s+)?(table|"
        r"type|index|on|into|schema|sequence|domain|extension)\b"
    ),
    re.I,
)
_BRACED = re.compile(
    r"(export\s+|public\s+|declare\s+|data\s+|abstract\s+|extend\s+|pub\s+|internal\s+|sealed\s+|partial\s+)*"
    r"(model|enum|type|interface|input|union|table|tablegroup|project|message|service|class|entity|"
    r"struct|record|datasource|generator)"
    r"\s+[\w\".\[\]:<>,= ]+(\([^)]*\)\s*)?\{",
    re.I,
)
_TYPE_HEAD = re.compile(
    r"(?:(?:public|internal|sealed|partial|abstract|data|pub|final)\s+)*(?:class|record|struct|enum(?:\s+class)?)\s+"
    r"[A-Z]\w*(?:\s*\(.*|\s*(?::\s*[\w., <>]+)?)$"
)
_DBML_LINE = re.compile(r"(ref|tablegroup|note)\b[^:]*:\s*\S+\s*[<>-]", re.I)
_OPENAPI_KEY = re.compile(
    r"[\"']?(openapi|swagger|info|servers|paths|components|definitions|tags|security|securityDefinitions|host|basePath"
    r"|schemes|consumes|produces|externalDocs|webhooks|x-[\w-]+)[\"']?:(\s|$)"
)
_YAML_START = re.compile(r"[\"']?(openapi|swagger|paths|components|definitions)[\"']?:(\s|$)")
_MERMAID = re.compile(r"(erDiagram|classDiagram|stateDiagram|sequenceDiagram|flowchart\s|graph\s+(TD|LR|TB|RL|BT)\b)")
_MERMAID_LINE = re.compile(r".*(--|\.\.|[{}])|\s*(state|class|note|direction|\[\*\])\b|\s*%%")
_PYTHON = re.compile(
    r"(class\s+\w+\s*(\([^)]*\))?\s*:|@dataclass|@\w+\.(?:get|post|put|patch|delete|route)\(\s*(?:$|['\"]/))"
)
_GOES_ON = ("class ", "@", "#", "import ", "from ", "def ", "async def ", ")", "]", "}")
_MARK = re.compile(r"(?:@[A-Z]\w*(?:\([^\n]*\))?|\[[A-Z]\w*(?:\([^\n]*\))?\]|#\[[^\n]*\])$")
"""An annotation on a line of its own, which belongs to the declaration below it."""
_MOST_MARKS = 12
_DRAWN = re.compile(
    r"(?:Rails\.application\.routes\.draw\b.*|(?:namespace|scope|resources?)[ (]+[:'\"/][^\n]*)\bdo\b(?:\s*\|\w*\|)?$"
)
_ROUTED = re.compile(
    r"(?:get|post|put|patch|delete)[ (]+['\"]/?[^'\"\n]*['\"][^\n]*(?:=>|\bto:|\bdo$|\{$|,\s*[A-Z]\w*,|->)"
    r"|resources?[ (]+(?::\w+|\"/)|routing\s*\{$|route\(\"/[^\"\n]*\"\)\s*\{$|\.route\(\"/"
    r"|Route::\w+\(|#\[(?:get|post|put|patch|delete)\("
    r"|(?:\w+\.)*(?:app|api|\w*[rR]outer|\w*[rR]outes|server|fastify|group|mux|r|e|g)\."
    r"(?:Map|Handle(?:Func)?|use|(?=[gpdGPD]))(?:get|post|put|patch|delete|Get|Post|Put|Patch|Delete|GET|POST|PUT|PATCH"
    r"|DELETE)?\(\s*['\"`]"
)
_WIKI = re.compile(r"\|\|[^|\n]+(?:\|\|[^|\n]*)+\|\|\s*$")
"""A head of a table as Jira and Confluence write it."""
_CSV_HEADER = re.compile(r"[\w\"]+([,;\t][\w \"]*){2,}$")
_GRAPHQL_LINE = re.compile(r"(scalar|directive)\s+@?\w+|union\s+\w+\s*=")

_BARE_HEAD = re.compile(r"[A-Z]\w*\s*\{\s*$|[A-Z]\w*\s*\{[^{}]*:[^{}]*\}\s*[,;.]?$")
_CURL = re.compile(r"(?:\$\s*)?curl\s+\S")
_HTTP = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+\S+\s+HTTP/\d")

_MAX_LINE = 4000


def _balance(line: str) -> int:
    return line.count("{") + line.count("(") + line.count("[") - line.count("}") - line.count(")") - line.count("]")


def _bracketed(lines: Sequence[str], at: int) -> int:
    """Return the line after the one on which the brackets opened at `at` are closed; open ones take the rest."""
    depth = 0
    for n in range(at, len(lines)):
        depth += _balance(lines[n])
        if depth <= 0:
            return n + 1
    return len(lines)


def _sql(lines: Sequence[str], at: int) -> int:
    depth = 0
    for n in range(at, len(lines)):
        depth += lines[n].count("(") - lines[n].count(")")
        bare = lines[n].split("--")[0].rstrip()
        if depth <= 0 and (bare.endswith((";", ")")) or n + 1 == len(lines) or not lines[n + 1].strip()):
            return n + 1
    return len(lines)


def _yaml(lines: Sequence[str], at: int) -> int:
    for n in range(at + 1, len(lines)):
        line = lines[n]
        if line.strip() and not line[0].isspace() and not line.startswith(("#", "- ")) and not _OPENAPI_KEY.match(line):
            return n
    return len(lines)


def _mermaid(lines: Sequence[str], at: int) -> int:
    blank = False
    for n in range(at + 1, len(lines)):
        line = lines[n]
        if not line.strip():
            blank = True
        elif (not line[0].isspace() and not _MERMAID_LINE.match(line[:_MAX_LINE])) or (
            blank and not _MERMAID_LINE.match(line[:_MAX_LINE])
        ):
            return n
    return len(lines)


def _until(word: str) -> Callable[[Sequence[str], int], int]:
    def end(lines: Sequence[str], at: int) -> int:
        for n in range(at, len(lines)):
            if lines[n].strip().lower() == word:
                return n + 1
        return len(lines)

    return end


def _python(lines: Sequence[str], at: int) -> int:
    for n in range(at + 1, len(lines)):
        line = lines[n]
        if line.strip() and not line[0].isspace() and not line.startswith(_GOES_ON):
            return n
    return len(lines)


def _csv(lines: Sequence[str], at: int) -> int:
    mark = next(c for c in ",;\t" if c in lines[at])
    wanted, n = lines[at].count(mark), at + 1
    while n < len(lines) and lines[n].strip() and lines[n].count(mark) == wanted and f"{mark} " not in lines[n]:
        n += 1
    return n if n >= at + 2 else at


def _type(lines: Sequence[str], at: int) -> int:
    """A type's brackets open on its own line or on the next; where they do not it is none."""
    if "(" in lines[at]:
        return _bracketed(lines, at)
    if at + 1 < len(lines) and lines[at + 1].strip() == "{":
        return _bracketed(lines, at + 1)
    return at


def _command(lines: Sequence[str], at: int) -> int:
    """A command goes on behind a backslash, and while a quote is open."""
    quotes = 0
    for n in range(at, min(at + 200, len(lines))):
        quotes += lines[n].count("'")
        if not lines[n].rstrip().endswith("\\") and quotes % 2 == 0:
            return n + 1
    return at + 1


def _message(lines: Sequence[str], at: int) -> int:
    """A request has its headers up to a blank line, and behind it a body if that is JSON."""
    n = at + 1
    while n < len(lines) and lines[n].strip():
        n += 1
    if n + 1 < len(lines) and lines[n + 1].lstrip().startswith(("{", "[")):
        return _bracketed(lines, n + 1)
    return n


def _wiki(lines: Sequence[str], at: int) -> int:
    n = at + 1
    while n < len(lines) and lines[n].lstrip().startswith("|"):
        n += 1
    return n if n > at + 1 else at


def _drawn(lines: Sequence[str], at: int) -> int:
    """A block of Ruby's ends at the ``end`` that stands where it began."""
    margin = len(lines[at]) - len(lines[at].lstrip())
    for n in range(at + 1, len(lines)):
        if lines[n].strip() == "end" and len(lines[n]) - len(lines[n].lstrip()) <= margin:
            return n + 1
    return len(lines)


def _one(_lines: Sequence[str], at: int) -> int:
    return at + 1


_STARTS: tuple[tuple[re.Pattern[str], Callable[[Sequence[str], int], int]], ...] = (
    (_SQL, _sql),
    (_MERMAID, _mermaid),
    (re.compile(r"@startuml", re.I), _until("@enduml")),
    (_BRACED, _bracketed),
    (_TYPE_HEAD, _type),
    (_BARE_HEAD, _bracketed),
    (_CURL, _command),
    (_HTTP, _message),
    (re.compile(r"[{\[]$|\{\"|\[\{\"|\[\{"), _bracketed),
    (_DBML_LINE, _one),
    (_GRAPHQL_LINE, _one),
    (_DRAWN, _drawn),
    (_ROUTED, _bracketed),
    (_WIKI, _wiki),
)
"""What each notation's first line looks like, without the blanks before it, and where such a block ends."""


def _starter(line: str) -> Callable[[Sequence[str], int], int] | None:
    bare = line.strip()
    if not bare or len(bare) > _MAX_LINE:
        return None
    if _YAML_START.match(line):
        return _yaml
    if _PYTHON.match(line):
        return _python
    if line.startswith('syntax = "proto'):
        return _one
    found = next((end for pattern, end in _STARTS if pattern.match(bare)), None)
    return found or (_csv if _CSV_HEADER.match(bare) and ", " not in bare else None)


def _below_marks(lines: Sequence[str], at: int) -> int:
    """Return the line below the annotations that begin at a line; itself where it is none."""
    n = at
    while n - at < _MOST_MARKS and n + 1 < len(lines) and _MARK.match(lines[n].strip()[:_MAX_LINE]):
        n += 1
    return n


def notation_blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the blocks of pasted notation as pairs of the first line and the line after the last.

    Blocks of one notation that only blank lines part are one block.
    """
    found: list[tuple[int, int, object]] = []
    n = 0
    while n < len(lines):
        head = _below_marks(lines, n)
        start = _starter(lines[head])
        end = start(lines, head) if start else n
        if end <= n:
            n += 1
            continue
        if end <= head:
            n += 1
            continue
        while end > n + 1 and not lines[end - 1].strip():
            end -= 1
        kind = _bracketed if start in (_type, _drawn) else start  # types of one language begin in several ways
        if found and found[-1][2] is kind and all(not lines[k].strip() for k in range(found[-1][1], n)):
            found[-1] = (found[-1][0], end, kind)
        else:
            found.append((n, end, kind))
        n = end
    return [(a, b) for a, b, _ in found]
