"""What is asked about before the go."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.design import Brief, Feedback, ModelReading
from bot.domain.facts import EntityFact
from bot.domain.recap import Recap, RecapQuestion
from bot.reading.read import read
from bot.roles.backend_developer.recap import recap_of
from bot.roles.backend_developer.understanding import TOPICS, sources_of
from tests.designers.samples import brief

RIDDLE = "The fluxometer shall be galvanised twice."


def shown(asked: Brief) -> Recap:
    return recap_of(read(sources_of(asked), topics=TOPICS), asked)


def riddles(recap: Recap) -> list[RecapQuestion]:
    return [one for one in recap.questions if one.kind == "not_understood" and "fluxometer" in one.text]


def test_what_was_said_in_three_places_is_asked_about_once() -> None:
    """A sentence that stands in three answers is one question, which says so."""
    asked = brief(dict.fromkeys(("api_design", "database_schema", "opening_1"), f"{RIDDLE}\nBoat: name string"), {})
    [question] = riddles(shown(asked))
    assert "and 2 more places" in question.text


def test_what_a_model_read_is_shown_as_such() -> None:
    """It counts as understood, is not asked about any more, and stands under a heading that says who read it."""
    asked = brief({"api_design": f"{RIDDLE}\nBoat: name string"}, {})
    [question] = riddles(shown(asked))
    fact = EntityFact(statement=question.about, name="fluxometer", by_model=True)
    reading = ModelReading(statement=question.about, span="The fluxometer", facts=(fact,))
    recap = shown(replace(asked, readings=(reading,)))
    assert riddles(recap) == [] and recap.understood == shown(asked).understood + 1
    (section,) = [one for one in recap.sections if one.title == "Read by the model, not by the rules"]
    assert section.lines == (f"“{RIDDLE}” → entity: name fluxometer",)


def test_a_model_overrules_no_rule() -> None:
    """A reading of a statement that the rules understood, or that nobody made, changes nothing."""
    asked = brief({"api_design": "GET /boats lists boats."}, {})
    statement = read(sources_of(asked), topics=TOPICS).statements[-1].id
    readings = tuple(
        ModelReading(statement=one, span="boats", facts=(EntityFact(statement=one, name="Whale", by_model=True),))
        for one in (statement, "s_nobody")
    )
    assert shown(replace(asked, readings=readings)) == shown(asked)


def test_one_answer_settles_all_that_say_the_same() -> None:
    """What was said otherwise counts nowhere any more, so that nobody is asked about it a second time."""
    asked = brief(dict.fromkeys(("api_design", "database_schema"), f"{RIDDLE}\nBoat: name string"), {})
    before = shown(asked)
    [question] = riddles(before)
    otherwise = Feedback(
        id="n1", origin="correction", text="A boat has a length in metres.", by="U1", iteration=asked.iteration,
        about=question.about,
    )  # fmt: skip
    after = shown(replace(asked, feedback=(otherwise,)))
    assert riddles(after) == []
    assert after.understood == after.statements
