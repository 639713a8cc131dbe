"""Reads texts: each segment by the one reader that knows its notation, every stretch accounted for."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.facts import AnyFact, Reading, Standing, Statement
from bot.reading.markup import as_markdown
from bot.reading.prose.clause import TopicKind
from bot.reading.prose.reader import ProseReader
from bot.reading.segments import Reader, Segment
from bot.reading.split import PLAIN_SUFFIXES, split

LONGEST_TEXT = 1_000_000
"""Characters of one text that are read; what is behind them is kept as not understood."""

_GAP = re.compile(r"\s{400,}")
"""White space of which nobody means anything: a paragraph's indent and a page's empty lines are far shorter."""

PROSE_LIMIT = 30_000
"""Characters of one text that are read as prose, the costliest notation (a second or two); the rest stays unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """One text that people said. `at` is its place in time among all of them; a later one wins over an earlier one.

    `topic` is the key of the question that it answers, `suffix` a document's (``.sql``), "" for what was typed.
    """

    source: str
    text: str
    topic: str = ""
    suffix: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingResult:
    """All statements in the order of the texts, and what they say. `order` is each source's place in time."""

    statements: tuple[Statement, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    order: Mapping[str, int]


NOTATIONS = (
    "openapi.OpenApiReader",
    "json_schema.JsonSchemaReader",
    "sql.SqlReader",
    "mermaid.MermaidReader",
    "plantuml.PlantUmlReader",
    "dbml.DbmlReader",
    "prisma.PrismaReader",
    "protobuf.ProtobufReader",
    "code.go.GoReader",
    "code.java.JavaReader",
    "code.typed.TypedCodeReader",
    "code.rails.RailsReader",
    "graphql.GraphqlReader",
    "code.typescript.TypeScriptReader",
    "code.python.PythonReader",
    "code.routes.RoutesReader",
    "tables.TableReader",
    "drawn_trees.DrawnTreeReader",
    "requests.RequestReader",
    "documents.DocumentReader",
    "braced.BracedReader",
)
"""The notations' readers, in the order in which they are asked, by module and class."""


@lru_cache(maxsize=1)
def notation_readers() -> tuple[Reader, ...]:
    """Return the notations' readers, loaded when first needed, because their parsers are heavy."""
    found: list[Reader] = []
    for dotted in NOTATIONS:
        module, _, name = dotted.rpartition(".")
        try:
            kind = getattr(importlib.import_module(f"bot.reading.notations.{module}"), name)
            found.append(kind(_prose_in_document) if module == "documents" else kind())
        except ModuleNotFoundError as missing:
            if not (missing.name or "").startswith("bot.reading.notations"):
                raise
    return tuple(found)


def _prose_in_document(segment: Segment) -> Reading:
    """Read a sentence that stands in a document of another notation."""
    return ProseReader().read(segment) or Reading()


def read(
    sources: Iterable[SourceText],
    *,
    topics: Mapping[str, TopicKind] | None = None,
    readers: Sequence[Reader] | None = None,
) -> ReadingResult:
    """Read texts. `topics` says what each question asks about, by its key; `readers` are the notations' by default."""
    known = (*(notation_readers() if readers is None else readers), ProseReader(topics))
    statements: list[Statement] = []
    facts: list[AnyFact] = []
    order: dict[str, int] = {}
    for source in sources:
        order[source.source] = source.at
        got = read_text(source, known)
        statements += got.statements
        facts += got.facts
    return ReadingResult(statements=tuple(statements), facts=tuple(facts), order=order)


def read_text(source: SourceText, readers: Sequence[Reader]) -> Reading:
    """Read one text; its statements are in its order and leave nothing of it out."""
    text = source.text[:LONGEST_TEXT]
    marked = as_markdown(text) if source.suffix.lower() in PLAIN_SUFFIXES else text
    cut = split(source.source, marked, topic=source.topic, suffix=source.suffix)
    statements: list[Statement] = []
    facts: list[AnyFact] = []
    left = PROSE_LIMIT
    for segment in _without_gaps(cut.segments):
        got: Reading | None = None
        notation = "none"
        for reader in readers:
            if reader.name == "prose":
                segment, rest = _within(segment, left)  # noqa: PLW2901
                left -= _cost(segment)
                statements += rest
                if left < 0:
                    continue
            if reader.recognises(segment) and (got := reader.read(segment)) is not None:
                notation = reader.name
                break
        if got is None:
            got = Reading(statements=(segment.statement(0, len(segment.text), "none", Standing.NOT_UNDERSTOOD),))
        statements += got.statements
        facts += got.facts
        if got.statements and notation not in {"prose", "none"}:
            statements += _between(segment, got.statements, notation)
    statements += [s.statement(0, len(s.text), "none", Standing.WITHDRAWN) for s in cut.withdrawn]
    statements.sort(key=lambda s: (s.start, s.end))
    statements = _whole(replace(source, text=marked + source.text[LONGEST_TEXT:]), statements)
    if marked != text:
        statements = [_as_written(s, marked, source.text) for s in statements]
    gone = {s.id for s in statements if s.standing is Standing.WITHDRAWN}
    return Reading(statements=tuple(statements), facts=tuple(f for f in facts if f.statement not in gone))


def _without_gaps(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Cut segments where nothing stands for long: what looks for white space takes a step for each pair of it."""
    for segment in segments:
        at = 0
        for gap in _GAP.finditer(segment.text):
            if gap.start() > at:
                yield replace(segment, start=segment.start + at, text=segment.text[at : gap.start()])
            at = gap.end()
        if at == 0 or at < len(segment.text):
            yield replace(segment, start=segment.start + at, text=segment.text[at:]) if at else segment


def _cost(segment: Segment) -> int:
    """Return what reading a segment as prose costs, in characters: each line costs as much as 20 of them."""
    return len(segment.text) + 20 * segment.text.count("\n") + 20


def _within(segment: Segment, left: int) -> tuple[Segment, list[Statement]]:
    """Cut a segment at the last line that is still to be read; the rest is one statement that is not understood."""
    share = left / _cost(segment)
    cut = segment.text.rfind("\n", 0, max(int(share * len(segment.text)), 0))
    if share >= 1 or cut <= 0:
        return segment, []
    rest = segment.statement(cut + 1, len(segment.text), "none", Standing.NOT_UNDERSTOOD)
    return replace(segment, text=segment.text[:cut]), [rest]


def _between(segment: Segment, statements: Sequence[Statement], notation: str) -> list[Statement]:
    """Return what stands between the statements of a notation: its keys and signs, which say nothing by themselves."""
    found: list[Statement] = []
    at = 0
    spans = sorted((s.start - segment.start, s.end - segment.start) for s in statements)
    for start, end in [*spans, (len(segment.text), len(segment.text))]:
        gap = segment.text[at:start]
        if any(c.isalnum() for c in gap):
            begin = at + len(gap) - len(gap.lstrip())
            found.append(segment.statement(begin, at + len(gap.rstrip()), notation, Standing.NOTHING_SAID))
        at = max(at, end)
    return found


def _whole(source: SourceText, statements: Sequence[Statement]) -> list[Statement]:
    """Add a statement for each stretch that no reader accounted for."""
    found: list[Statement] = []
    at = 0
    whole = Segment(source=source.source, start=0, text=source.text, kind="paragraph", topic=source.topic)
    for statement in [*statements, None]:
        until = len(source.text) if statement is None else statement.start
        gap = source.text[at:until]
        if any(c.isalnum() for c in gap):
            begin = at + len(gap) - len(gap.lstrip())
            end = at + len(gap.rstrip())
            lost = Standing.NOTHING_SAID if _mark(gap) else Standing.NOT_UNDERSTOOD
            found.append(replace(whole.statement(begin, end, "none", lost)))
        if statement is not None:
            found.append(statement)
            at = max(at, statement.end)
    return found


def _as_written(statement: Statement, marked: str, text: str) -> Statement:
    """Return a statement of the marked text as it stands in the original one, without the markup around it."""
    start, end = statement.start, statement.end
    while start < end and (start >= len(marked) or marked[start] != text[start] or text[start].isspace()):
        start += 1
    while end > start and (end > len(marked) or marked[end - 1] != text[end - 1] or text[end - 1].isspace()):
        end -= 1
    if start == end:
        start, end = statement.start, statement.end
    return replace(statement, start=start, end=end, text=text[start:end])


def _mark(gap: str) -> bool:
    """Whether a stretch is only a fence's label and signs: ``` ```yaml ```, or a block's end with the next's fence."""
    if len(gap) > _LONGEST_MARK or "`" not in gap:
        return False
    return all(_LABEL.fullmatch(line) for line in gap.splitlines())


_LONGEST_MARK = 200
_LABEL = re.compile(r"[^\w\n]*(?:`{1,6}[\w+#.-]{0,30})?[^\w\n]*")
