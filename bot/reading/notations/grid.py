"""Markdown and CSV tables as rows of cells that know where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CSV_CELL = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=SEP|$)|([^SEP]*)')
_MOST_ROWS = 6000
MOST_COLUMNS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its span in the segment's text, and its cells without markup."""

    start: int
    end: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """Return a cell, "" if the row has none there."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its header, its rows, and whether it was written as CSV. `before` are lines above it."""

    header: Row
    rows: tuple[Row, ...]
    is_csv: bool
    before: tuple[tuple[int, int], ...] = ()


def markdown_grid(text: str) -> Grid | None:
    """Return the first Markdown table of a text; None if there is none."""
    lines = _lines(text)
    rule = next((number for number, (a, b) in enumerate(lines) if "-" in text[a:b] and _is_rule(text[a:b])), None)
    if rule is None or rule == 0:
        return None
    header = _markdown_row(text, *lines[rule - 1])
    rows = [_markdown_row(text, a, b) for a, b in lines[rule + 1 :][:_MOST_ROWS] if text[a:b].strip()]
    before = tuple(span for span in lines[: rule - 1] if text[span[0] : span[1]].strip())
    if len(header.cells) > MOST_COLUMNS:
        return None
    return Grid(header, tuple(rows), False, before)


def _is_rule(line: str) -> bool:
    """Whether a line is the rule under a header."""
    return len(line) < 5000 and "|" in line and not re.search(r"[^\s|:\-]", line) and bool(_RULE.match(line))


def wiki_grid(text: str) -> Grid | None:
    """Return a table as Jira writes it, ``||from||to||`` above ``|draft|filed|``; None if the text begins with none."""
    lines = [span for span in _lines(text) if text[span[0] : span[1]].strip()]
    if len(lines) < 2 or not _WIKI_HEAD.match(text[lines[0][0] : lines[0][1]].strip()):
        return None
    head = text[lines[0][0] : lines[0][1]].strip()
    cells = tuple(_plain(cell) for cell in head[2:-2].split("||"))[:MOST_COLUMNS]
    rows = tuple(_markdown_row(text, a, b) for a, b in lines[1 : _MOST_ROWS + 1])
    return Grid(Row(*lines[0], cells), rows, False)


_WIKI_HEAD = re.compile(r"\|\|[^|]+(?:\|\|[^|]*)+\|\|$")


def csv_grid(text: str) -> Grid | None:
    """Return a CSV text's table: the separator is the one that most lines have alike; None if no two lines agree."""
    lines = [(a, b) for a, b in _lines(text)[: _MOST_ROWS + 1] if text[a:b].strip()]
    if len(lines) < 2:
        return None
    head = text[lines[0][0] : lines[0][1]]
    best = max(";\t|,", key=head.count)
    if not 0 < head.count(best) <= MOST_COLUMNS:
        return None
    pattern = re.compile(_CSV_CELL.pattern.replace("SEP", re.escape(best)))
    rows = [_csv_row(text, a, b, pattern, best) for a, b in lines]
    width = len(rows[0].cells)
    if sum(len(row.cells) == width for row in rows[:50]) * 2 < len(rows[:50]):
        return None
    return Grid(rows[0], tuple(rows[1:]), True)


def _lines(text: str) -> list[tuple[int, int]]:
    """Return the span of each line, without its end."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        spans.append((start, end))
        start = end + 1
    return spans


def _markdown_row(text: str, start: int, end: int) -> Row:
    """Return the cells between bars; a bar behind a backslash or in code is the cell's."""
    line = text[start:end].strip()
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))[: MOST_COLUMNS + 1]
    return Row(start, end, tuple(_plain(cell) for cell in cells))


def _csv_row(text: str, start: int, end: int, pattern: re.Pattern[str], sign: str) -> Row:
    """Return the cells of a line of CSV."""
    cells: list[str] = []
    place = start
    while place <= end and len(cells) <= MOST_COLUMNS:
        match = pattern.match(text, place, end)
        if match is None:
            break
        cells.append((match.group(1) or match.group(2) or "").replace('""', '"').strip())
        place = match.end() + 1
        if match.end() >= end or text[match.end()] != sign:
            break
    return Row(start, end, tuple(cells))


def _plain(cell: str) -> str:
    """Return a cell without Markdown's emphasis and code."""
    said = cell.strip().replace("\\|", "|")
    said = re.sub(r"<br\s*/?>", ", ", said)
    said = re.sub(r"[`]|\*\*|__(?=\S)|(?<=\S)__", "", said)
    return said.strip().strip("*").strip() if said.strip("*") else said
