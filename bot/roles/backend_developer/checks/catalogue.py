"""Facts from PostgreSQL's own catalogue, after the migrations ran: what is really there, not what the files say."""

# ruff: noqa: S608 - the queries are put together from this file's own constants

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

_OURS: Final = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

_CLASSES: Final = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
_CONSTRAINTS: Final = (
    "pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
)

FACTS: Final[Mapping[str, str]] = {
    "tables_without_primary_key": f"""
        SELECT c.relname FROM {_CLASSES}
        WHERE c.relkind IN ('r', 'p') AND {_OURS}
          AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p') ORDER BY 1""",
    "foreign_keys": f"""
        SELECT c.relname || '.' || k.conname FROM {_CONSTRAINTS}
        WHERE k.contype = 'f' AND {_OURS} ORDER BY 1""",
    # An index serves a foreign key if the key's columns are its first ones, in any order, and it covers all rows.
    "foreign_keys_without_index": f"""
        SELECT c.relname || '.' || k.conname FROM {_CONSTRAINTS}
        WHERE k.contype = 'f' AND {_OURS} AND NOT EXISTS (
          SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indpred IS NULL AND i.indisvalid
          AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) ORDER BY 1""",
    "foreign_keys_of_another_type": f"""
        SELECT c.relname || '.' || k.conname FROM {_CONSTRAINTS}
        CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(own, other)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.own
        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.other
        WHERE k.contype = 'f' AND {_OURS} AND a.atttypid <> b.atttypid ORDER BY 1""",
    "duplicate_indexes": f"""
        SELECT string_agg(x.relname, ' = ' ORDER BY x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}
        GROUP BY i.indrelid, i.indkey::text, i.indclass::text, i.indoption::text,
          coalesce(pg_get_expr(i.indpred, i.indrelid), ''), coalesce(pg_get_expr(i.indexprs, i.indrelid), '')
        HAVING count(*) > 1 ORDER BY 1""",
    "unvalidated_constraints": f"""
        SELECT c.relname || '.' || k.conname FROM {_CONSTRAINTS}
        WHERE NOT k.convalidated AND k.contype IN ('f', 'c') AND {_OURS} ORDER BY 1""",
    "narrow_keys": f"""
        SELECT c.relname || '.' || a.attname FROM {_CONSTRAINTS}
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'p' AND cardinality(k.conkey) = 1 AND a.atttypid IN ('int2'::regtype, 'int4'::regtype)
          AND {_OURS} ORDER BY 1""",
    "triggers": f"""
        SELECT c.relname || ' ' || p.prosrc FROM {_CLASSES} JOIN pg_trigger t ON t.tgrelid = c.oid
        JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND {_OURS} ORDER BY 1""",
    # When each trigger runs and whether it does: its body is above.
    "trigger_events": f"""
        SELECT c.relname || ' ' || t.tgenabled::text || ' '
          || regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (CONSTRAINT )?TRIGGER \\S+ ', '')
        FROM {_CLASSES} JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal AND {_OURS} ORDER BY 1""",
    # Rules rewrite what callers ask for; views of their owner see past the policies of what they show.
    "rewriting": f"""
        SELECT c.relname || ' ' || pg_get_ruledef(r.oid) FROM {_CLASSES} JOIN pg_rewrite r ON r.ev_class = c.oid
        WHERE {_OURS} ORDER BY 1""",
    "row_level_security": f"""
        SELECT c.relname FROM {_CLASSES} WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND {_OURS}
          AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) ORDER BY 1""",
    "policies": f"""
        SELECT c.relname || ' ' || p.polcmd::text || ' ' || p.polpermissive || ' '
          || CASE WHEN p.polroles = '{{0}}' THEN '' ELSE 'to ' || array_to_string(p.polroles::regrole[], ' ') || ' ' END
          || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' | '
          || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
        FROM {_CLASSES} JOIN pg_policy p ON c.oid = p.polrelid WHERE {_OURS} ORDER BY 1""",
    "indexes": f"""
        SELECT c.relname || ' ' || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '')
        FROM {_CLASSES} JOIN pg_index i ON c.oid = i.indrelid WHERE {_OURS} ORDER BY 1""",
    # How tables and columns are kept beside their types: settings, collations, what replicas are told.
    "storage": f"""
        SELECT c.relname || ' ' || array_to_string(c.reloptions, ' ') FROM {_CLASSES}
          WHERE c.relkind IN ('r', 'p', 'i', 'v', 'm') AND c.reloptions IS NOT NULL AND {_OURS}
        UNION ALL SELECT c.relname || ' replica identity ' || c.relreplident::text FROM {_CLASSES}
          WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND {_OURS}
        UNION ALL SELECT c.relname || ' partitioned by ' || pg_get_partkeydef(c.oid) FROM {_CLASSES}
          WHERE c.relkind = 'p' AND {_OURS}
        UNION ALL SELECT c.relname || ' is a partition ' || pg_get_expr(c.relpartbound, c.oid) FROM {_CLASSES}
          WHERE c.relispartition AND {_OURS}
        UNION ALL SELECT c.relname || '.' || a.attname || ' ' || coalesce('collation ' || l.collname, '')
            || coalesce(' ' || array_to_string(a.attoptions, ' '), '')
            || coalesce(' statistics ' || nullif(a.attstattarget, -1), '')
          FROM {_CLASSES} JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
          WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}
            AND (l.oid IS NOT NULL OR a.attoptions IS NOT NULL OR coalesce(a.attstattarget, -1) <> -1)
        ORDER BY 1""",
    # Rights that PUBLIC has on a table, or will have on those to come.
    "public_grants": f"""
        SELECT DISTINCT c.relname FROM {_CLASSES}, aclexplode(c.relacl) AS a
          WHERE a.grantee = 0 AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND {_OURS}
        UNION SELECT DISTINCT 'tables to come' FROM pg_default_acl d, aclexplode(d.defaclacl) AS a
          WHERE a.grantee = 0 AND d.defaclobjtype = 'r' ORDER BY 1""",
    "definer_functions": f"""
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE p.prosecdef AND {_OURS} ORDER BY 1""",
    "objects": f"""
        SELECT c.relkind::text || ' ' || c.relname FROM {_CLASSES}
          WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {_OURS}
        UNION ALL SELECT 'type ' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
          WHERE t.typtype IN ('e', 'd') AND {_OURS}
        UNION ALL SELECT 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE {_OURS} AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        ORDER BY 1""",
}
"""Each query returns names, one a row: what found real faults in designs, and a few counts."""

_COLUMNS: Final = f"""
    SELECT n.nspname, c.relname, a.attname, t.typname, t.typtype, a.attnotnull, a.atthasdef,
      a.attidentity <> '', a.attgenerated <> '', format_type(a.atttypid, a.atttypmod),
      coalesce(pg_get_expr(d.adbin, d.adrelid), ''), c.relpersistence <> 'p',
      ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
    FROM {_CLASSES} JOIN pg_attribute a ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS} ORDER BY c.relname, a.attnum"""

_KEYS: Final = f"""
    SELECT c.relname, k.contype::text, ARRAY(
        SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u(num, pos)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.pos)::text[],
      coalesce(r.relname, ''), pg_get_constraintdef(k.oid), k.conname
    FROM {_CONSTRAINTS} LEFT JOIN pg_class r ON r.oid = k.confrelid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {_OURS}
    UNION ALL
    SELECT c.relname, CASE WHEN coalesce(pg_get_expr(i.indpred, i.indrelid), 'deleted IS NULL') ~ 'deleted\\w* IS NULL'
      THEN 'u' ELSE 'w' END, ARRAY(
        SELECT a.attname FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u(num, pos)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.num ORDER BY u.pos)::text[], '', '', ''
    FROM {_CLASSES} JOIN pg_index i ON c.oid = i.indrelid
    WHERE i.indisunique AND NOT i.indisprimary AND {_OURS} ORDER BY 1, 2, 3, 6"""


TENANT: Final = "tenant_id"
_POLICIES: Final = f"""
    SELECT c.relname, coalesce(pg_get_expr(p.polqual, p.polrelid), '')
    FROM {_CLASSES} JOIN pg_policy p ON c.oid = p.polrelid WHERE {_OURS} ORDER BY c.relname, p.polname"""
_OF_TENANT: Final = re.compile(r"(?:\"([^\"]+)\"|(\w+)) = \(*NULLIF\(current_setting\('app\.tenant_id'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as the catalogue has it. `kind` is pg_type.typtype: b base, e enum, d domain.

    `full` is the type with its precision, ``numeric(19,4)``; `default` the expression that fills it, if any.
    """

    name: str
    type: str
    kind: str
    required: bool
    defaulted: bool
    identity: bool
    generated: bool
    labels: tuple[str, ...]
    full: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A key, check or exclusion: kind is pg_constraint.contype (p, u, f, c, x), or w: unique among some rows only.

    `target` is the table that a foreign key points at.
    """

    kind: str
    columns: tuple[str, ...]
    target: str
    definition: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as the catalogue has it."""

    schema: str
    name: str
    columns: Mapping[str, Column]
    constraints: tuple[Constraint, ...] = ()
    lost_on_crash: bool = False
    """Whether it is unlogged: PostgreSQL empties it after a crash."""

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Columns of the primary key."""
        return next((c.columns for c in self.constraints if c.kind == "p"), ())

    def unique(self, column: str) -> bool:
        """Whether the column alone is unique."""
        return any(c.kind in "pu" and c.columns == (column,) for c in self.constraints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Tables by name, and for each of FACTS the names that its query returned."""

    tables: Mapping[str, Table]
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tenant_columns: Mapping[str, str] = field(default_factory=dict)
    """The column of each table that its policy compares with the caller's tenant."""

    def tenant_column(self, table: Table) -> str:
        """Return the column that says whose a row is; "" if there is none."""
        found = self.tenant_columns.get(table.name, TENANT)
        return found if found in table.columns and found not in table.primary_key[:1] else ""


Connection = psycopg.Connection[tuple[Any, ...]]


def read_catalogue(connection: Connection) -> Catalogue:
    """Read everything that the checks need.

    `connection` must have the `search_path` pg_catalog, so that nothing can stand in for it.
    """
    return Catalogue(
        tables=_tables(connection),
        facts={name: ask(connection, name) for name in FACTS},
        tenant_columns=_tenant_columns(connection),
    )


def ask(connection: Connection, fact: str) -> tuple[str, ...]:
    """Return the names that one of FACTS finds now."""
    return tuple(str(row[0]) for row in connection.execute(FACTS[fact].encode()).fetchall())


def _tenant_columns(connection: Connection) -> dict[str, str]:
    found: dict[str, str] = {}
    for table, expression in connection.execute(_POLICIES.encode()):
        match = _OF_TENANT.search(expression)
        if match is not None:
            found[table] = match[1] or match[2]
    return found


def _tables(connection: Connection) -> dict[str, Table]:
    columns: dict[tuple[str, str], dict[str, Column]] = {}
    unlogged: set[str] = set()
    for row in connection.execute(_COLUMNS.encode()):
        (schema, table, name, kind, category, required, defaulted, identity, generated, full, default, lost,
         labels) = row  # fmt: skip
        unlogged |= {table} if lost else set()
        columns.setdefault((schema, table), {})[name] = Column(
            name=name,
            type=kind,
            kind=category,
            required=required,
            defaulted=defaulted,
            identity=identity,
            generated=generated,
            labels=tuple(labels),
            full=full,
            default=default,
        )
    constraints: dict[str, list[Constraint]] = {}
    for table, kind, names, target, definition, name in connection.execute(_KEYS.encode()):
        constraints.setdefault(table, []).append(
            Constraint(kind=kind, columns=tuple(names), target=target, definition=definition, name=name)
        )
    return {
        table: Table(
            schema=schema, name=table, columns=found, constraints=tuple(constraints.get(table, ())),
            lost_on_crash=table in unlogged,
        )
        for (schema, table), found in columns.items()
    }  # fmt: skip
