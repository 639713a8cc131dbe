"""Classes of a diagram, Mermaid's or PlantUML's: members, enumerations, associations and inheritance."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from bot.domain.facts import RelationFact, Standing
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member
from bot.reading.notations.diagrams import (
    METHOD,
    Line,
    Links,
    class_member,
    column_marks,
    is_many,
    is_optional,
    relation,
)
from bot.reading.notations.notes import Notes

_NAME = r'(?:`[^`\n]+`|"[^"\n]{1,80}"|\w[\w.]*(?:~\w+~)?)'
_ARROW = (
    r"(?:<\|--?|<\|\.\.?|\*--?|o--?|<--?|<\.\.?|\}[|o]--?|\}[|o]\.\.|\|[|o]--?|\|[|o]\.\.|[#x+^]--?|--?|\.\.?)"
    r"(?:\[[^\]\n]{0,60}\])?(?:left|right|up|down|le?|ri?|up?|do?)?"
    r"(?:-?\|>|\.?\|>|-?\*|-?o\{|\.?o\{|-?\|\{|\.?\|\{|-?o\||\.?o\||-?\|\||\.?\|\||-?o(?!\w)|-?>|\.?>|-?[#x^+](?!\w)|-|\.)?"
)
_ASSOCIATION = re.compile(
    rf'({_NAME})\s*(?:"([^"\n]{{0,40}})"|)\s*({_ARROW})\s*(?:"([^"\n]{{0,40}})"|)\s*({_NAME})\s*(?::\s*(.*))?$'
)
_IS_ENUM = re.compile(r"enum", re.I)
_NOT_KEPT = re.compile(r"interface|service|controller|repository|abstract|mixin|utility|boundary|control|trait", re.I)
_MOST_MEMBERS = 500


@dataclass(slots=True)
class _Class:
    """A class: its entity so far, what marks it, and its lines."""

    entity: Entity
    marks: set[str] = field(default_factory=set)
    lines: list[tuple[int, int, str]] = field(default_factory=list)
    methods: int = 0


class Classes:
    """The classes of one diagram. `type_first` is the order of a member's two words, None where either occurs."""

    def __init__(self, notes: Notes, *, type_first: bool | None = None) -> None:
        self._notes = notes
        self._type_first = type_first
        self._classes: dict[str, _Class] = {}
        self._declared = Declarations(notes)
        self._links = Links(notes, self._declared)
        self._dependencies: list[tuple[int, int]] = []
        self._seen: dict[str, tuple[int, int]] = {}
        self.aliases: dict[str, str] = {}

    def open(self, name: str, start: int, end: int) -> None:
        """Declare a class, which stands at these offsets."""
        if name in self._classes:
            if (start, end) != (self._classes[name].entity.start, self._classes[name].entity.end):
                self._seen.setdefault(name, (start, end))
            return
        self._classes[name] = _Class(Entity(start=start, end=end, name=name))

    def mark(self, name: str, mark: str) -> None:
        """Note what a class is marked as (``enumeration``, ``interface``)."""
        if name in self._classes:
            self._classes[name].marks.add(mark.lower())

    def member(self, name: str, begin: int, line: str, said: str = "") -> None:
        """Note a line of a class's body; `said` is the part of it that says the member."""
        one = self._classes[name]
        said = said or line
        offset = begin + line.rindex(said)
        if match := re.fullmatch(r"<<\s*([\w ]+?)\s*>>", said.strip()):
            one.marks.add(match.group(1).lower())
            self._notes.say(offset, offset + len(said), Standing.NOTHING_SAID)
            return
        if re.fullmatch(r"[-=._ ]+|.*\b(?:\.\.|--|==)\s*", said):
            return
        if METHOD.match(said) and not re.match(
            r"[^(]*:[^(]*\(\s*\d+|\w+\(\d+(?:,\s*\d+)?\)\s+\w+$", said.strip("+-#~* ")
        ):
            one.methods += 1
            self._notes.say(begin, begin + len(line), Standing.NOTHING_SAID)
        else:
            one.lines.append((offset, offset + len(said), said))

    def association(self, begin: int, line: str) -> bool:
        """Note a line between two classes; return whether it is one."""
        match = _ASSOCIATION.match(line)
        if match is None or not re.search(r"--|\.\.|->|<-|\|>|-\|", match.group(3)):
            return False
        left, right = (self._called(match.group(number)) for number in (1, 5))
        span = (begin, begin + len(line))
        arrow = re.sub(r"\[[^\]]*\]|left|right|up|down", "", match.group(3))
        if "<|" in arrow or "|>" in arrow:
            child, parent = (right, left) if arrow.startswith("<|") else (left, right)
            self._ensure(left, span)
            self._ensure(right, span)
            entity = self._classes[child].entity
            entity.bases = (*entity.bases, parent)
            self._notes.say(*span, Standing.NOTHING_SAID)
        elif re.search(r"\.", arrow) and not re.search(r"[{}]|\|", arrow):
            self._notes.say(*span, Standing.NOTHING_SAID)
        else:
            self._ensure(left, span)
            self._ensure(right, span)
            self._link(left, right, arrow, match, span)
        return True

    def _link(self, left: str, right: str, arrow: str, match: re.Match[str], span: tuple[int, int]) -> None:
        """Note an association, by its multiplicities or else by what its arrow says."""
        first, second = match.group(2) or "", match.group(4) or ""
        label = re.sub(r"\s*[<>]\s*$|^\s*[<>]\s*", "", (match.group(6) or "").strip().strip('"'))
        many = (is_many(first), is_many(second))
        required = (_required(first), _required(second))
        if crow := re.fullmatch(r"([|}][|o])?[-.]+(o\{|\|\{|o\||\|\|)?", arrow):
            if crow.group(1):
                many, required = ("}" in crow.group(1), many[1]), ("o" not in crow.group(1), required[1])
            if crow.group(2):
                many, required = (many[0], "{" in crow.group(2)), (required[0], "o" not in crow.group(2))
        if many == (None, None):
            whole_left = arrow.startswith(("*", "o")) or (arrow.startswith("<") and not arrow.endswith(">"))
            made = RelationFact(
                statement="", source=right if whole_left else left, target=left if whole_left else right
            )
        elif many[0] is None:
            made = relation(left, right, (not many[1] and arrow.endswith(">"), bool(many[1])), required)
        elif many[1] is None:
            made = relation(left, right, (bool(many[0]), not many[0] and arrow.startswith(("*", "o"))), required)
        else:
            made = relation(left, right, (bool(many[0]), bool(many[1])), required)
        self._links.lines.append(Line(*span, made, label))

    def _called(self, said: str) -> str:
        """Return the name of a class as an arrow's end."""
        name = re.sub(r"~.*~$", "", said).strip('`"')
        return self.aliases.get(name, name)

    def _ensure(self, name: str, span: tuple[int, int]) -> None:
        """Declare a class that only an arrow names."""
        self._classes.setdefault(name, _Class(Entity(start=span[0], end=span[1], name=name)))

    def write(self) -> None:
        """Note the classes and what they say together."""
        parents = {base for one in self._classes.values() for base in one.entity.bases}
        linked = {name for line in self._links.lines for name in (line.fact.source, line.fact.target)}
        for name, one in self._classes.items():
            if any(_IS_ENUM.search(mark) for mark in one.marks):
                self._enumeration(name, one)
                continue
            behaves = bool(one.methods) and not one.lines and name not in linked
            one.entity.abstract = behaves or any(_NOT_KEPT.search(mark) for mark in one.marks)
            if name in parents and any("abstract" in mark or "mixin" in mark for mark in one.marks):
                one.entity.abstract = True
            for start, _, said in one.lines[:_MOST_MEMBERS]:
                self._field(one.entity, start, said)
            for start, end, _ in one.lines[_MOST_MEMBERS:]:
                self._notes.say(start, end, Standing.NOT_UNDERSTOOD)
            self._declared.add_entity(one.entity)
        for span in self._seen.values():
            self._notes.say(*span, Standing.NOTHING_SAID)
        self._drawn()
        self._links.write()
        self._declared.write()

    def _field(self, entity: Entity, start: int, said: str) -> None:
        """Read one line of a class as a member."""
        member = class_member(said, start, pair_is_type_first=self._type_first)
        if member is None:
            self._notes.say(start, start + len(said), Standing.NOT_UNDERSTOOD)
            return
        entity.members.append(member)
        if column_marks(member.field, said)[1]:
            self._links.keys.append((entity.name, member))

    def _enumeration(self, name: str, one: _Class) -> None:
        """Note an enumeration's members."""
        values: list[str] = []
        for _, _, said in one.lines:
            values.extend(re.sub(r"[=(].*|//.*|%%.*|^[+\-#~]", "", part).strip(" ;") for part in said.split(","))
        end = max([one.entity.end, *(end for _, end, _ in one.lines)])
        self._declared.add_enumeration(
            Enumeration(start=one.entity.start, end=end, name=name, values=tuple(value for value in values if value))
        )

    def _drawn(self) -> None:
        """Take a relation that is drawn and is a member's type, too, once: the line lends the member's name."""
        lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
        enums = set(self._declared.enumerations)
        kept = []
        for line in self._links.lines:
            if {line.fact.source, line.fact.target} & enums:
                self._notes.say(line.start, line.end, Standing.NOTHING_SAID)
                continue
            kept.append(line)
            lines[line.fact.source, line.fact.target].append(line)
        self._links.lines = kept
        for entity in self._declared.entities.values():
            for member in entity.members:
                self._lend(entity, member, lines)

    def _lend(self, entity: Entity, member: Member, lines: dict[tuple[str, str], list[Line]]) -> None:
        """Say a member by the line that is drawn for it."""
        target = self._declared.entity_named(member.type_name) if member.type_name else ""
        if not target:
            return
        ends = [(entity.name, target), (target, entity.name)]
        line = next((line for pair in ends for line in lines.get(pair, ())[:20]), None)
        if line is not None:
            if not member.many and line.fact.source == entity.name and not line.fact.name:
                line.fact = RelationFact(
                    statement="",
                    source=line.fact.source,
                    target=line.fact.target,
                    cardinality=line.fact.cardinality,
                    required=line.fact.required,
                    name=member.field.name,
                )
            member.relation = line.fact
            member.field = type(member.field)(statement="", entity="", name="")


def _required(multiplicity: str) -> bool | None:
    """Whether a multiplicity requires one, None where nothing was said."""
    optional = is_optional(multiplicity)
    return None if optional is None else not optional
