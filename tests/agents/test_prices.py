"""Prices by settings: dated, complete, and refused where they are no prices."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.agent.config import PRICES, price_list
from bot.app.kits import claude_config
from bot.app.settings import Settings
from bot.domain.errors import ConfigurationError

DAY = date(2027, 1, 1)


def test_a_price_of_ones_own_replaces_the_built_in_one() -> None:
    """The named model costs what the settings say, all others what they did; the list has the settings' day."""
    found = price_list(["claude-opus-5-5=3/15/0.2", "house-model=1/2"], DAY)
    opus = found.of("claude-opus-5-5")
    assert (opus.input, opus.output, opus.cache_read, found.as_of) == (3, 15, 0.2, DAY)
    assert found.of("house-model").cache_write_1h == 2
    assert found.of("claude-haiku-5-5") == PRICES.of("claude-haiku-5-5")


@pytest.mark.parametrize("line", ["", "=1/2", "m", "m=1", "m=a/b", "m=-1/2", "m=nan/2", "m=inf/2", "m=1/2/3/4"])
def test_what_is_no_price_is_refused_by_name(line: str) -> None:
    """A price that cannot be read would be a budget that cannot be kept."""
    with pytest.raises(ConfigurationError, match="is no price"):
        price_list([line], DAY)


def test_prices_without_a_day_are_refused() -> None:
    """Every estimate says of which day its prices are."""
    with pytest.raises(ConfigurationError, match="has no date"):
        price_list(["m=1/2"], None)


def test_the_settings_price_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A gateway's model becomes usable by naming its price in the environment."""
    monkeypatch.setenv("EIPAS_MODEL", "house-model")
    monkeypatch.setenv("EIPAS_MODEL_PRICES", "house-model=1/2, claude-opus-5-5=3/15")
    monkeypatch.setenv("EIPAS_MODEL_PRICES_OF", "2027-01-01")
    config = claude_config(Settings(_env_file=None, data_dir=tmp_path))  # type: ignore[call-arg]
    assert config.prices.of("house-model").output == 2 and config.prices.as_of == DAY


def test_the_settings_reach_what_asks_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Reader, reads, candidates, critique and the limit of a call are set by the environment."""
    given = {"READER": "claude-haiku-5-5", "READS": "7", "CANDIDATES": "3", "CRITIQUE": "false", "CALL_SECONDS": "90"}
    for name, value in given.items():
        monkeypatch.setenv(f"EIPAS_MODEL_{name}", value)
    config = claude_config(Settings(_env_file=None, data_dir=tmp_path))  # type: ignore[call-arg]
    assert (config.reader, config.reads, config.candidates) == ("claude-haiku-5-5", 7, 3)
    assert (config.critique, config.call_seconds) == (False, 90.0)
