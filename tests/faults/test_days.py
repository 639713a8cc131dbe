"""Small days of what `make faults` plays at length."""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import Figures
from tests.faults.day import Day, play


async def test_nothing_is_lost_or_doubled_by_kill(url: str, tmp_path: Path, figures: Figures) -> None:
    """After six kills at random moments every acknowledged answer and vote is kept and every thread is in step."""
    outcome = await play(Day(evaluations=2, kills=6, seed=7, longest_life_s=3.0), url, tmp_path)
    figures(f"{url.partition(':')[0]}: {outcome}")
    assert (outcome.kills, outcome.problems) == (6, [])


async def test_nothing_is_lost_or_doubled_while_slack_fails(url: str, tmp_path: Path, figures: Figures) -> None:
    """Refused, unanswered, dropped, repeated and reordered calls and deliveries leave every thread in step."""
    outcome = await play(Day(evaluations=2, kills=0, seed=5, troubled=True), url, tmp_path)
    figures(f"{url.partition(':')[0]}, Slack fails {sum(outcome.trouble.values())} times: {outcome}")
    assert outcome.problems == []
    assert sum(outcome.trouble.values()) > 10


async def test_nothing_is_lost_or_doubled_under_slacks_rates(url: str, tmp_path: Path, figures: Figures) -> None:
    """Where Slack enforces its rates hardly a call is refused, though the bot is killed in between, and all stands."""
    day = Day(evaluations=5, kills=4, seed=13, longest_life_s=6.0, minute_s=6.0)
    outcome = await play(day, url, tmp_path)
    figures(f"{url.partition(':')[0]}, under rates: {outcome}")
    assert (outcome.kills, outcome.problems) == (4, [])
    assert outcome.refused < 0.01


async def test_nothing_is_lost_or_doubled_while_machines_die_beside_others(
    postgres_url: str, tmp_path: Path, figures: Figures
) -> None:
    """Of two on one PostgreSQL each is killed again and again; what one left half done the other ends, once."""
    day = Day(evaluations=3, kills=8, seed=11, longest_life_s=4.0, machines=2, behind_a_balancer=True)
    outcome = await play(day, postgres_url, tmp_path)
    figures(f"two machines behind a balancer: {outcome}")
    assert (outcome.kills, outcome.problems) == (8, [])
