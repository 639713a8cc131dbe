"""What Mermaid and PlantUML have in common: members of classes, multiplicities, and machines of states."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bot.domain.facts import FieldFact, RelationFact, Standing, StateFact, ValueType
from bot.reading.names import name_key
from bot.reading.notations.declarations import Declarations, Member, reference_by_name, stance_of, unwrapped
from bot.reading.notations.notes import Notes
from bot.reading.prose.titles import heading_entity
from bot.reading.segments import Segment
from bot.reading.types import enum_members, value_type

METHOD = re.compile(
    r"^[+\-#~*\s]*(?:[\w<>\[\]~.,? ]{0,80}\s)?[\w$]+\s*\([^()]*\)\s*[$*]?\s*(?::?\s*[\w<>\[\]~.,?|* ]*)?$"
)
_COLON = re.compile(r"([\w$.\- ]{1,80}?)\s*(\?)?\s*:\s*(.+)$", re.S)
_PAIR = re.compile(r"(\S.*?)\s+([\w$.\-]+)$", re.S)
_MARKS = re.compile(r"<<\s*([\w /,]+?)\s*>>|\{\s*([\w ,]+?)\s*\}|\b(PK|FK|UK|UNIQUE|NOT NULL|NULLABLE)\b", re.I)
_MACHINE = re.compile(
    r"\b(?:state machine|state diagram|state chart|state transitions?|statemachine|"
    r"states?|life\s?cycles?|lifecycle|status(?:es)?|"
    r"machine|diagram|work\s?flow|flow|transitions?|chart|possible|allowed|zustände|zustand|zustandsdiagramm|"
    r"zustandsautomat|lebenszyklus|statusübergänge|of|for|the|an?|each|every|von|des|der|einer|eines)\b",
    re.I,
)
_SAYS_MACHINE = re.compile(
    r"\b(?:states?|state machine|life\s?cycles?|status(?:es)?|transitions?|zust[aä]nd\w*|lebenszyklus)\b", re.I
)


def column_marks(one: FieldFact, said: str) -> tuple[FieldFact, bool]:
    """Return a field with what ``PK``, ``<<unique>>``, ``{not null}`` say of it, and whether it is a foreign key."""
    marks = {part.strip().lower() for groups in _MARKS.findall(said) for part in re.split(r"[,/]", "".join(groups))}
    if marks & {"pk", "primary key", "primary", "id"}:
        one = replace(one, primary_key=True)
    if marks & {"uk", "unique", "ak"}:
        one = replace(one, unique=True)
    if marks & {"not null", "notnull", "nn", "required"}:
        one = replace(one, nullable=False)
    if marks & {"null", "nullable", "optional"}:
        one = replace(one, nullable=True)
    if marks & {"readonly", "read only"}:
        one = replace(one, read_only=True)
    return one, bool(marks & {"fk", "foreign key"})


def commented(one: FieldFact, comment: str) -> FieldFact:
    """Return a field with what its comment says: members of an enum, a default, or a description."""
    if not comment:
        return one
    body = re.sub(r"^(?:enum|one of|values?|status(?:es)?|allowed)\s*[:=(]?\s*|\)$", "", comment, flags=re.I)
    members = enum_members(body) if re.search(r"[|,/]", body) else ()
    single = all(re.fullmatch(r"[\w\-.+]+", one) for one in members)
    if (
        len(members) > 1
        and single
        and not re.search(r"\b(?:unique|null|nullable|PK|FK|indexed|max|min|default)\b", body, re.I)
    ):
        return replace(one, values=members)
    default = re.fullmatch(r"default[:=]?\s*[\"']?([\w.\-]+)[\"']?", comment, re.I)
    return replace(one, default=default.group(1)) if default else replace(one, description=comment)


def without_marks(said: str) -> str:
    """Return a member without its ``PK``, ``<<unique>>`` and the like."""
    return _MARKS.sub(" ", said).strip()


def class_member(line: str, start: int, *, pair_is_type_first: bool | None = None) -> Member | None:
    """Return the member that a line of a class says: ``+name: type``, ``+type name``, ``name type``, ``name``.

    `pair_is_type_first` is the order of two words without a colon; None lets the known type decide.
    """
    comment = ""
    said = line
    if match := re.search(r"\s(?://|--|%%|')\s*(.*)$", said):
        comment, said = match.group(1), said[: match.start()]
    one, _ = column_marks(FieldFact(statement="", entity="", name=""), said)
    bare = re.sub(r"^(?:[+\-#~]|\*(?!\w*\*)|\{\w+\}|\s)+", "", without_marks(said)).rstrip("$*; ")
    bare, _, default = (part.strip() for part in bare.partition("="))
    name, kind, optional = _name_and_type(bare, pair_is_type_first)
    if not name or len(name) > 80:
        return None
    type_name, many, nullable = unwrapped(kind)
    one = replace(
        one,
        name=name,
        default=default.strip("\"'") or None,
        nullable=True if nullable or optional else one.nullable,
        description=comment,
    )
    if re.fullmatch(r"[\w\-]+(?:\s*[|,/]\s*[\w\-]+){1,20}", comment):
        one = replace(one, values=enum_members(comment), type=ValueType.ENUM, description="")
    return Member(
        start=start,
        end=start + len(line),
        field=one,
        type_name=type_name,
        many=many,
        stance=stance_of("" if one.values else comment),
    )


def _name_and_type(bare: str, type_first: bool | None) -> tuple[str, str, bool]:
    """Return the name and type of a member without its marks, and whether it is optional."""
    if match := _COLON.match(bare):
        return match.group(1).strip(), match.group(3), bool(match.group(2))
    if re.fullmatch(r"[\w$\-]+\??", bare):
        return bare.rstrip("?"), "", bare.endswith("?")
    first, _, rest = bare.partition(" ")
    rest = rest.strip()
    reads_as_type = value_type(rest) is not None
    pair = _PAIR.match(bare)
    if (
        type_first is not True
        and re.fullmatch(r"[\w$\-]+\??", first)
        and reads_as_type
        and (type_first is False or value_type(first) is None)
    ):
        return first.rstrip("?"), rest, first.endswith("?")
    if pair and (type_first is not False or not reads_as_type):
        return pair.group(2), pair.group(1), False
    return "", "", False


def is_many(multiplicity: str) -> bool | None:
    """Whether a multiplicity says several (``*``, ``0..n``, ``many``), None where nothing was said."""
    said = multiplicity.strip().strip("\"'").lower()
    if not said:
        return None
    last = re.split(r"\.\.|-", said)[-1].strip()
    return last not in {"0", "1", "one", "zero"}


def is_optional(multiplicity: str) -> bool | None:
    """Whether a multiplicity allows none, None where nothing was said."""
    said = multiplicity.strip().strip("\"'").lower()
    return None if not said else said.startswith(("0", "*", "n", "many", "zero"))


def relation(left: str, right: str, ends: tuple[bool, bool], required: tuple[bool | None, bool | None]) -> RelationFact:
    """Return the relation between two entities; `ends` is whether there are many of the left and of the right.

    `required` is whether one of the left, one of the right must be there. Where each has one, the right points.
    """
    if all(ends):
        return RelationFact(statement="", source=left, target=right, cardinality="many_to_many")
    if ends[0]:
        return RelationFact(statement="", source=left, target=right, required=required[1])
    if ends[1]:
        return RelationFact(statement="", source=right, target=left, required=required[0])
    if required[0] is False and required[1]:
        return RelationFact(statement="", source=left, target=right, cardinality="one_to_one", required=True)
    return RelationFact(statement="", source=right, target=left, cardinality="one_to_one", required=required[0])


@dataclass(slots=True)
class Line:
    """A relation that a line draws, where it stands and its label."""

    start: int
    end: int
    fact: RelationFact
    label: str = ""


class Links:
    """The relation lines of a diagram, and the foreign keys that they may be drawn for."""

    def __init__(self, notes: Notes, declared: Declarations) -> None:
        self._notes = notes
        self._declared = declared
        self.lines: list[Line] = []
        self.keys: list[tuple[str, Member]] = []

    def write(self) -> None:
        """Let the foreign keys refer to what the lines point at, and note the lines."""
        by_source: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            by_source[line.fact.source].append(line)
            if line.fact.cardinality == "one_to_one":
                by_source[line.fact.target].append(line)
        claimed: set[int] = set()
        for entity, member in self.keys:
            self._refer(entity, member, by_source[entity][:40], claimed)
        pairs: dict[tuple[str, str], int] = defaultdict(int)
        for line in self.lines:
            pairs[line.fact.source, line.fact.target] += 1
        for line in self.lines:
            made = line.fact
            if not made.name and pairs[made.source, made.target] > 1:
                made = replace(made, name=line.label)
            statement = self._notes.say(line.start, line.end)
            self._notes.add(replace(made, statement=statement))

    def _refer(self, entity: str, member: Member, lines: list[Line], claimed: set[int]) -> None:
        """Let one foreign key refer to the entity its name or line says; the line is named by the key's role."""
        name = member.field.name
        ends = {line.fact.target if line.fact.source == entity else line.fact.source for line in lines}
        target = reference_by_name(ends, name) or self._declared.entity_named(_stem(name))
        if not target:
            labelled = [line for line in lines if name_key(line.label) in {name_key(name), name_key(_stem(name))}]
            open_ends = {_end(line, entity) for line in lines if id(line) not in claimed}
            alone = next(iter(open_ends)) if len(open_ends) == 1 else ""
            target = _end(labelled[0], entity) if labelled else alone
        if not target:
            return
        member.field = replace(member.field, references=target)
        for line in lines:
            if _end(line, entity) == target and id(line) not in claimed and line.fact.cardinality != "many_to_many":
                claimed.add(id(line))
                if line.fact.source != entity:
                    line.fact = replace(line.fact, source=entity, target=target, required=None)
                optional = member.field.nullable
                required = line.fact.required if optional is None else not optional
                line.fact = replace(line.fact, name=_stem(name), required=required)
                return
        if not any(_end(line, entity) == target for line in lines):
            member.relation = RelationFact(statement="", source=entity, target=target, name=_stem(name))


def _end(line: Line, entity: str) -> str:
    """Return the other end of a line."""
    return line.fact.target if line.fact.source == entity else line.fact.source


def _stem(name: str) -> str:
    """Return a foreign key's name without what makes a key of it."""
    return re.sub(r"(?<=.)_?(?:id|ID|Id|uuid|fk|key|code)$", "", name)


@dataclass(slots=True, kw_only=True)
class Transition:
    """One arrow of a machine: where it stands, its ends ("" for the beginning or the end), and its label."""

    start: int
    end: int
    source: str
    target: str
    label: str = ""
    within: str = ""


@dataclass(slots=True)
class Machine:
    """A machine of states: its transitions, the names that states are shown by, and which only branch."""

    transitions: list[Transition] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    branches: set[str] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)

    def write(self, notes: Notes) -> None:
        """Note each transition; arrows through a branch lead from the state before it to the state after it."""
        entity, state_field = machine_entity(notes.segment, self.titles)
        finals = {one.source for one in self.transitions if not one.target and not one.within}
        into: dict[str, list[Transition]] = defaultdict(list)
        for one in self.transitions:
            into[one.target].append(one)
        for one in self.transitions:
            if one.target in self.branches:
                notes.say(one.start, one.end, Standing.NOTHING_SAID)
                continue
            statement = notes.say(one.start, one.end)
            made = one if one.target else next(iter(into.get(one.source, ())), None)
            if made is None:
                made = replace(one, source="", target=one.source)
            sources, label = self._sources(made, into)
            action, roles = _action(made.label or label)
            notes.add(
                StateFact(
                    statement=statement,
                    entity=entity,
                    target=self.shown.get(made.target, made.target),
                    sources=tuple(self.shown.get(source, source) for source in sources),
                    field=state_field,
                    action=action,
                    roles=roles,
                    final=True if made.target in finals else None,
                )
            )

    def _sources(self, one: Transition, into: dict[str, list[Transition]]) -> tuple[tuple[str, ...], str]:
        """Return the states that an arrow leads from, and the label on the way where it has none."""
        if not one.source:
            return ((one.within,) if one.within else ()), ""
        if one.source not in self.branches:
            return (one.source,), ""
        before = into.get(one.source, [])[:20]
        sources = dict.fromkeys(prior.source for prior in before if prior.source and prior.source not in self.branches)
        return tuple(sources), next((prior.label for prior in before if prior.label), "")


def machine_entity(segment: Segment, titles: list[str]) -> tuple[str, str]:
    """Return whose states a diagram shows, by its title, lead or headings, and the field that holds them.

    ``Order status`` is the field `status` of Order, ``Lifecycle of an invoice`` are the states of an invoice.
    """
    for said in (*titles, segment.lead, *reversed(segment.headings)):
        if not said or len(said) > 120:
            continue
        if (title := heading_entity(said)).label == "states" and title.sure and title.entity:
            return title.entity, ""
        bare = re.sub(r"[#*`:_>\-–—()]+", " ", said) if not re.search(r"\w_\w", said) else said.strip("#*`: ")
        found = re.search(r"\b(?:status|state|phase|stage)$", bare.strip(), re.I)
        state_field = found.group().lower() if found else ""
        name = " ".join(_MACHINE.sub(" ", bare).split())
        if name and len(name.split()) <= 3 and (said in titles or _SAYS_MACHINE.search(said) or len(name.split()) <= 2):
            return name, state_field if name != bare.strip() else ""
    return "", ""


def says_machine(segment: Segment) -> bool:
    """Whether the words above a diagram say that it is a machine of states."""
    return any(_SAYS_MACHINE.search(said[:300]) for said in (segment.lead, *segment.headings[-2:]))


def _action(label: str) -> tuple[str, tuple[str, ...]]:
    """Return the action that an arrow's label names, and the roles that it says may do it (``approve by manager``)."""
    said = re.sub(r"<br\s*/?>|\\n", " ", label[:300])
    said = re.sub(r"\s*\[[^\]]*\]", "", said).split(" / ")[0].strip().strip("\"'`")
    said = re.sub(r"\(\s*\)$", "", said).strip()
    match = re.fullmatch(r"(.+?)\s+(?:by|durch)\s+(?:the |an? |den |die )?([\w\-]+(?: [\w\-]+)?)", said)
    return (match.group(1), (match.group(2),)) if match else (said, ())
