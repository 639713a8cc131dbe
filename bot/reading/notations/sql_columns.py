"""Columns and constraints of SQL tables, each parsed by itself: one that is refused loses nothing but itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bot.domain.facts import AnyFact, FieldFact, RelationFact, RuleFact, ValueType
from bot.reading.names import singular
from bot.reading.notations.sql_checks import read_check
from bot.reading.notations.sql_split import bare
from bot.reading.types import FieldShape, enum_members, leading_type, value_type

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of every statement that it keeps word for word

OnDelete = Literal["restrict", "cascade", "set_null"]
DIALECTS = ("postgres", "mysql", "sqlite")
_LONGEST_ITEM = 5000
_CONSTRAINT = re.compile(
    r"\s*(?:constraint\b|primary\s+key\b|unique\b|foreign\s+key\b|check\s*\(|exclude\b|key\b\s*[`\"\w(]|"
    r"index\b\s*[`\"\w(]|"
    r"fulltext\b|spatial\b|like\b\s)",
    re.I,
)
_NAMED_LIKE_KEY = re.compile(r"\s*(?:key|index|fulltext|spatial)\s+([A-Za-z]\w*)\s*(\([^()]*\))?", re.I)
_COLUMN = re.compile(r"\s*(\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|[^\s\"`(),]+)\s*(.*)$", re.S)
_ON_DELETE = re.compile(r"on\s+delete\s+(restrict|no\s+action|cascade|set\s+null)", re.I)
_REFERENCES = re.compile(r"references\s+([\w.\"`\[\]]+)", re.I)
_EXTRA_TYPES = {
    "year": ValueType.INTEGER,
    "name": ValueType.STRING,
    "oid": ValueType.BIGINT,
    "geometry": ValueType.POINT,
}


@dataclass(slots=True)
class Table:
    """A table while it is read: its entity, its columns and what points elsewhere."""

    name: str
    entity: str
    statement: str
    columns: dict[str, FieldFact] = field(default_factory=dict)
    relations: list[tuple[tuple[str, ...], RelationFact]] = field(default_factory=list)
    facts: list[AnyFact] = field(default_factory=list)
    keys: list[tuple[str, ...]] = field(default_factory=list)

    def told_relations(self) -> list[RelationFact]:
        """Return what points elsewhere; columns that are unique, which may be said after it, point at one row each."""
        own = [set(key) for key in self.keys]
        return [
            replace(relation, cardinality="one_to_one") if set(names) in own else relation
            for names, relation in self.relations
        ]

    def types(self) -> dict[str, ValueType | None]:
        """Return the type of each column."""
        return {name: one.type for name, one in self.columns.items()}


_COMPUTED = re.compile(r"as\s*(?:\(|\w+\s*\()", re.I)
_WRAPPED = re.compile(r"\s*(?:lowcardinality|nullable)\s*\(((?:[^()]|\([^()]*\))*)\)", re.I)
"""What ClickHouse puts around a type."""
_ARRAY = re.compile(r"(?:\s*\[\s*\d*\s*\])+|\s+ARRAY\b", re.I)


@dataclass(frozen=True, slots=True)
class Types:
    """Enum types and domains that the text declares, by lower-case name."""

    known: dict[str, FieldShape]
    not_null_is_said: bool

    def shape(self, said: str) -> tuple[FieldShape | None, str]:
        """Return the shape of the type that a column's definition begins with, and its rest."""
        if wrapped := _WRAPPED.match(said):
            return self.shape(wrapped[1])[0], said[wrapped.end() :]
        word = re.match(r"\s*([\w.\"`]+)(\s*\[\s*\])?", said)
        if word is not None and (own := self.known.get(bare(word.group(1)).lower())):
            rest = said[word.end() :]
            return (replace(own, type=ValueType.ARRAY, items=own.type) if word.group(2) else own), rest
        found = leading_type(said)
        if found is not None:
            own, rest = found
            brackets = _ARRAY.match(rest)
            if brackets is None or own.type is ValueType.ARRAY:
                return found
            # ``numeric(12, 2)[]``: the type ends at its arguments, and many of it are meant.
            return FieldShape(type=ValueType.ARRAY, items=own.type, values=own.values), rest[brackets.end() :]
        extra = _EXTRA_TYPES.get(word.group(1).lower()) if word is not None else None
        rest = said[word.end() :] if word is not None else said
        return (FieldShape(type=extra) if extra else None), rest


@lru_cache(maxsize=4096)
def parse_item(item: str, dialect: str) -> exp.Expr | None:
    """Return the tree of one column or constraint; None if no dialect takes it."""
    if len(item) > _LONGEST_ITEM or item.count("(") > 60:
        return None
    for one in (dialect, *(other for other in DIALECTS if other != dialect)):
        try:
            tree = sqlglot.parse_one(f"CREATE TABLE t ({item})", read=one)
        except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError):
            continue
        if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema) and len(tree.this.expressions) == 1:
            found = tree.this.expressions[0]
            return found if isinstance(found, exp.Expr) else None
    return None


def is_constraint(item: str) -> bool:
    """Whether an item of a table's list is a constraint and no column; `key` and `index` are names of columns, too."""
    if not _CONSTRAINT.match(item):
        return False
    named = _NAMED_LIKE_KEY.match(item)
    return not (named and value_type(named[1]) and (named[2] is None or re.fullmatch(r"[\d\s,()]+", named[2])))


def read_column(table: Table, item: str, statement: str, types: Types, dialect: str, comment: str = "") -> bool:
    """Add a column to its table; False where it cannot be read."""
    match = _COLUMN.match(item)
    if match is None:
        return False
    name, said = bare(match.group(1)), match.group(2)
    shape, rest = types.shape(said)
    if shape is None and _COMPUTED.match(said):
        table.columns[name] = FieldFact(statement=statement, entity=table.entity, name=name, read_only=True)
        return True
    tree = parse_item(item.strip(), dialect)
    if shape is None and not (isinstance(tree, exp.ColumnDef) and tree.kind) and not (dialect == "sqlite" and tree):
        return False
    made = FieldFact(statement=statement, entity=table.entity, name=name)
    if shape is not None:
        made = replace(
            made,
            type=shape.type,
            values=shape.values,
            max_length=shape.max_length,
            items=shape.items,
            minimum=shape.minimum,
        )
    if re.match(r"\s*unsigned\b", rest, re.I):
        made = replace(made, minimum=0.0)
    # sqlglot has other nodes among them, too, such as InOutColumnConstraint, which hold no constraint.
    constraints = (
        [one for one in tree.constraints if isinstance(one, exp.ColumnConstraint)]
        if isinstance(tree, exp.ColumnDef)
        else []
    )
    if isinstance(tree, exp.ColumnDef):
        for constraint in constraints:
            made = _constrained(table, made, constraint.kind)
    else:
        made = _constrained_by_words(made, rest)
    made = with_comment(made, comment)
    if made.required is None and types.not_null_is_said and not made.primary_key:
        made = replace(made, required=False, nullable=True)
    table.columns[name] = made
    if made.primary_key:
        table.keys.append((name,))
    if made.unique:
        table.keys.append((name,))
    _add_inline(table, made, constraints, rest)
    return True


def _constrained(table: Table, made: FieldFact, kind: exp.Expr | None) -> FieldFact:
    """Return the field with what one of its constraints says."""
    if isinstance(kind, exp.NotNullColumnConstraint):
        allowed = bool(kind.args.get("allow_null"))
        made = replace(made, required=not allowed, nullable=allowed)
    elif isinstance(kind, exp.PrimaryKeyColumnConstraint):
        made = replace(made, primary_key=True, required=True, nullable=False)
    elif isinstance(kind, exp.UniqueColumnConstraint):
        made = replace(made, unique=True)
    elif isinstance(kind, exp.DefaultColumnConstraint):
        said = kind.this.name if isinstance(kind.this, exp.Literal) else kind.this.sql(dialect="postgres")
        made = made if isinstance(kind.this, exp.Null) else replace(made, default=said)
    elif isinstance(kind, exp.CommentColumnConstraint):
        made = with_comment(made, kind.this.name)
    elif isinstance(kind, exp.GeneratedAsIdentityColumnConstraint):
        made = replace(made, read_only=True, required=True, nullable=False)  # PostgreSQL: implicitly NOT NULL
    elif isinstance(kind, exp.ComputedColumnConstraint):
        made = replace(made, read_only=True)
    elif isinstance(kind, exp.CheckColumnConstraint) and isinstance(kind.this, exp.Expr):
        made = _checked(table, made, kind.this)
    return made


def _checked(table: Table, made: FieldFact, condition: exp.Expr) -> FieldFact:
    """Return the field with what its CHECK says of it; what it says of others is noted apart."""
    text = condition.sql(dialect="postgres")
    for fact in read_check(condition, text, table.entity, made.statement, {made.name: made.type}):
        if isinstance(fact, FieldFact) and fact.name.lower() == made.name.lower():
            made = replace(
                made,
                type=fact.type if fact.type and made.type is not ValueType.ARRAY else made.type,
                values=fact.values or made.values,
                minimum=fact.minimum if fact.minimum is not None else made.minimum,
                maximum=fact.maximum if fact.maximum is not None else made.maximum,
                min_length=fact.min_length or made.min_length,
                max_length=fact.max_length or made.max_length,
                pattern=fact.pattern or made.pattern,
            )
        else:
            table.facts.append(fact)
    return made


def _constrained_by_words(made: FieldFact, rest: str) -> FieldFact:
    """Return the field with what its words say, where the parser refused the whole."""
    if re.search(r"\bnot\s+null\b", rest, re.I):
        made = replace(made, required=True, nullable=False)
    if re.search(r"\bprimary\s+key\b|\bpk\b", rest, re.I):
        made = replace(made, primary_key=True, required=True, nullable=False)
    if re.search(r"\bunique\b", rest, re.I):
        made = replace(made, unique=True)
    if default := re.search(r"\bdefault\s+('(?:[^']|'')*'|[\w.()-]+)", rest, re.I):
        made = replace(made, default=default.group(1).strip("'"))
    if members := re.search(r"\bin\s*\(([^()]*)\)", rest, re.I):
        values = enum_members(members.group(1))
        made = replace(made, type=ValueType.ENUM, values=values) if values else made
    return made


def _add_inline(table: Table, made: FieldFact, constraints: Sequence[exp.ColumnConstraint], rest: str) -> None:
    """Note what a column refers to."""
    said = next((one.kind for one in constraints if isinstance(one.kind, exp.Reference)), None)
    target, text = "", ""
    if said is not None:
        found = said.find(exp.Table)
        target, text = (found.name if found is not None else ""), " ".join(map(str, said.args.get("options") or ()))
    elif not constraints and (match := _REFERENCES.search(rest)):
        target, text = bare(match.group(1)), rest
    if target:
        add_relation(table, (made.name,), target, text, made.statement)


def add_relation(table: Table, names: tuple[str, ...], target: str, options: str, statement: str) -> None:
    """Note that columns of a table refer to another one."""
    entity = singular(target)
    action = _ON_DELETE.search(options)
    said = re.sub(r"\s+", "_", action.group(1).lower()) if action else ""
    deletes: dict[str, OnDelete] = {
        "cascade": "cascade",
        "set_null": "set_null",
        "restrict": "restrict",
        "no_action": "restrict",
    }
    columns = [column for name in names if (column := table.columns.get(name)) is not None]
    first = columns[0] if columns else None
    # Of several columns one may be the tenant's, which every row has: the reference is there if all of them are.
    told = [column.required for column in columns]
    stem = re.sub(r"_?(?:id|uuid|key|fk)$", "", names[-1], flags=re.I) if names else ""
    table.relations.append(
        (
            names,
            RelationFact(
                statement=statement,
                source=table.entity,
                target=entity,
                name=stem,
                required=False if False in told else (told[0] if told else None),
                on_delete=deletes.get(said),
            ),
        )
    )
    if len(names) == 1:
        if first is not None and first.statement == statement:
            table.columns[names[0]] = replace(first, references=entity)
        else:
            table.facts.append(FieldFact(statement=statement, entity=table.entity, name=names[0], references=entity))


def read_constraint(table: Table, item: str, statement: str, dialect: str) -> bool:
    """Add a table's constraint; False where it cannot be read."""
    if re.match(r"\s*(?:fulltext\b|spatial\b|key\b|index\b|like\b)", item, re.I):
        return True
    tree = parse_item(item.strip(), dialect)
    parts = list(tree.expressions) if isinstance(tree, exp.Constraint) else [tree] if tree is not None else []
    done = [_read_part(table, part, statement) for part in parts if isinstance(part, exp.Expr)]
    return any(done) or _read_by_words(table, item, statement)


def _read_part(table: Table, part: exp.Expr, statement: str) -> bool:
    """Add one constraint that was parsed."""
    if isinstance(part, exp.PrimaryKey):
        add_key(table, _names(part.expressions), statement, primary=True)
    elif isinstance(part, exp.UniqueColumnConstraint) and isinstance(part.this, exp.Schema):
        add_key(table, _names(part.this.expressions), statement, primary=False)
    elif isinstance(part, exp.ForeignKey) and (reference := part.args.get("reference")) is not None:
        found = reference.find(exp.Table)
        options = " ".join(map(str, reference.args.get("options") or ()))
        options += f" on delete {part.args['delete']}" if part.args.get("delete") else ""
        if found is None:
            return False
        add_relation(table, _names(part.expressions), found.name, options, statement)
    elif isinstance(part, exp.CheckColumnConstraint) and isinstance(part.this, exp.Expr):
        text = part.this.sql(dialect="postgres")
        table.facts.extend(read_check(part.this, text, table.entity, statement, table.types()))
    elif isinstance(part, exp.ExcludeColumnConstraint):
        table.facts.append(_exclusion(table, part, statement))
    else:
        return False
    return True


def _exclusion(table: Table, part: exp.Expr, statement: str) -> RuleFact:
    """Return the rule of an EXCLUDE: the fields that it compares, and among which rows it does."""
    among = part.find(exp.Where)
    others = set(map(id, among.find_all(exp.Column))) if among is not None else set()
    names = tuple(dict.fromkeys(column.name for column in part.find_all(exp.Column) if id(column) not in others))
    return RuleFact(
        statement=statement,
        entity=table.entity,
        kind="no_overlap",
        fields=names,
        condition=among.this.unnest().sql("postgres") if among is not None else "",
        text=part.sql("postgres"),
    )


def _read_by_words(table: Table, item: str, statement: str) -> bool:
    """Add a constraint that the parser refused, where its words are plain."""
    listed = re.search(r"\(([^()]*)\)", item)
    names = tuple(bare(name) for name in listed.group(1).split(",")) if listed else ()
    if (match := _REFERENCES.search(item)) and names:
        add_relation(table, names, bare(match.group(1)), item, statement)
    elif re.search(r"\bprimary\s+key\b", item, re.I) and names:
        add_key(table, names, statement, primary=True)
    elif re.search(r"\bunique\b", item, re.I) and names:
        add_key(table, names, statement, primary=False)
    elif re.search(r"\bexclude\b", item, re.I):
        table.facts.append(RuleFact(statement=statement, entity=table.entity, kind="no_overlap", text=item.strip()))
    elif re.search(r"\bcheck\s*\(", item, re.I):
        table.facts.append(RuleFact(statement=statement, entity=table.entity, kind="other", text=item.strip()))
    else:
        return False
    return True


def add_key(table: Table, names: tuple[str, ...], statement: str, *, primary: bool, condition: str = "") -> None:
    """Note that columns identify a table's rows, or are unique together."""
    if not condition:
        table.keys.append(names)
    if primary:
        for name in names:
            table.facts.append(FieldFact(statement=statement, entity=table.entity, name=name, primary_key=True))
        return
    if len(names) == 1 and not condition:
        table.facts.append(FieldFact(statement=statement, entity=table.entity, name=names[0], unique=True))
    table.facts.append(
        RuleFact(statement=statement, entity=table.entity, kind="unique", fields=names, condition=condition)
    )


def _names(expressions: list[exp.Expr]) -> tuple[str, ...]:
    """Return the names of columns, their order and length taken off."""
    names = []
    for one in expressions:
        column = one if isinstance(one, exp.Identifier | exp.Column) else one.find(exp.Column, exp.Identifier)
        names.append(column.name if column is not None else one.name)
    return tuple(name for name in names if name)


_LISTED = re.compile(r"(?:one of|enum|values?|allowed|werte?|eines von)\s*[:=]?\s*(.+)$", re.I)
_NUMBERED = re.compile(r"\b(\d+)\s*[=:-]\s*([A-Za-z]\w*)")


def with_comment(made: FieldFact, comment: str) -> FieldFact:
    """Return the field with its comment as description, and as members where it lists them."""
    said = comment.strip().lstrip("-/*# ").rstrip("*/ ").strip()
    if not said:
        return made
    made = replace(made, description=said)
    if made.values or made.type not in {None, ValueType.STRING, ValueType.TEXT, ValueType.INTEGER, ValueType.ENUM}:
        return made
    listed = _LISTED.match(said)
    values = enum_members(listed.group(1) if listed else said)
    plain = len(values) > 1 and all(re.fullmatch(r"[\w-]+", value) for value in values)
    if plain and (listed or "|" in said or "/" in said or len(values) > 2 or "'" in said):
        return replace(made, type=ValueType.ENUM, values=values)
    numbered = _NUMBERED.findall(said)
    return replace(made, values=tuple(name for _, name in numbered)) if len(numbered) > 1 else made
