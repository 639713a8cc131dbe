"""Reads GraphQL's schema language: types, enums, inputs, relations, and what Query and Mutation offer."""

from __future__ import annotations

import re
from dataclasses import replace

from graphql.language import (
    ConstDirectiveNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
)
from graphql.language.printer import print_ast

from bot.domain.facts import (
    AccessFact,
    ConventionFact,
    EntityFact,
    EventFact,
    FieldFact,
    Reading,
    RelationFact,
    Standing,
    ValueType,
)
from bot.reading.names import name_key, words
from bot.reading.notations.graphql_blocks import DEFAULT, WORDS, Block, blocks
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.segments import Segment
from bot.reading.types import value_type

_NAME = "graphql"
_HEAD = re.compile(
    r"^[^\S\n]*+(?:extend\s+)?(?:type|input|interface)\s+\w+[^{}\n]{0,200}\{"
    r"|^[^\S\n]*+(?:enum)\s+\w+\s*(?:@[^{}\n]*)?\{"
    r"|^[^\S\n]*+(?:schema|union)\b",
    re.M,
)
_FIELD = re.compile(r"\w+\s*(?:\([^()]*\))?\s*:\s*\[?\s*\w+\s*!?\s*\]?\s*!?\s*(?:@|#|$|\n|\}|=)", re.M)
_ROOTS = {"Query", "Mutation", "Subscription"}
_PLUMBING = re.compile(r"(?:Connection|Edge|PageInfo|Payload|Error|Result|Node)$")
_INPUT_WORDS = frozenset(
    {"input", "create", "update", "new", "add", "edit", "upsert", "patch", "data", "filter", "where"}
)
_INPUT_WORDS_OF_NOTHING = frozenset({"filter", "where", "order", "sort", "pagination", "args", "orderby"})
_SCALARS = {"ID": ValueType.UUID, "Int": ValueType.INTEGER, "Float": ValueType.FLOAT, "String": ValueType.STRING}


class GraphqlReader:
    """Reads GraphQL's schema language."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text declares types whose fields are written GraphQL's way."""
        if segment.kind == "table" or not _HEAD.search(segment.text):
            return False
        code = WORDS.sub("", segment.text)
        return bool(_FIELD.search(code)) and not re.search(r";[^\S\n]*$", code, re.M)

    def read(self, segment: Segment) -> Reading | None:
        """Return what the definitions say; each is parsed by itself, so that a broken one loses only itself."""
        if len(segment.text) > LONGEST_TEXT:
            return refused(segment, _NAME)
        return _Sdl(segment).read()


class _Sdl:
    """One schema while it is being read."""

    def __init__(self, segment: Segment) -> None:
        self._notes = Notes(segment, _NAME)
        self._text = segment.text
        self._blocks = list(blocks(segment.text))
        nodes = [block.node for block in self._blocks]
        self._enums = {
            node.name.value: tuple(value.name.value for value in node.values or ())
            for node in nodes
            if isinstance(node, EnumTypeDefinitionNode)
        }
        self._scalars = {node.name.value for node in nodes if isinstance(node, ScalarTypeDefinitionNode)}
        self._entities = {
            node.name.value: name_key(node.name.value)
            for node in nodes
            if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
            and node.name.value not in _ROOTS
            and not _PLUMBING.search(node.name.value)
        }
        self._lists = {
            (node.name.value, _named(one.type)[0])
            for node in nodes
            if isinstance(node, ObjectTypeDefinitionNode)
            for one in node.fields or ()
            if _named(one.type)[1]
        }
        self._uses: dict[str, list[tuple[str, str]]] = {}

    def read(self) -> Reading:
        """Note what every definition says."""
        for block in self._blocks:
            if not isinstance(block.node, EnumTypeDefinitionNode):
                self._read_block(block)
        for block in self._blocks:
            if isinstance(block.node, EnumTypeDefinitionNode):
                self._read_enum(block, block.node)
        return self._notes.reading()

    def _read_block(self, block: Block) -> None:
        """Note one definition."""
        node = block.node
        if node is None:
            self._notes.say(block.start, block.end, Standing.NOT_UNDERSTOOD)
        elif isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value in _ROOTS:
            self._read_root(block, node)
        elif isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode):
            self._read_type(block, node)
        elif isinstance(node, InputObjectTypeDefinitionNode):
            self._read_input(block, node)
        elif isinstance(node, UnionTypeDefinitionNode):
            statement = self._notes.say(block.start, block.end)
            members = "|".join(one.name.value for one in node.types or ())
            self._notes.add(ConventionFact(statement=statement, kind="union", value=f"{node.name.value}: {members}"))
        else:
            self._notes.say(block.start, block.end, Standing.NOTHING_SAID)

    def _read_root(self, block: Block, node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) -> None:
        """Note the fields of Query, Mutation and Subscription: what the API offers, though not as REST."""
        root = node.name.value
        for one in node.fields or ():
            statement = self._say(block, one)
            self._notes.add(
                ConventionFact(statement=statement, kind="api_style", value=f"graphql {root.lower()} {one.name.value}")
            )
            if root == "Subscription":
                entity = _named(one.type)[0]
                self._notes.add(
                    EventFact(
                        statement=statement,
                        kind="event",
                        name=one.name.value,
                        entity=entity if entity in self._entities else "",
                    )
                )
            self._note_access(statement, one.directives, "", "")

    def _read_type(
        self, block: Block, node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode
    ) -> None:
        """Note an object type as an entity with its fields; plumbing such as edges is of no entity."""
        entity = node.name.value
        head = self._notes.say(block.start, self._head_end(block))
        if _PLUMBING.search(entity):
            self._notes.say(block.start, block.end, Standing.NOTHING_SAID)
            self._notes.add(ConventionFact(statement=head, kind="envelope", value=entity))
            return
        description = node.description.value if getattr(node, "description", None) else ""  # type: ignore[union-attr]
        self._notes.add(EntityFact(statement=head, name=entity, description=description))
        self._note_access(head, node.directives, entity, "")
        for one in node.fields or ():
            self._read_field(block, entity, one)

    def _read_field(self, block: Block, entity: str, one: FieldDefinitionNode) -> None:
        """Note a field, or a relation where its type is an entity."""
        statement = self._say(block, one)
        target, is_list, required = _named(one.type)
        if target.endswith("Connection"):
            key = name_key(target.removesuffix("Connection"))
            target = next((name for name, other in self._entities.items() if other == key), target)
            is_list = True
        self._note_access(statement, one.directives, entity, one.name.value)
        if target in self._entities:
            both = (target, entity) in self._lists and (entity, target) in self._lists
            source, aim = (target, entity) if is_list else (entity, target)
            self._notes.add(
                RelationFact(
                    statement=statement,
                    source=source,
                    target=aim,
                    cardinality="many_to_many" if both and is_list else "many_to_one",
                    name="" if is_list and not both else one.name.value,
                    required=required if not is_list else None,
                )
            )
            return
        if target in self._enums:
            self._uses.setdefault(target, []).append((entity, one.name.value))
        self._notes.add(self._field(block, statement, entity, one))

    def _field(
        self, block: Block, statement: str, entity: str, one: FieldDefinitionNode | InputValueDefinitionNode
    ) -> FieldFact:
        """Return what a field's declaration says."""
        name, is_list, required = _named(one.type)
        kind = _SCALARS.get(name) or (ValueType.ENUM if name in self._enums else None)
        if kind is None:
            kind = _of_scalar(name) or (ValueType.STRING if name in self._scalars else None)
        directives = {directive.name.value.lower(): directive for directive in one.directives or ()}
        default = getattr(one, "default_value", None)
        found = directives.get("default")
        if default is None and found is not None and found.arguments:
            default = found.arguments[0].value
        said = print_ast(default) if default is not None else self._default_after(block, one)
        return FieldFact(
            statement=statement,
            entity=entity,
            name=one.name.value,
            type=ValueType.ARRAY if is_list else kind,
            items=kind if is_list else None,
            values=self._enums.get(name, ()),
            required=required,
            nullable=not required,
            unique=True if "unique" in directives else None,
            primary_key=True if name == "ID" and one.name.value == "id" else None,
            default=said.strip('"') or None,
            description=one.description.value if one.description else "",
        )

    def _default_after(self, block: Block, one: FieldDefinitionNode | InputValueDefinitionNode) -> str:
        """Return the default that stands behind a field and is not GraphQL."""
        end = block.start + one.loc.end if one.loc is not None else block.end
        match = re.match(r"\s*" + DEFAULT.pattern, self._text[end : end + 100])
        return match.group(1) if match else ""

    def _read_input(self, block: Block, node: InputObjectTypeDefinitionNode) -> None:
        """Note an input as a form of the entity whose name it bears."""
        name = node.name.value
        parts = [part for part in words(name) if part not in _INPUT_WORDS]
        key = name_key("".join(parts)) if parts else ""
        entity = next((one for one, other in self._entities.items() if other == key), "")
        if not entity or set(words(name)) & _INPUT_WORDS_OF_NOTHING:
            statement = self._notes.say(block.start, block.end)
            listed = ", ".join(one.name.value for one in node.fields or ())
            self._notes.add(ConventionFact(statement=statement, kind="input", value=f"{name}({listed})"))
            return
        head = self._notes.say(block.start, self._head_end(block))
        self._notes.add(EntityFact(statement=head, name=entity))
        for one in node.fields or ():
            statement = self._say(block, one)
            made = self._field(block, statement, entity, one)
            partial = bool(set(words(name)) & {"update", "patch", "edit"})
            self._notes.add(replace(made, required=None, nullable=None) if partial else made)

    def _read_enum(self, block: Block, node: EnumTypeDefinitionNode) -> None:
        """Note an enum's members for the fields that are of it."""
        statement = self._notes.say(block.start, block.end)
        name = node.name.value
        values = self._enums[name]
        for entity, field in self._uses.get(name, ()):
            self._notes.add(
                FieldFact(statement=statement, entity=entity, name=field, type=ValueType.ENUM, values=values)
            )
        if name not in self._uses:
            self._notes.add(ConventionFact(statement=statement, kind="enum", value=f"{name}: {'|'.join(values)}"))

    def _note_access(
        self, statement: str, directives: tuple[ConstDirectiveNode, ...] | None, entity: str, field: str
    ) -> None:
        """Note the roles that ``@auth(requires: ADMIN)`` or ``@hasRole(roles: [A])`` names."""
        for directive in directives or ():
            if not re.search(r"auth|role|permission|allow", directive.name.value, re.I):
                continue
            for argument in directive.arguments or ():
                for role in re.findall(r"\w+", print_ast(argument.value)):
                    self._notes.add(
                        AccessFact(statement=statement, role=role, verbs=("any",), entity=entity, field=field)
                    )

    def _say(self, block: Block, node: FieldDefinitionNode | InputValueDefinitionNode) -> str:
        """Note the statement of a field."""
        if node.loc is None:
            return self._notes.say(block.start, block.end)
        return self._notes.say(block.start + node.loc.start, block.start + node.loc.end)

    def _head_end(self, block: Block) -> int:
        """Return where a definition's head ends: before its brace."""
        brace = self._text.find("{", block.start, block.end)
        return brace if brace > 0 else block.end


def _of_scalar(name: str) -> ValueType | None:
    """Return the type of a scalar of the schema's own by its name's last words: ``PositiveDecimal`` is a decimal."""
    if (shape := value_type(name)) is not None:
        return shape.type
    parts = words(name)
    if "json" in parts:
        return ValueType.JSON
    shapes = (value_type(" ".join(parts[at:])) for at in range(1, len(parts)))
    return next((shape.type for shape in shapes if shape is not None), None)


def _named(node: TypeNode) -> tuple[str, bool, bool]:
    """Return a type's name, whether it is a list, and whether it must be there."""
    required = isinstance(node, NonNullTypeNode)
    is_list = False
    while not isinstance(node, NamedTypeNode):
        is_list = is_list or isinstance(node, ListTypeNode)
        node = node.type  # type: ignore[attr-defined]
    return node.name.value, is_list, required
