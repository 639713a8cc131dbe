"""Which keys of the blueprint the planted faults change: what nobody spoils, nobody knows to be judged."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from bot.roles.backend_developer.blueprint import Blueprint
from tests.judge.bases import BASES
from tests.judge.faults import FAULTS, Fault
from tests.judge.plans import Plan
from tests.judge.spoil import DoesNotApplyError

Key: TypeAlias = tuple[str, str]
"""A part's type and a key of it, as ("Relation", "on_delete")."""

_WHOLE_PARTS: Final = frozenset(
    ["Rule", "Event", "DomainProblem", "Index", "Permission", "SignIn", "Transition", "Integration", "Budget"]
)
"""Parts that are a fault as a whole where one is added: what they say is the fault."""

_KNOWN_BY: Final = {
    "Entity": "name", "EntityField": "name", "NestedField": "name", "InnerField": "name", "AccessRole": "name",
    "SignIn": "name", "Integration": "service", "Event": "name", "Operation": "id",
}  # fmt: skip


def every_key() -> set[Key]:
    """All keys of all parts of a blueprint, from its types."""
    found: set[Key] = set()
    waiting: list[type[BaseModel]] = [Blueprint]
    seen: set[type[BaseModel]] = set()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        for key, field in part.model_fields.items():
            found.add((part.__name__, key))
            waiting += _parts_of(field.annotation)
    return found


def _parts_of(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [part for inner in getattr(kind, "__args__", ()) for part in _parts_of(inner)]


def spoilt_keys() -> dict[Key, str]:
    """Each key that a fault of a design or of a later iteration changes, with the first fault that does."""
    found: dict[Key, str] = {}
    for fault in FAULTS:
        for key in keys_of(fault) if fault.level in ("design", "later") else ():
            found.setdefault(key, fault.key)
    return found


def keys_of(fault: Fault) -> set[Key]:
    """The keys that a fault changes, in any base."""
    found: set[Key] = set()
    for base in BASES:
        plan = copy.deepcopy(base.design())
        before = copy.deepcopy(plan)
        try:
            fault.plant(plan, base)
            found |= set(_changed(*map(Blueprint.model_validate, (before, plan))))
        except DoesNotApplyError:
            continue
        except ValueError:  # the blueprint refuses it, so that it is caught: what was written tells the keys
            found |= set(_written(before, plan))
    return found


def _changed(old: BaseModel, new: BaseModel) -> Iterator[Key]:
    kind = type(new).__name__
    for key in type(new).model_fields:
        first, second = getattr(old, key), getattr(new, key)
        if first == second:
            continue
        if isinstance(second, BaseModel):
            yield from _changed(first, second)
        elif isinstance(second, tuple) and any(isinstance(one, BaseModel) for one in (*first, *second)):
            yield from _parts(kind, key, first, second)
        else:
            yield kind, key


def _parts(kind: str, key: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Key]:
    yield kind, key
    before = {_known(one, n): one for n, one in enumerate(old)}
    for number, one in enumerate(new):
        was = before.get(_known(one, number))
        if was is not None:
            yield from _changed(was, one)
        elif type(one).__name__ in _WHOLE_PARTS:
            yield from ((type(one).__name__, said) for said in one.model_fields_set)


def _known(part: BaseModel, number: int) -> object:
    """By what a part is known again; by its place where its name may be what was spoilt."""
    name = _KNOWN_BY.get(type(part).__name__, "")
    return getattr(part, name) if name else number


def _written(old: Plan, new: Plan) -> Iterator[Key]:
    names = {"entities": "Entity", "relations": "Relation", "operations": "Operation", "rules": "Rule"}
    for part, kind in names.items():
        for one, other in zip(old.get(part, ()), new.get(part, ()), strict=False):
            yield from ((kind, key) for key in other if one.get(key) != other[key])


_WORDS: Final = "words, which score nothing"
_BY_PLAN: Final = "speed, which is judged by the plans of the queries and not by what an index is called"
_INNER: Final = "within an object: in the document only, and bounded, typed and kept secret as fields are"
UNSPOILT: Final[dict[Key, str]] = {
    ("*", "description"): _WORDS, ("*", "label"): _WORDS, ("*", "cites"): "what is cited is compared with what is there",
    ("*", "source"): "where it comes from", ("*", "assumed"): "told to people; what hides behind it is spoilt elsewhere",
    ("Blueprint", "title"): _WORDS, ("Blueprint", "summary"): _WORDS, ("Blueprint", "conventions"): _WORDS,
    ("Blueprint", "decisions"): _WORDS, ("Blueprint", "declined"): "answers feedback, see `tests.evidence`",
    ("Blueprint", "auth"): "its own keys are spoilt", ("Blueprint", "stack"): "its own keys are spoilt",
    ("Blueprint", "services"): "its own keys are spoilt",
    ("AccessRole", "name"): "spoilt as one gone and one come", ("EntityField", "name"): "spoilt as one gone and one come",
    ("Convention", "kind"): _WORDS, ("Convention", "value"): _WORDS,
    ("Decision", "what"): _WORDS, ("Decision", "why"): _WORDS, ("Decision", "addresses"): _WORDS,
    ("Declined", "what"): "answers feedback, see `tests.evidence`",
    ("Declined", "why"): _WORDS, ("Declined", "standing"): _WORDS,
    ("Entity", "codes"): "nobody says which; held to the values of their key by the blueprint",
    ("EntityField", "entity"): _INNER, ("EntityField", "fields"): _INNER,
    ("Index", "method"): _BY_PLAN, ("Index", "descending"): _BY_PLAN, ("Index", "condition"): _BY_PLAN,
    ("Index", "expression"): _BY_PLAN, ("Index", "text_search"): _BY_PLAN,
    **{(part, key): _INNER for part in ("NestedField", "InnerField")
       for key in ("entity", "items", "maximum", "minimum", "name", "required", "type", "values", "fields")},
    ("Relation", "table"): "a link's table is called by nobody but the service",
    ("Relation", "fields"): "compared as the columns of the link's table",
    ("Services", "database_optimization"): _WORDS, ("Services", "scalability"): _WORDS,
    ("Services", "service_discovery"): _WORDS,
    ("SignIn", "audience"): _WORDS, ("SignIn", "provider"): _WORDS, ("SignIn", "scopes"): _WORDS,
    ("Stack", "deployment"): "compared where it was said, as the other parts are",
    ("StateMachine", "entity"): "by it a life is known again", ("StateMachine", "field"): "by it a life is known again",
    ("Transition", "action"): _WORDS,
}  # fmt: skip
"""Why no fault spoils these keys: what stands there is judged by nothing, or where it is."""
