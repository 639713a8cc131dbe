"""What declaring notations have in common: entities with members, enums, and how their types refer to each other.

Diagrams, schema languages and program code all declare named things with typed members. Their readers find the
declarations; this module resolves the types among them and notes the facts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.domain.facts import (
    AnyFact,
    ConventionFact,
    EntityFact,
    FieldFact,
    RelationFact,
    Stance,
    Standing,
    ValueType,
)
from bot.reading.names import name_key
from bot.reading.notations.notes import Notes
from bot.reading.types import FieldShape, value_type

_MOST_INHERITED = 4000
"""Most fields that are handed down from bases to what extends them, in one text."""
_DEEPEST_BASE = 4
_MOST_BACK = 20
"""Most members of the other side that are compared with one member."""
_MANY = re.compile(
    r"(?:readonly)?(?:list|set|array|sequence|iterable|collection|frozenset|tuple)$"
    r"|(?:i|mutable|linked|hash|tree|array|sorted|persistent|readonly|immutable)*"
    r"(?:list|set|collection|enumerable|readonlylist|readonlycollection)$|dbset|queryset|repeated|manytomany|hasmany",
    re.I,
)
_ONE = re.compile(
    r"optional|nullable|maybe|option|mapped|writeonlymapped|dynamicmapped|loaded|ref|reference|promise", re.I
)
_WRAPPED = re.compile(r"(?:[\w.]+\.)?(\w+)\s*(?:<(.*)>|\[(.*)\]|~(.*)~|\((.*)\))$", re.S)
_POSTPONED = re.compile(
    r"\b(?:todo|later|not yet|tbd|post-?mvp|phase (?:[2-9]|two|ii)|v[2-9]\b|in q[1-4]\b"
    r"|next (?:phase|release|iteration)"
    r"|future|planned|out of scope|später|noch nicht|zukünftig|nach dem mvp)\b",
    re.I,
)


@dataclass(slots=True, kw_only=True)
class Member:
    """One member of an entity: where it stands, and its field as far as its own line says it.

    `type_name` is its type without list and null; it is resolved among the declarations when all are known. `many` is
    whether it holds several. `relation` is set where the line itself says what it points at.
    """

    start: int
    end: int
    field: FieldFact
    type_name: str = ""
    many: bool = False
    relation: RelationFact | None = None
    stance: Stance = Stance.STATED


@dataclass(slots=True, kw_only=True)
class Entity:
    """A declared entity. `start` and `end` are its head line; an `abstract` one only hands its members down."""

    start: int
    end: int
    name: str
    plural: str = ""
    description: str = ""
    members: list[Member] = field(default_factory=list)
    bases: tuple[str, ...] = ()
    abstract: bool = False
    stance: Stance = Stance.STATED


@dataclass(slots=True, kw_only=True)
class Enumeration:
    """A declared enum: where it stands as a whole, and its members as written."""

    start: int
    end: int
    name: str
    values: tuple[str, ...]
    uses: list[tuple[str, str]] = field(default_factory=list)


class Declarations:
    """The declarations of one text, and what they say together."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.entities: dict[str, Entity] = {}
        self.enumerations: dict[str, Enumeration] = {}
        self._keys: dict[str, str] = {}
        self._inherited = 0
        self._holders: dict[tuple[str, str], list[Member]] = defaultdict(list)
        self._order: dict[str, int] = {}

    def add_entity(self, entity: Entity) -> Entity:
        """Add an entity; where the name was declared before, its members go there."""
        known = self.entities.setdefault(entity.name, entity)
        if known is not entity:
            known.members.extend(entity.members)
            self._notes.say(entity.start, entity.end, Standing.NOTHING_SAID)
        self._keys.setdefault(name_key(entity.name), entity.name)
        if entity.plural:
            self._keys.setdefault(name_key(entity.plural), entity.name)
        return known

    def add_enumeration(self, enumeration: Enumeration) -> None:
        """Add an enum; the first of a name counts."""
        self.enumerations.setdefault(enumeration.name, enumeration)

    def entity_named(self, name: str) -> str:
        """Return the declared entity that a name means, whatever its case and number; "" if there is none."""
        if name in self.entities:
            return name
        return self._keys.get(name_key(name), "") if name and len(name) < 200 else ""

    def write(self) -> None:
        """Note all statements and facts."""
        self._order = {name: number for number, name in enumerate(self.entities)}
        for entity in self.entities.values():
            for member in entity.members:
                if member.relation is None and member.type_name:
                    self._holders[entity.name, self.entity_named(member.type_name)].append(member)
        for entity in self.entities.values():
            if not entity.abstract:
                self._write_entity(entity)
        for entity in self.entities.values():
            if entity.abstract:
                self._write_unused(entity)
        self._write_enumerations()

    def _write_entity(self, entity: Entity) -> None:
        """Note an entity, what it inherits, and its members."""
        head = self._notes.say(entity.start, entity.end)
        self._notes.add(
            EntityFact(
                statement=head,
                name=entity.name,
                plural=entity.plural,
                description=entity.description,
                stance=entity.stance,
            )
        )
        own = {member.field.name for member in entity.members}
        for base in self.bases(entity):
            for member in base.members:
                if member.field.name not in own and self._inherited < _MOST_INHERITED:
                    self._inherited += 1
                    statement = self._notes.say(member.start, member.end) if base.abstract else head
                    self._notes.add(*self.facts(entity, member, statement))
        for member in entity.members:
            statement = self._notes.say(member.start, member.end)
            self._notes.add(*self.facts(entity, member, statement))

    def _write_unused(self, entity: Entity) -> None:
        """Note what stands in an abstract entity that nothing extends: it says nothing of what is kept."""
        self._notes.say(entity.start, entity.end, Standing.NOTHING_SAID)
        for member in entity.members:
            self._notes.say(member.start, member.end, Standing.NOTHING_SAID)

    def bases(self, entity: Entity) -> list[Entity]:
        """Return the declared bases of an entity, nearest first."""
        found: dict[str, Entity] = {}
        names = list(entity.bases)
        for _ in range(_DEEPEST_BASE):
            bases = [self.entities[name] for name in names if name in self.entities and name not in found]
            bases = [base for base in bases if base is not entity]
            found.update((base.name, base) for base in bases)
            names = [name for base in bases for name in base.bases]
        return list(found.values())

    def facts(self, entity: Entity, member: Member, statement: str) -> list[AnyFact]:
        """Return what a member says of an entity."""
        stance = member.stance if member.stance is not Stance.STATED else entity.stance
        one = replace(member.field, statement=statement, entity=entity.name, stance=stance)
        if one.fields:
            one = replace(one, fields=tuple(replace(part, statement=statement) for part in one.fields))
        if member.relation is not None:
            link = replace(member.relation, statement=statement, stance=stance)
            return [link, self._typed(one, member)] if one.name else [link]
        if enumeration := self.enumerations.get(member.type_name):
            enumeration.uses.append((entity.name, one.name))
            kind = ValueType.ARRAY if member.many else ValueType.ENUM
            return [
                replace(
                    one,
                    type=kind,
                    items=ValueType.ENUM if member.many else None,
                    values=one.values or enumeration.values,
                )
            ]
        if member.type_name and value_type(member.type_name) is None and not one.references:
            target = self.entity_named(member.type_name)
            if target and self.entities[target].abstract:
                return [self._embedded(one, member, self.entities[target])]
            if target:
                return [self._relation(entity, member, target, one)]
        return [self._referring(self._typed(one, member))]

    def _typed(self, one: FieldFact, member: Member) -> FieldFact:
        """Return a field with the type that its type's name stands for."""
        if not member.type_name:
            return one
        shape = value_type(member.type_name)
        if shape is None:
            return replace(one, type=ValueType.ARRAY) if member.many and one.type is None else one
        if member.many and shape.type is not ValueType.ARRAY:
            return replace(shaped(replace(one), replace(shape, type=ValueType.ARRAY)), items=shape.type)
        return shaped(one, shape)

    def _embedded(self, one: FieldFact, member: Member, inner: Entity) -> FieldFact:
        """Return a field whose type is declared but is no entity: an object with fields of its own."""
        fields = tuple(self._typed(replace(part.field, statement=one.statement), part) for part in inner.members[:100])
        for part in inner.members:
            self._notes.say(part.start, part.end)
        kind = ValueType.ARRAY if member.many else ValueType.OBJECT
        return replace(one, type=kind, items=ValueType.OBJECT if member.many else None, fields=fields)

    def _referring(self, one: FieldFact) -> FieldFact:
        """Return a field with the entity that its name refers to: `customer_id` where there is a Customer."""
        match = re.fullmatch(r"(.{1,100}?)_?(?:[iI][dD]|uuid|UUID|Uuid)", one.name)
        if one.references or one.primary_key or match is None:
            return one
        if one.type not in {None, ValueType.UUID, ValueType.STRING, ValueType.INTEGER, ValueType.BIGINT}:
            return one
        target = self.entity_named(match.group(1))
        if target == one.entity:
            return one
        return replace(one, references=target) if target and not self.entities[target].abstract else one

    def _relation(self, entity: Entity, member: Member, target: str, one: FieldFact) -> RelationFact:
        """Return the relation that a member of an entity's type is; the other side's member decides how many."""
        holders = self._holders[target, entity.name][:_MOST_BACK]
        back = [other for other in holders if other is not member]
        made = RelationFact(statement=one.statement, source=entity.name, target=target, stance=one.stance)
        if not member.many:
            required = one.required if one.nullable is None else not one.nullable
            return replace(made, name=one.name, required=required)
        if any(other.many for other in back):
            first, second = sorted((entity.name, target), key=self._order.__getitem__)
            return replace(made, source=first, target=second, cardinality="many_to_many")
        name = back[0].field.name if len(back) == 1 else ""
        return replace(made, source=target, target=entity.name, name=name)

    def _write_enumerations(self) -> None:
        """Note enums for the fields that use them, and by themselves where none does."""
        for one in self.enumerations.values():
            statement = self._notes.say(one.start, one.end)
            for entity, name in dict.fromkeys(one.uses):
                self._notes.add(
                    FieldFact(statement=statement, entity=entity, name=name, type=ValueType.ENUM, values=one.values)
                )
            if not one.uses:
                value = f"{one.name}: {'|'.join(one.values)}"
                self._notes.add(ConventionFact(statement=statement, kind="enum", value=value))


def shaped(one: FieldFact, shape: FieldShape) -> FieldFact:
    """Return a field with what a type expression says, where the field does not say it itself."""
    return replace(
        one,
        type=one.type or shape.type,
        values=one.values or shape.values,
        max_length=one.max_length if one.max_length is not None else shape.max_length,
        nullable=one.nullable if one.nullable is not None else shape.nullable,
        minimum=one.minimum if one.minimum is not None else shape.minimum,
        items=one.items or shape.items,
    )


def unwrapped(expression: str) -> tuple[str, bool, bool]:
    """Return a type without list and null, whether it is a list, and whether it may be null.

    ``Optional[List[Order]]``, ``Order[]``, ``List~Order~``, ``*Order`` and ``Order | null`` all hold an ``Order``.
    """
    said, many, nullable = expression.strip()[:400], False, False
    for _ in range(8):
        before = said
        parts = _without_nothing(said)
        nullable = nullable or parts != said
        said = parts.strip().strip("\"'*& ")
        if said.endswith(("?", "!")):
            nullable = nullable or said.endswith("?")
            said = said[:-1]
        elif said.endswith("[]"):
            many, said = True, said[:-2]
        elif said.startswith("[]"):
            many, said = True, said[2:]
        elif said.startswith("(") and said.endswith(")"):
            said = said[1:-1]
        elif match := _WRAPPED.fullmatch(said):
            name, inner = match.group(1), next((one for one in match.groups()[1:] if one), "")
            if inner and _MANY.fullmatch(name):
                many, said = True, inner.split(",")[0]
            elif inner and _ONE.fullmatch(name):
                nullable, said = nullable or name.lower() in {"optional", "nullable", "maybe", "option"}, inner
        if said == before:
            break
    return said.strip(), many, nullable


def _without_nothing(said: str) -> str:
    """Return a union of types without its null."""
    if "|" not in said:
        return said
    parts = [part for part in said.split("|") if part.strip().lower() not in {"null", "undefined", "none", "nil"}]
    return "|".join(parts)


def stance_of(comment: str) -> Stance:
    """Return how the comment beside a member stands to it: postponed ("later", "TODO", "phase 2"), otherwise stated."""
    return Stance.POSTPONED if comment and _POSTPONED.search(comment[:400]) else Stance.STATED


def reference_by_name(names: Iterable[str], name: str) -> str:
    """Return which of some entities a foreign key's name means (``author_user_id`` a User), "" if none or several."""
    stem = name_key(re.sub(r"_?(?:id|ID|Id|uuid|fk)$", "", name))
    keys = {name_key(one): one for one in names}
    if stem in keys:
        return keys[stem]
    ending = [one for key, one in keys.items() if len(key) > 2 and stem.endswith(key)]
    return ending[0] if len(ending) == 1 else ""
