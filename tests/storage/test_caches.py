"""What a process keeps of the database stays within its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.content_store import Cache
from storage.dossier_cache import DossierCache
from tests.support.dossiers import STAGES


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 120)), max_size=60))
def test_parsed_values_stay_within_their_bytes(puts: list[tuple[int, int]]) -> None:
    """However values come, what is kept is never more than the limit, and is what was put last."""
    cache, sizes = Cache(limit=100), {}
    for name, size in puts:
        # A digest names one value for ever: its size never changes.
        cache.put(int, str(name), name, sizes.setdefault(str(name), size))
    kept = {name: cache.get(int, name) for name in sizes}
    assert sum(sizes[name] for name, value in kept.items() if value is not None) <= 100
    assert all(value in (None, int(name)) for name, value in kept.items())


def test_the_least_recently_read_value_goes_first() -> None:
    """A value that was read stays when room is needed, one that was not goes; too large a one drops nobody."""
    cache = Cache(limit=100)
    cache.put(str, "a", "A", 50)
    cache.put(str, "b", "B", 50)
    cache.put(str, "huge", "H", 101)
    assert cache.get(str, "a") == "A"
    cache.put(str, "c", "C", 50)
    assert (cache.get(str, "a"), cache.get(str, "b"), cache.get(str, "c")) == ("A", None, "C")
    assert cache.get(str, "huge") is None
    assert cache.get(int, "a") is None


def test_a_dossier_is_found_at_its_mark_only() -> None:
    """What was read at another mark is out of date and not found."""
    dossier = next(iter(STAGES.values()))()
    cache = DossierCache(limit=1)
    cache.put(dossier, 1)
    assert cache.get(dossier.evaluation.id, 1) is dossier
    assert cache.get(dossier.evaluation.id, 2) is None
    assert cache.get("another", 1) is None
