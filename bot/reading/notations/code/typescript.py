"""Reads TypeScript: interfaces, types, enums, classes with TypeORM's and validators' decorators, and routes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from bot.domain.facts import FieldFact, Method, OperationFact, Reading, RelationFact, Standing, ValueType
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.guards import guards
from bot.reading.notations.code.trees import CodeSource, mark_forms
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member, stance_of, unwrapped
from bot.reading.segments import Segment

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = "typescript"
_DECLARATION = re.compile(
    r"^[ \t]*(?:export\s+)?(?:default\s+)?(?:declare\s+)?"
    r"(?:(?:interface|(?:abstract\s+)?class)\s+[A-Za-z_$][\w$]*(?:<[^{\n]*>)?"
    r"(?:\s+(?:extends|implements)\s+[\w.,<> ]+)?\s*\{|type\s+[A-Za-z_$][\w$]*\s*=|(?:const\s+)?enum\s+\w+\s*\{)",
    re.M,
)
# White space of the line only, and never given back: else a megabyte of blank lines takes a step for each pair of them.
_TYPED = re.compile(r"^[^\S\n]*+(?:(?:public|private|readonly)\s+)*[\w$'\"]+[?!]?\s*:\s*[\w'\"\[{(|]", re.M)
_ROUTE = re.compile(
    r"^[^\S\n]*+(?:\w+\.)*(?:app|router|server|fastify|api|\w*[rR]outer|\w*[rR]outes)\.(get|post|put|patch|delete)\(\s*['\"`](/[^'\"`\n]*|)['\"`]",
    re.M,
)
_TYPES = {
    "Date": ValueType.TIMESTAMP,
    "Buffer": ValueType.BINARY,
    "bigint": ValueType.BIGINT,
    "unknown": ValueType.JSON,
}
_VALIDATED = {
    "IsEmail": ValueType.EMAIL,
    "IsUUID": ValueType.UUID,
    "IsUrl": ValueType.URL,
    "IsInt": ValueType.INTEGER,
    "CreateDateColumn": ValueType.TIMESTAMP,
    "UpdateDateColumn": ValueType.TIMESTAMP,
    "DeleteDateColumn": ValueType.TIMESTAMP,
}
_BEHAVES = re.compile(
    r"(?:Service|Controller|Repository|Props|Options|Config|Module|Guard|Handler|Store|Context|Middleware|Client|Adapter)$"
)
_FORM = re.compile(
    r"^(?:Create|Update|New|Patch|Edit|Partial)?(\w+?)(?:Dto|DTO|Request|Response|Input|Payload|Form|List|Params)?$"
)
_NEST = re.compile(r"@Controller\([^)\n]*\)\s*(?:export\s+)?(?:default\s+)?class\s")
_VERBS: dict[str, Method] = {"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE"}


class TypeScriptReader:
    """Reads TypeScript's declarations, and the routes of Express and Nest in TypeScript or JavaScript."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether types are declared with typed members, or routes are registered."""
        if segment.kind in {"table", "heading"}:
            return False
        text = segment.text
        if _ROUTE.search(text) or _NEST.search(text):
            return True
        for match in _DECLARATION.finditer(text[:100_000]):
            body = text[match.end() : match.end() + 600]
            if "enum" in match.group() or ("type" in match.group() and re.match(r"\s*\|?\s*['\"{]", body)):
                return True
            if re.match(r"\s*(?:(?://|/\*|\*|@)[^\n]*\s+)*[\w$'\" ]+[?!]?\s*:\s*\S", body) and _TYPED.search(body):
                return True
        return False

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities, enums and routes."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source(CodeSource):
    """One text of code while it is being read."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment, _NAME, "tree_sitter_typescript", "language_typescript")
        self.links: list[tuple[str, Member]] = []

    def read(self) -> Reading:
        """Read all top-level declarations."""
        decorators: list[str] = []
        for node in self.tree.top_level():
            if node.type == "decorator":
                decorators.append(self.tree.said(node))
                continue
            self._top(node, decorators)
            decorators = []
        self.note_unread()
        mark_forms(self.declared, _FORM)
        self.declared.write()
        return self.notes.reading()

    def _top(self, node: Node, decorators: list[str]) -> None:
        """Read one top-level node."""
        start, end = self.tree.span(node)
        if node.type == "export_statement":
            decorators = decorators + [self.tree.said(one) for one in node.children if one.type == "decorator"]
            inner = node.child_by_field_name("declaration")
            if inner is not None:
                self._declaration(inner, start, decorators)
                return
        if node.type == "comment":
            self._comment(node)
        elif not self._declaration(node, start, decorators):
            self._statement(node, start, end)

    def _declaration(self, node: Node, start: int, decorators: list[str]) -> bool:
        """Read a declaration; return whether it is one that is read."""
        name = self.tree.said(node.child_by_field_name("name"))
        body = node.child_by_field_name("body")
        if (
            node.type in {"interface_declaration", "class_declaration", "abstract_class_declaration"}
            and body is not None
        ):
            bases = re.search(r"\bextends\s+([^{]+)", self.tree.said(node)[:400])
            self._object(name, node, start, body, decorators, re.findall(r"[A-Z]\w*", bases.group(1)) if bases else [])
            return True
        if node.type == "enum_declaration" and body is not None:
            values = [self._enum_value(one) for one in body.named_children if one.type != "comment"]
            self._enumeration(name, node, start, tuple(value for value in values if value))
            return True
        if node.type == "type_alias_declaration":
            return self._alias(name, node, start)
        return False

    def _alias(self, name: str, node: Node, start: int) -> bool:
        """Read ``type X = …``: an object, or a union of literals."""
        value = node.child_by_field_name("value")
        said = self.tree.said(value)
        if value is not None and (members := _literals(said)):
            self._enumeration(name, node, start, members)
            return True
        parts = [value] if value is not None else []
        if value is not None and value.type == "intersection_type":
            parts = list(value.named_children)
        bodies = [part for part in parts if part.type == "object_type"]
        if not bodies:
            self.notes.say(start, self.tree.span(node)[1], Standing.NOTHING_SAID)
            return True
        bases = [self.tree.said(part) for part in parts if part.type == "type_identifier"]
        for body in bodies:
            self._object(name, node, start, body, [], bases)
        return True

    def _enum_value(self, node: Node) -> str:
        """Return an enum member's value where it is a string, otherwise its name."""
        value = node.child_by_field_name("value")
        said = self.tree.said(value)
        if said[:1] in {"'", '"'}:
            return said.strip("'\"")
        return self.tree.said(node.child_by_field_name("name") or node).strip("'\"")

    def _enumeration(self, name: str, node: Node, start: int, values: tuple[str, ...]) -> None:
        """Note an enum."""
        self.declared.add_enumeration(Enumeration(start=start, end=self.tree.span(node)[1], name=name, values=values))

    def _object(self, name: str, node: Node, start: int, body: Node, decorators: list[str], bases: list[str]) -> None:
        """Read an interface, an object type or a class."""
        marks = " ".join(decorators)
        if prefix := re.search(r"@Controller\(\s*(?:['\"`]([^'\"`]*)['\"`])?", marks):
            self.notes.say(start, self.tree.span(body)[0] + 1, Standing.NOTHING_SAID)
            self._controller(prefix.group(1) or "", body)
            return
        table = re.search(r"@Entity\(\s*(?:\{[^}]*name:\s*)?['\"`](\w+)['\"`]", marks)
        entity = Entity(
            start=start,
            end=self.tree.span(body)[0] + 1,
            name=name,
            plural=table.group(1) if table else "",
            bases=tuple(bases),
            abstract="@Entity" not in marks and bool(_BEHAVES.search(name)),
        )
        for child, marked in _decorated(body):
            if child.type == "comment":
                self._comment(child)
            elif child.type in {"property_signature", "public_field_definition"}:
                entity.members.append(self._member(name, child, marked))
            else:
                self.notes.say(*self.tree.span(child), Standing.NOTHING_SAID)
        self.declared.add_entity(entity)

    def _member(self, entity: str, node: Node, decorators: list[Node]) -> Member:
        """Return one typed member."""
        kind = self.tree.said(node.child_by_field_name("type")).lstrip(": ")
        said = self.tree.said(node)
        inner = [one for one in decorators if one.parent is not None] + [
            c for c in node.children if c.type == "decorator"
        ]
        marks = "\n".join(self.tree.said(one) for one in inner)
        start = min([self.tree.span(node)[0], *(self.tree.span(one)[0] for one in inner)])
        name = self.tree.said(node.child_by_field_name("name")).strip("'\"")
        optional = any(child.type == "?" for child in node.children)
        type_name, many, nullable = unwrapped(kind)
        comment = self.tree.line_comment(node)
        plain = not marks
        one = FieldFact(
            statement="",
            entity="",
            name=name,
            values=_literals(kind),
            required=(not optional if plain else (False if optional else None)),
            nullable=True if nullable else None,
            read_only=True if re.search(r"\breadonly\b", said.split(":")[0]) and plain else None,
            description=comment,
        )
        if one.values:
            one = replace(one, type=ValueType.ARRAY if many else ValueType.ENUM, items=ValueType.ENUM if many else None)
            type_name = ""
        elif kind.startswith(("Record<", "Map<", "{ [", "{[")) or type_name in {"unknown", "object", "any"}:
            one, type_name = replace(one, type=ValueType.JSON), ""
        elif type_name in _TYPES:
            base = _TYPES[type_name]
            one = replace(one, type=ValueType.ARRAY if many else base, items=base if many else None)
            type_name = ""
        member = Member(
            start=start,
            end=self.tree.span(node)[1],
            field=one,
            type_name=type_name if len(type_name) < 200 else "",
            many=many,
            stance=stance_of(comment),
        )
        self._nested(member, node)
        return self._marked(entity, member, marks) if marks else member

    def _nested(self, member: Member, node: Node) -> None:
        """Read an object that is described in place."""
        annotation = node.child_by_field_name("type")
        inner = (
            next((one for one in annotation.named_children if one.type == "object_type"), None) if annotation else None
        )
        if inner is None:
            return
        parts = [self._member("", one, []) for one in inner.named_children if one.type == "property_signature"][:60]
        fields = tuple(Declarations(self.notes).facts(Entity(start=0, end=0, name=""), part, "") for part in parts)
        found = tuple(one for group in fields for one in group if isinstance(one, FieldFact))
        member.field = replace(member.field, type=ValueType.OBJECT if found else ValueType.JSON, fields=found)
        member.type_name = ""

    def _marked(self, entity: str, member: Member, marks: str) -> Member:
        """Return a member with what its decorators say."""
        names = set(re.findall(r"@(\w+)", marks))
        one = member.field
        if names & {"PrimaryGeneratedColumn", "PrimaryColumn", "PrimaryKey", "ObjectIdColumn"}:
            one = replace(one, primary_key=True, type=ValueType.UUID if "uuid" in marks else one.type)
        kind = next((_VALIDATED[name] for name in names if name in _VALIDATED), None)
        column = re.search(r"@\w*Column\(\s*(?:\{[^}]*?\btype:\s*)?['\"`](\w[\w ]*)['\"`]", marks)
        if kind is not None and not member.many:
            one, member.type_name = replace(one, type=kind), ""
        elif column and column.group(1) not in {"enum", "simple-enum", "simple-array"} and not member.many:
            member.type_name = column.group(1)
        elif enum := re.search(r"\benum:\s*(\w+)|@IsEnum\(\s*(\w+)", marks):
            member.type_name = enum.group(1) or enum.group(2)
        default = re.search(r"\bdefault:\s*(?:\(\)\s*=>\s*)?(['\"`][^'\"`\n]*['\"`]|[\w.\-()]+)", marks)
        one = replace(
            one,
            unique=True if re.search(r"\bunique:\s*true", marks) else None,
            nullable=_flag(marks, "nullable") if _flag(marks, "nullable") is not None else one.nullable,
            required=False if "IsOptional" in names else one.required,
            default=default.group(1).strip("'\"`") if default else None,
            max_length=_number(marks, r"\blength:\s*['\"]?(\d{1,9})|@MaxLength\(\s*(\d{1,9})"),
            min_length=_number(marks, r"@MinLength\(\s*(\d{1,9})"),
            minimum=_number(marks, r"@Min\(\s*(\d{1,9})"),
            maximum=_number(marks, r"@Max\(\s*(\d{1,9})"),
            write_only=True if re.search(r"\bselect:\s*false|@Exclude\(", marks) else None,
        )
        member.field = one
        related = re.search(r"@(ManyToOne|OneToMany|OneToOne|ManyToMany)\(\s*(?:\(?\w*\)?\s*=>\s*|['\"])(\w+)", marks)
        if related:
            self._related(entity, member, related.group(1), related.group(2), marks)
        return member

    def _related(self, entity: str, member: Member, kind: str, target: str, marks: str) -> None:
        """Read a relation of TypeORM."""
        action = re.search(r"onDelete:\s*['\"](CASCADE|SET NULL|RESTRICT|NO ACTION)", marks)
        on_delete = cast(
            Literal["restrict", "cascade", "set_null"] | None,
            {"CASCADE": "cascade", "SET NULL": "set_null"}.get(action.group(1), "restrict") if action else None,
        )
        back = re.search(r"=>\s*\w+\.(\w+)", marks)
        nullable = member.field.nullable
        name, source, other = member.field.name, entity, target
        cardinality: Literal["many_to_one", "one_to_one", "many_to_many"] = "many_to_one"
        if kind == "OneToMany":
            name, source, other, nullable = back.group(1) if back else "", target, entity, None
        elif kind == "ManyToMany":
            name, cardinality, nullable = "", "many_to_many", None
            source, other = sorted((entity, target))
        elif kind == "OneToOne":
            cardinality = "one_to_one"
            if "@JoinColumn" not in marks and back:
                name, source, other, nullable = back.group(1), target, entity, None
        member.relation = RelationFact(
            statement="",
            source=source,
            target=other,
            cardinality=cardinality,
            name=name,
            required=None if nullable is None else not nullable,
            on_delete=on_delete,
        )
        member.field = FieldFact(statement="", entity="", name="")

    def _controller(self, prefix: str, body: Node) -> None:
        """Read the routes of one of Nest's controllers."""
        for child, marked in _decorated(body):
            marks = "\n".join(self.tree.said(one) for one in marked)
            found = re.search(r"@(Get|Post|Put|Patch|Delete)\(\s*(?:['\"`]([^'\"`]*)['\"`])?", marks)
            end = self.tree.span(child)[1]
            start = min([self.tree.span(child)[0], *(self.tree.span(one)[0] for one in marked)])
            statement = self.notes.say(start, end, Standing.UNDERSTOOD if found else Standing.NOTHING_SAID)
            if found:
                path = "/" + "/".join(part.strip("/") for part in (prefix, found.group(2) or "") if part.strip("/"))
                roles, public = guards(marks)
                self.notes.add(
                    OperationFact(
                        statement=statement,
                        method=_VERBS[found.group(1)],
                        path=path,
                        operation_id=self.tree.said(child.child_by_field_name("name")),
                        public=public,
                        roles=roles,
                    )
                )

    def _statement(self, node: Node, start: int, end: int) -> None:
        """Read any other statement: a route, or nothing that declares."""
        said = self.tree.text[start:end]
        found = _ROUTE.match(said)
        if found:
            statement = self.notes.say(start, end)
            method = cast(Method, found.group(1).upper())
            roles, _ = guards(said[found.end() :].partition("=>")[0].partition("function")[0])
            self.notes.add(OperationFact(statement=statement, method=method, path=found.group(2) or "/", roles=roles))
        elif node.type in {"import_statement", "empty_statement", "export_statement", "lexical_declaration", ";"}:
            self.notes.say(start, end, Standing.NOTHING_SAID)
        elif said.strip(" \n\t{}();,"):
            self.notes.say(start, end, Standing.NOT_UNDERSTOOD)

    def _comment(self, node: Node) -> None:
        """Note a comment: code in it is withdrawn."""
        start, end = self.tree.span(node)
        said = self.tree.text[start:end]
        code = re.match(
            r"//\s*(?:@\w+\(|[\w$]+[?!]?\s*:\s*[\w'\"\[]+(?:\[\])?\s*[;,]|\w+\.(?:get|post|put|patch|delete)\()", said
        )
        self.notes.say(start, end, Standing.WITHDRAWN if code else Standing.NOTHING_SAID)


def _decorated(body: Node) -> list[tuple[Node, list[Node]]]:
    """Return the members of a body, each with the decorators before it."""
    found: list[tuple[Node, list[Node]]] = []
    before: list[Node] = []
    for child in body.named_children:
        if child.type == "decorator":
            before.append(child)
        else:
            found.append((child, before))
            before = []
    return found


def _literals(kind: str) -> tuple[str, ...]:
    """Return the members of a union of string literals, null left out; empty where it is anything else."""
    bare = re.sub(r"\[\]$", "", kind.strip()).strip("()|; \n")
    parts = [part.strip() for part in bare.split("|") if part.strip() not in {"", "null", "undefined"}]
    if len(kind) > 4000 or not parts or not all(re.fullmatch(r"'[^'\n]*'|\"[^\"\n]*\"", part) for part in parts):
        return ()
    return tuple(dict.fromkeys(part[1:-1] for part in parts))


def _flag(marks: str, name: str) -> bool | None:
    """Return what an option of a decorator is set to, None where it is not."""
    found = re.search(rf"\b{name}:\s*(true|false)", marks)
    return found.group(1) == "true" if found else None


def _number(marks: str, pattern: str) -> int | None:
    """Return the number that a decorator gives."""
    found = re.search(pattern, marks)
    return int(next(one for one in found.groups() if one)) if found else None
