"""The offline designer's words: each sentence stands alone, is grounded in a check, and counts right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.design import Narrative
from bot.domain.evidence import Assessment, Check, Outcome, Scorecard
from bot.roles.backend_developer.designers.offline.access import access, auth
from bot.roles.backend_developer.designers.offline.compose import compose
from bot.roles.backend_developer.designers.offline.integrations import parse_integrations
from bot.roles.backend_developer.designers.offline.narrative import narrate
from bot.roles.backend_developer.designers.offline.wishes import SecurityWish
from tests.designers.samples import brief, check


def found(key: str, title: str, outcome: Outcome, detail: str, **more: str) -> Check:
    return replace(check(key, outcome, detail), title=title, **more)


ALL_THERE = "All 4 endpoints of the answers are there."
HELD = found("api.answers_covered", "Every endpoint of the answers is there", Outcome.HELD, ALL_THERE)
APPLIED = found(
    "database.migrations_apply", "The migrations apply to a real PostgreSQL", Outcome.HELD,
    "1 applied to PostgreSQL 18.6.", score="database_implementation",
)  # fmt: skip
FAILED = found(
    "security.encryption_stated", "Encryption is stated", Outcome.FAILED, "Not stated: at rest.", fix="Say how."
)
WORST = "Worst: GET /scans 33.5 ms p95; budget 200 ms."
SLOWEST = found("performance.worst_list_in_budget", "The worst list is in budget", Outcome.HELD, WORST)
UNMEASURED = found(
    "performance.load_held", "The running service holds its load", Outcome.NOT_MEASURED, "No service was built."
)
REACHED = "reaches the threshold of 95"


def told(overall: int | None, *checks: Check, points: Sequence[str] = ()) -> Narrative:
    card = Scorecard(overall=overall, measured_share=0.8, parts=())
    return narrate(compose(brief()), Assessment(artefacts=(), checks=checks, scorecard=card), (), points)


def test_a_strength_says_a_thing_once() -> None:
    """A finding that repeats its check's title stands alone; one that would not be understood keeps the title."""
    said = told(100, HELD, APPLIED).strengths
    assert "All 4 endpoints of the answers are there." in said
    assert "The migrations apply to a real PostgreSQL: 1 applied to PostgreSQL 18.6." in said


def test_an_improvement_names_the_check_that_failed_and_the_mend() -> None:
    """What failed comes first, then open feedback, the slowest list, and in one line what needs a running service."""
    said = told(98, FAILED, SLOWEST, UNMEASURED, points=["Watch the size of scans"])
    assert said.improvements[0] == "Encryption is stated: failed. Not stated: at rest. Say how."
    assert "“Watch the size of scans”" in said.improvements[1]
    assert said.improvements[2] == f"Begin with the slowest list. {WORST}"
    alone = told(100, UNMEASURED, replace(UNMEASURED, key="x", title="Attacks on the running service fail"))
    assert "the running service holds its load; attacks on the running service fail" in alone.improvements[0]


@pytest.mark.parametrize(
    ("overall", "checks", "points", "verdict"),
    [
        (100, (), (), f"Ready to go on: 100/100 {REACHED}, and no check failed."),
        (
            98,
            (FAILED,),
            (),
            f"Optimise once more: 98/100 {REACHED}, with 1 failed check (“Encryption is stated”) left.",
        ),
        (100, (), ("a", "b"), f"Optimise once more: 100/100 {REACHED}, with 2 open points of the feedback left."),
        (80, (FAILED,), (), "Not ready: 80/100 is below the threshold of 95, with 1 failed check"),
        (None, (), (), "Not ready: too little could be measured to say more."),
    ],
)
def test_the_recommendation_is_one_clear_verdict(
    overall: int | None, checks: tuple[Check, ...], points: tuple[str, ...], verdict: str
) -> None:
    """It says ready, optimise or not ready, the score against the threshold, and what is left by name."""
    assert told(overall, *checks, points=points).recommendation.startswith(verdict)


def test_the_summary_counts_nothing_that_changes_later() -> None:
    """Feedback and mends add operations after it was written; the facts beside it carry the counts."""
    assert "operations" not in compose(brief()).summary


def test_a_service_is_integrated_once_under_its_name() -> None:
    """S3 in the one place and Amazon S3 in the other is one service."""
    services = parse_integrations("S3 for file storage, Stripe for payments", "opening_3", generic=True)
    assert [item.service for item in services] == ["Amazon S3", "Stripe"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", "TLS 1.3 in transit, AES-256 at rest; "),
        ("TLS 1.3, codes only as hashes", "TLS 1.3, codes only as hashes, AES-256 at rest; "),
        ("Encryption at rest and in transit", "Encryption at rest and in transit; "),
    ],
)
def test_what_the_team_leaves_out_of_encryption_is_proposed(said: str, kept: str) -> None:
    """The team's own words stay, and both ways data travels and rests are covered."""
    wish = SecurityWish(encryption=said)
    assert auth(wish, access(wish), tenants=False).data_protection.startswith(kept)


def test_whoever_sees_the_rows_of_others_is_named_by_role() -> None:
    """The rule names a role that there is."""
    wish = SecurityWish(roles=("admin", "editor"), own_rows=True)
    assert "Only admin may see what others own." in auth(wish, access(wish), tenants=False).authorization
