"""Reads SQL DDL of PostgreSQL, MySQL and SQLite: tables, columns, keys, checks, types, comments, policies."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from bot.domain.facts import (
    ConventionFact,
    EntityFact,
    FieldFact,
    Reading,
    Stance,
    Standing,
    ValueType,
)
from bot.reading.names import singular
from bot.reading.notations import sql_columns, sql_heads, sql_split
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.notations.sql_access import read_grant, read_policy
from bot.reading.notations.sql_columns import Table, Types
from bot.reading.notations.sql_joins import as_join, joined_sides
from bot.reading.segments import Segment
from bot.reading.types import FieldShape, enum_members, leading_type

_NAME = "sql"
_MOST_PARSED = 2500
"""Most columns and constraints that are parsed; a parse takes half a millisecond, and people paste hundreds."""
_MOST_STATEMENTS = 5000
_MOST_ADDED = 500
_FEW_WORDS = 4
_LONGEST_PREAMBLE = 20_000
_MOST_MARKS = 100_000
"""Most brackets, or comments, of a text that is read."""


class SqlReader:
    """Reads SQL DDL."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a line begins a definition of SQL's."""
        return segment.kind != "table" and bool(sql_heads.HEAD.search(segment.text))

    def read(self, segment: Segment) -> Reading | None:
        """Return what the statements say; one that nobody can parse is not understood, and loses no other."""
        marks = max(segment.text.count("("), segment.text.count("\n--"), segment.text.count("/*"))
        if len(segment.text) > LONGEST_TEXT or marks > _MOST_MARKS:
            return refused(segment, _NAME)
        return _Script(segment).read()


class _Script:
    """One text of SQL while it is being read."""

    def __init__(self, segment: Segment) -> None:
        self._notes = Notes(segment, _NAME)
        self._text, self._comments = sql_split.blank_comments(segment.text)
        self._said = segment.text
        self._types = Types({}, bool(re.search(r"\bnot\s+null\b", self._text, re.I)))
        self._dialect = _dialect(self._text)
        self._tables: dict[str, Table] = {}
        self._left = _MOST_PARSED

    def read(self) -> Reading:
        """Note what every statement says; types first, because tables use them."""
        spans = list(islice(sql_split.statements(self._text), _MOST_STATEMENTS))
        if len(spans) == _MOST_STATEMENTS:
            self._notes.say(spans[-1][0], len(self._text), Standing.NOT_UNDERSTOOD)
            spans.pop()
        for start, end in spans:
            if re.match(r"\s*create\s+(?:type|domain)\b", self._text[start : start + 40], re.I):
                self._read_type(start, end)
        for start, end in spans:
            self._read_statement(start, end)
        self._note_tables()
        self._note_comments()
        return self._notes.reading()

    def _read_statement(self, start: int, end: int) -> None:
        """Note what one statement says."""
        said = self._text[start:end]
        if match := sql_heads.TABLE.match(said):
            self._read_table(start, end, match)
        elif match := sql_heads.ALTER.match(said):
            self._read_alter(start, end, match)
        elif match := sql_heads.INDEX.match(said):
            self._read_index(start, end, match)
        elif match := sql_heads.COMMENT.match(said):
            self._read_comment(start, end, match)
        elif match := sql_heads.INSERT.match(said):
            self._read_insert(start, end, match)
        elif match := sql_heads.POLICY.match(said):
            read_policy(self._notes, start, end, match)
        elif match := sql_heads.GRANT.match(said):
            read_grant(self._notes, start, end, match)
        elif not re.match(r"\s*create\s+(?:type|domain)\b", said, re.I):
            self._notes.say(
                start, end, Standing.NOTHING_SAID if sql_heads.QUIET.match(said) else Standing.NOT_UNDERSTOOD
            )

    # --- types --------------------------------------------------------------------------------------------------

    def _read_type(self, start: int, end: int) -> None:
        """Note an enum type or a domain."""
        said = self._text[start:end]
        statement = self._notes.say(start, end)
        if match := sql_heads.TYPE.match(said):
            values = enum_members(said[match.end() - 1 :].strip())
            name = sql_split.bare(match.group("name"))
            self._types.known[name.lower()] = FieldShape(type=ValueType.ENUM, values=values)
            self._notes.add(ConventionFact(statement=statement, kind="enum", value=f"{name}: {'|'.join(values)}"))
        elif match := sql_heads.DOMAIN.match(said):
            name = sql_split.bare(match.group("name"))
            item = f"{name} {said[match.end() :]}"
            table = Table(name, name, statement)
            item = re.sub(r"\bvalue\b", name, item, flags=re.I)
            found = leading_type(said[match.end() :])
            if found and sql_columns.read_column(table, item, statement, self._types, self._dialect):
                made = table.columns[name]
                self._types.known[name.lower()] = replace(found[0], type=made.type or found[0].type, values=made.values)
                self._notes.add(ConventionFact(statement=statement, kind="domain", value=item.strip()[:200]))

    # --- tables -------------------------------------------------------------------------------------------------

    def _table(self, name: str, statement: str) -> Table:
        """Return the table of this name, begun if it is new."""
        known = self._tables.get(name.lower())
        if known is None:
            known = self._tables[name.lower()] = Table(name, singular(name), statement)
        return known

    def _read_table(self, start: int, end: int, match: re.Match[str]) -> None:
        """Note a table's columns and constraints."""
        body = sql_split.brackets(self._text, start + match.end(), end)
        name = sql_split.bare(match.group("name"))
        if body is None:
            self._notes.say(start, end, Standing.NOT_UNDERSTOOD)
            return
        if re.search(r"\binherits\b|\bpartition\s+of\b", self._text[start + match.end() : end], re.I):
            self._notes.say(start, end, Standing.NOTHING_SAID)
            return
        statement = self._notes.say(start, start + match.end())
        table = self._table(name, statement)
        table.statement = statement
        spans = sql_split.items(self._text, *body)
        if len(spans) > self._left:
            self._notes.say(spans[self._left][0], end, Standing.NOT_UNDERSTOOD)
            spans = spans[: self._left]
        for one, other in sorted(spans, key=lambda span: sql_columns.is_constraint(self._text[span[0] : span[1]])):
            self._read_item(table, one, other)

    def _read_item(self, table: Table, start: int, end: int) -> None:
        """Note one column or constraint of a table, with the comment that ends its line."""
        item = self._text[start:end]
        start += len(item) - len(item.lstrip())
        end = start + len(item.strip())
        comment, until = self._comment_after(end)
        self._left -= 1
        statement = self._notes.say(start, max(until, end))
        if sql_columns.is_constraint(item):
            if re.match(r"\s*(?:key|index|fulltext|spatial|like)\b", item, re.I):
                self._notes.add(
                    ConventionFact(statement=statement, kind="index", value=f"{table.name}: {item.strip()}")
                )
            else:
                sql_columns.read_constraint(table, item, statement, self._dialect)
        else:
            sql_columns.read_column(table, item, statement, self._types, self._dialect, comment)

    def _comment_after(self, end: int) -> tuple[str, int]:
        """Return the comment in the rest of the line in which an item ends, and where the comment ends."""
        rest = self._said[end : end + 400].partition("\n")[0]
        match = re.match(r",?[ \t]*(?:--|\#|/\*)[ \t]*(.*)$", rest)
        if match is None:
            return "", 0
        said = match.group(1)
        if sql_heads.SQL_IN_COMMENT.match(said):
            return "", 0
        return said.removesuffix("*/"), end + match.end()

    def _read_alter(self, start: int, end: int, match: re.Match[str]) -> None:
        """Note what ALTER TABLE adds or takes away."""
        name = sql_split.bare(match.group("name"))
        known = name.lower() in self._tables
        done = False
        quiet_all = bool(sql_heads.QUIET.match(self._text[start:end]))
        for one, other in sql_split.items(self._text, start + match.end(), end)[:_MOST_ADDED]:
            item = self._text[one:other]
            added = sql_heads.ADD.match(item)
            if added is not None:
                statement = self._notes.say(start, end)
                table = self._table(name, statement)
                body = item[added.end() :].strip()
                body = body[1:-1] if body.startswith("(") and body.endswith(")") else body
                self._left -= 1
                if self._left <= 0:
                    continue
                if sql_columns.is_constraint(body):
                    done |= sql_columns.read_constraint(table, body, statement, self._dialect)
                else:
                    done |= sql_columns.read_column(table, body, statement, self._types, self._dialect)
            elif dropped := re.match(r"\s*drop\s+column\s+(?:if\s+exists\s+)?([\w\"`]+)", item, re.I):
                statement = self._notes.say(start, end)
                table = self._table(name, statement)
                table.columns.pop(sql_split.bare(dropped.group(1)), None)
                table.facts.append(
                    FieldFact(
                        statement=statement,
                        entity=table.entity,
                        name=sql_split.bare(dropped.group(1)),
                        stance=Stance.DENIED,
                    )
                )
            elif altered := re.match(r"\s*alter\s+(?:column\s+)?([\w\"`]+)\s+set\s+(not\s+null|default)", item, re.I):
                quiet = altered.group(2).lower() == "default"
                statement = self._notes.say(start, end, Standing.NOTHING_SAID if quiet else Standing.UNDERSTOOD)
                if not quiet:
                    table = self._table(name, statement)
                    table.facts.append(
                        FieldFact(
                            statement=statement,
                            entity=table.entity,
                            name=sql_split.bare(altered.group(1)),
                            required=True,
                            nullable=False,
                        )
                    )
            else:
                self._notes.say(start, end, Standing.NOTHING_SAID if quiet_all else Standing.NOT_UNDERSTOOD)
        if not known and not done:
            self._tables.pop(name.lower(), None) if not self._has_facts(name) else None

    def _has_facts(self, name: str) -> bool:
        """Whether anything is known of a table."""
        table = self._tables.get(name.lower())
        return table is not None and bool(table.columns or table.facts or table.relations)

    def _read_index(self, start: int, end: int, match: re.Match[str]) -> None:
        """Note an index; a unique one is a rule."""
        statement = self._notes.say(start, end)
        table = self._table(sql_split.bare(match.group("name")), statement)
        body = sql_split.brackets(self._text, start + match.end(), end)
        listed = self._text[body[0] : body[1]] if body else ""
        names = tuple(
            sql_split.bare(re.sub(r"\s+(?:asc|desc|nulls\s+\w+|\w+_ops)\b.*$", "", one.strip(), flags=re.I | re.S))
            for one in listed.split(",")
            if one.strip()
        )
        where = re.search(r"\bwhere\s+(.+)$", self._text[body[1] if body else start : end], re.I | re.S)
        condition = where.group(1).strip() if where else ""
        if match.group("unique"):
            plain = tuple(re.sub(r"^(?:lower|upper)\((.*)$", r"\1", name, flags=re.I).strip("()") for name in names)
            sql_columns.add_key(table, plain, statement, primary=False, condition=condition)
        else:
            self._notes.add(
                ConventionFact(
                    statement=statement, kind="index", value=f"{table.name}: {', '.join(names)} {condition}".strip()
                )
            )

    def _read_comment(self, start: int, end: int, match: re.Match[str]) -> None:
        """Note what COMMENT ON says of a table or column."""
        said = match.group("said").replace("''", "'")
        statement = self._notes.say(start, end)
        name = match.group("name")
        if match.group("what").lower() == "table":
            table = self._table(sql_split.bare(name), statement)
            table.facts.append(EntityFact(statement=statement, name=table.entity, description=said))
            return
        parts = re.findall(r"\"[^\"]+\"|`[^`]+`|[^.\s]+", name)
        if len(parts) > 1:
            table = self._table(sql_split.bare(parts[-2]), statement)
            column = table.columns.get(sql_split.bare(parts[-1]))
            kind = column.type if column is not None else None
            made = FieldFact(statement=statement, entity=table.entity, name=sql_split.bare(parts[-1]), type=kind)
            table.facts.append(sql_columns.with_comment(made, said))

    def _read_insert(self, start: int, end: int, match: re.Match[str]) -> None:
        """Note the members that rows of a small code table give; other rows are sample data."""
        table = self._tables.get(sql_split.bare(match.group("name")).lower())
        columns = [sql_split.bare(one).lower() for one in match.group("columns").split(",")]
        keys = [one for one in columns if one in {"code", "key", "slug", "name", "value", "bezeichnung", "kuerzel"}]
        values: list[str] = []
        if table is not None and keys and len(columns) <= 4 and end - start < 20_000:
            place = columns.index(keys[0])
            for one, other in sql_split.items(self._text, start + match.end(), end):
                row = sql_split.brackets(self._text, one, other)
                cells = [self._text[a:b].strip() for a, b in sql_split.items(self._text, *row)] if row else []
                if len(cells) == len(columns) and re.fullmatch(r"'[\w .-]{1,40}'", cells[place]):
                    values.append(cells[place][1:-1])
        if table is None or not values or len(values) > 60:
            self._notes.say(start, end, Standing.NOTHING_SAID)
            return
        statement = self._notes.say(start, end)
        table.facts.append(
            FieldFact(statement=statement, entity=table.entity, name=keys[0], values=tuple(dict.fromkeys(values)))
        )

    # --- the end ------------------------------------------------------------------------------------------------

    def _note_tables(self) -> None:
        """Note all tables: those that only join two others as their relation."""
        targets = {relation.target for table in self._tables.values() for _, relation in table.relations}
        for table in self._tables.values():
            join = joined_sides(table) if table.entity not in targets else None
            if join is not None:
                self._notes.add(*as_join(table, join))
                continue
            if table.columns:
                told = table.name if table.name != table.entity else ""
                self._notes.add(EntityFact(statement=table.statement, name=table.entity, plural=told))
            self._notes.add(*table.columns.values(), *table.told_relations(), *table.facts)

    def _note_comments(self) -> None:
        """Note the comments: SQL in them is withdrawn, a heading says nothing, the rest nobody has read."""
        preamble = self._preamble()
        for start, end in self._comments[:_MOST_STATEMENTS]:
            if self._notes.covers(start):
                continue
            said = self._said[start:end].strip("-/*# \t\n")
            told = len(said.split()) > _FEW_WORDS and start >= preamble
            quiet = not told or sql_heads.NOISE.match(said) or sql_heads.NARRATION.match(said)
            standing = Standing.NOTHING_SAID if quiet else Standing.NOT_UNDERSTOOD
            if sql_heads.SQL_IN_COMMENT.match(said):
                standing = Standing.WITHDRAWN
            if said:
                self._notes.say(start, end, standing)

    def _preamble(self) -> int:
        """Return where the comments end that stand above all statements and say under which licence it all is."""
        first = len(self._text) - len(self._text.lstrip())
        return first if sql_heads.LICENCE.search(self._said[: min(first, _LONGEST_PREAMBLE)]) else 0


def _dialect(text: str) -> str:
    """Return the dialect that a text is likely written in; others are tried where it fails."""
    text = re.sub(r"'(?:[^']|'')*'", "''", text)  # what a comment quotes tells nothing of the dialect
    if re.search(r"`|\bauto_increment\b|\bengine\s*=|\bunsigned\b|\benum\s*\(\s*'", text, re.I) and not re.search(
        r"\bas\s+enum\b|\bserial\b|\btimestamptz\b|\bjsonb\b", text, re.I
    ):
        return "mysql"
    return "sqlite" if re.search(r"\bautoincrement\b|\bwithout\s+rowid\b|\bpragma\b", text, re.I) else "postgres"
