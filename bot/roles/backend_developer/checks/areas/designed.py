"""Is what was rendered what the design says? Rendered again and compared, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.evidence.checks import CheckResult, Unmeasurable, judge
from bot.roles.backend_developer.checks.catalogue import Catalogue, Table
from bot.roles.backend_developer.checks.context import DOCUMENT, CheckContext, catalogue_of
from bot.roles.backend_developer.checks.migrations import Migration

_DEEP: Final = 12
_LISTED: Final = 40


def document_as_designed(bench: CheckContext) -> CheckResult:
    """The document is what the renderer makes of the design."""
    expected = bench.expected
    if bench.artefact(DOCUMENT).content == expected[DOCUMENT]:
        return judge([], good="The document is what the design renders to.", bad="")
    wanted = bench.expected_document.root
    offenders = list(differences(wanted, bench.document.root))
    return judge(offenders[:_LISTED], good="The document says what the design says.", bad="Otherwise than designed")


def differences(wanted: Any, found: Any) -> Iterator[str]:
    """Yield in words where two documents differ, by their places."""
    yield from _differences(wanted, found, "", _DEEP)


def _differences(wanted: Any, found: Any, place: str, depth: int) -> Iterator[str]:
    if wanted == found:
        return
    if depth == 0 or type(wanted) is not type(found) or not isinstance(wanted, Mapping | list):
        yield f"{place or 'document'} is {_short(found)}, not {_short(wanted)}"
        return
    if isinstance(wanted, list):
        if len(wanted) != len(found):
            yield f"{place} has {len(found)} parts, not {len(wanted)}"
            return
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]", depth - 1)
        return
    for key in [*wanted, *(key for key in found if key not in wanted)]:
        at = f"{place}.{key}".lstrip(".")
        if key not in found:
            yield f"{at} is missing"
        elif key not in wanted:
            yield f"{at} is not in the design"
        else:
            yield from _differences(wanted[key], found[key], at, depth - 1)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def database_as_designed(bench: CheckContext) -> CheckResult:
    """The database after the migrations is what the design's own migrations make."""
    given = {m.name: (m.up, m.down) for m in bench.migrations}
    wanted = {m.name: (m.up, m.down) for m in bench.expected_migrations}
    if given == wanted:
        return judge([], good="The migrations are what the design renders to.", bad="")
    found = catalogue_of(bench)
    expected = bench.expected_catalogue
    if expected is None:
        raise Unmeasurable(reason="The design's own migrations do not apply here, so there is nothing to compare with.")
    offenders = [*_unlike(expected, found), *_stray(bench.expected_migrations, bench.migrations)]
    return judge(offenders, good="The database is as designed.", bad="Otherwise than designed")


def _stray(wanted: Sequence[Migration], given: Sequence[Migration]) -> Iterator[str]:
    """Yield statements that only one of both has and whose effect the catalogue does not show: rows, rights, code."""
    first, second = (
        Counter(s for m in some for t in (m.up, m.down) for s in _statements(t)) for some in (wanted, given)
    )
    yield from (f"not designed: {_short(one)}" for one in sorted(second - first))
    yield from (f"missing: {_short(one)}" for one in sorted(first - second))


def _both(migration: Migration) -> Iterator[str]:
    yield from _statements(migration.up)
    yield from _statements(migration.down)


def _statements(text: str | None) -> Iterator[str]:
    # Loads PostgreSQL's whole parser: only what differs in its text is read by it.
    import postgast  # noqa: PLC0415

    for statement in postgast.split(text or ""):
        parsed = postgast.parse(statement)
        kind = postgast.classify_statement(parsed)
        if kind is not None and kind.node_name not in _SHOWN:
            yield postgast.deparse(parsed)


_SHOWN: Final = frozenset({"create_stmt", "index_stmt", "create_policy_stmt", "create_trig_stmt", "comment_stmt"})
"""Statements whose whole effect the catalogue shows, or that have none."""


def _unlike(expected: Catalogue, found: Catalogue) -> Iterator[str]:
    yield from (f"table {name} is missing" for name in expected.tables if name not in found.tables)
    yield from (f"table {name} is not in the design" for name in found.tables if name not in expected.tables)
    for name, table in expected.tables.items():
        if name in found.tables:
            yield from (f"{name}{why}" for why in _table(table, found.tables[name]))
    for fact in ("triggers", "trigger_events", "rewriting", "row_level_security", "policies", "indexes", "storage"):
        gone = set(expected.facts[fact]) - set(found.facts[fact])
        new = set(found.facts[fact]) - set(expected.facts[fact])
        yield from (f"{fact.replace('_', ' ')}: missing {_short(one)}" for one in sorted(gone))
        yield from (f"{fact.replace('_', ' ')}: not designed {_short(one)}" for one in sorted(new))


def _table(wanted: Table, found: Table) -> Iterator[str]:
    for name, column in wanted.columns.items():
        other = found.columns.get(name)
        if other is None:
            yield f".{name} is missing"
        elif (column.full, column.required, column.default) != (other.full, other.required, other.default):
            yield f".{name} is {_spoken(other)}, not {_spoken(column)}"
    yield from (f".{name} is not in the design" for name in found.columns if name not in wanted.columns)
    if found.lost_on_crash and not wanted.lost_on_crash:
        yield " is emptied by a crash (unlogged)"
    first = {(c.kind, c.columns, c.definition) for c in wanted.constraints}
    second = {(c.kind, c.columns, c.definition) for c in found.constraints}
    yield from (f": missing {_rule(one)}" for one in sorted(first - second))
    yield from (f": not designed {_rule(one)}" for one in sorted(second - first))


def _spoken(column: Any) -> str:
    filled = f" with the default {column.default}" if column.defaulted else ""
    return f"{column.full}{' required' if column.required else ''}{filled}"


def _rule(one: tuple[str, tuple[str, ...], str]) -> str:
    return one[2] or f"unique ({', '.join(one[1])})"
