"""Where two JSON values differ, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

_MOST: Final = 12
_SHOWN: Final = 60


def differences(found: Any, wanted: Any, what: str, *, limit: int = _MOST) -> list[str]:
    """Return up to `limit` places in which `found` is not `wanted`, and how many more there are.

    Numbers are compared by value, so that 100.0 is 100; true is no number. The order of an object's keys says nothing.
    """
    places = list(_places(found, wanted, what))
    more = len(places) - limit
    return [*places[:limit], *([f"{what}: and {more} more differences"] if more > 0 else [])]


def _places(found: Any, wanted: Any, at: str) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        yield from (f"{at}.{key} is missing" for key in wanted if key not in found)
        yield from (f"{at}.{key} was put in" for key in found if key not in wanted)
        for key in wanted:
            if key in found:
                yield from _places(found[key], wanted[key], f"{at}.{key}")
    elif isinstance(found, list) and isinstance(wanted, list):
        if len(found) != len(wanted):
            yield f"{at} has {len(found)} items, not {len(wanted)}"
        for number, (one, other) in enumerate(zip(found, wanted, strict=False)):
            yield from _places(one, other, f"{at}[{number}]")
    elif isinstance(found, bool) is not isinstance(wanted, bool) or found != wanted:
        yield f"{at} is {_shown(found)}, not {_shown(wanted)}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
