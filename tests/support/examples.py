"""How many examples a property of a whole chain is tried with: few in `make test`, many in `make thorough`."""

from __future__ import annotations

from hypothesis import settings


def examples(few: int) -> int:
    """So few as that in `make test`; under another profile as many times more as it tries of everything."""
    return few * settings().max_examples // settings.get_profile("quick").max_examples
