"""Reads Ruby on Rails: `schema.rb`, migrations, and Active Record's models with associations, enums and validations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from bot.domain.facts import FieldFact, Reading, RelationFact, RuleFact, Standing, ValueType
from bot.reading.names import singular
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.trees import CodeSource
from bot.reading.notations.declarations import Entity, Enumeration, Member, shaped, stance_of
from bot.reading.segments import Segment
from bot.reading.types import value_type

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = "rails"
_RAILS = re.compile(
    r"^[ \t]*(?:create_table[ \t(]+[:\"']\w|add_column[ \t(]+[:\"']\w|add_foreign_key[ \t(]+[:\"']\w"
    r"|class[ \t]+[\w:]+[ \t]*<[ \t]*(?:ApplicationRecord|ActiveRecord::Base)\b)",
    re.M,
)
_REFERENCES = {"references", "belongs_to", "add_reference", "add_belongs_to"}
_COMMENTED = re.compile(
    r"#\s*(?:t\.\w+[ (]+[:\"']|(?:has_many|has_one|belongs_to|validates|enum|add_column|create_table)[ (]+[:\"'])"
)
_CHANGES = re.compile(r"(?:remove|drop|rename|change)_")
"""Calls of a migration that take back or change what an earlier one declared."""
_DEEPEST = 12
_ON_DELETE: dict[str, Literal["restrict", "cascade", "set_null"]] = {
    "cascade": "cascade",
    "nullify": "set_null",
    "restrict": "restrict",
}


@dataclass(slots=True)
class _Call:
    """A call of a method: its arguments without a key as said, and those with one."""

    node: Node
    method: str
    said: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    keyed: dict[str, Node] = field(default_factory=dict)

    def word(self, place: int) -> str:
        """Return the symbol or string at a place, "" if there is none."""
        return self.said[place].strip(":\"'") if place < len(self.said) else ""


class RailsReader:
    """Reads Rails' schemas, migrations and models."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether tables are created or an Active Record model is declared."""
        return segment.kind not in {"table", "heading"} and _RAILS.search(segment.text) is not None

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities, relations and enums."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source(CodeSource):
    """One text of code while it is being read."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment, _NAME, "tree_sitter_ruby")
        self.unique: list[tuple[tuple[int, int], str, tuple[str, ...], str]] = []

    def read(self) -> Reading:
        """Read all statements."""
        for node in self.tree.top_level():
            self._statement(node, None, 0)
        self.note_unread()
        self.declared.write()
        for span, entity, fields, condition in self.unique:
            statement = self.notes.say(*span)
            self.notes.add(
                RuleFact(statement=statement, entity=entity, kind="unique", fields=fields, condition=condition)
            )
        return self.notes.reading()

    def _statement(self, node: Node, entity: Entity | None, depth: int) -> None:
        """Read one statement; `entity` is the table or model within which it stands."""
        if node.type == "class":
            self._class(node, depth)
        elif node.type == "call" and depth < _DEEPEST:
            self._call(node, entity, depth)
        elif node.type in {"module", "method", "singleton_class"} and depth < _DEEPEST:
            self._within(node, None if node.type == "method" else entity, depth)
        elif node.type == "ERROR":
            self.notes.say(*self.tree.span(node), Standing.NOT_UNDERSTOOD)
        elif node.type == "comment":
            code = _COMMENTED.match(self.tree.said(node))
            self.notes.say(*self.tree.span(node), Standing.WITHDRAWN if code else Standing.NOTHING_SAID)
        elif self.tree.said(node).strip():
            self.notes.say(*self.tree.span(node), Standing.NOTHING_SAID)

    def _within(self, node: Node, entity: Entity | None, depth: int) -> None:
        """Read the statements of a body or a block."""
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else ():
            self._statement(child, entity, depth + 1)

    def _class(self, node: Node, depth: int) -> None:
        """Read a model's class; of any other (a migration) what stands within."""
        name = self.tree.said(node.child_by_field_name("name")).rpartition("::")[2]
        base = self.tree.said(node.child_by_field_name("superclass"))
        entity = None
        if re.search(r"ApplicationRecord|ActiveRecord::Base", base):
            superclass = node.child_by_field_name("superclass")
            end = self.tree.span(superclass)[1] if superclass is not None else self.tree.span(node)[1]
            entity = self._entity(name, "", self.tree.span(node)[0], end)
        if depth < _DEEPEST:
            self._within(node, entity, depth)

    def _entity(self, name: str, plural: str, start: int, end: int) -> Entity:
        """Return the entity of a table or a model; both are one."""
        known = self.declared.entity_named(name)
        entity = Entity(start=start, end=end, name=known or name, plural=plural)
        return self.declared.add_entity(entity)

    def _parsed(self, node: Node) -> _Call:
        """Return a call's arguments."""
        call = _Call(node, self.tree.said(node.child_by_field_name("method")))
        arguments = node.child_by_field_name("arguments")
        for one in arguments.named_children[:60] if arguments is not None else ():
            if one.type == "pair":
                key, value = one.child_by_field_name("key"), one.child_by_field_name("value")
                name = self.tree.said(key).strip(":\"'")
                call.options[name] = self.tree.said(value)[:2000]
                if value is not None:
                    call.keyed[name] = value
            else:
                call.said.append(self.tree.said(one)[:2000])
                call.keyed[f"#{len(call.said) - 1}"] = one
        return call

    def _call(self, node: Node, entity: Entity | None, depth: int) -> None:
        """Read a call: of a migration, of a table's block, or of a model's body."""
        call = self._parsed(node)
        block = node.child_by_field_name("block")
        if call.method in {"create_table", "change_table", "create_join_table"} and call.word(0):
            self._table(call, block, depth)
        elif call.method in {"add_column", "add_reference", "add_belongs_to"} and call.word(1):
            target = self._entity(singular(call.word(0)), call.word(0), *self.tree.span(node))
            call.said, call.method = call.said[1:2], call.word(2) if call.method == "add_column" else call.method
            self._column(target, call)
        elif call.method == "add_foreign_key" and call.word(1):
            self._foreign_key(call)
        elif call.method in {"add_index", "index"}:
            self._index(call, entity)
        elif call.method == "create_enum" and call.word(0):
            start, end = self.tree.span(node)
            values = tuple(self._values(call.keyed.get("#1")))
            self.declared.add_enumeration(Enumeration(start=start, end=end, name=call.word(0), values=values))
        elif entity is not None and self._on_table(node):
            self._column(entity, call)
        elif entity is not None and self._model(entity, call):
            return
        elif block is not None:
            self._within(block, entity, depth)
        else:
            changes = _CHANGES.match(call.method)
            self.notes.say(*self.tree.span(node), Standing.NOT_UNDERSTOOD if changes else Standing.NOTHING_SAID)

    def _on_table(self, node: Node) -> bool:
        """Whether a call is one on the table of a block: ``t.string``."""
        receiver = node.child_by_field_name("receiver")
        return receiver is not None and receiver.type == "identifier"

    def _table(self, call: _Call, block: Node | None, depth: int) -> None:
        """Read a table and its columns."""
        start, end = self.tree.span(call.node)
        head = min(end, self.tree.span(block)[0]) if block is not None else end
        entity = self._entity(singular(call.word(0)), call.word(0), start, head)
        if kind := value_type(call.options.get("id", "").strip(":\"'")):
            one = FieldFact(statement="", entity="", name="id", type=kind.type, primary_key=True)
            entity.members.append(Member(start=start, end=head, field=one))
        if block is not None:
            self._within(block, entity, depth)

    def _column(self, entity: Entity, call: _Call) -> None:
        """Read ``t.string "name", null: false``; several names are several columns."""
        start, end = self.tree.span(call.node)
        comment = self.tree.line_comment(call.node)
        stance = stance_of(comment)
        nullable = {"false": False, "true": True}.get(call.options.get("null", ""))
        if call.method in {"timestamps", "column"} or call.method in _REFERENCES:
            self._special(entity, call, nullable)
            return
        if call.method == "enum":
            shape, type_name = None, call.options.get("enum_type", "").strip(":\"'")
        else:
            shape, type_name = value_type(call.method), ""
        if shape is None and not type_name:
            self.notes.say(start, end, Standing.NOTHING_SAID if not call.said else Standing.NOT_UNDERSTOOD)
            return
        default = call.options.get("default", "")
        limit = call.options.get("limit", "")
        one = FieldFact(
            statement="",
            entity="",
            name="",
            nullable=nullable,
            default=default.strip("\"':") if default not in {"", "nil"} and "{" not in default else None,
            max_length=int(limit) if re.fullmatch(r"\d{1,9}", limit) and call.method == "string" else None,
            unique=True if "unique: true" in call.options.get("index", "") else None,
            description=call.options.get("comment", "").strip("\"'") or comment,
        )
        if shape is not None:
            one = shaped(one, shape)
        if call.options.get("array") == "true":
            one = replace(one, type=ValueType.ARRAY, items=one.type)
        for place in range(len(call.said)):
            made = replace(one, name=call.word(place))
            entity.members.append(Member(start=start, end=end, field=made, type_name=type_name, stance=stance))

    def _special(self, entity: Entity, call: _Call, nullable: bool | None) -> None:
        """Read ``t.timestamps``, ``t.column`` and ``t.references``."""
        start, end = self.tree.span(call.node)
        if call.method == "column" and call.word(1):
            call.method, call.said = call.word(1), call.said[:1]
            self._column(entity, call)
        elif call.method == "timestamps":
            for name in ("created_at", "updated_at"):
                one = FieldFact(statement="", entity="", name=name, type=ValueType.TIMESTAMP, read_only=True)
                entity.members.append(Member(start=start, end=end, field=one))
        else:
            table = re.search(r"to_table:\s*[:\"'](\w+)", call.options.get("foreign_key", ""))
            name = call.word(0)
            target = singular(table.group(1)) if table else name
            required = None if nullable is None else not nullable
            self._relate(
                entity,
                call,
                RelationFact(statement="", source=entity.name, target=target, name=name, required=required),
            )

    def _relate(self, entity: Entity, call: _Call, relation: RelationFact) -> None:
        """Add a relation to an entity."""
        start, end = self.tree.span(call.node)
        nothing = FieldFact(statement="", entity="", name="")
        entity.members.append(Member(start=start, end=end, field=nothing, relation=relation))

    def _foreign_key(self, call: _Call) -> None:
        """Read ``add_foreign_key "orders", "users", on_delete: :cascade``."""
        entity = self._entity(singular(call.word(0)), call.word(0), *self.tree.span(call.node))
        column = call.options.get("column", "").strip("\"':")
        target = singular(call.word(1))
        relation = RelationFact(
            statement="",
            source=entity.name,
            target=target,
            name=re.sub(r"_id$", "", column) or target,
            on_delete=_ON_DELETE.get(call.options.get("on_delete", "").strip(":\"'")),
        )
        self._relate(entity, call, relation)

    def _index(self, call: _Call, entity: Entity | None) -> None:
        """Read an index: a unique one is a rule."""
        place = 0
        name = entity.name if entity is not None else ""
        if call.method == "add_index":
            place, name = 1, self.declared.entity_named(singular(call.word(0))) or singular(call.word(0))
        columns = tuple(self._values(call.keyed.get(f"#{place}")))
        if call.options.get("unique") == "true" and columns and name:
            condition = call.options.get("where", "").strip("\"'")
            self.unique.append((self.tree.span(call.node), name, columns, condition))
        else:
            self.notes.say(*self.tree.span(call.node), Standing.NOTHING_SAID)

    def _values(self, node: Node | None) -> Iterator[str]:
        """Yield the symbols and strings of a list, the keys of a hash, or the one that stands alone."""
        if node is None:
            return
        if node.type in {"string", "simple_symbol"}:
            yield self.tree.said(node).strip(":\"'")
        elif node.type in {"array", "hash", "string_array", "symbol_array"}:
            for child in node.named_children[:200]:
                key = child.child_by_field_name("key") if child.type == "pair" else child
                yield self.tree.said(key).strip(":\"'")

    def _model(self, entity: Entity, call: _Call) -> bool:
        """Read one line of a model; return whether it says something."""
        name = call.word(0)
        if call.method == "enum":
            return self._enum(entity, call)
        if not name or call.method not in {"belongs_to", "has_many", "has_one", "has_and_belongs_to_many", "validates"}:
            return False
        if call.method == "validates":
            return self._validated(entity, call)
        target = call.options.get("class_name", "").strip("\"'") or singular(name)
        optional = call.options.get("optional") == "true"
        made = RelationFact(statement="", source=entity.name, target=target, name=name)
        if "polymorphic" in call.options or "through" in call.options:
            self.notes.say(*self.tree.span(call.node), Standing.NOT_UNDERSTOOD)
            return True
        if call.method == "belongs_to":
            made = replace(made, required=False if optional else None)
        elif call.method == "has_and_belongs_to_many":
            first, second = sorted((entity.name, target))
            made = replace(made, source=first, target=second, cardinality="many_to_many", name="")
        else:
            one = call.method == "has_one"
            made = replace(
                made,
                source=target,
                target=entity.name,
                name="",
                cardinality="one_to_one" if one else "many_to_one",
                on_delete={"destroy": "cascade", "nullify": "set_null"}.get(
                    call.options.get("dependent", "").strip(":")
                ),  # type: ignore[arg-type]
            )
        self._relate(entity, call, made)
        return True

    def _enum(self, entity: Entity, call: _Call) -> bool:
        """Read ``enum :status, { a: 0 }``, ``enum :status, [:a]`` and ``enum status: [:a]``."""
        found = {call.word(0): call.keyed.get("#1")} if call.said else {}
        found = found or {key: node for key, node in call.keyed.items() if not key.startswith("#")}
        start, end = self.tree.span(call.node)
        for name, node in found.items():
            values = tuple(self._values(node))
            if not values and call.said:
                values = tuple(call.options)
            if values:
                one = FieldFact(statement="", entity="", name=name, type=ValueType.ENUM, values=values)
                entity.members.append(Member(start=start, end=end, field=one))
        return bool(found)

    def _validated(self, entity: Entity, call: _Call) -> bool:
        """Read ``validates :name, presence: true, length: { maximum: 20 }``."""
        start, end = self.tree.span(call.node)
        length = call.options.get("length", "")
        low = re.search(r"minimum:\s*(\d{1,9})", length)
        high = re.search(r"(?:maximum|is):\s*(\d{1,9})", length)
        scoped = "scope" in call.options.get("uniqueness", "")
        for place in range(len(call.said)):
            one = FieldFact(
                statement="",
                entity="",
                name=call.word(place),
                required=True if call.options.get("presence") == "true" else None,
                unique=True if "uniqueness" in call.options and not scoped else None,
                min_length=int(low.group(1)) if low else None,
                max_length=int(high.group(1)) if high else None,
            )
            entity.members.append(Member(start=start, end=end, field=one))
        return True
