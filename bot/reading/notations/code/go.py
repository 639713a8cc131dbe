"""Reads Go: structs with the tags of encoding/json, GORM, sqlx and validators, typed constants, and routes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from bot.domain.facts import FieldFact, Method, OperationFact, Reading, Standing, ValueType
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.guards import guards
from bot.reading.notations.code.trees import CodeSource, mark_behaviour, mark_forms
from bot.reading.notations.declarations import Entity, Enumeration, Member, shaped, stance_of, unwrapped
from bot.reading.segments import Segment
from bot.reading.types import value_type

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = "go"
_STRUCT = re.compile(r"^[ \t]*(?:type[ \t]+)?[A-Za-z_]\w*[ \t]+struct[ \t]*\{", re.M)
_VERB = r"GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
_ROUTE = re.compile(
    rf"\.(?:({_VERB}|Get|Post|Put|Patch|Delete)\(\s*\"(/[^\"\n]{{0,300}})\""
    rf"|(?:HandleFunc|Handle)\(\s*\"({_VERB}) (/[^\"\n]{{0,300}})\")"
)
_TYPES = {
    "time.Time": ValueType.TIMESTAMP,
    "time.Duration": ValueType.DURATION,
    "uuid.UUID": ValueType.UUID,
    "decimal.Decimal": ValueType.DECIMAL,
    "big.Int": ValueType.BIGINT,
    "json.RawMessage": ValueType.JSON,
    "datatypes.JSON": ValueType.JSON,
    "datatypes.Date": ValueType.DATE,
    "interface{}": ValueType.JSON,
    "uint": ValueType.INTEGER,
    "url.URL": ValueType.URL,
    "net.IP": ValueType.STRING,
    "primitive.ObjectID": ValueType.STRING,
    "rune": ValueType.INTEGER,
}
_NULL_TYPES = {
    "NullString": ValueType.STRING,
    "NullInt64": ValueType.BIGINT,
    "NullInt32": ValueType.INTEGER,
    "NullInt16": ValueType.INTEGER,
    "NullBool": ValueType.BOOLEAN,
    "NullFloat64": ValueType.FLOAT,
    "NullTime": ValueType.TIMESTAMP,
    "NullUUID": ValueType.UUID,
    "DeletedAt": ValueType.TIMESTAMP,
}
_VALIDATED = {"email": ValueType.EMAIL, "url": ValueType.URL, "uri": ValueType.URL, "uuid": ValueType.UUID}


class GoReader:
    """Reads Go's structs, typed constants and routes."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a struct is declared."""
        return segment.kind not in {"table", "heading"} and _STRUCT.search(segment.text) is not None

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities, enums and routes."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source(CodeSource):
    """One text of code while it is being read."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment, _NAME, "tree_sitter_go")
        self.aliases: dict[str, str] = {}
        self.constants: dict[str, list[tuple[int, int, str]]] = {}

    def read(self) -> Reading | None:
        """Read all top-level declarations; None where no struct is whole."""
        for node in self.tree.top_level():
            self._top(node)
        self.note_unread()
        for name, found in self.constants.items():
            values = tuple(dict.fromkeys(value for _, _, value in found))
            self.declared.add_enumeration(Enumeration(start=found[0][0], end=found[-1][1], name=name, values=values))
        for entity in self.declared.entities.values():
            for member in entity.members:
                if member.type_name not in self.constants:
                    member.type_name = self.aliases.get(member.type_name, member.type_name)
        mark_forms(self.declared)
        mark_behaviour(self.declared)
        self.declared.write()
        return self.notes.reading()

    def _top(self, node: Node) -> None:
        """Read one top-level node."""
        start, end = self.tree.span(node)
        if node.type == "type_declaration":
            for spec in node.named_children:
                self._type(spec, start if len(node.named_children) == 1 else self.tree.span(spec)[0])
        elif node.type == "const_declaration":
            self._constants(node)
        elif node.type in {"function_declaration", "method_declaration", "expression_statement", "call_expression"}:
            self._routes(start, end)
        elif node.type in {"ERROR", "short_var_declaration"}:
            self._routes(start, end, Standing.NOT_UNDERSTOOD)
        elif self.tree.said(node).strip():
            self.notes.say(start, end, Standing.NOTHING_SAID)

    def _type(self, spec: Node, start: int) -> None:
        """Read one declared type: a struct, or another name of a type."""
        kind = spec.child_by_field_name("type")
        name = self.tree.said(spec.child_by_field_name("name"))
        if kind is None or kind.type != "struct_type":
            if kind is not None and spec.type in {"type_spec", "type_alias"}:
                self.aliases[name] = self.tree.said(kind)[:200]
            self.notes.say(start, self.tree.span(spec)[1], Standing.NOTHING_SAID)
            return
        body = next((one for one in kind.named_children if one.type == "field_declaration_list"), None)
        head = self.tree.span(body)[0] + 1 if body is not None else self.tree.span(spec)[1]
        entity = Entity(start=start, end=head, name=name)
        bases: list[str] = []
        for child in body.named_children if body is not None else ():
            if child.type == "field_declaration":
                self._field(entity, child, bases)
            else:
                self.notes.say(*self.tree.span(child), Standing.NOTHING_SAID)
        entity.bases = tuple(bases)
        self.declared.add_entity(entity)

    def _field(self, entity: Entity, node: Node, bases: list[str]) -> None:
        """Read one line of a struct: fields of one type, or an embedded struct."""
        kind = node.child_by_field_name("type")
        names = [self.tree.said(one) for one in node.children_by_field_name("name")]
        if not names:
            bases.append(self.tree.said(kind).lstrip("*"))
            self.notes.say(*self.tree.span(node), Standing.NOTHING_SAID)
        if _NOT_KEPT.search(self.tree.said(node.child_by_field_name("tag"))):
            self.notes.say(*self.tree.span(node), Standing.NOTHING_SAID)
            return
        for name in names:
            entity.members.append(self._member(name, node, kind))

    def _member(self, name: str, node: Node, kind: Node | None) -> Member:
        """Return one field of a struct."""
        tags = dict(re.findall(r"(\w+):\"([^\"]{0,400})\"", self.tree.said(node.child_by_field_name("tag"))))
        wire = tags.get("json", "").split(",")
        column = re.search(r"\bcolumn:(\w+)", tags.get("gorm", ""))
        mapped = _snake(name) if {"gorm", "xorm", "bun"} & tags.keys() else ""
        known = (wire[0] if wire[0] != "-" else "") or tags.get("db", "") or (column.group(1) if column else mapped)
        comment = self.tree.line_comment(node)
        one = FieldFact(
            statement="",
            entity="",
            name=known.split(",")[0] if known not in {"", "-"} else name,
            required=False if "omitempty" in wire else None,
            write_only=True if wire[0] == "-" else None,
            description=comment,
        )
        member = Member(
            start=self.tree.span(node)[0], end=self.tree.span(node)[1], field=one, stance=stance_of(comment)
        )
        self._typed(member, kind)
        _tagged(member, tags)
        return member

    def _typed(self, member: Member, kind: Node | None) -> None:
        """Set what a field's type says."""
        said = self.tree.said(kind).strip()[:300]
        if kind is not None and kind.type == "struct_type":
            inner = Entity(start=0, end=0, name="")
            body = next((one for one in kind.named_children if one.type == "field_declaration_list"), None)
            for child in body.named_children[:60] if body is not None else ():
                if child.type == "field_declaration":
                    self._field(inner, child, [])
            parts = [fact for part in inner.members for fact in self.declared.facts(inner, part, "")]
            fields = tuple(part for part in parts if isinstance(part, FieldFact))
            member.field = replace(member.field, type=ValueType.OBJECT if fields else ValueType.JSON, fields=fields)
            return
        if said.lstrip("*") == "[]byte":
            member.field = replace(member.field, type=ValueType.BINARY)
            return
        name, many, _ = unwrapped(said)
        nullable = said.startswith("*") or None
        base = _TYPES.get(name)
        if base is None and (null := _NULL_TYPES.get(name.rpartition(".")[2])) and "." in name:
            base, nullable = null, True
        if base is None and said.startswith(("map[", "func(", "interface", "any")):
            base = ValueType.JSON
        member.many = many
        if base is not None:
            member.field = replace(member.field, type=ValueType.ARRAY if many else base, items=base if many else None)
        else:
            member.type_name = name.rpartition(".")[2]
        member.field = replace(member.field, nullable=nullable)

    def _constants(self, node: Node) -> None:
        """Read typed constants: the members of an enum; in a block of ``iota`` the first line's type holds for all."""
        said_type = ""
        read = False
        for spec in (one for one in node.named_children if one.type == "const_spec"):
            kind, value = spec.child_by_field_name("type"), spec.child_by_field_name("value")
            said = self.tree.said(value).strip()
            said_type = self.tree.said(kind) if kind is not None else (said_type if value is None else "")
            if not said_type:
                continue
            name = self.tree.said(spec.child_by_field_name("name"))
            start, end = self.tree.span(spec)
            label = said[1:-1] if said[:1] in {'"', "`"} else name.removeprefix(said_type) or name
            self.constants.setdefault(said_type, []).append((start, end, label))
            read = True
        if not read:
            self.notes.say(*self.tree.span(node), Standing.NOTHING_SAID)

    def _routes(self, start: int, end: int, otherwise: Standing = Standing.NOTHING_SAID) -> None:
        """Read the routes that code registers."""
        found = list(_ROUTE.finditer(self.tree.text[start:end]))
        if not found and self.tree.text[start:end].strip(" \n\t;"):
            self.notes.say(start, end, otherwise)
        for match in found:
            statement = self.notes.say(start + match.start() + 1, start + match.end())
            method = cast(Method, (match.group(1) or match.group(3)).upper())
            path = match.group(2) or match.group(4)
            roles, _ = guards(self.tree.text[start + match.end() :].partition("\n")[0])
            self.notes.add(OperationFact(statement=statement, method=method, path=path, roles=roles))


_NOT_KEPT = re.compile(r"\b(?:gorm|xorm|bun|db):\"-\"")
"""Tags of fields that the database does not hold."""


def _snake(name: str) -> str:
    """Return the column's name that mappers give a field: ``CreatedByID`` is ``created_by_id``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _xorm(tag: str) -> dict[str, str]:
    """Return what a tag of xorm's says, by GORM's words: ``varchar(250) not null unique pk``."""
    said = re.split(r"\s+(?![^()]*\))", tag)
    words = {"primarykey" if word == "pk" else word: "" for word in said if word in {"pk", "unique"}}
    kind = next((word for word in said if "(" in word and value_type(word)), "")
    return words | ({"type": kind} if kind else {}) | ({"not null": ""} if "not null" in tag else {})


def _tagged(member: Member, tags: dict[str, str]) -> None:
    """Set what GORM's and validators' tags say of a field."""
    gorm, rules = tags.get("gorm", ""), tags.get("validate", "") or tags.get("binding", "")
    one = member.field
    words = {part.strip().split(":")[0].lower(): part.partition(":")[2].strip() for part in gorm.split(";")}
    checks = {part.partition("=")[0].strip(): part.partition("=")[2] for part in rules.split(",")}
    words |= _xorm(tags.get("xorm", "").lower())
    if words.get("type") and (shape := value_type(words["type"])):
        one = shaped(replace(one, type=None), shape)
        member.type_name = ""
    if members := tuple(checks.get("oneof", "").split()):
        one, member.type_name = replace(one, type=ValueType.ENUM, values=members), ""
    elif kind := next((_VALIDATED[name] for name in checks if name in _VALIDATED), None):
        one, member.type_name = replace(one, type=kind), ""
    if "primarykey" in words or "primary_key" in words:
        one = replace(one, primary_key=True)
    if "unique" in words or ("uniqueindex" in words and not words["uniqueindex"]):
        one = replace(one, unique=True)
    if "not null" in words:
        one = replace(one, nullable=False)
    if "required" in checks:
        one = replace(one, required=True)
    if size := re.fullmatch(r"\d{1,9}", words.get("size", "")):
        one = replace(one, max_length=int(size.group()))
    member.field = _limited(
        replace(one, default=words.get("default", "").strip("'") or one.default), member.type_name, checks
    )


def _limited(one: FieldFact, type_name: str, checks: dict[str, str]) -> FieldFact:
    """Return a field with the bounds that its validators give: of a text's length, or of a number."""
    shape = value_type(type_name) if type_name else None
    kind = one.type or (shape.type if shape else None)
    low = next((checks[name] for name in ("min", "gte") if re.fullmatch(r"\d{1,9}", checks.get(name, ""))), None)
    high = next((checks[name] for name in ("max", "lte") if re.fullmatch(r"\d{1,9}", checks.get(name, ""))), None)
    if kind in {ValueType.STRING, ValueType.TEXT, ValueType.EMAIL, ValueType.URL}:
        return replace(one, min_length=int(low) if low else None, max_length=int(high) if high else one.max_length)
    if kind in {ValueType.INTEGER, ValueType.BIGINT, ValueType.FLOAT, ValueType.DECIMAL}:
        return replace(one, minimum=float(low) if low else one.minimum, maximum=float(high) if high else one.maximum)
    return one
