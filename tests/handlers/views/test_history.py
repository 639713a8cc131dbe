"""What whoever decides sees first: how the scores went, what speaks against an area, and what 100 does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.devtools.local_slack.blockkit import check_blocks
from bot.domain.closing import needs_justification
from bot.domain.design import Point
from bot.domain.evaluation import Dossier, Iteration
from bot.domain.evidence import Check, Compared, Fulfilment, Measure, Outcome, Score, Scorecard
from handlers.views.charts import CHART, chart, without_charts
from handlers.views.fallback import text_of
from handlers.views.history import over_iterations
from handlers.views.scores import HUNDRED, proven_words, stand_words
from handlers.views.thread import thread
from tests.support.dossiers import STAGES, checks, deciding, in_review, result, role, second_iteration


def card(overall: int | None, *values: int | None) -> Scorecard:
    """A scorecard of the role with these values, the last one for all further parts."""
    parts = [
        Score(
            key=spec.key, name=spec.name, value=values[min(n, len(values) - 1)], measured_share=1.0, held=4, failed=0,
            not_measured=0, nothing_said=values[min(n, len(values) - 1)] is None,
        )
        for n, spec in enumerate(role().scores)
    ]  # fmt: skip
    return Scorecard(overall=overall, measured_share=1.0, parts=tuple(parts))


def passes(*cards: Scorecard) -> list[Iteration]:
    """Iterations that came to these scores."""
    first = in_review().iterations[0]
    return [
        replace(first, number=number, result=replace(result(), scorecard=one)) for number, one in enumerate(cards, 1)
    ]


def test_scores_over_iterations_are_slacks_own_chart() -> None:
    """From the second result on every score is a line that Slack takes, and the message's text says the same."""
    assert over_iterations(role(), passes(card(81, 70, 80))) == []
    (block,) = over_iterations(role(), passes(card(81, 70, 80), card(92, 85, 90), card(96, 95, 97)))
    check_blocks([block])
    assert block["type"] == CHART
    lines = {line["name"]: [point["value"] for point in line["data"]] for line in block["chart"]["series"]}
    assert lines["Overall"] == [81, 92, 96]
    assert len(lines) == 6
    assert "Overall: 81 → 92 → 96" in text_of([block])


def test_what_was_unproven_is_no_point() -> None:
    """A score without a number in one iteration is named below the chart; with none at all there is none."""
    drawn, named = over_iterations(role(), passes(card(None, 70, None), card(92, 85, 90)))
    assert len(drawn["chart"]["series"]) == 1
    assert "Overall" in text_of([named])
    (only,) = over_iterations(role(), passes(card(None, None), card(None, None)))
    assert only["type"] == "context"


def test_a_chart_is_within_slacks_limits_whatever_is_drawn() -> None:
    """Long and equal names, more series and categories than Slack takes make a chart that it takes all the same."""
    names = [f"A very long name of a category {n}" for n in range(40)]
    series = [(f"A very long name of a series {n}", list(range(40))) for n in range(9)]
    made = chart("x" * 90, [f"{n}" for n in range(40)], [("", [1] * 40), *series], "y")
    check_blocks([made])
    assert len({line["name"] for line in made["chart"]["series"]}) == 6
    assert [point["value"] for point in made["chart"]["series"][1]["data"]][-1] == 39
    check_blocks([chart("x", names[:20], [("s", list(range(20)))], "y")])


def test_a_workspace_without_charts_reads_the_words() -> None:
    """The chart's words stand in its place, and everything else stays."""
    blocks = next(one for one in thread(second_iteration(), role()) if one.key == "i2.review").blocks
    assert CHART in [block["type"] for block in blocks]
    plain = without_charts(blocks)
    check_blocks(plain)
    assert CHART not in [block["type"] for block in plain]
    assert len(plain) == len(blocks)
    assert "93 → 93" in text_of(plain)


def check(outcome: Outcome, *, key: str = "k", cap: int | None = None, **more: object) -> Check:
    return replace(checks()[0], key=key, outcome=outcome, cap=cap, **more)


FULL = Score(key="a", name="API design", value=100, measured_share=1.0, held=9, failed=0, not_measured=0)
UNDONE = (
    Compared(statement="s1", text="x", outcome=Fulfilment.NOT_DONE),
    Compared(statement="s2", text="y", outcome=Fulfilment.NOT_UNDERSTOOD),
)


@pytest.mark.parametrize(
    ("part", "found", "says"),
    [
        (FULL, [check(Outcome.HELD)], "🟢 *Nothing that was checked speaks against it.*"),
        (replace(FULL, value=97), [check(Outcome.FAILED)], "🟠 *Look closer:* 1 check failed"),
        (
            replace(FULL, value=96),
            [check(Outcome.FAILED, measures=Measure.FIT, compared=UNDONE)],
            "🟠 *Look closer:* 2 statements not done or not understood; 1 check failed",
        ),
        (replace(FULL, value=60), [check(Outcome.HELD)], "🔴 *Speaks against it:* API design is 60/100"),
        (
            replace(FULL, value=30, capped_by=("k",)),
            [check(Outcome.FAILED, cap=30)],
            "🔴 *Speaks against it:* 1 check proved harm; API design is 30/100",
        ),
        (
            replace(FULL, value=None, nothing_said=True),
            [check(Outcome.HELD)],
            "⚪ *Cannot be judged:* nothing was said of API design.",
        ),
        (replace(FULL, value=None), [check(Outcome.HELD)], "🟠 *Look closer:* API design is unproven"),
    ],
)
def test_the_first_line_says_what_speaks_against_an_area(part: Score, found: Sequence[Check], says: str) -> None:
    """Harm and what is under the threshold are red, what needs a look amber; green is what nothing speaks against."""
    assert stand_words([part], found, 95) == says


def test_a_gates_card_begins_with_it() -> None:
    """The line stands above failures, scores and all else that the gate is about."""
    shown = next(m for m in thread(in_review(), role()) if ".gate.implementation_approval" in m.key)
    about = next(block["child_blocks"] for block in shown.blocks if block["type"] == "container")
    assert about[0]["text"]["text"].startswith("🔴 *Speaks against it:*")


def _with(dossier: Dossier, **changes: object) -> Dossier:
    current = replace(dossier.current, result=replace(result(), **changes))
    return replace(dossier, iterations=(*dossier.iterations[:-1], current))


def test_100_stands_with_what_it_does_not_say() -> None:
    """Wherever a full score is shown, in the review, at its gate, at the closing and alone, its bounds stand by it."""
    full = _with(deciding(), scorecard=card(100, 100), checks=(check(Outcome.HELD),))
    texts = {message.key: message.text for message in thread(full, role()) if hasattr(message, "text")}
    judged = [key for key in texts if key.endswith(".review") or ".gate.implementation" in key or ".gate.iter" in key]
    assert len(judged) >= 3
    assert all(HUNDRED in texts[key] for key in judged)
    assert "of what was understood" in proven_words(card(100, 100))
    below = _with(deciding(), scorecard=card(97, 97), checks=(check(Outcome.HELD),))
    assert not any(HUNDRED in message.text for message in thread(below, role()) if hasattr(message, "text"))


OPEN = Point(feedback_id="f", number=1, text="x", outcome="open")


@pytest.mark.parametrize(
    ("found", "points", "why"),
    [
        ((check(Outcome.HELD),), (), ""),
        ((check(Outcome.FAILED, measures=Measure.FIT, compared=UNDONE),), (), "1 statement was not understood"),
        ((check(Outcome.HELD),), (OPEN,), "1 point of the feedback is open"),
        ((check(Outcome.HELD),), (replace(OPEN, waived_by="U1", waived_why="y"),), ""),
    ],
)
def test_going_on_as_ready_over_what_is_unsettled_is_justified(
    found: tuple[Check, ...], points: tuple[Point, ...], why: str
) -> None:
    """A result above the threshold with statements not understood or open points is accepted in writing only."""
    dossier = _with(
        STAGES["deciding"](),
        scorecard=card(98, 98),
        checks=found,
        highlights=replace(result().highlights, points=points),
    )
    gates = tuple(replace(gate, state="approved") for gate in dossier.gates)
    closing = role().closing
    ready = next(option for option in closing.options if option.next.value == "next_ready")
    other = next(option for option in closing.options if option.next.value == "next_optimise")
    dossier = replace(dossier, gates=gates)
    assert needs_justification(role(), dossier, ready) == why
    assert needs_justification(role(), dossier, other) == ""
