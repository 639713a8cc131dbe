"""The corpus measures what teams said only if its truth is nothing but what they said."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.corpus.cases import HERE, Case, held_out, is_held_out, small_cases, whole_cases
from tests.corpus.judge import TAKES
from tests.corpus.names import alternatives, forms, route, spellings

WHOLE, SMALL = whole_cases(), small_cases()
CALL = re.compile(r"(GET|POST|PUT|PATCH|DELETE) /\S*$")
ASIDES = {"notations", "may", "rules"}
MAY = {"entities", "fields", "relations", "operations", "actions", "open"}
KEYS = {
    "endpoints", "entities", "relations", "roles", "auth", "open", "allowed", "denied", "services", "not_services",
    "forbidden_entities", "postponed", "not_operations", "not_fields", "stack", "budget",
}  # fmt: skip
SMALL_KEYS = {
    "E", "R", "O", "I", "notE", "notF", "notO", "notI", "onlyE", "open", "allowed", "denied", "roles", "auth", "stack",
    "budget", "plurals",
}  # fmt: skip
WAYS = {"jwt", "api_key", "oidc", "oauth2", "saml", "mtls", "basic", "session"}


class Words:
    """The words of a team in every spelling, run together, so that `goalCents` and `goal cents` are the same."""

    def __init__(self, text: str) -> None:
        self.glued = set(spellings(re.sub(r"\\[nt]", " ", text)))

    def hold(self, names: str) -> bool:
        """Whether all words of one of `a|b` were said in some form."""
        return any(all(self._holds(word) for word in _words(name)) for name in alternatives(str(names)))

    def _holds(self, word: str) -> bool:
        return any(form in text for form in forms(word) | _stems(word) for text in self.glued)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])", " ", name))


def _stems(word: str) -> set[str]:
    """Forms of a verb or noun that share their beginning: `cancel` and `cancelled`, `Species` and `species`."""
    return {spelling[: max(4, len(spelling) - 3)] for spelling in spellings(word) if len(spelling) > 4}


def _entities(case: Case) -> dict[str, dict[str, Any]]:
    return dict(case.truth.get("E", {}) if case.small else case.truth["entities"])


def _calls(case: Case) -> Iterator[str]:
    truth = case.truth
    yield from truth.get("O" if case.small else "endpoints", ())
    yield from truth.get("open", ())
    yield from (call for _, call in (*truth.get("allowed", ()), *truth.get("denied", ())))
    yield from truth.get("notO" if case.small else "not_operations", ())


def test_there_are_enough_cases_and_no_name_twice() -> None:
    """At least 40 whole and 210 small cases, and a name names one of them."""
    assert len(WHOLE) >= 40
    assert len(SMALL) >= 210
    assert [name for name, n in Counter(c.name for c in WHOLE).items() if n > 1] == []
    assert [name for name, n in Counter(c.name for c in SMALL).items() if n > 1] == []


def test_held_out_names_are_those_of_the_rule() -> None:
    """The list holds exactly the names that the rule gives, so that nobody chose them."""
    listed = held_out()
    assert listed["whole"] == sorted(c.name for c in WHOLE if is_held_out(c.name))
    assert listed["small"] == sorted(c.name for c in SMALL if is_held_out(c.name))


def test_every_notation_is_used_by_several_cases() -> None:
    """No notation hangs on one team's way of writing."""
    used = Counter(n for c in WHOLE for n in c.notations)
    main = {"sql", "openapi", "mermaid", "prisma", "dbml", "graphql", "csv", "protobuf", "typescript", "python-model"}
    assert {n: used[n] for n in main if used[n] < 2} == {}


@pytest.mark.parametrize("case", WHOLE + SMALL, ids=lambda c: c.name)
def test_truth_is_well_formed(case: Case) -> None:
    """Only known keys, calls, kinds and ways to sign in, so that no slip of the pen counts against the product."""
    known = SMALL_KEYS if case.small else KEYS | ASIDES
    assert set(case.truth) <= known
    assert [c for c in _calls(case) if not CALL.match(c)] == []
    kinds = [k for fields in _entities(case).values() for k in fields.values()]
    plain = {option for kind in kinds if isinstance(kind, str) for option in alternatives(kind)}
    assert plain <= set(TAKES) | {"any"}
    assert all(isinstance(k, str) or (len(k) >= 2 and k == [m.lower() for m in k]) for k in kinds)
    assert {way for ways in case.truth.get("auth", ()) for way in alternatives(ways)} <= WAYS
    assert set(case.truth.get("stack", {})) <= {"database", "language"}


@pytest.mark.parametrize("case", WHOLE, ids=lambda c: c.name)
def test_whole_truth_agrees_with_itself(case: Case) -> None:
    """What is asked for is not refused, relations join known entities, permissions speak of known roles and calls."""
    truth = case.truth
    asked = {route(c) for c in truth["endpoints"]}
    assert len(asked) == len(truth["endpoints"])
    assert asked & {route(c) for c in truth.get("not_operations", ())} == set()
    assert [pair for pair in truth["relations"] if not set(pair) <= set(truth["entities"])] == []
    assert set(truth.get("forbidden_entities", ())) & set(truth["entities"]) == set()
    pairs = [tuple(p) for p in truth.get("allowed", ())], [tuple(p) for p in truth.get("denied", ())]
    assert set(pairs[0]) & set(pairs[1]) == set()
    assert {role for role, _ in pairs[0]} <= set(truth["roles"])
    assert set(truth.get("may", {})) <= MAY
    if asked:
        assert {route(c) for _, c in pairs[0]} | {route(c) for c in truth.get("open", ())} <= asked


@pytest.mark.parametrize("case", WHOLE + SMALL, ids=lambda c: c.name)
def test_every_name_in_the_truth_was_said(case: Case) -> None:
    """Entities, fields, members, paths, roles and services occur in the team's own words in some form."""
    words, truth = Words(case.said()), case.truth
    unsaid = []
    for names, fields in _entities(case).items():
        unsaid += [names] if not words.hold(names) else []
        for name, kind in fields.items():
            unsaid += [f"{names}.{name}"] if not (words.hold(name) or _implied(name)) else []
            unsaid += [f"{names}.{name}={m}" for m in kind if not words.hold(m)] if isinstance(kind, list) else []
    for call in truth.get("O" if case.small else "endpoints", ()):
        segments = [s for s in route(call).partition(" ")[2].split("/") if s and s != "{}"]
        unsaid += [f"{call}: {s}" for s in segments if not words.hold(s.replace("{}", ""))]
    named = ("roles", "I") if case.small else ("roles", "services", "not_services")  # what is refused may be unnamed
    unsaid += [name for key in named for name in truth.get(key, ()) if not words.hold(name)]
    assert unsaid == []


def _implied(name: str) -> bool:
    """A state machine or a closed list is said without its column's name."""
    return bool({"status", "state"} & set(alternatives(name)))


def test_a_name_that_nobody_said_is_found_out() -> None:
    """The check of the truth is not so lenient that it holds for anything."""
    words = Words("Every loan has a dueDate; Zähler; PickList")
    assert all(map(words.hold, ("Loan", "due_on|due_date", "zaehler", "pick_lists")))
    assert not any(map(words.hold, ("Voucher", "paid_on", "zaun", "StockLevel")))


def test_documents_that_are_json_are_json() -> None:
    """A broken document would measure the product's error handling and not its reading."""
    for path in sorted(HERE.rglob("*.json")):
        json.loads(path.read_text())
