"""Reads Python: dataclasses, pydantic, SQLAlchemy and Django models, enums, and FastAPI's and Flask's routes."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Literal, cast

from bot.domain.facts import FieldFact, Method, OperationFact, Reading, RelationFact, Standing, ValueType
from bot.reading.names import name_key
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.guards import guards
from bot.reading.notations.code.python_pieces import LONGEST_CODE, PythonCode
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member, stance_of, unwrapped
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "python"
_CLASS = re.compile(r"^[ \t]*class[ \t]+\w+[ \t]*(?:\([^)\n]*\))?[ \t]*:[ \t]*(?:#[^\n]*)?$", re.M)
_MEMBER = re.compile(r"^[ \t]+\w+[ \t]*(?::[ \t]*[\w\"'\[\].| ,]+(?:=.*)?|=[ \t]*\S.*)$", re.M)
_ROUTE = re.compile(r"^[ \t]*@\w+\.(?:get|post|put|patch|delete|route)\([ \t]*(?:path=)?['\"]/", re.M)
_LINKS = re.compile(r"(ForeignKey|ParentalKey|OneToOneField|ManyToManyField)$")
"""Relations of Django and of what builds on it: ``TreeForeignKey``, ``ParentalManyToManyField``."""
_ENUMS = re.compile(r"(?:Enum|Choices)$")
_COLUMNS = {"Column", "mapped_column", "Field", "field", "column"}
_FORM = re.compile(r"^(\w+?)(?:Create|Update|Read|Base|In|Out|Schema|Request|Response|Public|Patch|Input|DTO|Dto)$")
_TYPES = {"datetime": ValueType.TIMESTAMP, "Any": ValueType.JSON, "UUID4": ValueType.UUID, "Unicode": ValueType.STRING}
_ON_DELETE: dict[str, Literal["restrict", "cascade", "set_null"]] = {
    "cascade": "cascade",
    "protect": "restrict",
    "restrict": "restrict",
    "set_null": "set_null",
    "set null": "set_null",
}


class PythonReader:
    """Reads Python's declarations of what a backend keeps, by Python's own parser."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a class is declared with members, or routes are decorated."""
        if segment.kind in {"table", "heading"}:
            return False
        text = segment.text[:LONGEST_CODE]
        if _ROUTE.search(text):
            return True
        return any(_MEMBER.search(text[match.end() : match.end() + 800]) for match in _CLASS.finditer(text))

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities, enums and routes."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source(PythonCode):
    """One text of code while it is being read."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment.text)
        self.notes = Notes(segment, _NAME)
        self.declared = Declarations(self.notes)
        self.prefixes: dict[str, str] = {}
        self.tables: set[str] = set()

    def read(self) -> Reading:
        """Read piece by piece; a piece that does not parse is not understood."""
        plain = re.sub(r"[^\x00-\x7f]", lambda match: " " if match.group().isspace() else "x", self.text)
        plain = plain.replace("\f", " ").replace("\r", " ").replace("\0", " ")
        for start, end in self.pieces():
            nodes = self.parsed(plain[start:end], start)
            if nodes is None:
                self.notes.say(start, end, Standing.NOT_UNDERSTOOD)
                continue
            for node in nodes:
                self._top(node)
            self._comments(start, end)
        if len(self.text) > LONGEST_CODE:
            self.notes.say(LONGEST_CODE, len(self.text), Standing.NOT_UNDERSTOOD)
        self._mark_forms()
        self.declared.write()
        return self.notes.reading()

    def _top(self, node: ast.stmt) -> None:
        """Read one top-level statement."""
        if isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._function(node)
        else:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and isinstance(node.targets[0], ast.Name)
            ):
                options = {one.arg: one.value for one in node.value.keywords}
                prefix = options.get("prefix") or options.get("url_prefix")
                self.prefixes[node.targets[0].id] = self.said(prefix).rstrip("/")
            self.notes.say(*self.span(node), Standing.NOTHING_SAID)

    def _class(self, node: ast.ClassDef) -> None:
        """Read a class: an enum, or an entity with its members."""
        start = min([self.span(one)[0] - 1 for one in node.decorator_list] + [self.span(node)[0]])
        bases = [self.said(base).rpartition(".")[2] for base in node.bases]
        if any(_ENUMS.search(base) for base in bases):
            values = [self._enum_value(one) for one in node.body if isinstance(one, ast.Assign)]
            end = self.span(node)[1]
            self.declared.add_enumeration(
                Enumeration(start=start, end=end, name=node.name, values=tuple(value for value in values if value))
            )
            return
        head = self.text[start : self.span(node.body[0])[0]].rstrip()
        entity = Entity(start=start, end=start + len(head), name=node.name, bases=tuple(bases))
        entity.abstract = node.name.endswith(("Mixin", "Service", "Repository", "Settings", "Config"))
        django = any(isinstance(one, ast.Assign) and "models." in self.said(one.value)[:40] for one in node.body)
        if any(one.arg == "table" and self.said(one.value) == "True" for one in node.keywords):
            self.tables.add(node.name)
        for one in node.body:
            self._class_line(entity, one, django=django)
        if entity.members or not any(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in node.body):
            self.declared.add_entity(entity)
        else:
            self.notes.say(entity.start, entity.end, Standing.NOTHING_SAID)

    def _class_line(self, entity: Entity, node: ast.stmt, *, django: bool) -> None:
        """Read one statement of a class's body."""
        span = self.span(node)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            entity.members.append(self._annotated(entity.name, node, node.target.id))
            return
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name == "__tablename__":
                entity.plural = self.said(node.value)
                self.tables.add(entity.name)
            elif name == "__abstract__":
                entity.abstract = True
            elif isinstance(node.value, ast.Call):
                member = self._called(entity.name, node, name, node.value, django=django)
                if member is not None:
                    entity.members.append(member)
                    return
        elif isinstance(node, ast.ClassDef) and node.name == "Meta":
            meta = self.text[span[0] : span[1]]
            entity.abstract = entity.abstract or bool(re.search(r"abstract\s*=\s*True", meta))
            table = re.search(r"db_table\s*=\s*['\"](\w+)", meta)
            entity.plural = table.group(1) if table else entity.plural
        elif isinstance(node, ast.ClassDef) and any(_ENUMS.search(self.said(base)) for base in node.bases):
            self._class(node)
            return
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and not entity.description:
            entity.description = " ".join(self.said(node.value).split())[:500]
        self.notes.say(*span, Standing.NOTHING_SAID)

    def _annotated(self, entity: str, node: ast.AnnAssign, name: str) -> Member:
        """Return the member of ``name: type = default``."""
        start, end = self.span(node)
        annotation = self.said(node.annotation)
        mapped = "Mapped[" in annotation
        type_name, many, nullable = unwrapped(
            re.sub(r"^(?:Annotated|ClassVar|Final)\[(.*?)(?:,.*)?\]$", r"\1", annotation, flags=re.S)
        )
        if literal := re.fullmatch(r"(?:typing\.)?Literal\[(.*)\]", type_name, re.S):
            values: tuple[str, ...] = tuple(a or b for a, b in re.findall(r"'([^']*)'|\"([^\"]*)\"", literal.group(1)))
        else:
            values = ()
        call = node.value if isinstance(node.value, ast.Call) else None
        given = node.value is not None and not (call and self.function_name(call) in _COLUMNS)
        default = self.said(node.value) if given else ""
        one = FieldFact(
            statement="",
            entity="",
            name=name,
            values=values,
            type=ValueType.ENUM if values else None,
            nullable=True if nullable else (False if mapped else None),
            required=None if mapped else node.value is None or (call is not None and self._is_required(call)),
            default=default if default not in {"", "None", "..."} else None,
        )
        comment = self.comment(end)
        member = Member(start=start, end=end, field=one, type_name=type_name, many=many, stance=stance_of(comment))
        if values or re.match(r"(?:dict|Dict|Mapping|JSON)\b", type_name):
            member.field, member.type_name = replace(one, type=one.type or ValueType.JSON), ""
        elif re.fullmatch(r"[\w.]+\.\w+", type_name):
            member.type_name = type_name = type_name.rpartition(".")[2]
        if type_name.rpartition(".")[2] in _TYPES and not many:
            member.field, member.type_name = replace(one, type=_TYPES[type_name.rpartition(".")[2]]), ""
        if call is not None:
            self._options(entity, member, call)
            if self.function_name(call) in {"relationship", "Relationship"}:
                member.field = replace(member.field, required=None)
        return member

    def _called(self, entity: str, node: ast.Assign, name: str, call: ast.Call, *, django: bool) -> Member | None:
        """Return the member of ``name = Column(…)`` or ``name = models.CharField(…)``, None for other calls."""
        function = self.function_name(call)
        start, end = self.span(node)
        member = Member(
            start=start,
            end=end,
            field=FieldFact(statement="", entity="", name=name),
            stance=stance_of(self.comment(end)),
        )
        if django and (kind := _LINKS.search(function)):
            self._django_relation(entity, member, kind[1], call)
        elif function == "relationship":
            target = self.said(call.args[0]).strip("'\"") if call.args else ""
            plural = bool(re.search(r"\buselist\s*=\s*True|secondary", self.said(call))) or (
                name != name_key(name) and name.endswith("s")
            )
            member.type_name, member.many = target.rpartition(".")[2], plural
        elif function in _COLUMNS or (django and function.endswith("Field")):
            if django:
                member.type_name = function
            self._options(entity, member, call)
        else:
            return None
        return member

    def _django_relation(self, entity: str, member: Member, function: str, call: ast.Call) -> None:
        """Read a relation of Django."""
        options = {one.arg: self.said(one.value) for one in call.keywords}
        target = (self.said(call.args[0]) if call.args else options.get("to", "")).rpartition(".")[2].strip("'\"")
        target = {"self": entity, "AUTH_USER_MODEL": "User"}.get(target, target)
        kinds: dict[str, Literal["many_to_one", "one_to_one", "many_to_many"]] = {
            "ForeignKey": "many_to_one",
            "ParentalKey": "many_to_one",
            "OneToOneField": "one_to_one",
        }
        many = function == "ManyToManyField"
        member.relation = RelationFact(
            statement="",
            source=entity,
            target=target,
            cardinality=kinds.get(function, "many_to_many"),
            name="" if many else member.field.name,
            required=None if many or "null" not in options else options["null"] != "True",
            on_delete=_ON_DELETE.get(options.get("on_delete", "").rpartition(".")[2].lower()),
        )
        member.field = FieldFact(statement="", entity="", name="")

    def _options(self, entity: str, member: Member, call: ast.Call) -> None:
        """Read the arguments of a column or field."""
        options = {one.arg: self.said(one.value) for one in call.keywords if one.arg}
        one, said = member.field, self.said(call)
        for argument in call.args:
            text = self.said(argument)
            if isinstance(argument, ast.Call) and self.function_name(argument) == "ForeignKey":
                self._foreign_key(entity, member, argument)
            elif not member.type_name and one.type is None and not isinstance(argument, ast.Constant):
                member.type_name = re.sub(r"^(?:\w+\.)+", "", text)
        one = member.field
        if enum := re.match(r"(?:Enum|SAEnum|SqlEnum)\((.*)\)$", member.type_name, re.S):
            quoted = tuple(
                a or b
                for a, b in re.findall(
                    r"(?<!=)['\"]([^'\"]+)['\"]|(?!)(.)", re.sub(r"\w+\s*=\s*['\"][^'\"]*['\"]", "", enum.group(1))
                )
            )
            member.type_name = "" if quoted else enum.group(1).split(",")[0].strip()
            one = replace(one, values=quoted, type=ValueType.ENUM if quoted else one.type)
        length = re.search(r"\bString\(\s*(?:length\s*=\s*)?(\d{1,9})", said)
        maximum = options.get("max_length", length.group(1) if length else "")
        default = options.get("default") or options.get("server_default")
        choices = re.fullmatch(r"(\w+)\.choices", options.get("choices", ""))
        if choices:
            member.type_name = choices.group(1)
        elif options.get("choices", "").startswith(("[", "(")):
            values = tuple(re.findall(r"[(\[]\s*['\"]([^'\"]*)['\"]\s*,", options["choices"][1:]))
            one, member.type_name = replace(one, values=values, type=ValueType.ENUM), ""
        member.field = replace(
            one,
            primary_key=True if options.get("primary_key") == "True" else one.primary_key,
            unique=True if options.get("unique") == "True" else one.unique,
            nullable=_truth(options.get("nullable", options.get("null")))
            if {"nullable", "null"} & {*options}
            else one.nullable,
            default=one.default if default in {None, "None", "..."} else default,
            max_length=int(maximum) if maximum.isdigit() and len(maximum) < 10 else one.max_length,
            min_length=_whole(options.get("min_length")),
            minimum=_whole(options.get("ge")),
            maximum=_whole(options.get("le")),
            pattern=options.get("pattern", options.get("regex", "")),
            description=options.get("description", options.get("help_text", one.description)),
            read_only=True if {"auto_now", "auto_now_add", "onupdate"} & {*options} else one.read_only,
        )

    def _foreign_key(self, entity: str, member: Member, call: ast.Call) -> None:
        """Let a column refer to the table that its foreign key names."""
        table = (self.said(call.args[0]) if call.args else "").split(".")
        target = table[-2] if len(table) > 1 else table[0]
        options = {one.arg: self.said(one.value) for one in call.keywords}
        role = re.sub(r"(?<=.)_?(?:id|uuid|fk)$", "", member.field.name)
        on_delete = _ON_DELETE.get(options.get("ondelete", "").lower())
        member.field = replace(member.field, references=target)
        member.relation = RelationFact(statement="", source=entity, target=target, name=role, on_delete=on_delete)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Read a function: a route where it is decorated as one."""
        start = min([self.span(one)[0] - 1 for one in node.decorator_list] + [self.span(node)[0]])
        end = self.span(node)[1]
        found: list[tuple[Method, str]] = []
        for one in node.decorator_list:
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.args:
                verb, path = one.func.attr, self.said(one.args[0])
                prefix = self.prefixes.get(self.said(one.func.value), "")
                verbs = [verb]
                if verb == "route":
                    listed = next((self.said(key.value) for key in one.keywords if key.arg == "methods"), "'GET'")
                    verbs = re.findall(r"\w+", listed)
                named = {"get", "post", "put", "patch", "delete", "head", "options"}
                found += [(cast(Method, v.upper()), prefix + path) for v in verbs if v.lower() in named]
        statement = self.notes.say(start, end, Standing.UNDERSTOOD if found else Standing.NOTHING_SAID)
        roles, public = guards(self.text[start : self.span(node.body[0])[0]]) if found else ((), None)
        for method, path in found:
            self.notes.add(
                OperationFact(
                    statement=statement,
                    method=method,
                    path=path or "/",
                    operation_id=node.name,
                    roles=roles,
                    public=public,
                )
            )

    def _enum_value(self, node: ast.Assign) -> str:
        """Return an enum member's value where it is a string, otherwise its name."""
        value = node.value.elts[0] if isinstance(node.value, ast.Tuple) and node.value.elts else node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return self.said(value)
        target = node.targets[0]
        return target.id if isinstance(target, ast.Name) and not target.id.startswith("_") else ""

    def _is_required(self, call: ast.Call) -> bool:
        """Whether a pydantic field has no default."""
        names = {one.arg for one in call.keywords}
        return not names & {"default", "default_factory"} and (not call.args or self.said(call.args[0]) == "...")

    def _comments(self, start: int, end: int) -> None:
        """Note comments that stand on lines of their own: code in them is withdrawn."""
        for match in re.finditer(r"^[ \t]*(#[^\n]*)", self.text[start:end], re.M):
            code = re.match(
                r"#\s*(?:\w+\s*(?::\s*[\w\[\]., |\"']+(?:=.*)?|=\s*[\w.]+\(.*)|@\w+\.\w+\(.*)$", match.group(1)
            )
            begin = start + match.start(1)
            self.notes.say(begin, start + match.end(1), Standing.WITHDRAWN if code else Standing.NOTHING_SAID)

    def _is_only_sent(self, entity: Entity) -> bool:
        """Whether a class is what requests and responses look like: others are tables, and it is none of theirs."""
        if not self.tables or entity.name in self.tables:
            return False
        bases = {entity.name: entity, **{one.name: one for one in self.declared.bases(entity)}}
        return not self.tables & bases.keys() and any(_SENT & set(one.bases) for one in bases.values())

    def _mark_forms(self) -> None:
        """Let `OrderCreate` be a form only, where there is an Order; keys may name tables."""
        keys = {name_key(name): name for name in self.declared.entities}
        for name, entity in self.declared.entities.items():
            match = _FORM.match(name)
            base = keys.get(name_key(match.group(1))) if match else None
            entity.abstract = entity.abstract or bool(base and base != name) or self._is_only_sent(entity)
            for member in entity.members:
                if table := member.field.references:
                    target = self.declared.entity_named(table) or table
                    member.field = replace(member.field, references=target)
                    if link := member.relation:
                        required = None if member.field.nullable is None else not member.field.nullable
                        member.relation = replace(link, target=target, required=required)


_SENT = frozenset({"SQLModel", "BaseModel", "Schema"})
"""Bases of classes that are only sent or received, where others of the same text are tables."""


def _truth(said: str | None) -> bool | None:
    """Return a flag as Python writes it."""
    return {"True": True, "False": False}.get(said or "")


def _whole(said: str | None) -> int | None:
    """Return a whole number as Python writes it."""
    return int(said) if said and re.fullmatch(r"-?\d{1,9}", said) else None
