"""Do bounds let in what there is: columns that nobody may write, rows refused as doubles, units that contradict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.facts import FieldFact, RuleFact
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity
from bot.roles.backend_developer.checks.catalogue import Catalogue, Table
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import members, spoken
from bot.roles.backend_developer.checks.names import NAMES_OF_PEOPLE, is_amount, is_moment, is_secret

_FEW_VALUES: Final = frozenset({"bool", "numeric", "float4", "float8"})
_WORKED_OUT: Final = frozenset(
    ["number", "no", "code", "reference", "ref", "slug", "token", "hash", "key", "prefix", "count", "version",
     "position", "sequence", "rank", "score", "rating", "status", "state", "path", "url", "uri", "size", "checksum",
     "digest", "sum", "age", "duration", "by", "source", "kind", "type", "etag", "percent", "average", "level"]
)  # fmt: skip
"""Last words of names of what a service may work out, give out or find out by itself."""

_UNITS: Final[Mapping[str, str]] = {
    name: unit
    for unit, names in {
        "ms": "ms millis milliseconds millisecond", "s": "s sec secs second seconds", "min": "minute minutes mins",
        "h": "h hour hours hrs", "d": "day days", "g": "g gram grams gramm", "kg": "kg kilo kilos kilogram kilograms",
        "t": "tons tonnes", "mm": "mm millimetres millimeters", "cm": "cm centimetres centimeters",
        "m": "metre metres meter meters", "km": "km kilometre kilometres kilometer kilometers", "mi": "mile miles",
        "byte": "byte bytes", "kb": "kb kilobytes", "mb": "mb megabytes", "gb": "gb gigabytes",
        "cent": "cent cents", "%": "% percent", "c": "celsius", "f": "fahrenheit",
    }.items()
    for name in names.split()
}  # fmt: skip
_AS_UNIT: Final[Mapping[str, str]] = {**_UNITS, "min": "min", "m": "m", "b": "byte", "°c": "c", "°f": "f"}
_OF_NAMES: Final = frozenset({"s", "h", "g"})
"""Units that are too short to be one at the end of a name."""


def unique_meant(bench: CheckContext) -> CheckResult:
    """What may occur only once tells things apart: no truth value, choice, amount or name of a person, unless said."""
    catalogue, said = catalogue_of(bench), _said_unique(bench)
    offenders = [
        f"{table.name}.{column}"
        for entity in bench.blueprint.entities
        if (table := catalogue.tables.get(entity.plural)) is not None
        for column in _alone(catalogue, table)
        if _repeats(entity, table, column) and (spoken(entity.name), spoken(column)) not in said
    ]
    offenders += [*_never_again(bench, catalogue), *_one_of_a_kind(bench, catalogue)]
    return judge(offenders, good="What may occur only once tells things apart.", bad="Rows refused as doubles by")


_TELLS_APART: Final = frozenset(
    ["id", "uuid", "guid", "email", "mail", "username", "login", "handle", "nickname", "slug", "code", "number", "no",
     "nr", "sku", "isbn", "ean", "gtin", "serial", "barcode", "reference", "ref", "key", "token", "hash", "iban", "vin",
     "plate", "phone", "name", "title", "label", "url", "uri", "domain", "path", "hostname", "tag", "prefix", "symbol",
     "abbreviation", "identifier", "kennzeichen", "nummer", "kuerzel", "digest", "fingerprint", "imei", "mac", "ip"]
)  # fmt: skip
"""Last words of names of what tells things apart, so that it may well occur only once."""


def _never_again(bench: CheckContext, catalogue: Catalogue) -> Iterator[str]:
    """Yield columns that may occur once, where people told what tells the thing's rows apart and these were not it."""
    facts = [f for f in bench.said.facts if isinstance(f, FieldFact)]
    told = {spoken(f.entity) for f in facts if f.unique or f.primary_key}
    free = {(spoken(f.entity), spoken(f.name)) for f in facts if not (f.unique or f.primary_key or f.references)}
    named = free - _said_unique(bench)
    for entity in bench.blueprint.entities:
        table, keys = catalogue.tables.get(entity.plural), {spoken(entity.name), spoken(entity.plural)}
        for column in _alone(catalogue, table) if table is not None and keys & told else ():
            if not set(words(column)[-1:]) & _TELLS_APART and {(key, spoken(column)) for key in keys} & named:
                yield f"{table.name}.{column} (in other rows too)" if table is not None else column


def _one_of_a_kind(bench: CheckContext, catalogue: Catalogue) -> Iterator[str]:
    """Yield keys by which a thing may have only one other of each state or choice, which nobody said or assumed."""
    said = {
        frozenset(map(spoken, f.fields)) for f in bench.said.facts if isinstance(f, RuleFact) and f.kind == "unique"
    }
    plurals = {entity.name: entity.plural for entity in bench.blueprint.entities}
    for rule in bench.blueprint.rules:
        table = catalogue.tables.get(plurals[rule.entity]) if rule.kind == "unique" else None
        if table is None or rule.assumed or rule.condition or frozenset(map(spoken, rule.fields)) in said:
            continue
        keys = {name for c in table.constraints if c.kind == "f" for name in c.columns} & set(rule.fields)
        left = [table.columns[name] for name in rule.fields if name in table.columns and name not in keys]
        if keys and left and all(column.type == "bool" or members(table, column) for column in left):
            yield f"{table.name} ({', '.join(rule.fields)})"


def _said_unique(bench: CheckContext) -> set[tuple[str, str]]:
    facts = bench.said.facts
    found = {(spoken(f.entity), spoken(f.name)) for f in facts if isinstance(f, FieldFact) and f.unique}
    return found | {
        (spoken(f.entity), spoken(name)) for f in facts if isinstance(f, RuleFact) and f.kind == "unique"
        for name in f.fields
    }  # fmt: skip


def _alone(catalogue: Catalogue, table: Table) -> Iterator[str]:
    """Yield the columns of which no two rows, of one tenant where there are tenants, may have the same."""
    tenant = {catalogue.tenant_column(table)}
    keys = {name for c in table.constraints if c.kind == "f" for name in c.columns}
    for constraint in table.constraints:
        left = set(constraint.columns) - tenant
        if constraint.kind == "u" and len(left) == 1 and not left & (set(table.primary_key) | keys):
            yield from left


def _repeats(entity: Entity, table: Table, name: str) -> bool:
    column = table.columns[name]
    marked = any(f.name == name and f.sensitive for f in entity.fields)
    called = name in NAMES_OF_PEOPLE or (marked and words(name)[-1:] == ("name",))
    return column.type in _FEW_VALUES or called or bool(members(table, column))


def single_by_key(bench: CheckContext, source: str, target: str) -> bool:
    """Whether the database lets only one row of `source` point at a row of `target`, whatever the design calls it."""
    catalogue = catalogue_of(bench)
    plurals = {entity.name: entity.plural for entity in bench.blueprint.entities}
    table = catalogue.tables.get(plurals[source])
    if table is None:
        return False
    tenant = {catalogue.tenant_column(table)}
    keys = [set(c.columns) - tenant for c in table.constraints if c.kind == "f" and c.target == plurals[target]]
    single = [set(c.columns) - tenant for c in table.constraints if c.kind in "pu"]
    return any(key and one and one <= key for key in keys for one in single)


def unwritable(bench: CheckContext) -> list[str]:
    """Return columns that every row needs, that nothing fills, and that no creation takes: no row can be made."""
    catalogue, document = catalogue_of(bench), bench.document
    found = []
    for entity in bench.blueprint.entities:
        table = catalogue.tables.get(entity.plural)
        made = [op for op in bench.blueprint.operations if op.kind == "create" and op.entity == entity.name]
        makes = {op.id for op in made if not (op.request or op.request_entity)}
        bodies = [document.properties(document.body(e)) for e in document.endpoints if e.id in makes]
        if table is None or not bodies:
            continue
        taken = {name for body in bodies for name in body}
        found += [
            f"{table.name}.{field.name}"
            for field in entity.fields
            if (column := table.columns.get(field.name)) is not None and column.required and not column.defaulted
            and not column.identity and not column.generated and field.name not in taken and field.name != entity.owner
            and not filled_in(field.name)
        ]  # fmt: skip
    return found


def filled_in(name: str) -> bool:
    """Whether a service may work out, give out or find out by itself what is called so."""
    last = words(name)[-1:]
    return bool(set(last) & _WORKED_OUT) or is_amount(name) or is_moment(name) or is_secret(name)


def units_meant(bench: CheckContext) -> CheckResult:
    """A number's unit is the one that its name says."""
    told = [(entity.name, field) for entity in bench.blueprint.entities for field in entity.fields if field.unit]
    named = [(label, f, _unit_of(f.name)) for label, f in told]
    if not any(unit for *_, unit in named) and not any(
        _unit_of(f.name) for e in bench.blueprint.entities for f in e.fields
    ):
        return not_applicable("No name tells a unit.")
    offenders = [
        f"{label}.{f.name} ({f.unit})"
        for label, f, unit in named
        if unit and _AS_UNIT.get(f.unit.strip().casefold(), unit) != unit
    ]
    return judge(offenders, good="Units are what names say.", bad="Another unit than the name says")


def _unit_of(name: str) -> str:
    found = words(name)
    return _UNITS.get(found[-1].casefold(), "") if len(found) > 1 and found[-1] not in _OF_NAMES else ""
