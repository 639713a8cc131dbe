"""Reads Prisma schemas: models, enums, relations of both sides, keys, and what `@map` says of tables."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import Literal

from bot.domain.facts import FieldFact, Reading, RelationFact, RuleFact, StackFact, Standing, ValueType
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member, stance_of
from bot.reading.notations.notes import LONGEST_TEXT, Notes
from bot.reading.segments import Segment

_NAME = "prisma"
_BLOCK = re.compile(r"^[ \t]*(model|enum|type|view|datasource|generator)[ \t]+(\w+)[ \t]*\{", re.M)
_MEMBER = re.compile(r"[ \t]*(\w+)[ \t]+(Unsupported\(\"[^\"\n]*\"\)|\w+)[ \t]*(\[\])?(\?)?[ \t]*(?=@|//|$)")
_INLINE_MEMBER = re.compile(r"[ \t]*(\w+)[ \t]+(\w+)(\[\])?(\?)?(?:[ \t]|$)")
_ATTRIBUTE = re.compile(r"@{1,2}(?:db\.)?[\w.]+")
_TYPES = {
    "String": ValueType.STRING,
    "Int": ValueType.INTEGER,
    "BigInt": ValueType.BIGINT,
    "Float": ValueType.FLOAT,
    "Decimal": ValueType.DECIMAL,
    "Boolean": ValueType.BOOLEAN,
    "DateTime": ValueType.TIMESTAMP,
    "Json": ValueType.JSON,
    "Bytes": ValueType.BINARY,
}
_NATIVE = {
    "Uuid": ValueType.UUID,
    "UniqueIdentifier": ValueType.UUID,
    "Text": ValueType.TEXT,
    "LongText": ValueType.TEXT,
    "MediumText": ValueType.TEXT,
    "Date": ValueType.DATE,
    "Time": ValueType.TIME,
    "Timetz": ValueType.TIME,
    "Money": ValueType.MONEY,
    "BigInt": ValueType.BIGINT,
    "JsonB": ValueType.JSON,
}
_ON_DELETE: dict[str, Literal["restrict", "cascade", "set_null"]] = {
    "Cascade": "cascade",
    "Restrict": "restrict",
    "NoAction": "restrict",
    "SetNull": "set_null",
}
_DATABASES = {"postgresql": "PostgreSQL", "mysql": "MySQL", "sqlite": "SQLite", "sqlserver": "SQL Server"}


class PrismaReader:
    """Reads Prisma's schema language, whole or a few models of it."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a model, enum or type is declared with members as Prisma writes them."""
        if segment.kind in {"table", "heading"}:
            return False
        for match in _BLOCK.finditer(segment.text[:LONGEST_TEXT]):
            if match.group(1) in {"datasource", "generator", "enum"}:
                said = segment.info.lower().lstrip(".") == "prisma" or match.group(1) != "enum"
                if said and re.match(r"\s*\w+\s*=|\s*\w+\s", segment.text[match.end() : match.end() + 200]):
                    return True
                continue
            body = segment.text[match.end() : match.end() + 400].lstrip()
            if re.match(r"(?://[^\n]*\n\s*|@@[^\n]*\n\s*)*\w+[ \t]+\w+(?:\[\])?\??[ \t]*(?:@|//|\n|\}|\r)", body):
                return True
        return False

    def read(self, segment: Segment) -> Reading | None:
        """Return the models, enums and relations of the schema."""
        return read_bounded(segment, _NAME, lambda part: _Schema(part).read())


class _Schema:
    """One schema while it is being read."""

    def __init__(self, segment: Segment) -> None:
        self.text = segment.text
        self.notes = Notes(segment, _NAME)
        self.declared = Declarations(self.notes)
        self.models: dict[str, list[tuple[Member, str]]] = {}
        self.keys: dict[tuple[str, str], RelationFact] = {}
        self.sides: dict[tuple[str, str, str], list[tuple[Member, str]]] = defaultdict(list)
        self.order: dict[str, int] = {}

    def read(self) -> Reading:
        """Read all blocks, then the relations between them."""
        done = 0
        while match := _BLOCK.search(self.text, done):
            self._outside(done, match.start())
            done = self._block(match)
        self._outside(done, len(self.text))
        for name, members in self.models.items():
            for member, attributes in members:
                self.sides[name, member.type_name, _relation_label(attributes)].append((member, attributes))
        self.order = {name: number for number, name in enumerate(self.models)}
        for name in self.models:
            self._relations(name)
        for name, members in self.models.items():
            for member, _ in members:
                if link := self.keys.get((name, member.field.name)):
                    member.field = replace(member.field, references=link.target)
        self.declared.write()
        return self.notes.reading()

    def _outside(self, start: int, end: int) -> None:
        """Note what stands between blocks."""
        for begin, line in _lines(self.text, start, end):
            commented = line.startswith("//") and _MEMBER.match(line.lstrip("/")) and re.search(r"@|[?\]]", line)
            if line.strip("} \t"):
                standing = Standing.NOT_UNDERSTOOD if not line.startswith("//") else Standing.NOTHING_SAID
                self.notes.say(begin, begin + len(line), Standing.WITHDRAWN if commented else standing)

    def _block(self, match: re.Match[str]) -> int:
        """Read one block; return where it ends: at its brace, or where the next block begins."""
        following = _BLOCK.search(self.text, match.end())
        limit = following.start() if following else len(self.text)
        line_end = self.text.find("\n", match.end(), limit)
        closing = re.compile(r"^[ \t]*\}", re.M).search(self.text, match.end(), limit)
        if "}" in self.text[match.end() : line_end if line_end >= 0 else limit]:
            end = self.text.index("}", match.end())
            past = end + 1
        else:
            end, past = (closing.start(), closing.end()) if closing else (limit, limit)
        kind, name = match.group(1), match.group(2)
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        if kind == "enum":
            self._enumeration(name, start, match.end(), end, past)
        elif kind in {"datasource", "generator"}:
            self._settings(start, match.end(), end, past)
        else:
            self._model(kind, name, start, match.end(), end)
        return past

    def _enumeration(self, name: str, start: int, body: int, end: int, past: int) -> None:
        """Note an enum; commented-out members are none of its values."""
        values = []
        for begin, line in _lines(self.text, body, end):
            if line.startswith("//"):
                self.notes.say(begin, begin + len(line), Standing.WITHDRAWN)
            elif not line.startswith("@@"):
                values.extend(re.sub(r"@map\([^)]*\)|//.*|[{,]", " ", line).split())
        self.declared.add_enumeration(Enumeration(start=start, end=past, name=name, values=tuple(values)))

    def _settings(self, start: int, body: int, end: int, past: int) -> None:
        """Note which database a datasource names; a generator says nothing."""
        found = re.search(r'provider\s*=\s*"(\w+)"', self.text[body:end])
        if found and found.group(1).lower() in {*_DATABASES, "cockroachdb", "mongodb"}:
            provider = found.group(1)
            statement = self.notes.say(start, past)
            self.notes.add(StackFact(statement=statement, part="database", name=_DATABASES.get(provider, provider)))
        else:
            self.notes.say(start, past, Standing.NOTHING_SAID)

    def _model(self, kind: str, name: str, start: int, body: int, end: int) -> None:
        """Read a model's members and block attributes."""
        entity = self.declared.add_entity(Entity(start=start, end=body, name=name, abstract=kind == "type"))
        members = self.models.setdefault(name, [])
        description: list[str] = []
        for begin, line in _lines(self.text, body, end):
            if line.startswith("///"):
                description.append(line.strip("/ "))
                self.notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            elif line.startswith("//"):
                bare = line.lstrip("/ ")
                out = _MEMBER.match(bare) or bare.startswith("@@")
                self.notes.say(begin, begin + len(line), Standing.WITHDRAWN if out else Standing.NOTHING_SAID)
            elif line.startswith("@@"):
                self._block_attribute(entity, begin, line)
            elif member := self._member(begin, line, " ".join(description)):
                members.append(member)
                entity.members.append(member[0])
                description.clear()
            else:
                self.notes.say(begin, begin + len(line), Standing.NOT_UNDERSTOOD)

    def _member(self, begin: int, line: str, description: str) -> tuple[Member, str] | None:
        """Return a member and its attributes as written."""
        match = _MEMBER.match(line) or _INLINE_MEMBER.match(line)
        if match is None:
            return None
        attributes, comment = _split_comment(line[match.end() :])
        has = {one.split("(")[0] for one in _ATTRIBUTE.findall(attributes)}
        one = FieldFact(statement="", entity="", name=match.group(1))
        one = replace(
            one,
            type=ValueType.ARRAY if match.group(3) and match.group(2) in _TYPES else _TYPES.get(match.group(2)),
            items=_TYPES.get(match.group(2)) if match.group(3) else None,
            nullable=None if match.group(3) else bool(match.group(4)),
            primary_key=True if "@id" in has else None,
            unique=True if "@unique" in has else None,
            read_only=True if "@updatedAt" in has else None,
            default=_argument(attributes, "@default"),
            description=description or comment,
        )
        if native := re.search(r"@db\.(\w+)(?:\((\d{1,9})\))?", attributes):
            kind = _NATIVE.get(native.group(1))
            lengths = {"VarChar", "Char", "NVarChar", "NChar", "String"}
            one = replace(
                one,
                type=kind if kind and one.type is not ValueType.ARRAY else one.type,
                max_length=int(native.group(2)) if native.group(2) and native.group(1) in lengths else None,
            )
        made = Member(
            start=begin,
            end=begin + len(line),
            field=one,
            type_name="" if match.group(2) in _TYPES else match.group(2),
            many=bool(match.group(3)),
            stance=stance_of(comment),
        )
        return made, attributes

    def _block_attribute(self, entity: Entity, begin: int, line: str) -> None:
        """Read `@@id`, `@@unique`, `@@map`; indexes and the rest say nothing of the entity."""
        fields = re.search(r"\[([^\]]*)\]", line)
        names = tuple(re.findall(r"(\w+)(?:\([^)]*\))?", fields.group(1))) if fields else ()
        if line.startswith(("@@id", "@@unique")) and names:
            statement = self.notes.say(begin, begin + len(line))
            text = "primary key" if line.startswith("@@id") else ""
            self.notes.add(RuleFact(statement=statement, entity=entity.name, kind="unique", fields=names, text=text))
            return
        self.notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
        if line.startswith("@@map(") and (mapped := re.search(r'"([^"]+)"', line)):
            entity.plural = mapped.group(1)

    def _relations(self, name: str) -> None:
        """Resolve the members of a model whose types are models."""
        for member, attributes in self.models[name]:
            target = member.type_name
            known = self.models.get(target)
            if known is None or self.declared.entities[target].abstract:
                if known is None and "@relation" in attributes:
                    member.relation = self._owning(name, member, attributes)
                    member.field = FieldFact(statement="", entity="", name="")
                continue
            label = _relation_label(attributes)
            back = [side for side in self.sides[target, name, label][:3] if side[0] is not member]
            if "fields:" in attributes:
                made = self._owning(name, member, attributes)
                one_sided = bool(back) and not back[0][0].many
                member.relation = replace(made, cardinality="one_to_one") if one_sided else made
            elif member.many and back and back[0][0].many:
                first, second = sorted((name, target), key=self.order.__getitem__)
                made = RelationFact(statement="", source=first, target=second, cardinality="many_to_many")
                member.relation = made
            elif back and "fields:" in back[0][1]:
                made = self._owning(target, back[0][0], back[0][1])
                member.relation = made if member.many else replace(made, cardinality="one_to_one")
            elif member.many:
                member.relation = RelationFact(statement="", source=target, target=name)
            else:
                member.relation = self._owning(name, member, attributes)
            if member.relation is not None:
                member.field = FieldFact(statement="", entity="", name="")

    def _owning(self, source: str, member: Member, attributes: str) -> RelationFact:
        """Return the relation of the side that holds the key; its key fields then refer to the target."""
        action = re.search(r"onDelete:\s*(\w+)", attributes)
        made = RelationFact(
            statement="",
            source=source,
            target=member.type_name,
            name=member.field.name or _role(attributes),
            required=None if member.field.nullable is None else not member.field.nullable,
            on_delete=_ON_DELETE.get(action.group(1)) if action else None,
        )
        fields = re.search(r"fields:\s*\[([^\]]*)\]", attributes)
        for one in re.findall(r"\w+", fields.group(1)) if fields else []:
            self.keys[source, one] = made
        return made


def _role(attributes: str) -> str:
    """Return the role that the key's name says, for a relation whose own member is known already."""
    fields = re.search(r"fields:\s*\[\s*(\w+?)_?(?:[iI][dD])?\s*\]", attributes)
    return fields.group(1) if fields else ""


def _relation_label(attributes: str) -> str:
    """Return what `@relation("…")` or `name:` calls a relation, "" if nothing does."""
    found = re.search(r'@relation\(\s*(?:name:\s*)?"([^"]*)"|@relation\([^)]*name:\s*"([^"]*)"', attributes[:2000])
    return (found.group(1) or found.group(2) or "") if found else ""


def _argument(attributes: str, name: str) -> str | None:
    """Return what stands in an attribute's brackets, without its quotes."""
    start = attributes.find(name + "(")
    if start < 0:
        return None
    depth, begin = 0, start + len(name)
    for index in range(begin, min(len(attributes), begin + 2000)):
        depth += (attributes[index] == "(") - (attributes[index] == ")")
        if depth == 0:
            return attributes[begin + 1 : index].strip().strip('"')
    return None


def _split_comment(line: str) -> tuple[str, str]:
    """Return a line without its comment, and the comment."""
    quoted = False
    for index, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif not quoted and line.startswith("//", index):
            return line[:index], line[index:].strip("/ \t\r")
    return line, ""


def _lines(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """Return the lines of a stretch that are not blank, without the blanks around them, and where they begin."""
    return [(start + match.start(), match.group().rstrip()) for match in re.finditer(r"\S[^\n]*", text[start:end])]
