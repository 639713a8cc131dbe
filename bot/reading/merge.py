"""Merges what all texts say: newer wins over older, answers over documents, what was taken back is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
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
    RuleFact,
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
from bot.reading.names import name_key, singular, vocabulary
from bot.reading.prose.clause import thing_name
from bot.reading.read import ReadingResult
from bot.reading.settled import is_vague, repeated, settled
from bot.reading.tokens import language

_F = TypeVar("_F", bound=AnyFact)
_GERMAN_ENDINGS = ("e", "n", "en", "er", "s", "ern")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
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
    return _Merger(amended(result)).run()


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
        names = _entity_names(facts, german)
        facts = [_renamed(f, names) for f in facts]
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
        out += _once(f for f in facts if not isinstance(f, (*done, OpenFact)))
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
                isinstance(f, EntityFact | FieldFact | RelationFact) and vague(f) and name_key(_about(f)) not in named
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
                found[key] = fact if old is None else _united(old, fact)
        return list(found.values())

    def _fields(
        self, facts: Sequence[AnyFact], things: set[str], names: Mapping[str, str]
    ) -> tuple[list[AnyFact], list[RelationFact]]:
        found: dict[tuple[str, str], FieldFact] = {}
        relations: list[RelationFact] = []
        for fact in facts:
            if not isinstance(fact, FieldFact) or not fact.entity:
                continue
            target = _points_at(fact, things) or self._person(fact, things)
            if target and name_key(target) != "" and fact.stance is Stance.STATED:
                relations.append(_as_relation(fact, names.get(name_key(target), target)))
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
            found[key] = fact if old is None else self._states_kept(old, fact, _united(old, fact))
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
            found[key] = fact if old is None else _united(old, fact)
        return list(found.values())

    def _operations(self, operations: Sequence[OperationFact]) -> list[AnyFact]:
        found: dict[tuple[str, str], OperationFact] = {}
        banned: list[OperationFact] = []
        for fact in operations:
            key = (str(fact.method), _path_key(fact.path))
            if fact.stance is Stance.DENIED:
                for other, old in list(found.items()):
                    if _bans(fact, old) and old.stance is not Stance.DENIED:
                        self._against(fact, old, f"{old.method or ''} {old.path}".strip())
                        del found[other]
                banned.append(fact)
                continue
            for ban in [b for b in banned if _bans(b, fact)]:
                self._against(fact, ban, f"{fact.method or ''} {fact.path}".strip())
                if ban.path:
                    banned.remove(ban)
            said = found.get(key)
            found[key] = fact if said is None else _united(said, fact)
        return [*found.values(), *banned]

    def _named(self, facts: Sequence[_F], key: Any) -> list[AnyFact]:
        """Merge facts by a key: the newest word on a name counts."""
        found: dict[Any, _F] = {}
        for fact in facts:
            old = found.get(key(fact))
            if old is None:
                found[key(fact)] = fact
            elif old.stance is fact.stance:
                found[key(fact)] = _united(old, fact)
            else:
                self._against(
                    fact, old, getattr(fact, "name", "") or getattr(fact, "entity", ""), clash=not _softens(old, fact)
                )
                found[key(fact)] = _united(old, fact)
        return list(found.values())

    def _numbers(self, numbers: Sequence[NumberFact]) -> list[AnyFact]:
        found: dict[tuple[str, str, str], NumberFact] = {}
        for fact in numbers:
            if fact.stance is not Stance.STATED:
                continue
            key = (fact.metric, _path_key(fact.path), str(fact.method) if fact.path else "")
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


def _about(fact: EntityFact | FieldFact | RelationFact) -> str:
    return fact.name if isinstance(fact, EntityFact) else fact.entity if isinstance(fact, FieldFact) else fact.source


def _softens(old: AnyFact, new: AnyFact) -> bool:
    """Whether one of the two is no plain yes or no, so that they do not contradict each other."""
    return not {old.stance, new.stance} <= {Stance.STATED, Stance.DENIED}


def _united(old: _F, new: _F) -> _F:
    """Return the newer fact with what only the older one says."""
    kept: dict[str, Any] = {}
    for part in fields(new):
        if part.name in {"statement", "stance", "by_model"}:
            continue
        value = getattr(new, part.name)
        if value in (None, "", ()) or (part.name == "cardinality" and value == "many_to_one"):
            kept[part.name] = getattr(old, part.name)
    if isinstance(old, EntityFact):
        kept["name"] = old.name
    if isinstance(old, FieldFact) and isinstance(new, FieldFact):
        kept["name"] = old.name
        if old.statement == new.statement and old.values and new.values:
            kept["values"] = tuple(dict.fromkeys((*old.values, *new.values)))
        if old.type is ValueType.ENUM and old.values and new.type in {ValueType.STRING, ValueType.TEXT}:
            kept["type"], kept["values"] = old.type, old.values
    return replace(new, **kept)


def _entity_names(facts: Sequence[AnyFact], german: set[str]) -> dict[str, str]:
    """Return for each thing's key the name that it is called by: the first that was said.

    One and many of a German thing are told by their endings, where a German statement names one of the two.
    """
    found: dict[str, str] = {}
    local: set[str] = set()
    for fact in facts:
        if isinstance(fact, EntityFact):
            found.setdefault(name_key(fact.name), fact.name)
    for fact in facts:
        for said in (getattr(fact, "entity", ""), getattr(fact, "source", ""), getattr(fact, "target", "")):
            if said and not isinstance(fact, EntityFact) and not isinstance(fact, AccessFact):
                found.setdefault(name_key(said), singular(said))
    for fact in facts:
        if fact.statement in german:
            local |= {name_key(n) for n in (getattr(fact, p, "") for p in ("name", "entity", "source", "target")) if n}
    plain = {key.translate(_UMLAUTS): key for key in found}
    for key, other in list(plain.items()):
        for ending in _GERMAN_ENDINGS:
            base = key.removesuffix(ending)
            if (
                base != key
                and len(base) > 3
                and base in plain
                and plain[base] != other
                and ({other, plain[base]} & local or name_key(thing_name(found[other], "de")) == plain[base])
            ):
                found[other] = found[plain[base]]
                break
    return found


def _renamed(fact: _F, names: Mapping[str, str]) -> _F:
    changed: dict[str, Any] = {}
    for part in ("entity", "source", "target", "references", "tenant", "body_entity", "result_entity"):
        said = getattr(fact, part, "")
        if said and (name := names.get(name_key(said))):
            changed[part] = name
    if isinstance(fact, EntityFact) and (name := names.get(name_key(fact.name))):
        changed["name"] = name
    return replace(fact, **changed) if changed else fact


def _points_at(fact: FieldFact, things: set[str]) -> str:
    """Return the thing that a field is a link to, "" if it is a plain attribute."""
    if fact.references:
        return fact.references
    low = fact.name.lower()
    stem = fact.name[:-3] if low.endswith("_id") else fact.name[:-2] if fact.name.endswith("Id") else ""
    if stem and fact.primary_key and name_key(stem) == name_key(fact.entity):
        return ""  # the key of its own rows: ``station_id`` of a station
    if stem and name_key(stem) in things:
        return stem
    if (
        not stem
        and fact.type is None
        and not fact.values
        and name_key(fact.name) in things
        and name_key(fact.name) != name_key(fact.entity)
    ):
        return fact.name
    return ""


def _as_relation(fact: FieldFact, target: str) -> RelationFact:
    many = fact.references == "" and singular(fact.name) != fact.name
    one, other = (target, fact.entity) if many else (fact.entity, target)
    role = re.sub(r"(?:_id|_ID|Id)$", "", fact.name)
    return RelationFact(
        statement=fact.statement,
        source=one,
        target=other,
        required=fact.required,
        name="" if name_key(role) == name_key(target) else role,
    )


def _path_key(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path.rstrip("/"))


def _bans(ban: OperationFact, fact: OperationFact) -> bool:
    return (ban.method is None or ban.method == fact.method) and (
        not ban.path or _path_key(ban.path) == _path_key(fact.path)
    )


def _once(facts: Iterable[AnyFact]) -> list[AnyFact]:
    found: dict[object, AnyFact] = {}
    for fact in facts:
        bare = replace(fact, statement="", text="") if isinstance(fact, RuleFact) else replace(fact, statement="")
        found.setdefault(bare, fact)
    return list(found.values())


__all__ = ["Contradiction", "StateFact", "Understanding", "merge"]
