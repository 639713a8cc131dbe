"""Carries amendments out: finds what was said under a name, and renames, retypes or denies it.

An amendment counts against what was said before it. A new name counts for all that was and is said under the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from bot.domain.facts import (
    AmendmentFact,
    AnyFact,
    EntityFact,
    FieldFact,
    OperationFact,
    RoleFact,
    ServiceFact,
    StackFact,
    Stance,
    Standing,
    ValueType,
)
from bot.reading.catalogue import SERVICES, STACK
from bot.reading.names import name_key, singular
from bot.reading.read import ReadingResult

_NAMES = ("entity", "source", "target", "references", "tenant", "body_entity", "result_entity")


def amended(result: ReadingResult) -> ReadingResult:
    """Return a reading in which its amendments are carried out; one that amends nothing is not understood."""
    if not any(isinstance(fact, AmendmentFact) for fact in result.facts):
        return result
    facts: list[AnyFact] = []
    for fact in result.facts:
        if isinstance(fact, AmendmentFact):
            before = len(facts)
            facts = _Amendment(fact, facts).carried_out()
            if len(facts) == before:
                facts += [cast("AnyFact", one) for one in fact.otherwise]
        else:
            facts.append(fact)
    renamed = [f for f in result.facts if isinstance(f, AmendmentFact) and f.new]
    for one in renamed:  # what is said under the old name further down
        if name_key(one.old) in {name_key(f.name) for f in facts if isinstance(f, EntityFact)}:
            facts = [_called(f, name_key(one.old), singular(one.new)) for f in facts]
    said = {fact.statement for fact in facts}
    lost = {f.statement for f in result.facts if isinstance(f, AmendmentFact)} - said
    statements = tuple(replace(s, standing=Standing.NOT_UNDERSTOOD) if s.id in lost else s for s in result.statements)
    return replace(result, statements=statements, facts=tuple(facts))


class _Amendment:
    def __init__(self, fact: AmendmentFact, before: Sequence[AnyFact]) -> None:
        self.fact, self.before = fact, list(before)
        self.key = name_key(fact.old)
        self.owner = name_key(fact.entity) if fact.entity else ""

    def carried_out(self) -> list[AnyFact]:
        """Return the facts before it, amended, with what it says itself behind them."""
        if self.fact.type is not None:
            return self._retyped()
        for way in (self._of_a_field, self._built_on, self._outside, self._role_or_thing, self._field, self._member):
            if (found := way()) is not None:
                return found
        return self.before

    def _of_a_field(self) -> list[AnyFact] | None:
        """Take "drop closed from the status": a member of the field that is named."""
        fields = [f for f in self._fields() if self.owner and name_key(f.name) == self.owner]
        return self._without_member(fields) if fields else None

    def _retyped(self) -> list[AnyFact]:
        owners = [f for f in self._fields() if name_key(f.name) == self.key and self.owner in ("", name_key(f.entity))]
        owners = owners or [f for f in self._fields() if name_key(f.name) == self.key]
        if not owners or self.fact.type is None:
            return self.before
        made = FieldFact(
            statement=self.fact.statement, entity=owners[-1].entity, name=owners[-1].name, type=self.fact.type
        )
        kept = owners[-1].values if self.fact.type is ValueType.ENUM else ()
        return [replace(f, type=self.fact.type, values=kept) if f is owners[-1] else f for f in self.before] + [made]

    def _built_on(self) -> list[AnyFact] | None:
        """Take a choice of the stack: the old is denied, the new is stated for the same part."""
        if self.fact.old.lower() not in STACK:
            return None
        part, name = STACK[self.fact.old.lower()]
        statement = self.fact.statement
        made: list[AnyFact] = [StackFact(statement=statement, part=part, name=name, stance=Stance.DENIED)]
        if self.fact.new:
            known = STACK.get(self.fact.new.lower())
            if known is None and self.fact.new[:1].islower():
                return None
            new_part, new_name = known or (part, self.fact.new)
            made.append(StackFact(statement=statement, part=new_part, name=new_name))
        return [*self.before, *made]

    def _outside(self) -> list[AnyFact] | None:
        """Take an outside service that is known, or that was named."""
        low = self.fact.old.lower()
        named = next((f for f in self.before if isinstance(f, ServiceFact) and f.name.lower() == low), None)
        if named is None and low not in SERVICES:
            return None
        statement, name = self.fact.statement, named.name if named else self.fact.old
        made: list[AnyFact] = [ServiceFact(statement=statement, name=name, stance=Stance.DENIED)]
        if self.fact.new:
            purpose = SERVICES.get(self.fact.new.lower(), named.purpose if named else "")
            made.append(ServiceFact(statement=statement, name=self.fact.new, purpose=purpose))
        return [*self.before, *made]

    def _role_or_thing(self) -> list[AnyFact] | None:
        things = [f for f in self.before if isinstance(f, EntityFact) and name_key(f.name) == self.key]
        roles = [f for f in self.before if isinstance(f, RoleFact) and name_key(f.name) == self.key]
        if not things and not roles and not self._is_spoken_of():
            return None
        statement = self.fact.statement
        if self.fact.new:
            new = singular(self.fact.new)
            made: list[AnyFact] = [EntityFact(statement=statement, name=new)] if things or not roles else []
            made += [RoleFact(statement=statement, name=new)] if roles else []
            return [*(_called(f, self.key, new) for f in self.before), *made]
        stance = Stance.DENIED
        gone: list[AnyFact] = [EntityFact(statement=statement, name=f.name, stance=stance) for f in things[-1:]]
        gone += [RoleFact(statement=statement, name=f.name, stance=stance) for f in roles[-1:]]
        if not gone:
            gone = [EntityFact(statement=statement, name=singular(self.fact.old), stance=stance)]
        return [*self.before, *gone]

    def _is_spoken_of(self) -> bool:
        """Whether something was said of such a thing: a field of it, or a path that ends in its name."""
        return any(
            (isinstance(f, FieldFact) and name_key(f.entity) == self.key)
            or (isinstance(f, OperationFact) and name_key(f.path.rstrip("/").rpartition("/")[2]) == self.key)
            for f in self.before
        )

    def _field(self) -> list[AnyFact] | None:
        fields = [f for f in self._fields() if name_key(f.name) == self.key and self.owner in ("", name_key(f.entity))]
        if not fields:
            return None
        last = fields[-1]
        if self.fact.new:
            kept = [
                replace(f, name=self.fact.new) if f in fields and isinstance(f, FieldFact) else f for f in self.before
            ]
            return [*kept, FieldFact(statement=self.fact.statement, entity=last.entity, name=self.fact.new)]
        made = FieldFact(statement=self.fact.statement, entity=last.entity, name=last.name, stance=Stance.DENIED)
        return [*self.before, made]

    def _member(self) -> list[AnyFact] | None:
        fields = [f for f in self._fields() if any(name_key(v) == self.key for v in f.values)]
        fields = [f for f in fields if self.owner in ("", name_key(f.entity), name_key(f.name))]
        return self._without_member(fields[-1:]) if len({(f.entity, f.name) for f in fields}) == 1 else None

    def _without_member(self, fields: Sequence[FieldFact]) -> list[AnyFact] | None:
        """Take a member out of an enum, or put another in its place."""
        holder = next((f for f in reversed(fields) if any(name_key(v) == self.key for v in f.values)), None)
        if holder is None:
            return None
        changed = [self.fact.new if name_key(v) == self.key else v for v in holder.values]
        values = tuple(v for v in changed if v)
        same = (name_key(holder.entity), name_key(holder.name))
        kept = [
            replace(f, values=values)
            if isinstance(f, FieldFact) and f.values and (name_key(f.entity), name_key(f.name)) == same
            else f
            for f in self.before
        ]
        made = FieldFact(
            statement=self.fact.statement, entity=holder.entity, name=holder.name, type=ValueType.ENUM, values=values
        )
        return [*kept, made]

    def _fields(self) -> list[FieldFact]:
        return [f for f in self.before if isinstance(f, FieldFact) and f.stance is Stance.STATED and f.entity]


def _called(fact: AnyFact, key: str, new: str) -> AnyFact:
    """Return a fact in which what had a name by this key has another."""
    changed: dict[str, Any] = {}
    for part in _NAMES:
        said = getattr(fact, part, "")
        if said and name_key(said) == key:
            changed[part] = new
    if isinstance(fact, EntityFact | RoleFact) and name_key(fact.name) == key:
        changed["name"] = new
        if isinstance(fact, EntityFact) and fact.plural:
            changed["plural"] = ""
    if (role := getattr(fact, "role", "")) and name_key(role) == key:
        changed["role"] = new
    roles = getattr(fact, "roles", ())
    if roles and any(name_key(one) == key for one in roles):
        changed["roles"] = tuple(new if name_key(one) == key else one for one in roles)
    return replace(fact, **changed) if changed else fact
