"""Reads Java: classes, records and enums with JPA's and Bean Validation's annotations, and Spring's routes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from bot.domain.facts import FieldFact, Method, OperationFact, Reading, RelationFact, Standing, ValueType
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.guards import guards
from bot.reading.notations.code.trees import CodeSource, mark_behaviour, mark_forms
from bot.reading.notations.declarations import Entity, Enumeration, Member, stance_of, unwrapped
from bot.reading.segments import Segment

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = "java"
_CLASS = re.compile(
    r"^[ \t]*(?:(?:public|private|protected|static|final|abstract|sealed)[ \t]+)*"
    r"(?:class[ \t]+\w+[^{;\n]{0,200}\{|record[ \t]+\w+[ \t]*\([ \t\n]*[@\w])",
    re.M,
)
_FIELD = re.compile(
    r"^[ \t]*(?:@[^\n]{0,200}[ \t]+)?(?:(?:public|private|protected|final|static)[ \t]+)+"
    r"(?!(?:public|private|protected|final|static|readonly|async|declare|override|abstract|get|set|class|return)\b)"
    r"[\w.<>\[\], ?]{1,100}[ \t]\w+[ \t]*[;=]"
    r"|\brecord[ \t]+\w+[ \t]*\([\s@]*\w|^[ \t]*@(?:\w+Mapping|Id|Column)\b",
    re.M,
)
_ACCESSORS = re.compile(r"\{\s*get;|^using[ \t]+[\w.]+;|^namespace[ \t]", re.M)
"""What is C#, whose classes otherwise look the same."""
_TYPES = {
    "Date": ValueType.TIMESTAMP,
    "Calendar": ValueType.TIMESTAMP,
    "Object": ValueType.JSON,
    "JsonNode": ValueType.JSON,
    "BigInteger": ValueType.BIGINT,
    "Short": ValueType.INTEGER,
    "short": ValueType.INTEGER,
    "Byte": ValueType.INTEGER,
    "Year": ValueType.INTEGER,
    "Period": ValueType.DURATION,
}
_NOT_NULL = {"NotNull", "NotBlank", "NotEmpty", "NonNull", "Nonnull"}


class JavaReader:
    """Reads Java's classes, records, enums and Spring's routes."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a class with typed fields or a record is declared."""
        if segment.kind in {"table", "heading"}:
            return False
        if _ACCESSORS.search(segment.text):
            return False
        return _CLASS.search(segment.text) is not None and _FIELD.search(segment.text) is not None

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities, enums and routes."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source(CodeSource):
    """One text of code while it is being read."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment, _NAME, "tree_sitter_java")

    def read(self) -> Reading:
        """Read all declarations."""
        for node in self.tree.top_level():
            start, end = self.tree.span(node)
            if self._declaration(node, 0):
                continue
            if node.type == "ERROR":
                self.notes.say(start, end, Standing.NOT_UNDERSTOOD)
            elif self.tree.said(node).strip(" ;\n\t{}"):
                self.notes.say(start, end, Standing.NOTHING_SAID)
        self.note_unread()
        mark_forms(self.declared)
        mark_behaviour(self.declared)
        self.declared.write()
        return self.notes.reading()

    def _declaration(self, node: Node, depth: int) -> bool:
        """Read a declared class, record or enum, and those within; return whether it is one."""
        name, body = self.tree.said(node.child_by_field_name("name")), node.child_by_field_name("body")
        if node.type == "enum_declaration" and body is not None:
            values = [one for one in body.named_children if one.type == "enum_constant"]
            said = tuple(self.tree.said(one.child_by_field_name("name")) for one in values)
            start, end = self.tree.span(node)
            self.declared.add_enumeration(Enumeration(start=start, end=end, name=name, values=said))
        elif node.type in {"class_declaration", "record_declaration"} and body is not None and depth < 4:
            self._class(name, node, body, depth)
        else:
            return False
        return True

    def _class(self, name: str, node: Node, body: Node, depth: int) -> None:
        """Read a class's fields or a record's components, or a controller's routes."""
        marks = self._marks(node)
        head = self.tree.span(body)[0] + 1
        if re.search(r"@(?:Rest)?Controller\b", marks):
            self.notes.say(self.tree.span(node)[0], head, Standing.NOTHING_SAID)
            prefix = re.search(r"@RequestMapping\([^)\"]{0,80}\"([^\"]{0,200})\"", marks)
            self._controller(prefix.group(1) if prefix else "", body)
            return
        table = re.search(r"@Table\([^)]{0,200}?name\s*=\s*\"(\w+)\"", marks)
        base = self.tree.said(node.child_by_field_name("superclass")).removeprefix("extends").strip()
        abstract = bool(re.search(r"@(?:Embeddable|MappedSuperclass)\b|\babstract\b", marks))
        entity = Entity(
            start=self.tree.span(node)[0],
            end=head,
            name=name,
            plural=table.group(1) if table else "",
            bases=(re.sub(r"<.*", "", base),) if base else (),
            abstract=abstract,
        )
        components = node.child_by_field_name("parameters")
        for child in [*(components.named_children if components is not None else ()), *body.named_children]:
            if child.type in {"field_declaration", "formal_parameter"}:
                self._field(entity, child)
            elif not self._declaration(child, depth + 1):
                self.notes.say(*self.tree.span(child), Standing.NOTHING_SAID)
        behaves = not entity.members and not table and "@Entity" not in marks
        if behaves:
            self.notes.say(entity.start, entity.end, Standing.NOTHING_SAID)
        else:
            self.declared.add_entity(entity)

    def _marks(self, node: Node) -> str:
        """Return the annotations and modifiers of a declaration."""
        return next((self.tree.said(one)[:2000] for one in node.children if one.type == "modifiers"), "")

    def _field(self, entity: Entity, node: Node) -> None:
        """Read one field, unless it belongs to the class itself or is not kept."""
        marks = self._marks(node)
        if re.search(r"\bstatic\b|@Transient\b|\btransient\b|@(?:Autowired|Inject|Value)\b", marks):
            self.notes.say(*self.tree.span(node), Standing.NOTHING_SAID)
            return
        kind = self.tree.said(node.child_by_field_name("type"))[:300]
        holders = node.children_by_field_name("declarator") or [node]
        comment = self.tree.line_comment(node)
        for holder in holders:
            value = self.tree.said(holder.child_by_field_name("value"))
            one = FieldFact(
                statement="",
                entity="",
                name=self.tree.said(holder.child_by_field_name("name")),
                default=value.strip('"') if re.fullmatch(r"\"[^\"\n]*\"|-?[\d.]+[LlFfDd]?|true|false", value) else None,
                description=comment,
            )
            start, end = self.tree.span(node)
            member = Member(start=start, end=end, field=one, stance=stance_of(comment))
            _typed(member, kind, marks)
            _annotated(entity.name, member, marks)
            entity.members.append(member)

    def _controller(self, prefix: str, body: Node) -> None:
        """Read the routes of one of Spring's controllers."""
        for child in body.named_children:
            marks = self._marks(child)
            found = re.search(r"@(Get|Post|Put|Patch|Delete)Mapping\b(?:\(([^)]{0,300})\))?", marks)
            statement = self.notes.say(*self.tree.span(child), Standing.UNDERSTOOD if found else Standing.NOTHING_SAID)
            if not found:
                continue
            said = re.search(r"\"([^\"]*)\"", found.group(2) or "")
            parts = (prefix, said.group(1) if said else "")
            roles, public = guards(marks)
            self.notes.add(
                OperationFact(
                    statement=statement,
                    method=cast(Method, found.group(1).upper()),
                    path="/" + "/".join(part.strip("/") for part in parts if part.strip("/")),
                    operation_id=self.tree.said(child.child_by_field_name("name")),
                    roles=roles,
                    public=public,
                )
            )


def _typed(member: Member, kind: str, marks: str) -> None:
    """Set what a field's type says."""
    if kind.replace(" ", "") in {"byte[]", "Byte[]", "Blob"}:
        member.field = replace(member.field, type=ValueType.BINARY)
        return
    name, member.many, nullable = unwrapped(kind)
    base = ValueType.JSON if re.match(r"(?:java\.util\.)?(?:Hash|Linked|Tree)?Map\b", kind) else _TYPES.get(name)
    if re.search(r"TemporalType\.DATE\b", marks):
        base = ValueType.DATE
    if base is None:
        member.type_name = name.rpartition(".")[2]
    else:
        many = member.many
        member.field = replace(member.field, type=ValueType.ARRAY if many else base, items=base if many else None)
    if kind[:1].islower() and re.fullmatch(r"int|long|double|float|boolean|short|char|byte", kind):
        member.field = replace(member.field, nullable=False)
    elif nullable:
        member.field = replace(member.field, nullable=True)


def _annotated(entity: str, member: Member, marks: str) -> None:
    """Set what a field's annotations say."""
    names = set(re.findall(r"@([A-Za-z]\w*)", marks))
    one = member.field
    if "Id" in names or "EmbeddedId" in names:
        one = replace(one, primary_key=True)
    if "Email" in names:
        one, member.type_name = replace(one, type=ValueType.EMAIL), ""
    elif "Lob" in names and member.type_name == "String":
        one, member.type_name = replace(one, type=ValueType.TEXT), ""
    required = bool(names & _NOT_NULL)
    nullable = re.search(r"@(?:Join)?Column\([^)]*\bnullable\s*=\s*(true|false)", marks)
    if required or nullable or "Nullable" in names:
        one = replace(one, nullable=not required and (nullable is None or nullable.group(1) == "true"))
    one = replace(
        one,
        required=True if required else one.required,
        unique=True if re.search(r"@Column\([^)]*\bunique\s*=\s*true|@NaturalId\b", marks) else one.unique,
        immutable=True if re.search(r"@Column\([^)]*\bupdatable\s*=\s*false", marks) else one.immutable,
        max_length=_number(
            marks, r"@(?:Size|Length)\([^)]*\bmax\s*=\s*(\d{1,9})|@Column\([^)]*\blength\s*=\s*(\d{1,9})"
        ),
        min_length=_number(marks, r"@(?:Size|Length)\([^)]*\bmin\s*=\s*(\d{1,9})"),
        minimum=_number(marks, r"@(?:Decimal)?Min\([^)\d]*(\d{1,9})"),
        maximum=_number(marks, r"@(?:Decimal)?Max\([^)\d]*(\d{1,9})"),
    )
    member.field = one
    relation = re.search(r"@(ManyToOne|OneToMany|OneToOne|ManyToMany)\b", marks)
    if relation and member.type_name:
        _related(entity, member, relation.group(1), marks)


def _number(marks: str, pattern: str) -> int | None:
    """Return the number that an annotation gives, None where it gives none."""
    found = re.search(pattern, marks)
    number = next((one for one in found.groups() if one and one.isdigit()), None) if found else None
    return int(number) if number is not None else None


def _related(entity: str, member: Member, kind: str, marks: str) -> None:
    """Set the relation that a field annotated for JPA is."""
    back = re.search(r"\bmappedBy\s*=\s*\"(\w+)\"", marks)
    name, source, target = member.field.name, entity, member.type_name
    nullable = False if re.search(r"\boptional\s*=\s*false", marks) else member.field.nullable
    cardinality: Literal["many_to_one", "one_to_one", "many_to_many"] = "many_to_one"
    if kind == "OneToMany":
        name, source, target, nullable = back.group(1) if back else "", target, entity, None
    elif kind == "ManyToMany":
        name, cardinality, nullable = "", "many_to_many", None
        source, target = sorted((entity, target))
    elif kind == "OneToOne":
        cardinality = "one_to_one"
        if back:
            name, source, target, nullable = back.group(1), target, entity, None
    required = None if nullable is None else not nullable
    member.relation = RelationFact(
        statement="", source=source, target=target, cardinality=cardinality, name=name, required=required
    )
    member.field = FieldFact(statement="", entity="", name="")
