"""Merges what all texts say: newer wins over older, answers over documents, what was taken back is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    FieldFact,
    NumberFact,
    OpenFact,
    OperationFact,
    RelationFact,
    RoleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    Stance,
    Standing,
    StateFact,
    Statement,
    ValueType,
)
from bot.reading.amended import amended
from bot.reading.entity_names import entity_names, renamed
from bot.reading.fact_pairs import about, as_relation, bans, once, path_key, points_at, softens, united
from bot.reading.names import name_key, vocabulary
from bot.reading.read import ReadingResult
from bot.reading.settled import is_vague, repeated, settled
from bot.reading.tokens import language
from bot.reading.use_cases import with_use_cases

_F = TypeVar("_F", bound=AnyFact)
_FAMILY = {
    **dict.fromkeys(
        (ValueType.STRING, ValueType.TEXT, ValueType.EMAIL, ValueType.URL, ValueType.UUID, ValueType.ENUM), "text"
    ),
    **dict.fromkeys(
        (ValueType.INTEGER, ValueType.BIGINT, ValueType.DECIMAL, ValueType.FLOAT, ValueType.MONEY), "number"
    ),
    **dict.fromkeys((ValueType.DATE, ValueType.TIMESTAMP, ValueType.TIME), "time"),
    **dict.fromkeys((ValueType.JSON, ValueType.OBJECT, ValueType.ARRAY), "json"),
}
_ENOUGH_ENTITIES = 2
"""From so many things named elsewhere on, the nouns of a title or description are no longer taken for things."""


_USERS = vocabulary("user users benutzer nutzer account person member employee mitarbeiter")
"""Keys of what people call those who use the backend."""
_IN_ROLES = vocabulary(
    "author owner assignee creator reviewer approver reporter requester editor agent responsible bearbeiter "
    "ersteller autor verfasser besitzer verantwortlich ansprechpartner zuständig melder"
)
"""Keys of fields that name a person by what he is to the row."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that cannot both hold: the id of the one that counts, of the other, and what they are about."""

    kept: str
    dropped: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a team's texts say altogether.

    `facts` are in force; those that are POSTPONED or UNSURE are among them and say so, DENIED ones are what must not
    be. `withdrawn` are the ids of statements that no longer count.
    """

    statements: tuple[Statement, ...]
    facts: tuple[AnyFact, ...]
    contradictions: tuple[Contradiction, ...] = ()
    questions: tuple[OpenFact, ...] = ()
    withdrawn: tuple[str, ...] = ()


def merge(result: ReadingResult) -> Understanding:
    """Merge a reading. Pure and deterministic: the same reading gives the same understanding."""
    return _Merger(with_use_cases(amended(result))).run()


@dataclass(frozen=True, slots=True)
class _Placed:
    fact: AnyFact
    rank: tuple[int, int, int]


class _Merger:
    def __init__(self, result: ReadingResult) -> None:
        self.result = result
        self.where = {s.id: s for s in result.statements}
        self.contradictions: list[Contradiction] = []
        self.people, self.roles = "", set[str]()
        self.overruled: set[str] = set()
        self.chains = {f.statement for f in result.facts if isinstance(f, StateFact)}

    def run(self) -> Understanding:
        """Merge kind by kind, each fact ranked by its source and time."""
        placed = sorted((_Placed(f, self._rank(f, n)) for n, f in enumerate(self.result.facts)), key=lambda p: p.rank)
        facts = self._without_vague([p.fact for p in placed])
        german = {s.id for s in self.result.statements if language(s.text) == "de"}
        names = entity_names(facts, german)
        facts = [renamed(f, names) for f in facts]
        out: list[AnyFact] = []
        out += self._entities(facts)
        things = {name_key(f.name) for f in out if isinstance(f, EntityFact) and f.stance is Stance.STATED}
        self.people = next((f.name for f in out if isinstance(f, EntityFact) and name_key(f.name) in _USERS), "")
        self.roles = {name_key(f.name) for f in facts if isinstance(f, RoleFact)} | _IN_ROLES
        fields_, relations = self._fields(facts, things, names)
        out += fields_
        said = [f for f in facts if isinstance(f, RelationFact)]
        refused = {(name_key(f.source), name_key(f.target)) for f in said if f.stance is Stance.DENIED}
        out = [
            replace(f, references="")
            if isinstance(f, FieldFact) and (name_key(f.entity), name_key(f.references)) in refused
            else f
            for f in out
        ]
        led = [f for f in relations if (name_key(f.source), name_key(f.target)) not in refused]
        out += self._relations([*said, *led])
        out += self._operations([f for f in facts if isinstance(f, OperationFact)])
        out += self._named([f for f in facts if isinstance(f, StackFact)], lambda f: (f.part, f.name.lower()))
        out += self._named([f for f in facts if isinstance(f, ServiceFact)], lambda f: f.name.lower())
        out += self._named([f for f in facts if isinstance(f, RoleFact)], lambda f: name_key(f.name))
        out += self._named(
            [f for f in facts if isinstance(f, AccessFact)],
            lambda f: (name_key(f.role), f.verbs, f.entity, f.path, f.method, f.field, f.action),
        )
        out += self._numbers([f for f in facts if isinstance(f, NumberFact)])
        out += self._sign_in([f for f in facts if isinstance(f, SignInFact)])
        done = (
            EntityFact,
            FieldFact,
            RelationFact,
            OperationFact,
            StackFact,
            ServiceFact,
            RoleFact,
            AccessFact,
            NumberFact,
            SignInFact,
        )
        out += once(f for f in facts if not isinstance(f, (*done, OpenFact)))
        out = settled(out)
        standing = {f.statement for f in out}
        withdrawn = {s.id for s in self.result.statements if s.standing is Standing.WITHDRAWN} | (
            self.overruled - standing
        )
        questions = tuple(f for f in facts if isinstance(f, OpenFact))
        return Understanding(
            statements=repeated(
                (replace(s, standing=Standing.WITHDRAWN) if s.id in withdrawn else s for s in self.result.statements),
                out,
            ),
            facts=tuple(out),
            contradictions=tuple(dict.fromkeys(self.contradictions)),
            questions=questions,
            withdrawn=tuple(sorted(withdrawn)),
        )

    def _rank(self, fact: AnyFact, n: int) -> tuple[int, int, int]:
        statement = self.where.get(fact.statement)
        source = statement.source if statement else ""
        spoken = 0 if source.startswith("input:") or is_vague(source) else 1
        return spoken, self.result.order.get(source, 0), n

    def _without_vague(self, facts: Sequence[AnyFact]) -> list[AnyFact]:
        """Leave out the nouns of a title or description where things are named elsewhere."""

        def vague(fact: AnyFact) -> bool:
            statement = self.where.get(fact.statement)
            return statement is not None and statement.notation == "prose" and is_vague(statement.source)

        named = {name_key(f.name) for f in facts if isinstance(f, EntityFact) and not vague(f)}
        if len(named) < _ENOUGH_ENTITIES:
            return list(facts)
        return [
            f
            for f in facts
            if not (
                isinstance(f, EntityFact | FieldFact | RelationFact) and vague(f) and name_key(about(f)) not in named
            )
        ]

    def _against(self, kept: AnyFact, dropped: AnyFact, about: str, *, clash: bool = True) -> None:
        self.overruled.add(dropped.statement)
        if clash and kept.statement != dropped.statement:
            self.contradictions.append(Contradiction(kept.statement, dropped.statement, about))

    def _entities(self, facts: Sequence[AnyFact]) -> list[AnyFact]:
        found: dict[str, EntityFact] = {}
        for fact in facts:
            if isinstance(fact, EntityFact):
                key = name_key(fact.name)
                old = found.get(key)
                found[key] = fact if old is None else united(old, fact)
        return list(found.values())

    def _fields(
        self, facts: Sequence[AnyFact], things: set[str], names: Mapping[str, str]
    ) -> tuple[list[AnyFact], list[RelationFact]]:
        found: dict[tuple[str, str], FieldFact] = {}
        relations: list[RelationFact] = []
        for fact in facts:
            if not isinstance(fact, FieldFact) or not fact.entity:
                continue
            target = points_at(fact, things) or self._person(fact, things)
            if target and name_key(target) != "" and fact.stance is Stance.STATED:
                relations.append(as_relation(fact, names.get(name_key(target), target)))
                if not fact.references and not fact.name.lower().endswith(("id", "_id")):
                    continue
                fact = replace(fact, references=names.get(name_key(target), target))  # noqa: PLW2901
            key = (name_key(fact.entity), name_key(fact.name))
            old = found.get(key)
            if (
                old is not None
                and old.type
                and fact.type
                and _FAMILY.get(old.type, old.type) != _FAMILY.get(fact.type, fact.type)
            ):
                self._against(fact, old, f"{fact.entity}.{fact.name}")
            found[key] = fact if old is None else self._states_kept(old, fact, united(old, fact))
        return list(found.values()), relations

    def _states_kept(self, old: FieldFact, new: FieldFact, both: FieldFact) -> FieldFact:
        """Return a field with the members that a list of them has and the states that a chain has: neither drops any.

        A chain ("draft -> sent -> paid") speaks of changes, and seldom names all members; one that it has and the list
        has not is a contradiction, which is asked about.
        """
        chain, listed = (new, old) if new.statement in self.chains else (old, new)
        if not old.values or not new.values or (old.statement in self.chains) == (new.statement in self.chains):
            return both
        known = {name_key(v) for v in listed.values}
        more = tuple(v for v in chain.values if name_key(v) not in known)
        if more:
            self.contradictions.append(Contradiction(new.statement, old.statement, f"{old.entity}.{old.name}"))
        return replace(both, values=(*listed.values, *more))

    def _person(self, fact: FieldFact, things: set[str]) -> str:
        """Return the thing that users are, for a plain field called as a role of theirs: a ticket's customer."""
        key = name_key(fact.name)
        plain = fact.type is None and not fact.values and key not in things and name_key(fact.entity) not in _USERS
        return self.people if self.people and plain and key in self.roles else ""

    def _relations(self, relations: Sequence[RelationFact]) -> list[AnyFact]:
        found: dict[tuple[str, ...], RelationFact] = {}
        for fact in relations:
            pair = (name_key(fact.source), name_key(fact.target))
            key: tuple[str, ...] = tuple(sorted(pair)) if fact.cardinality == "many_to_many" else pair
            if fact.name and pair[0] == pair[1]:
                key = (*key, fact.name)
            old = found.get(key)
            if old is None and fact.cardinality == "many_to_one" and (pair[1], pair[0]) in found:
                back = found[(pair[1], pair[0])]
                if back.cardinality == "many_to_one" and pair[0] != pair[1]:
                    self._against(fact, back, f"{fact.source} and {fact.target}")
            found[key] = fact if old is None else united(old, fact)
        return list(found.values())

    def _operations(self, operations: Sequence[OperationFact]) -> list[AnyFact]:
        found: dict[tuple[str, str], OperationFact] = {}
        banned: list[OperationFact] = []
        for fact in operations:
            key = (str(fact.method), path_key(fact.path))
            if fact.stance is Stance.DENIED:
                for other, old in list(found.items()):
                    if bans(fact, old) and old.stance is not Stance.DENIED:
                        self._against(fact, old, f"{old.method or ''} {old.path}".strip())
                        del found[other]
                banned.append(fact)
                continue
            for ban in [b for b in banned if bans(b, fact)]:
                self._against(fact, ban, f"{fact.method or ''} {fact.path}".strip())
                if ban.path:
                    banned.remove(ban)
            said = found.get(key)
            found[key] = fact if said is None else united(said, fact)
        return [*found.values(), *banned]

    def _named(self, facts: Sequence[_F], key: Any) -> list[AnyFact]:
        """Merge facts by a key: the newest word on a name counts."""
        found: dict[Any, _F] = {}
        for fact in facts:
            old = found.get(key(fact))
            if old is None:
                found[key(fact)] = fact
            elif old.stance is fact.stance:
                found[key(fact)] = united(old, fact)
            else:
                self._against(
                    fact, old, getattr(fact, "name", "") or getattr(fact, "entity", ""), clash=not softens(old, fact)
                )
                found[key(fact)] = united(old, fact)
        return list(found.values())

    def _numbers(self, numbers: Sequence[NumberFact]) -> list[AnyFact]:
        found: dict[tuple[str, str, str], NumberFact] = {}
        for fact in numbers:
            if fact.stance is not Stance.STATED:
                continue
            key = (fact.metric, path_key(fact.path), str(fact.method) if fact.path else "")
            if fact.metric in {"data_volume", "rate_limit", "concurrent_users"}:
                key = (*key[:2], f"{fact.unit}{fact.value}")
            old = found.get(key)
            if old is not None and old.value != fact.value:
                self._against(fact, old, fact.metric)
            found[key] = fact
        return list(found.values())

    def _sign_in(self, facts: Sequence[SignInFact]) -> list[AnyFact]:
        found = self._named([f for f in facts if f.scheme], lambda f: (f.scheme, f.audience.lower()))
        real = [f for f in found if isinstance(f, SignInFact) and f.scheme != "none" and f.stance is Stance.STATED]
        factors = [f for f in facts if not f.scheme]
        if real:
            for fact in [f for f in found if isinstance(f, SignInFact) and f.scheme == "none"]:
                self._against(real[-1], fact, "sign-in")
                found.remove(fact)
        return [*found, *factors]


__all__ = ["Contradiction", "StateFact", "Understanding", "merge"]
