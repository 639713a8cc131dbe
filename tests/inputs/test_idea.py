"""The idea in both of its shapes, and typed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inputs import InputRefused
from bot.domain.role import Role
from bot.reading.inputs import decode, idea_of, typed_idea
from bot.reading.inputs.idea import is_idea
from bot.roles import load_role


def test_the_detailed_shape() -> None:
    """Title and description are taken; the other plain values, the context's too, become facts in order."""
    idea = idea_of(
        {
            "title": "Returns",
            "description": "Parcels go back.",
            "target_market": "Shops",
            "key_differentiators": ["No label", "Fast"],
            "user_context": {"priority": "high", "constraints": ["GDPR"]},
            "phases": {"phase1": {}},
        }
    )
    assert (idea.title, idea.description) == ("Returns", "Parcels go back.")
    assert idea.facts == (
        ("target market", "Shops"),
        ("key differentiators", "No label, Fast"),
        ("priority", "high"),
        ("constraints", "GDPR"),
    )


def test_the_running_shape() -> None:
    """Of a running workflow's idea the first sentence is the title and the whole the description."""
    text = "Take parcels back at shops. The refund starts at once."
    idea = idea_of({"idea": text, "status": "running", "phases": {}, "completed": False})
    assert (idea.title, idea.description) == ("Take parcels back at shops", text)
    assert idea.facts == (("status", "running"),)


def test_a_nested_idea() -> None:
    """An idea that is an object itself is read as the detailed shape."""
    assert idea_of({"idea": {"title": "Returns", "description": "Back."}, "status": "x"}).title == "Returns"
    assert idea_of({"idea": {"title": "Returns", "idea": {"title": "Deeper"}}}).title == "Returns"


def test_a_long_idea_gets_a_short_title() -> None:
    """A title is cut at a word."""
    title = idea_of({"idea": "word " * 100}).title
    assert len(title) <= 81
    assert title.endswith("word…")


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": 5}, {"idea": "  "}, {"idea": ["x"]}, {"idea": None}])
def test_no_idea(body: dict[str, object]) -> None:
    """A document that tells no idea is refused with what to add."""
    with pytest.raises(InputRefused, match="title"):
        idea_of(body)  # type: ignore[arg-type]


def test_shapes_are_told_apart() -> None:
    """An agent's output is no idea, whatever keys it has."""
    assert is_idea({"title": "a", "description": "b"})
    assert is_idea({"idea": "a"})
    assert not is_idea({"title": "a", "description": "b", "agent": "cto"})
    assert not is_idea({"title": "a"})


def test_typed(role: Role) -> None:
    """A typed idea becomes the very bytes of an `idea.json`, and says that it was typed."""
    document, data = typed_idea("  Returns\nwithout labels ", "Über Läden. 😀\n", role)
    assert json.loads(data) == {"title": "Returns without labels", "description": "Über Läden. 😀"}
    assert (document.path, document.key, document.origin) == (".claude-agentflow/workspace/idea.json", "idea", "typed")
    assert document.sha256 == decode(data, "idea.json").sha256


def test_typed_without_a_title(role: Role) -> None:
    """A blank title is refused."""
    with pytest.raises(InputRefused):
        typed_idea(" \n", "words", role)


@given(st.text(), st.text())
def test_anything_typed(title: str, description: str) -> None:
    """Whatever is typed becomes an idea that can be read again, or is refused."""
    try:
        _, data = typed_idea(title, description, load_role("backend-developer"))
    except InputRefused:
        return
    assert idea_of(decode(data, "idea.json").body).title == " ".join(title.split())
