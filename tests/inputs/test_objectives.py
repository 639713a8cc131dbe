"""What the documents ask for, and where they disagree."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inputs import Input
from bot.domain.role import Json, Role
from bot.reading.inputs import contradictions, objectives
from bot.reading.inputs.objectives import told

Give = Callable[..., Input]


def test_objectives_are_traceable(role: Role, give: Give) -> None:
    """Each objective names its document and the place in it, the best first."""
    stack = give("tech-architect.json", technology_stack={"backend": "Go"})
    idea = give("idea.json", title="Returns", user_context={"constraints": ["GDPR", "In time, on budget"]})
    first, second = objectives([stack, idea], role)
    assert first.text == "Constraints: GDPR; In time, on budget"
    assert (first.source, first.pointer) == (idea.path, "/user_context/constraints")
    assert (second.text, second.source, second.pointer) == ("Stack: Go", stack.path, "/technology_stack/backend")


def test_a_label_is_told_once(role: Role, give: Give) -> None:
    """The architect's word on the stack stands before the CTO's; without it the CTO's is told."""
    architect = give("tech-architect.json", technology_stack={"backend": "Go"})
    cto = give("cto-evaluation.json", technology_stack={"backend": "Java"})
    assert [objective.text for objective in objectives([cto, architect], role)] == ["Stack: Go"]
    assert [objective.text for objective in objectives([cto], role)] == ["Stack: Java"]


def test_the_newest_iteration_speaks(role: Role, give: Give) -> None:
    """Of several iterations only the highest number gives objectives, compared as numbers."""
    documents = [
        give(f"senior-developer-iteration-{number}.json", next_iteration_priorities=[f"after {number}"])
        for number in (10, 9)
    ]
    assert [objective.text for objective in objectives(documents, role)] == [
        "Priorities left by the last iteration: after 10"
    ]


def test_stars_and_pointers(role: Role, give: Give) -> None:
    """A star tells every key but those told already, and a pointer escapes what RFC 6901 says."""
    controls = {"authentication": "OIDC", "a/b~c": "WAF", "network_security": "Segments"}
    found = objectives([give("security-architect.json", security_controls=controls)], role)
    assert [objective.text for objective in found] == [
        "Authentication: OIDC",
        "Security, a/b~c: WAF",
        "Security, network security: Segments",
    ]
    assert found[1].pointer == "/security_controls/a~1b~0c"


@pytest.mark.parametrize("body", [{}, {"technology_stack": 5}, {"technology_stack": {"backend": ["", None, {}]}}])
def test_nothing_said(role: Role, give: Give, body: dict[str, Json]) -> None:
    """Other shapes than expected and empty values give no objective and no error."""
    assert objectives([give("tech-architect.json", **body)], role) == ()


def test_documents_nobody_asked_for_give_none(role: Role, give: Give) -> None:
    """Only documents that the role asks for speak."""
    assert objectives([give("notes.json", key_differentiators=["x"])], role) == ()


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (["a", "b"], "a, b"),
        (["a, b", "c"], "a, b; c"),
        ([{"system": "CRM", "method": "REST", "data": "People"}, {"system": "ERP"}], "CRM (REST; People), ERP"),
        ({"a": {"b": ["c"]}}, "c"),
        (12, "12"),
        (True, "yes"),
        (None, ""),
        ("two\n lines", "two lines"),
    ],
)
def test_values_in_words(value: Json, line: str) -> None:
    """Any value is told as one line."""
    assert told(value) == line


@given(st.recursive(st.none() | st.text() | st.floats(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)))
def test_any_value_is_one_short_line(value: Json) -> None:
    """Whatever a document holds, it is told in one line of bounded length."""
    line = told(value)
    assert len(line) <= 242
    assert "\n" not in line


def pair(give: Give, key: str, cto: str, architect: str) -> list[Input]:
    return [
        give("cto-evaluation.json", technology_stack={key: cto}),
        give("tech-architect.json", technology_stack={key: architect}),
    ]


def test_a_contradiction_names_both_sides(role: Role, give: Give) -> None:
    """Both documents are quoted, the difference is named, and both places are told."""
    (found,) = contradictions(pair(give, "backend", "Node.js/Python", "Node.js with TypeScript"), role)
    assert found.text == (
        "Stack: cto-evaluation.json says “Node.js/Python”, tech-architect.json says “Node.js with TypeScript”."
        " Only cto-evaluation.json names Python."
    )
    assert found.sources == (
        ".claude-agentflow/workspace/phase1/cto-evaluation.json#/technology_stack/backend",
        ".claude-agentflow/workspace/phase3/tech-architect.json#/technology_stack/backend",
    )


def test_both_sides_may_stand_alone(role: Role, give: Give) -> None:
    """Where each names what the other does not, both are said."""
    (found,) = contradictions(pair(give, "database", "MongoDB", "PostgreSQL"), role)
    assert "Only cto-evaluation.json names MongoDB. Only tech-architect.json names PostgreSQL." in found.text


@pytest.mark.parametrize(
    ("cto", "architect"),
    [
        ("PostgreSQL", "Postgres 16, partitioned"),
        ("PostgreSQL + Redis", "redis and POSTGRESQL"),
        ("PostgreSQL", "a relational database"),
        ("", "PostgreSQL"),
    ],
)
def test_no_contradiction(role: Role, give: Give, cto: str, architect: str) -> None:
    """The same thing by another name, or a side that names nothing, contradicts nothing."""
    assert contradictions(pair(give, "database", cto, architect), role) == ()


@pytest.mark.parametrize("text", ["JavaScript", "Category theory", "go-live", "Django"])
def test_terms_are_whole_words(role: Role, give: Give, text: str) -> None:
    """A term inside another word is not that term."""
    assert contradictions(pair(give, "backend", "Java and Go", text), role) == ()
