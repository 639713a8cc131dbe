"""Mermaid's entity-relationship diagrams: relations with their cardinalities, and attributes with keys and comments."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.facts import FieldFact, Standing, ValueType
from bot.reading.notations.declarations import Declarations, Entity, Member, stance_of, unwrapped
from bot.reading.notations.diagrams import Line, Links, column_marks, commented, relation
from bot.reading.notations.notes import Notes
from bot.reading.types import value_type

_ENTITY = r'(?:"[^"\n]{1,120}"|[\w\-.]+)(?:[ \t]*\[[ \t]*(?:"[^"\n]{1,120}"|[\w\-. ]+)[ \t]*\])?'
_WORDS = (
    r"(?:only one|zero or one|one or zero|zero or more|zero or many|one or more|one or many|many\(0\)|many\(1\)"
    r"|0\+|1\+|many|one|1)"
)
_SIGNS = re.compile(
    rf"({_ENTITY})(?::::\w+)?[ \t]*([|}}][|o]|\|o|o\||\}}o|\}}\|)(--|\.\.|\.-|-\.)"
    rf"(o\||\|\||o\{{|\|\{{|\|o)[ \t]*({_ENTITY})"
    r"(?::::\w+)?[ \t]*(?::[ \t]*(.*))?$"
)
_SPOKEN = re.compile(
    rf"({_ENTITY})[ \t]+({_WORDS})[ \t]+(to|optionally to)[ \t]+({_WORDS})[ \t]+({_ENTITY})[ \t]*(?::[ \t]*(.*))?$",
    re.I,
)
_OPENING = re.compile(rf"({_ENTITY})(?::::\w+)?[ \t]*\{{[ \t]*(.*)$")
_ATTRIBUTE = re.compile(
    r"([A-Za-z_*][\w\-<>\[\](),.*?]*|\[\w+\])[ \t]+(\"[^\"]+\"|`[^`]+`|\*?[\w\-.]+\??\*?)"
    r"((?:[ \t]*,?[ \t]*(?:PK|FK|UK|NN|NULL|NOT NULL)\b)*)[ \t]*,?[ \t]*(.*)$"
)
_NUMBERS = {ValueType.INTEGER, ValueType.BIGINT, ValueType.DECIMAL, ValueType.FLOAT}
_NOTHING = re.compile(
    r"(?:direction|title|accTitle|accDescr|classDef|class|style|linkStyle|click|init)\b|[{}]?$|```", re.I
)


class EntityDiagram:
    """One entity-relationship diagram while it is being read."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._declared = Declarations(notes)
        self._links = Links(notes, self._declared)
        self._aliases: dict[str, str] = {}
        self._mentioned: dict[str, tuple[int, int]] = {}

    def read(self, start: int, end: int) -> None:
        """Read the lines between two offsets."""
        text = self._notes.segment.text
        entity: Entity | None = None
        for match in re.finditer(r"\S[^\n]*", text[start:end]):
            begin, line = start + match.start(), match.group().rstrip()
            if line.startswith("%%"):
                self._notes.say(begin, begin + len(line), Standing.WITHDRAWN)
            elif entity is not None:
                entity = self._inside(entity, begin, line)
            else:
                entity = self._outside(begin, line)
        for name, span in self._mentioned.items():
            if not self._declared.entity_named(name):
                self._declared.add_entity(Entity(start=span[0], end=span[1], name=name))
        self._links.write()
        self._declared.write()

    def _outside(self, begin: int, line: str) -> Entity | None:
        """Read a line between entities; return the entity that it opens."""
        if match := _SIGNS.match(line):
            self._relation(begin, line, match, match.group(2), match.group(4), match.group(5))
            return None
        if match := _SPOKEN.match(line):
            self._relation(begin, line, match, match.group(2).lower(), match.group(4).lower(), match.group(5))
            return None
        if re.fullmatch(rf"{_ENTITY}:::\w+", line):
            self._notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
            return None
        if match := _OPENING.match(line):
            name = self._name(match.group(1))
            rest = match.group(2)
            head_end = begin + (match.start(2) if rest else len(line))
            entity = self._declared.add_entity(Entity(start=begin, end=head_end, name=name))
            return self._inline(entity, begin + match.start(2), rest) if rest else entity
        if re.fullmatch(_ENTITY, line) and not _NOTHING.match(line):
            self._declared.add_entity(Entity(start=begin, end=begin + len(line), name=self._name(line)))
        else:
            standing = Standing.NOTHING_SAID if _NOTHING.match(line) else Standing.NOT_UNDERSTOOD
            if line not in {"}", "```"}:
                self._notes.say(begin, begin + len(line), standing)
        return None

    def _inline(self, entity: Entity, begin: int, rest: str) -> Entity | None:
        """Read attributes that stand on the entity's own line, one after the other."""
        body, brace, _ = rest.partition("}")
        for part in re.finditer(r"[^;\s][^;]*", body):
            self._attribute(entity, begin + part.start(), part.group().rstrip())
        return None if brace else entity

    def _inside(self, entity: Entity, begin: int, line: str) -> Entity | None:
        """Read a line of an entity's block; return the entity while the block is open."""
        if line.startswith("}"):
            return None
        if _SIGNS.match(line) or (_OPENING.match(line) and not _ATTRIBUTE.match(line)):
            return self._outside(begin, line)
        closes = line.endswith("}") and line.count("}") > line.count("{")
        self._attribute(entity, begin, line[:-1].rstrip() if closes else line)
        return None if closes else entity

    def _attribute(self, entity: Entity, begin: int, line: str) -> None:
        """Read one attribute: type, name, keys, comment."""
        match = _ATTRIBUTE.match(line)
        if match is None:
            name_only = re.fullmatch(r"[\w\-]+", line)
            if not name_only:
                self._notes.say(begin, begin + len(line), Standing.NOT_UNDERSTOOD)
                return
            one = FieldFact(statement="", entity="", name=line)
            entity.members.append(Member(start=begin, end=begin + len(line), field=one))
            return
        kind, name, keys, comment = match.groups()
        kind, name = _in_order(kind, name.strip('"`'))
        comment = re.split(r"%%", comment)[0].strip().strip('"').strip()
        one = FieldFact(statement="", entity="", name=name.strip("*?"))
        one = replace(one, primary_key=True if name.startswith("*") else None, nullable=True if "?" in name else None)
        one, is_key = column_marks(one, f"{keys} {_keywords(comment)}")
        one = commented(one, comment)
        type_name, many, nullable = unwrapped(kind)
        if nullable:
            one = replace(one, nullable=True)
        if one.values and not many:
            shape = value_type(type_name)
            one = replace(one, type=shape.type if shape and shape.type in _NUMBERS else ValueType.ENUM)
            type_name = ""
        member = Member(
            start=begin,
            end=begin + len(line),
            field=one,
            type_name=type_name,
            many=many,
            stance=stance_of("" if one.values else comment),
        )
        entity.members.append(member)
        if is_key:
            self._links.keys.append((entity.name, member))

    def _relation(self, begin: int, line: str, match: re.Match[str], left: str, right: str, to: str) -> None:
        """Note a relation line."""
        first, second = self._name(match.group(1)), self._name(to)
        label = (match.group(6) or "").strip().strip('"')
        span = (begin, begin + len(line))
        self._mentioned.setdefault(first, span)
        self._mentioned.setdefault(second, span)
        ends = (_many(left), _many(right))
        made = relation(first, second, ends, (not _optional(left), not _optional(right)))
        self._links.lines.append(Line(*span, made, label))

    def _name(self, said: str) -> str:
        """Return an entity's name; an alias in brackets is what it is called."""
        bare, bracket, alias = said.partition("[")
        name = bare.strip().strip('"')
        if bracket:
            self._aliases[name] = alias.strip().rstrip("]").strip().strip('"')
        return self._aliases.get(name, name)


def _many(side: str) -> bool:
    """Whether a cardinality, in signs or words, says several."""
    return "{" in side or "}" in side or "more" in side or "many" in side or "+" in side


def _optional(side: str) -> bool:
    """Whether a cardinality allows none."""
    return "o" in side if re.fullmatch(r"[|o{}]{2}", side) else side.startswith(("zero", "one or zero", "0", "many(0)"))


def _in_order(kind: str, name: str) -> tuple[str, str]:
    """Return type and name, also where people wrote the name first."""
    turned = value_type(kind) is None and value_type(name) is not None and re.fullmatch(r"\w+", kind)
    return (
        (name, kind)
        if turned and name.lower() not in {"date", "time", "email", "url", "file", "image"}
        else (kind, name)
    )


def _keywords(comment: str) -> str:
    """Return the part of a comment that speaks of keys and null."""
    return (
        " ".join(
            found
            for found in re.findall(r"\b(?:unique|not null|nullable|primary key|foreign key|PK|FK|UK)\b", comment, re.I)
        )
        .replace("primary key", "PK")
        .replace("foreign key", "FK")
    )
