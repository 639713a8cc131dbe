"""Rows that fit, put into the database from outside, and bodies that fit, for callers to send."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bot.roles.backend_developer.blueprint import Blueprint, FieldType, RuleKind
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, writable
from bot.roles.backend_developer.renderers.openapi.values import NO_EXAMPLE, example
from bot.roles.backend_developer.renderers.service.design import key_types
from bot.roles.backend_developer.renderers.service.plan import Plan
from bot.roles.backend_developer.renderers.shapes import Column, ForeignKey, TableShape
from bot.roles.backend_developer.renderers.values import LENGTHS, default_of

Row = dict[str, Any]
_FREE: Final = frozenset({FieldType.STRING, FieldType.TEXT})
_TIMES: Final = frozenset({FieldType.TIMESTAMP, FieldType.DATE, FieldType.TIME})
_PAIR: Final = re.compile(r"\s*(\w+)\s*(<=|<|>=|>)\s*(\w+)\s*")
_BASE: Final = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
_DEEPEST: Final = 8


class CannotMake(Exception):
    """No row can be made up: columns have patterns, keys run in circles, or a rule is not understood here."""


class Rows:
    """Makes rows as the owner of the tables, whom no policy limits. One connection, one thread."""

    def __init__(self, blueprint: Blueprint, plan: Plan, conninfo: str) -> None:
        self._blueprint, self.shapes = blueprint, plan.shapes
        self._connection = psycopg.connect(conninfo, row_factory=dict_row, autocommit=True, connect_timeout=5)
        self._counter = itertools.count(1)
        self._codes = {one.name for one in blueprint.entities if one.codes}
        self._parents: dict[tuple[str, int], Row] = {}
        tenant, user = key_types(plan)
        self._tenant_type, self._user_type = tenant, user
        self.root = next((s.entity for s in plan.shapes.values() if s.tenant), "")
        self._user_entity = _users(plan, self.root)
        self.tenants: list[str] = []
        self.tenant_rows: list[Row] = []

    def settle(self) -> None:
        """Make two tenants. Raises CannotMake."""
        for number in range(2):
            if self.root:
                row = self.make(self.root, number)
                self.tenant_rows.append(row)
                self.tenants.append(str(row[self.shapes[self.root].primary_key[0]]))
            else:
                self.tenants.append(_identifier(self._tenant_type, next(self._counter)) if self._tenant_type else "")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def execute(self, statement: Any, values: Sequence[Any] = (), *, past_triggers: bool = False) -> list[Row]:
        """Run a statement as the owner; `past_triggers` keeps triggers from refusing it."""
        connection = self._connection
        if not past_triggers:
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else []
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            done = connection.execute(statement, values)
            return done.fetchall() if done.description else []

    def user(self, tenant: int) -> str:
        """Make a person and return its id. Raises CannotMake."""
        if not self._user_entity:
            return _identifier(self._user_type, next(self._counter))
        row = self.make(self._user_entity, tenant)
        return str(row[self.shapes[self._user_entity].primary_key[0]])

    def make(self, entity: str, tenant: int, values: Mapping[str, Any] | None = None, depth: int = 0) -> Row:
        """Put a row that fits into the database, with all that it points at, and return it. Raises CannotMake."""
        shape = self.shapes[entity]
        if entity in self._codes:
            return self._code(shape)
        if depth > _DEEPEST:
            raise CannotMake(f"{entity}: its keys run in circles")
        number = next(self._counter)
        pointed = {name for key in shape.foreign_keys for name in key.columns}
        said: Row = {}
        for column in shape.columns:
            machine = any(m.field == column.name and m.initial for m in shape.machines)
            left = column.identity or column.moment or column.name in pointed or column.name == shape.tenant_column
            filled = machine or (default_of(column) and not _by_rule(shape, column))
            if column.required and not left and not filled:
                said[column.name] = stored(column, self.value(shape, column, number))
        if shape.tenant_column and tenant < len(self.tenants):
            said[shape.tenant_column] = self.tenants[tenant]
        for key in shape.foreign_keys:
            said |= self._pointing(shape, key, tenant, values or {}, depth)
        said |= values or {}
        return self._inserted(shape, said)

    def _code(self, shape: TableShape) -> Row:
        """Return a row of a code table, which the migrations filled."""
        found = self.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(shape.name)))
        if not found:
            raise CannotMake(f"{shape.entity}: the code table is empty")
        return found[0]

    def _pointing(self, shape: TableShape, key: ForeignKey, tenant: int, given: Mapping[str, Any], depth: int) -> Row:
        wanted = [c for c in key.columns if c != shape.tenant_column]
        needed = all(shape.by_name[c].required for c in wanted)
        if not wanted or not needed or not key.entity or key.entity == shape.entity or set(wanted) <= set(given):
            return {}
        alone = any(shape.by_name[c].unique for c in wanted) or any(
            k.unique and set(k.columns) <= {*wanted, shape.tenant_column} for k in shape.keys
        )
        parent = self.parent(key.entity, tenant, depth=depth, fresh=alone or set(wanted) <= set(shape.primary_key))
        pairs = zip(key.columns, key.target_columns, strict=True)
        return {c: parent[t] for c, t in pairs if c != shape.tenant_column}

    def parent(self, entity: str, tenant: int, *, depth: int = 0, fresh: bool = False) -> Row:
        """Return a row to point at: the same one each time, unless it has to be `fresh`."""
        if entity == self.root and tenant < len(self.tenant_rows):
            return self.tenant_rows[tenant]
        if fresh or (entity, tenant) not in self._parents:
            made = self.make(entity, tenant, depth=depth + 1)
            if fresh:
                return made
            self._parents[entity, tenant] = made
        return self._parents[entity, tenant]

    def body(self, entity: str, tenant: int, *, like: Mapping[str, Any] | None = None, whole: bool = True) -> Row:
        """Return a body for a new row as callers send it; `whole`: with fields that may be left out. Raises CannotMake.

        `like` are values of columns that the path says.
        """
        shape = self.shapes[entity]
        number = next(self._counter)
        pointed = {name for key in shape.foreign_keys for name in key.columns}
        states = {m.field for m in shape.machines if m.initial}
        found: Row = {}
        for column in writable(shape):
            if column.name in pointed or (column.name in states and not column.required):
                continue
            if column.required and not column.optional_input:
                found[column.name] = self.value(shape, column, number)
            elif whole and column.name not in states:
                try:
                    found[column.name] = self.value(shape, column, number)
                except CannotMake:
                    continue
        mine = {c.name for c in writable(shape)}
        for state in shape.machines:
            if state.field in found and state.initial:
                found[state.field] = state.initial
        for key in shape.foreign_keys:
            parent = self._pointing(shape, key, tenant, {}, 0)
            found |= {name: _sent(value) for name, value in parent.items() if name in mine}
        return found | {name: _sent(value) for name, value in (like or {}).items() if name in mine and name in found}

    def changes(self, entity: str, tenant: int) -> Row:
        """Return values for every field that may be changed, each different from the last ones given."""
        shape, number = self.shapes[entity], next(self._counter)
        pointed = {name for key in shape.foreign_keys for name in key.columns}
        found: Row = {}
        for column in changeable(shape):
            if column.name in pointed or any(m.field == column.name for m in shape.machines):
                continue
            try:
                found[column.name] = self.value(shape, column, number)
            except CannotMake:
                continue
        mine = {column.name for column in changeable(shape)}
        for key in shape.foreign_keys if not found else ():
            found |= {n: _sent(v) for n, v in self._pointing(shape, key, tenant, {}, 0).items() if n in mine}
        return found

    def value(self, shape: TableShape, column: Column, number: int) -> Any:
        """Return a value that fits a column, as callers send it; of numbers each gives another one where it can."""
        timely = _timely(shape, number)
        if column.name in timely:
            return timely[column.name]
        value = example(column)
        if value is NO_EXAMPLE:
            raise CannotMake(f"{shape.entity}.{column.name}: no value can be made up")
        if column.type in _FREE and not column.pattern and not column.currency and isinstance(value, str):
            longest = column.max_length or LENGTHS[column.type]
            return f"{value} {number}"[-longest:].strip().ljust(max(1, column.min_length), "x")
        return self._unique(shape, column, number, value)

    def _unique(self, shape: TableShape, column: Column, number: int, value: Any) -> Any:
        singled = column.unique or any(k.unique and k.columns[-1] == column.name for k in shape.keys)
        singled = singled or column.name in shape.primary_key or _by_rule(shape, column)
        kind = column.type
        fresh = {FieldType.UUID: str(uuid.uuid4()), FieldType.EMAIL: f"p{number}.{uuid.uuid4().hex[:6]}@example.com"}
        if kind in fresh:
            return fresh[kind]
        if kind in (FieldType.INTEGER, FieldType.BIGINT):
            low = int(column.minimum) if column.minimum is not None else 1
            high = int(column.maximum) if column.maximum is not None else low + 2**30
            return low + number % max(1, high - low + 1)
        if not singled:
            return value
        if kind is FieldType.URL:
            return f"https://example.com/{number}"
        if kind in (FieldType.DATE, FieldType.TIMESTAMP):
            return _moment(kind, _BASE + timedelta(days=number))
        return value

    def _inserted(self, shape: TableShape, said: Row) -> Row:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING *").format(
            sql.Identifier(shape.name), sql.SQL(", ").join(map(sql.Identifier, said)),
            sql.SQL(", ").join([sql.Placeholder()] * len(said)),
        )  # fmt: skip
        if not said:
            statement = sql.SQL("INSERT INTO {} DEFAULT VALUES RETURNING *").format(sql.Identifier(shape.name))
        try:
            return self.execute(statement, list(said.values()))[0]
        except (psycopg.errors.IntegrityError, psycopg.errors.DataError, psycopg.errors.RaiseException) as error:
            raise CannotMake(f"{shape.entity}: {error.diag.message_primary or error}") from error

    # -- looking and setting ------------------------------------------------------------------------------------------

    def now(self, shape: TableShape, row: Mapping[str, Any]) -> Row | None:
        """Return a row as it is now, None if it is gone."""
        found = self.execute(self._keyed("SELECT * FROM {} WHERE {}", shape), self._key(shape, row))
        return found[0] if found else None

    def put(self, shape: TableShape, row: Mapping[str, Any], column: str, value: Any) -> None:
        """Set one column of a row, past all rules."""
        statement = self._keyed("UPDATE {} SET {} = %s WHERE {}", shape, column)
        self.execute(statement, [value, *self._key(shape, row)], past_triggers=True)

    def count(self, shape: TableShape) -> int:
        """Return how many rows a table has."""
        counted = self.execute(sql.SQL("SELECT count(*) AS n FROM {}").format(sql.Identifier(shape.name)))
        return int(counted[0]["n"])

    @staticmethod
    def _keyed(form: str, shape: TableShape, column: str = "") -> sql.Composed:
        where = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in shape.primary_key)
        names = [sql.Identifier(shape.name), *([sql.Identifier(column)] if column else []), where]
        return sql.SQL(form).format(*names)

    @staticmethod
    def _key(shape: TableShape, row: Mapping[str, Any]) -> list[Any]:
        return [row[name] for name in shape.primary_key]


def _by_rule(shape: TableShape, column: Column) -> bool:
    return any(rule.kind is RuleKind.UNIQUE and column.name in rule.fields for rule in shape.rules)


def _users(plan: Plan, root: str) -> str:
    shapes = plan.shapes.values()
    owners = [s.by_name[s.owner_column].references for s in shapes if s.owner_column]
    writers = [c.references for s in shapes for c in s.columns
               if c.generated and c.references and c.references != root and c.name != s.tenant_column]  # fmt: skip
    return next(iter([one for one in owners if one] or writers), "")


def _identifier(kind: str, number: int) -> str:
    if kind in ("integer", "bigint"):
        return str(1_000_000 + number)
    return str(uuid.uuid4())


def _timely(shape: TableShape, number: int) -> Row:
    """Return values of columns that rules compare: a beginning before its end, and rows that do not overlap."""
    found: Row = {}
    for rule in shape.rules:
        if rule.kind is RuleKind.NO_OVERLAP:
            ends = [n for n in rule.fields if n in shape.by_name and shape.by_name[n].type in _TIMES][:2]
            for offset, name in enumerate(ends):
                at = _BASE + timedelta(days=2 * number + offset)
                found[name] = _moment(shape.by_name[name].type, at)
    for rule in shape.rules:
        pair = _PAIR.fullmatch(rule.expression) if rule.kind in (RuleKind.COMPARE, RuleKind.BOUND) else None
        if pair is None or pair[1] not in shape.by_name or pair[3] not in shape.by_name:
            continue
        low, high = (pair[1], pair[3]) if pair[2].startswith("<") else (pair[3], pair[1])
        for offset, name in enumerate((low, high)):
            column = shape.by_name[name]
            if name not in found and column.type in _TIMES:
                found[name] = _moment(column.type, _BASE + timedelta(days=number, hours=offset))
            elif name not in found and column.type in (FieldType.INTEGER, FieldType.BIGINT, FieldType.FLOAT):
                found[name] = int(column.minimum or 0) + 1 + offset
            elif name not in found and column.type in (FieldType.DECIMAL, FieldType.MONEY):
                found[name] = f"{int(column.minimum or 0) + 1 + offset}"
    return found


def _moment(kind: FieldType, at: datetime) -> str:
    if kind is FieldType.DATE:
        # Hours apart are days apart, so that the order stays.
        return (at.date() + timedelta(days=1 if at.hour != _BASE.hour else 0)).isoformat()
    return at.strftime("%H:%M:%S") if kind is FieldType.TIME else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def stored(column: Column, value: Any) -> Any:
    """Return a value as text that PostgreSQL reads as the column's type."""
    if column.type is FieldType.ARRAY:
        return json.dumps(value) if column.nested else value
    if column.type is FieldType.POINT and isinstance(value, dict):
        return f"({value['longitude']},{value['latitude']})"
    if column.type is FieldType.BINARY:
        return b"hello"
    return value if isinstance(value, str | int | float) else json.dumps(value)


def _sent(value: Any) -> Any:
    return value if isinstance(value, int | str | bool) or value is None else str(value)
