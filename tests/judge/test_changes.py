"""What people's feedback asks for may be changed; what it does not speak of may not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.design import Feedback
from bot.domain.evidence import Outcome
from bot.evidence.checks import CheckResult
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.areas.callers import callers_kept
from bot.roles.backend_developer.checks.areas.changes import rights_kept
from bot.roles.backend_developer.checks.context import CheckContext
from tests.judge.bench import subject_of
from tests.judge.plans import Plan
from tests.judge.planting import base_of, right
from tests.judge.spoil import op


def _throttled(plan: Plan) -> None:
    plan["auth"]["rate_limit_per_minute"] = 20


def _sorters(plan: Plan) -> None:
    op(plan, "PATCH /senders/{id}")["roles"].append("sorter")


CASES: tuple[tuple[Callable[[CheckContext], CheckResult], Callable[[Plan], None], str, str], ...] = (
    (callers_kept, _throttled, "The rate limit shall be 20 requests per minute.", "The colours are too bright."),
    (rights_kept, _sorters, "Sorters may update senders.", "Managers find the list slow."),
)


@pytest.mark.parametrize(("check", "change", "asked", "other"), CASES, ids=["callers", "rights"])
def test_only_what_feedback_speaks_of_may_be_changed(
    check: Callable[[CheckContext], CheckResult], change: Callable[[Plan], None], asked: str, other: str,
    server: SharedServer,
) -> None:  # fmt: skip
    """The same change holds after the feedback that asks for it, and fails after another and after none."""
    base, first = base_of("depot"), right("depot").blueprint
    plan = copy.deepcopy(base.design())
    change(plan)
    for words, outcome in ((asked, Outcome.HELD), (other, Outcome.FAILED), ("", Outcome.FAILED)):
        point = Feedback(id="f1", origin="api_review", text=words, by="U1", iteration=1)
        brief = replace(base.brief(iteration=2, previous=first), feedback=(point,) if words else ())
        assert check(CheckContext(subject_of(plan, brief, first), server)).outcome is outcome
