"""What people get, `openapi.yaml`, migrations and the iteration's JSON, read by parsers that are not the product's."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from tests.corpus.names import route, same_noun, spellings
from tests.support import quick_yaml

METHODS = ("get", "post", "put", "patch", "delete")
KINDS = {
    "TEXT": "string", "VARCHAR": "string", "CHAR": "string", "NCHAR": "string", "NVARCHAR": "string",
    "CITEXT": "string", "INET": "string", "CIDR": "string", "UUID": "uuid",
    "INT": "integer", "BIGINT": "integer", "SMALLINT": "integer",
    "SERIAL": "integer", "BIGSERIAL": "integer", "TINYINT": "boolean", "DECIMAL": "decimal", "FLOAT": "float",
    "DOUBLE": "float", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp", "TIMESTAMPTZ": "timestamp",
    "TIMESTAMPNTZ": "timestamp", "TIMESTAMPLTZ": "timestamp", "DATETIME": "timestamp", "JSON": "json", "JSONB": "json",
    "TIME": "time", "TIMETZ": "time", "INTERVAL": "interval", "VARBINARY": "binary", "BINARY": "binary",
    "ARRAY": "array", "POINT": "point",
}  # fmt: skip

Members = dict[str, frozenset[str]]


@dataclass(slots=True)
class Table:
    """One table: its columns with their kind, the members of its enumerations, where its keys point to."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    members: Members = field(default_factory=dict)
    keys: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    assumed: bool = False
    assumed_columns: set[str] = field(default_factory=set)

    def column(self, names: str) -> str | None:
        """The column of one of these names, `a|b`."""
        wanted = [spellings(name) for name in names.split("|")]
        return next((c for form in wanted for c in self.columns if spellings(c) & form), None)

    def key_columns(self) -> set[str]:
        """Columns that are part of a foreign key."""
        return {column for columns, _ in self.keys for column in columns}


@dataclass(slots=True)
class Operation:
    """One call: who may make it (None: whoever is signed in), and whether it is open to all or marked as assumed."""

    roles: frozenset[str] | None
    open: bool
    assumed: bool
    budgets: Any


@dataclass(slots=True)
class Delivered:
    """All that a rehearsal left and people read."""

    tables: dict[str, Table]
    operations: dict[str, Operation]
    schemes: list[Mapping[str, Any]]
    report: Mapping[str, Any]
    info: str

    def tables_of(self, names: str) -> list[str]:
        """The tables that one of `a|b` names, the best match first."""
        found = [t for name in names.split("|") for t in self.tables if same_noun(name, t)]
        return list(dict.fromkeys(found))

    def table(self, names: str) -> Table | None:
        """The table that one of `a|b` names."""
        return next((self.tables[t] for t in self.tables_of(names)), None)

    def roles(self) -> set[str]:
        """Roles that some operation names, or that the document's description lists as code."""
        listed = set(re.findall(r"^\s*[-*] `([^`]+)`", self.info, re.MULTILINE))
        return listed.union(*(operation.roles or () for operation in self.operations.values()))


def read(folder: Path) -> Delivered:
    """Read the files of a rehearsal.

    Raises:
        FileNotFoundError: A file that people are promised is not there.
    """
    document = _one(sorted(folder.rglob("openapi.yaml")), folder)
    report = json.loads(_one(sorted(folder.glob("*-iteration-*[0-9].json")), folder).read_text())
    spec = quick_yaml.load(document.read_text())
    sql = "\n".join(p.read_text() for p in sorted(document.parent.rglob("*.sql")) if ".down." not in p.name)
    schemes = spec.get("components", {}).get("securitySchemes", {})
    return Delivered(
        tables(sql), dict(operations(spec)), list(schemes.values()), report, spec["info"].get("description", "")
    )


def _one(found: list[Path], folder: Path) -> Path:
    if not found:
        raise FileNotFoundError(f"a promised file is missing in {folder}")
    return found[0]


def _says_assumed(*texts: object) -> bool:
    return any("assumed" in str(text).lower() for text in texts if text)


def operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Calls of a document by their routes."""
    common = spec.get("security", [{"signed": []}])
    for path, item in spec.get("paths", {}).items():
        for method in METHODS:
            if method not in item:
                continue
            it = item[method]
            security = it.get("security", common)
            roles = it.get("x-roles")
            yield (
                route(f"{method} {path}"),
                Operation(
                    roles=frozenset(map(str, roles)) if roles else None,
                    open=not security or {} in security,
                    assumed=bool(it.get("x-assumed")) or _says_assumed(it.get("summary"), it.get("description")),
                    budgets=it.get("x-budgets"),
                ),
            )


def tables(sql: str) -> dict[str, Table]:
    """Tables of migrations, by the SQL parser `sqlglot`; what it cannot read (functions, policies) holds no columns."""
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    statements = [
        s for s in sqlglot.parse(sql, read="postgres", error_level=sqlglot.ErrorLevel.IGNORE) if s is not None
    ]
    enums = {
        _bare(s.this): _literals(s.expression) for s in statements if isinstance(s, exp.Create) and s.kind == "TYPE"
    }
    found: dict[str, Table] = {}
    for statement in statements:
        if isinstance(statement, exp.Create) and statement.kind == "TABLE" and isinstance(statement.this, exp.Schema):
            table = Table(_bare(statement.this.this), assumed=_says_assumed(*(statement.comments or ())))
            found[table.name] = table
            for part in statement.this.expressions:
                _read_part(table, part, enums)
        elif isinstance(statement, exp.Alter) and (altered := found.get(_bare(statement.this))) is not None:
            for action in statement.args.get("actions") or ():
                for part in action.expressions if isinstance(action, exp.AddConstraint) else (action,):
                    _read_part(altered, part, enums)
        elif isinstance(statement, exp.Comment) and _says_assumed(statement.expression):
            _mark(found, statement)
    return found


def _mark(found: dict[str, Table], comment: exp.Comment) -> None:
    kind = str(comment.args.get("kind"))
    if kind == "TABLE" and (table := found.get(_bare(comment.this))):
        table.assumed = True
    elif kind == "COLUMN" and (table := found.get(comment.this.table.lower())):
        table.assumed_columns.add(comment.this.name.lower())


def _bare(node: exp.Expression) -> str:
    return str(node.name).lower()


def _literals(node: exp.Expression | None) -> frozenset[str]:
    return frozenset(str(e.this) for e in node.find_all(exp.Literal)) if node else frozenset()


def _read_part(table: Table, part: exp.Expression, enums: Mapping[str, frozenset[str]]) -> None:
    if isinstance(part, exp.ColumnDef):
        _read_column(table, part, enums)
    for key in part.find_all(exp.ForeignKey):
        target = key.args["reference"].find(exp.Table)
        table.keys.append((tuple(_bare(c) for c in key.expressions), _bare(target)))
    for check in part.find_all(exp.CheckColumnConstraint, exp.Check):
        closed = _closed_list(check.this)
        if closed is not None:
            table.members[closed[0]] = closed[1]


def _read_column(table: Table, part: exp.ColumnDef, enums: Mapping[str, frozenset[str]]) -> None:
    name, type_ = _bare(part), part.args.get("kind")
    table.columns[name] = "string"
    if isinstance(type_, exp.DataType):
        label = (
            type_.this.value if type_.this.value != "USERDEFINED" else str(type_.args.get("kind")).strip('"').upper()
        )
        own = label.lower().rpartition(".")[2]
        if own in enums:
            table.members[name] = enums[own]
        elif label == "ENUM":
            table.members[name] = _literals(type_)
        else:
            table.columns[name] = KINDS.get(label, label.lower())
    reference = part.find(exp.Reference)
    if reference is not None and not part.find(exp.ForeignKey):
        table.keys.append(((name,), _bare(reference.find(exp.Table))))


def _closed_list(check: exp.Expression) -> tuple[str, frozenset[str]] | None:
    """Column and members of `c IN (…)` or `c = ANY (ARRAY[…])`, be it alone or beside `c IS NULL`."""
    check = check.unnest()
    if isinstance(check, exp.Or):
        sides = [side.unnest() for side in (check.left, check.right)]
        lists = [side for side in sides if not (isinstance(side, exp.Is) and isinstance(side.expression, exp.Null))]
        return _closed_list(lists[0]) if len(lists) == 1 else None
    column = check.this.find(exp.Column) if isinstance(check, exp.In | exp.EQ) else None
    if column is None:
        return None
    if isinstance(check, exp.In) and all(isinstance(e, exp.Literal | exp.Cast) for e in check.expressions):
        return column.name.lower(), frozenset(str(x.this) for e in check.expressions for x in e.find_all(exp.Literal))
    if isinstance(check, exp.EQ) and isinstance(check.expression, exp.Any):
        return column.name.lower(), _literals(check.expression)
    return None
