"""What the checks could not know to be wrong: every key that can be said has a planted fault, a line or a reason."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

from bot.domain import facts
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.areas.change_table import CITED, FREE, KEYS
from bot.roles.backend_developer.checks.areas.designed import differences
from bot.roles.backend_developer.checks.fit import data, fields, interface, numbers, outside, sign_ins, use_cases
from bot.roles.backend_developer.renderers.openapi import values
from tests.judge.keys import UNSPOILT, every_key, spoilt_keys
from tests.judge.planting import right

COMPARED: tuple[ModuleType, ...] = (data, fields, interface, numbers, outside, sign_ins, use_cases)
UNCOMPARED = {
    "statement": "where it comes from", "by_model": "where it comes from", "description": "words",
    "summary": "words", "OperationFact.operation_id": "what people call an operation; it is known by its path",
    "OperationFact.statuses": "the renderer declares them by what an operation does",
    "OperationFact.body_entity": "told as its fields", "OperationFact.result_entity": "told as its fields",
    "FieldFact.items": "a list's elements are in the document only",
    "FieldFact.fields": "an object's parts are in the document only",
    "FieldFact.pattern": "dialects differ, and only what all share is rendered",
    "FieldFact.read_only": "judged by what callers write (`api.writes_meant`)",
    "FieldFact.immutable": "judged by what callers write (`api.writes_meant`)",
    "FieldFact.unit": "judged by names (`database.units_meant`)",
    "StateFact.field": "told by its members", "StateFact.final": "told by the changes that are said",
    "StateFact.action": "judged by operations (`database.states_meant`)",
    "StateFact.roles": "judged by operations (`database.states_meant`)",
    "RelationFact.fields": "a link's fields are compared as a table's",
    "NumberFact.path": "", "SignInFact.provider": "words of a scheme", "SignInFact.scopes": "words of a scheme",
    "ServiceFact.protocol": "words of an integration", "StackFact.version": "no place in a design",
    "EventFact.entity": "told by its name", "AccessFact.field": "", "AccessFact.condition": "",
    "AccessFact.also": "who could do it before still can: judged against the last iteration (`api.callers_kept`)",
    "RuleFact.fields": "", "OpenFact.about": "asks, and says nothing", "OpenFact.text": "asks, and says nothing",
    "AmendmentFact.old": "none is left when facts are merged", "AmendmentFact.new": "none is left",
    "AmendmentFact.entity": "none is left", "AmendmentFact.type": "none is left",
    "AmendmentFact.otherwise": "none is left",
}  # fmt: skip
"""Why nothing compares these parts of facts with what was rendered."""


def test_every_key_of_a_blueprint_is_spoilt_by_a_planted_fault_or_has_a_reason() -> None:
    """No key can be added that nobody spoils; a reason for one that is spoilt is no reason any more."""
    spoilt = set(spoilt_keys())
    reasons = {key for key in every_key() if key in UNSPOILT or ("*", key[1]) in UNSPOILT}
    assert sorted(every_key() - spoilt - reasons) == []
    assert sorted(key for key in UNSPOILT if key[0] != "*" and key in spoilt) == []


@pytest.mark.parametrize("part", sorted(KEYS, key=lambda part: part.__name__), ids=lambda part: part.__name__)
def test_of_every_key_it_is_said_what_may_become_of_it_later(part: type[BaseModel]) -> None:
    """A later iteration is judged key by key: each has a line in the one table or the other, and not in both."""
    kept, free = set(KEYS[part]), set(FREE[part])
    whole = {
        "entities",
        "relations",
        "rules",
        "state_machines",
        "operations",
        "events",
        "sign_ins",
        "roles",
        "stack",
        "auth",
    }
    assert set(part.model_fields) - CITED - (whole if part is Blueprint else set()) == kept | free
    assert kept & free == set()


def _facts() -> Iterator[tuple[str, str]]:
    for kind in typing.get_args(facts.AnyFact):
        yield from ((kind.__name__, field.name) for field in dataclasses.fields(kind) if field.name != "stance")


@pytest.mark.parametrize(("kind", "name"), sorted(_facts()), ids="-".join)
def test_what_a_fact_can_say_is_compared_or_has_a_reason(kind: str, name: str) -> None:
    """Each part of each fact is looked at by a comparer, or it is said why not."""
    source = "".join(inspect.getsource(module) for module in COMPARED)
    reason = UNCOMPARED.get(name) or UNCOMPARED.get(f"{kind}.{name}")
    assert reason or f".{name}" in source


def _leaves(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in pairs:
        yield (*place, key)
        yield from _leaves(inner, (*place, key))


def _keywords() -> dict[str, tuple[Any, ...]]:
    """One place for each keyword of a rendered document, of whatever depth."""
    root = values(right("clinic").blueprint)
    return {str(place[-1]): place for place in _leaves(root) if isinstance(place[-1], str)}


def test_whatever_is_taken_out_of_a_document_is_named() -> None:
    """There is no keyword without which a document still counts as what the design says."""
    root, unseen = values(right("clinic").blueprint), []
    for keyword, place in _keywords().items():
        spoilt = copy.deepcopy(root)
        node = spoilt
        for key in place[:-1]:
            node = node[key]
        del node[place[-1]]
        if not list(differences(root, spoilt)):
            unseen.append(keyword)
    assert unseen == []
