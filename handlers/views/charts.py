"""Charts: lines over categories, and the words in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from handlers.views.blocks import EMPTY, Block, section
from handlers.views.fallback import text_of
from handlers.views.text import clip_plain, one_line, plain

CHART: Final = "data_visualization"
CHART_SERIES: Final = 6
CHART_POINTS: Final = 20
CHART_LABEL: Final = 20
CHART_TITLE: Final = 50


def chart(title: str, categories: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], unit: str) -> Block:
    """Return lines over categories, the newest of more than Slack shows; each series has a value for each category."""
    names = [_label(name) for name in categories[-CHART_POINTS:]]
    called = _apart([name for name, _ in series[:CHART_SERIES]])
    lines = [
        {
            "name": name,
            "data": [{"label": at, "value": value} for at, value in zip(names, values[-CHART_POINTS:], strict=True)],
        }
        for name, (_, values) in zip(called, series, strict=False)
    ]
    return {
        "type": CHART,
        "title": clip_plain(one_line(title), CHART_TITLE),
        "chart": {"type": "line", "series": lines, "axis_config": {"categories": names, "y_label": unit}},
    }


def _apart(names: Sequence[str]) -> list[str]:
    """Return short names of which no two are the same: Slack refuses a chart with two lines of one name."""
    short: list[str] = []
    for name in names:
        cut = _label(name)
        short.append(cut if cut not in short else f"{_label(cut, CHART_LABEL - 2)} {len(short) + 1}")
    return short


def _label(name: str, limit: int = CHART_LABEL) -> str:
    """Return a name as short as a chart's labels are; too short for the words about what was cut."""
    line = plain(one_line(name)).strip() or EMPTY
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def without_charts(blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the blocks with the words of each chart in its place, for a workspace that takes none."""
    return [section(text_of([block])) if block["type"] == CHART else block for block in blocks]
