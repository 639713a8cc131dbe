"""Reads Markdown and CSV tables by what their columns hold, in English and German."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from bot.domain.facts import EntityFact, Reading, Standing
from bot.reading.notations.columns import Columns
from bot.reading.notations.grid import MOST_COLUMNS, Grid, csv_grid, markdown_grid, wiki_grid
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.notations.table_rows import Rows
from bot.reading.notations.table_samples import read_sample
from bot.reading.prose.titles import heading_entity
from bot.reading.segments import Segment

_NAME = "table"
_MARKDOWN = re.compile(r"^[^\S\n]*+\|?\s*:?-{2,}:?\s*\|", re.M)
_ABOVE = re.compile(
    r"^(?:(?:\d+[.)]?)+\s*)?(?:(?:table|tabelle|entity|entität|model|object|objekt|fields? (?:of|for)|"
    r"felder (?:von|der|des)|"
    r"columns of|attributes of|data dictionary(?: for)?|datenkatalog|schema)\s*[:\-–]?\s+)?(.+?)"
    r"(?:\s+(?:table|tabelle|entity|entität|model|fields|felder|columns|spalten|attributes|attribute|object|"
    r"schema|data|daten))?$",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"^(?:data(?:base)?|daten\w*|schema|model|entit\w+|tables?|tabellen|api|endpoints?|fields|felder|overview|"
    r"übersicht|"
    r"appendix|anhang|roles?|rollen|permissions?|berechtigungen|see|siehe|here|hier|example|beispiel|columns|"
    r"attributes|"
    r"sample|export|csv|import)\b",
    re.I,
)


class TableReader:
    """Reads tables: data dictionaries, endpoints, permission matrices, numbers, relations, states, samples."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text is a Markdown table, or lines that separators part alike."""
        if segment.kind == "table" or segment.info.lstrip(".").lower() in {"csv", "tsv"}:
            return True
        text = segment.text[:20_000]
        if segment.kind in {"fence", "document"} and "|" in text and _MARKDOWN.search(text):
            return segment.kind == "fence" or bool(re.match(r"\s*\|", text))
        if text.lstrip().startswith("||"):
            return wiki_grid(text) is not None
        if segment.kind not in {"fence", "paragraph"} or segment.info not in {"", "text", "txt"}:
            return False
        return _looks_like_csv(text)

    def read(self, segment: Segment) -> Reading | None:
        """Return what the rows say, each a statement; a row that nobody can read is not understood."""
        if len(segment.text) > LONGEST_TEXT:
            return refused(segment, _NAME)
        grid = wiki_grid(segment.text) or markdown_grid(segment.text) if "|" in segment.text else None
        grid = grid or csv_grid(segment.text)
        if grid is None:
            too_wide = re.match(r"[^\n]*", segment.text)
            wide = too_wide is not None and sum(map(too_wide.group().count, ",;|\t")) > MOST_COLUMNS
            return refused(segment, _NAME) if wide or segment.kind == "table" else None
        return _read_grid(segment, grid)


def _read_grid(segment: Segment, grid: Grid) -> Reading | None:
    """Return what a table's rows say by the kind that its columns make it."""
    notes = Notes(segment, _NAME)
    columns = Columns(grid.header.cells)
    entity = entity_above(segment)
    for start, end in grid.before:
        notes.say(start, end, Standing.NOT_UNDERSTOOD)
    last = grid.rows[-1].end if grid.rows else grid.header.end
    if len(grid.rows) and segment.text[last:].strip():
        notes.say(last, len(segment.text), Standing.NOT_UNDERSTOOD)
    rows = Rows(notes, grid, columns, entity, segment)
    read = rows.reader()
    if read is None and grid.is_csv and entity:
        return read_sample(notes, grid, entity)
    notes.say(grid.header.start, grid.header.end, Standing.NOTHING_SAID)
    if rows.entity_is_above and read is not None:
        head = notes.say(grid.header.start, grid.header.end)
        notes.add(EntityFact(statement=head, name=entity))
    if rows.of_the_header:
        head = notes.say(grid.header.start, grid.header.end)
        notes.add(*(replace(fact, statement=head) for fact in rows.of_the_header))
    for row in grid.rows:
        statement = notes.say(row.start, row.end)
        if read is not None:
            notes.add(*(replace(fact, statement=statement) for fact in read(row)))
    return notes.reading()


def entity_above(segment: Segment) -> str:
    """Return the entity that a table is about by its lead, the heading above it or its file's name; "" if none."""
    lines = [segment.lead, *reversed(segment.headings)]
    for line in lines:
        states = heading_entity(line)
        if states.label == "states" and states.entity:
            return states.entity
        match = _ABOVE.match(re.sub(r"[`*#_]{1,3}(?=\S)|(?<=\S)[`*]{1,3}", "", line).strip().rstrip(":").strip())
        name = match.group(1).strip() if match else ""
        if name and len(name.split()) <= 3 and not _NOT_A_NAME.match(name) and re.fullmatch(r"[\w \-./&]+", name):
            return name
    if segment.source.startswith("input:") and segment.kind == "document":
        stem = re.sub(r"\.\w+$", "", PurePosixPath(segment.source[6:]).name)
        stem = re.sub(r"(?:^|[_-])(?:sample|export|example|data|import|test|\d+)(?=$|[_-])", "", stem).strip("_-")
        return "" if _NOT_A_NAME.match(stem) or _LISTS.match(stem) else stem
    return ""


_LISTS = re.compile(r"^(?:dictionary|matrix|rbac|kpis?|metrics|requirements|nfrs?|slas?|stack|services)\b", re.I)


def _looks_like_csv(text: str) -> bool:
    """Whether three lines or more have the same number of separators, and the first reads like names."""
    lines = [line for line in text.strip().split("\n")[:20] if line.strip()]
    if len(lines) < 3:
        return False
    for sign in ";\t,":
        count = lines[0].count(sign)
        names = all(
            re.fullmatch(r"\s*\"?[^\W\d][\w()/.-]*(?: [\w()/-]+){0,3}(?<!\.)\"?\s*", cell)
            for cell in lines[0].split(sign)
        )
        if count >= (1 if sign != "," else 2) and names:
            return sum(line.count(sign) == count for line in lines) >= len(lines) - 1
    return False
