"""Reads DBML by pydbml's grammar, piece by piece, so that one broken column loses no more than itself."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from bot.domain.facts import FieldFact, Reading, RelationFact, RuleFact, Standing, ValueType
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.dbml_checks import checked, without_checks
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member, stance_of, unwrapped
from bot.reading.notations.diagrams import commented
from bot.reading.notations.notes import LONGEST_TEXT, Notes
from bot.reading.segments import Segment
from bot.reading.types import leading_type, value_type

_NAME = "dbml"
_MOST_PIECES = 600
"""Most columns and references that are given to pydbml: it takes a millisecond for each."""
_LONGEST_PIECE = 2_000
_NAMED = r'(?:"[^"\n]{1,120}"|[\w\-]+)(?:\.(?:"[^"\n]{1,120}"|[\w\-]+))?'
_BLOCK = re.compile(
    rf"^[ \t]*(table|enum|tablegroup|project|tablepartial|records|note|ref)\b[ \t]*({_NAMED})?[ \t]*"
    rf"(?:as[ \t]+(\"[^\"\n]+\"|\w+)[ \t]*)?(\[[^\]\n]*\])?[ \t]*\{{",
    re.M | re.I,
)
_REF = re.compile(rf"^[ \t]*ref\b[ \t]*(?:{_NAMED})?[ \t]*:[ \t]*\S", re.M | re.I)
_SHAPE = re.compile(
    rf"^[ \t]*Table[ \t]+{_NAMED}[ \t]*(?:as[ \t]+\"?\w+\"?[ \t]*)?(?:\[[^\]\n]*\])?[ \t]*\{{\s*(?:(?://[^\n]*|Note:[^\n]*)\s*)*"
    rf"(?:\"[^\"\n]+\"|\w+)[ \t]+[\w\"]",
    re.M | re.I,
)
_ON_DELETE: dict[str, Literal["restrict", "cascade", "set_null"]] = {
    "cascade": "cascade",
    "restrict": "restrict",
    "no action": "restrict",
    "set null": "set_null",
}


class DbmlReader:
    """Reads DBML: tables, columns with their settings, references, enums and indexes."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a table is declared with columns, or references stand here as DBML writes them."""
        if segment.kind in {"table", "heading"}:
            return False
        text = segment.text[:LONGEST_TEXT]
        reference = rf"^[ \t]*Ref\b[^:\n]*:[ \t]*{_NAMED}\.\(?[\w\", ]+\)?[ \t]*(?:<>|[<>\-])[ \t]*{_NAMED}\."
        return bool(_SHAPE.search(text) or re.search(reference, text, re.M | re.I))

    def read(self, segment: Segment) -> Reading | None:
        """Return the tables and what refers to what."""
        return read_bounded(segment, _NAME, lambda part: _Document(part).read())


@dataclass(slots=True)
class _Document:
    """One document while it is being read."""

    segment: Segment
    pieces: int = 0
    aliases: dict[str, str] = field(default_factory=dict)
    refs: list[tuple[int, int, RelationFact, str]] = field(default_factory=list)
    notes: Notes = field(init=False)
    declared: Declarations = field(init=False)

    def read(self) -> Reading:
        """Read all blocks and references."""
        self.notes = Notes(self.segment, _NAME)
        self.declared = Declarations(self.notes)
        text, done = self.segment.text, 0
        while match := _BLOCK.search(text, done):
            self._outside(done, match.start())
            done = self._block(match)
        self._outside(done, len(text))
        self._write_refs()
        self.declared.write()
        return self.notes.reading()

    def _block(self, match: re.Match[str]) -> int:
        """Read one block; return where it ends."""
        text, kind = self.segment.text, match.group(1).lower()
        following = _BLOCK.search(text, match.end())
        limit = following.start() if following else len(text)
        end = _closing(text, match.end(), limit)
        past = min(end + 1, limit)
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        if kind == "table":
            self._table(match, start, end)
        elif kind == "enum":
            body = re.sub(r"//[^\n]*|\[[^\]]*\]", " ", text[match.end() : end])
            values = tuple(one or other for one, other in re.findall(r'"([^"\n]+)"|([\w\-]+)', body))
            name = _plain(match.group(2) or "").rpartition(".")[2]
            self.declared.add_enumeration(Enumeration(start=start, end=past, name=name, values=values))
        elif kind == "ref":
            self._ref(start, past)
        else:
            self.notes.say(start, past, Standing.NOTHING_SAID)
        return past

    def _table(self, match: re.Match[str], start: int, end: int) -> None:
        """Read a table's columns, notes and indexes."""
        name = _plain(match.group(2) or "")
        short = name.rpartition(".")[2]
        for alias in (match.group(3), name):
            if alias:
                self.aliases[_plain(alias)] = short
        note = re.search(r"note:\s*['\"]([^'\"\n]*)", match.group(4) or "", re.I)
        entity = self.declared.add_entity(
            Entity(start=start, end=match.end(), name=short, plural=short, description=note.group(1) if note else "")
        )
        inside = ""
        for begin, line in _lines(self.segment.text, match.end(), end):
            if inside:
                inside = self._inside(entity, inside, begin, line)
            elif opened := re.match(r"(indexes|checks|note)\b[^{\[]*\{|note:\s*'''", line, re.I):
                closed = "}" in line or line.count("'''") > 1
                inside = "" if closed else ("'''" if line.endswith("'''") else (opened.group(1) or "note").lower())
                self.notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            elif found := re.match(r"note:\s*['\"](.*?)['\"]?$", line, re.I):
                entity.description = found.group(1)
                self.notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            elif line.startswith("//"):
                out = re.match(r"\w+\s+\w+", line.lstrip("/ ")) and re.search(r"\[|^\W*\w+\s+\w+(?:\(\d+\))?$", line)
                self.notes.say(begin, begin + len(line), Standing.WITHDRAWN if out else Standing.NOTHING_SAID)
            else:
                self._column(entity, begin, line)

    def _inside(self, entity: Entity, inside: str, begin: int, line: str) -> str:
        """Read a line of an inner block; return the block while it is open."""
        closes = "'''" in line if inside == "'''" else line.startswith("}")
        span = (begin, begin + len(line))
        marks = re.search(r"\[[^\]]*\b(unique|pk)\b", line, re.I)
        if inside == "indexes" and marks:
            names = tuple(re.findall(r"\w+", re.split(r"\[", line)[0]))
            text = "primary key" if marks.group(1).lower() == "pk" else ""
            statement = self.notes.say(*span)
            self.notes.add(RuleFact(statement=statement, entity=entity.name, kind="unique", fields=names, text=text))
        elif line != "}":
            self.notes.say(*span, Standing.NOTHING_SAID)
        return "" if closes else inside

    def _column(self, entity: Entity, begin: int, line: str) -> None:
        """Read one column by pydbml."""
        code, comment = _split_comment(line)
        code, checks = without_checks(code)
        parsed = self._parsed(_grammar()[0], code)
        if parsed is None:
            standing = Standing.NOTHING_SAID if line in {"{", "}"} or line.startswith("~") else Standing.NOT_UNDERSTOOD
            self.notes.say(begin, begin + len(line), standing)
            return
        kind, many, _ = unwrapped(_type_alone(str(parsed.type)))
        note = parsed.note.text if parsed.note else ""
        one = FieldFact(
            statement="",
            entity="",
            name=parsed.name,
            primary_key=True if parsed.pk else None,
            unique=True if parsed.unique else None,
            nullable=False if parsed.not_null else (True if re.search(r"[\[,]\s*null\b", code) else None),
            default=None if parsed.default is None else str(getattr(parsed.default, "text", parsed.default)),
        )
        one = commented(one, note or comment)
        if checks:
            shape = value_type(kind)
            statement = self.notes.say(begin, begin + len(line))
            one, rules = checked(one, shape.type if shape else None, checks, entity.name, statement)
            self.notes.add(*rules)
        if one.values and not many:
            one, kind = replace(one, type=ValueType.ENUM), ""
        if re.search(r"default:\s*(?:true|false)", code):
            one = replace(one, default=str(parsed.default).lower())
        made = Member(
            start=begin,
            end=begin + len(line),
            field=one,
            type_name=kind.rpartition(".")[2] if re.fullmatch(r"[\w.]+", kind) else kind,
            many=many,
            stance=stance_of("" if one.values else comment),
        )
        entity.members.append(made)
        for ref in parsed.ref_blueprints or ():
            self._refer(entity.name, made, ref)

    def _refer(self, entity: str, member: Member, ref: Any) -> None:
        """Note what a column's own reference points at."""
        link = self._relation(ref.type, entity, member.field.name, _full(ref.schema2, ref.table2), ref.col2)
        if ref.type in {">", "-"}:
            required = None if member.field.nullable is None else not member.field.nullable
            link = replace(link, required=required)
            member.field = replace(member.field, references=link.target)
        member.relation = link

    def _relation(self, kind: str, one: str, column: str, other: str, other_column: str) -> RelationFact:
        """Return the relation that an arrow says; ``>`` is many to one, ``<`` one to many."""
        if kind == "<":
            one, column, other = other, other_column, one
        cardinality: Literal["many_to_one", "one_to_one", "many_to_many"] = (
            "many_to_many" if kind == "<>" else "one_to_one" if kind == "-" else "many_to_one"
        )
        role = re.sub(r"(?<=.)_?(?:id|ID|Id|uuid)$", "", column) if kind != "<>" and "(" not in column else ""
        return RelationFact(statement="", source=one, target=other, cardinality=cardinality, name=role)

    def _ref(self, start: int, end: int) -> None:
        """Read one reference between tables by pydbml."""
        text, _ = _split_comment(self.segment.text[start:end])
        parsed = self._parsed(_grammar()[1], text)
        if parsed is None:
            self.notes.say(start, end, Standing.NOT_UNDERSTOOD)
            return
        one, other = _full(parsed.schema1, parsed.table1), _full(parsed.schema2, parsed.table2)
        made = self._relation(parsed.type, one, parsed.col1, other, parsed.col2)
        made = replace(made, on_delete=_ON_DELETE.get((parsed.on_delete or "").lower()))
        self.refs.append((start, end, made, parsed.col2 if parsed.type == "<" else parsed.col1))

    def _write_refs(self) -> None:
        """Note references, when all tables and their aliases are known."""
        for entity in self.declared.entities.values():
            for member in entity.members:
                if member.relation is not None:
                    member.relation = self._resolved(member.relation)
                    reference = member.field.references
                    member.field = replace(member.field, references=self.aliases.get(reference, reference))
        columns = {(e.name, m.field.name): m for e in self.declared.entities.values() for m in e.members}
        for start, end, made, column in self.refs:
            link = self._resolved(made)
            if link.cardinality != "many_to_many" and (held := columns.get((link.source, column))):
                held.field = replace(held.field, references=link.target)
                if held.field.nullable is not None:
                    link = replace(link, required=not held.field.nullable)
            statement = self.notes.say(start, end)
            self.notes.add(replace(link, statement=statement))

    def _resolved(self, link: RelationFact) -> RelationFact:
        """Return a relation with the names of the tables instead of their aliases and schemas."""
        ends = [self.aliases.get(end, end.rpartition(".")[2]) for end in (link.source, link.target)]
        return replace(link, source=ends[0], target=ends[1])

    def _outside(self, start: int, end: int) -> None:
        """Read what stands between blocks: references in one line, and comments."""
        for begin, line in _lines(self.segment.text, start, end):
            if line.startswith("//"):
                out = re.match(r"//\s*(?:ref\s*[:\w]|table\s+\w+\s*\{|enum\s+\w+\s*\{)", line, re.I)
                self.notes.say(begin, begin + len(line), Standing.WITHDRAWN if out else Standing.NOTHING_SAID)
            elif _REF.match(line):
                self._ref(begin, begin + len(line))
            elif line not in {"}", "{", "*/"}:
                self.notes.say(begin, begin + len(line), Standing.NOT_UNDERSTOOD)

    def _parsed(self, grammar: Any, text: str) -> Any | None:
        """Return what pydbml makes of a piece, None where it refuses it or enough was read."""
        import pyparsing  # noqa: PLC0415 - slow to import

        self.pieces += 1
        if self.pieces > _MOST_PIECES or len(text) > _LONGEST_PIECE or text.count("(") > 20:
            return None
        try:
            return grammar.parse_string(text + "\n", parse_all=False)[0]
        except (pyparsing.ParseBaseException, SyntaxError, ValueError, TypeError, RecursionError, AttributeError):
            return None


@lru_cache(maxsize=1)
def _grammar() -> tuple[Any, Any]:
    """Return pydbml's grammars of a column and of a reference, loaded when first needed: they are slow to import.

    pydbml names arguments as pyparsing 2 did, of which pyparsing 3 warns.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pydbml.definitions.column import table_column_with_properties  # noqa: PLC0415
        from pydbml.definitions.reference import ref  # noqa: PLC0415
    return table_column_with_properties, ref


def _closing(text: str, start: int, limit: int) -> int:
    """Return where a block's closing brace stands; strings and comments are passed over."""
    depth = 1
    for match in re.compile(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|//[^\n]*|[{}]", re.S).finditer(
        text, start, limit
    ):
        if match.group() in {"{", "}"}:
            depth += 1 if match.group() == "{" else -1
            if depth == 0:
                return match.start()
    return limit


def _type_alone(said: str) -> str:
    """Return a type without what dumps put in its quotes behind it: ``datetime on update CURRENT_TIMESTAMP``."""
    found = leading_type(said) if " " in said and value_type(said) is None else None
    return said[: len(said) - len(found[1])].strip() if found else said


def _full(schema: str, table: str) -> str:
    """Return a table's name with its schema, where it is not the usual one."""
    return table if schema in {"public", None, ""} else f"{schema}.{table}"


def _plain(name: str) -> str:
    """Return a name without its quotes."""
    return name.replace('"', "").strip()


def _split_comment(line: str) -> tuple[str, str]:
    """Return a line without its comment, and the comment."""
    for match in re.finditer(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|//", line):
        if match.group() == "//":
            return line[: match.start()], line[match.end() :].strip("/ ")
    return line, ""


def _lines(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """Return the lines of a stretch that are not blank, without the blanks around them, and where they begin."""
    return [(start + match.start(), match.group().rstrip()) for match in re.finditer(r"\S[^\n]*", text[start:end])]
