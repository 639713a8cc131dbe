"""What one row of a table says, by the kind of the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, get_args

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    FieldFact,
    Method,
    OperationFact,
    RelationFact,
    RoleFact,
    ServiceFact,
    StackFact,
    StateFact,
    ValueType,
)
from bot.reading.names import singular, vocabulary
from bot.reading.notations.columns import Columns
from bot.reading.notations.grid import Grid, Row
from bot.reading.notations.matrices import Matrix
from bot.reading.notations.measures import metric_of, number_fact
from bot.reading.notations.modifiers import described_field, with_words
from bot.reading.notations.notes import Notes
from bot.reading.prose.cells import granted_in
from bot.reading.prose.clause import thing_name
from bot.reading.segments import Segment
from bot.reading.types import enum_members, value_type

RowReader = Callable[[Row], Iterable[AnyFact]]
_GERMAN_HEAD = re.compile(r"\b(?:tabelle|spalte|feld|pflicht|beschreibung|typ|bedeutung|entität|datentyp)\b", re.I)
_YES = re.compile(
    r"^(?:y(?:es)?|ja|j|x|✓|✔️?|✅|true|1|required|pflicht|must|muss|●|•|not null|nn|wahr|mandatory)$", re.I
)
_NO = re.compile(r"^(?:no?|nein|-|–|—|✗|✘|❌|false|0|optional|kann|null|nullable|falsch|○)$", re.I)
_METHOD = "|".join(get_args(Method))
_METHODS_AND_PATH = re.compile(rf"^((?:{_METHOD})(?:\s*[,/|]\s*(?:{_METHOD}))*)\s*:?\s+(/\S*)", re.I)
_OPEN = re.compile(
    r"^(?:public|none|no|open|anonymous|anyone|everyone|öffentlich|nein|keine|ohne|-|–|—|all|alle|guest)$", re.I
)
_EVERY_ROLE = re.compile(r"^(?:all|alle|both|beide|any|every(?:one|body)|anyone|jeder)(?: roles?| rollen)?$", re.I)
_SIGNED_IN = re.compile(
    r"^(?:yes|ja|✓|✔|✅|x|required|any|authenticated|logged[ -]?in|jwt|token|bearer|angemeldet|user token)$", re.I
)
_MANY = re.compile(r"\b(?:n|m|many|\*|viele|0\.\.\*|1\.\.\*|0\.\.n|1\.\.n)\b|\*", re.I)
_CARDINALITY = re.compile(
    r"^\s*(1|n|m|\*|one|many|0\.\.1|[01]\.\.[*n]|eins?|viele)\s*(?::|-|–|to|zu|-to-|-zu-|/)\s*"
    r"(1|n|m|\*|one|many|0\.\.1|[01]\.\.[*n]|eins?|viele)\b",
    re.I,
)
_COUNTED_SIDES = re.compile(
    r"^\s*(?:many|several|viele|mehrere|(?P<one>(?:exactly |genau )?(?:one|an?|eine?n?|1))) [^,;:/]{2,30}[,;:/] *"
    r"(?:and |to |zu |und )?(?:(?P<many>many|several|viele|mehrere)|(?:exactly |genau )?(?:one|an?|eine?n?|1))\b",
    re.I,
)
"""``many packets, one variety``: how many there are on each side, with their names."""
_Part = Literal["language", "framework", "database", "cache", "messaging", "search", "storage", "deployment"]
PARTS: tuple[tuple[str, _Part], ...] = (
    (r"lang|sprache|runtime", "language"),
    (r"cach", "cache"),
    (r"queue|messag|broker|event|warteschlange|stream", "messaging"),
    (r"search|such", "search"),
    (r"database|datenbank|\bdb\b|persist", "database"),
    (r"storage|speicher|object store|files?|blob", "storage"),
    (r"deploy|host|infra|cloud|orchestr|ci|betrieb", "deployment"),
    (r"framework|backend|api|server", "framework"),
)


_LANGUAGES = vocabulary(
    "java python go golang kotlin typescript javascript ruby php rust c# scala elixir node.js node swift"
)


class Rows:
    """The rows of one table, read by the kind that its columns make it."""

    def __init__(self, notes: Notes, grid: Grid, columns: Columns, entity: str, segment: Segment) -> None:
        self._notes = notes
        self._grid = grid
        self._columns = columns
        self._above = singular(entity)
        self._segment = segment
        self._around = " ".join((segment.lead, *segment.headings, segment.topic)).lower()
        self._german = bool(_GERMAN_HEAD.search(" ".join(grid.header.cells)))
        self.entity_is_above = False
        self.of_the_header: list[AnyFact] = []
        self._callers: tuple[int, ...] = ()
        self._last_entity = ""
        self._matrix = Matrix(grid, columns, self._above)

    def reader(self) -> RowReader | None:  # noqa: PLR0911 - one exit per kind of table
        """Return what reads a row of this table; None if its columns are not known."""
        at = self._columns.of
        if (path := self._path_column()) is not None:
            self._callers = self._matrix.calls(path)
            self.of_the_header = self._matrix.roles(self._callers)
            return self._operation
        if self._matrix.is_one():
            return self._matrix.row
        if (field := self._field_column()) is not None:
            self.entity_is_above = at("entity") in {None, field} and bool(self._above)
            return self._field if self._above or at("entity") not in {None, field} else None
        if at("metric") is not None and at("target") is not None and self._any(at("metric"), metric_of):
            return self._number
        if at("from") is not None and at("to") is not None:
            is_relation = at("cardinality") is not None or re.search(r"relation|beziehung", self._around)
            return self._relation if is_relation else self._state
        if states := _STATE_OF.match(self._grid.header.cell(0)):
            self._above = singular(states["thing"] or self._above)
            return self._one_state if self._above else None
        return self._listed()

    def _listed(self) -> RowReader | None:
        """Return what reads a row of a list of things: services, parts of the stack, entities, roles."""
        at = self._columns.of
        if at("service") is not None and at("service") == 0 and len(self._grid.header.cells) > 1:
            return self._service
        if at("part") is not None and at("technology") is not None:
            return self._stack
        if at("entity") is not None:
            return self._entity
        if at("role") == 0 and len(self._grid.header.cells) > 1:
            return self._role
        return None

    # --- kinds --------------------------------------------------------------------------------------------------

    def _path_column(self) -> int | None:
        """Return the column of paths, if its cells are paths."""
        for column in (self._columns.of("path"), 0, 1, 2):
            cells = [row.cell(column) for row in self._grid.rows[:20]] if column is not None else []
            told = [cell for cell in cells if cell.startswith("/") or _METHODS_AND_PATH.match(cell)]
            if told and len(told) * 2 >= len(cells):
                return column
        return None

    def _field_column(self) -> int | None:
        """Return the column of field names, if there are other columns that tell of fields."""
        at = self._columns.of
        told = at("type") is not None or sum(
            at(role) is not None
            for role in ("required", "nullable", "values", "default", "key", "length", "references")
        )
        field = at("field")
        if field is not None and (
            told or at("entity") not in {None, field} or at("description", "example") is not None
        ):
            return field
        name = at("name")
        return name if name is not None and at("type") is not None else None

    def _any(self, column: int | None, test: Callable[[str], object]) -> bool:
        """Whether a cell of a column passes a test."""
        return any(test(row.cell(column)) for row in self._grid.rows[:50])

    # --- rows ---------------------------------------------------------------------------------------------------

    def _field(self, row: Row) -> Iterable[AnyFact]:
        """Return the field of a data dictionary's row, and what it refers to."""
        at = self._columns.of
        column = self._field_column()
        name = row.cell(column)
        entity = self._above
        if (place := at("entity")) is not None and place != column:
            self._last_entity = row.cell(place) or self._last_entity
            entity = thing_name(self._last_entity, "de") if self._german else singular(self._last_entity)
        if "." in name and entity == "" and name.count(".") == 1:
            entity, name = name.split(".")
        if not name or not entity or len(name) > 80:
            return
        if entity != self._above:
            said = self._last_entity if entity != self._last_entity else ""
            yield EntityFact(statement="", name=entity, plural=said if self._german else "")
        made = FieldFact(
            statement="", entity=entity, name=name.rstrip("*?"), required=True if name.endswith("*") else None
        )
        made = self._typed(made, row)
        made = self._ruled(made, row)
        yield made
        if made.references:
            role = re.sub(r"_?id$", "", made.name, flags=re.I)
            yield RelationFact(statement="", source=entity, target=made.references, name=role, required=made.required)

    def _typed(self, made: FieldFact, row: Row) -> FieldFact:
        """Return the field with its type, members, length and bounds."""
        at = self._columns.of
        said = row.cell(at("type"))
        shape = value_type(said)
        if shape is not None:
            made = replace(
                made,
                type=shape.type,
                values=shape.values,
                items=shape.items,
                max_length=shape.max_length,
                nullable=shape.nullable,
                minimum=shape.minimum,
                references=singular(shape.element) if shape.element else "",
            )
        elif said and (found := described_field(made.entity, f"x: {said}", "")) is not None:
            made = replace(found, name=made.name, required=made.required or found.required)
        values = enum_members(row.cell(at("values")))
        if len(values) > 1 and made.type in {None, ValueType.STRING, ValueType.TEXT, ValueType.ENUM}:
            made = replace(made, type=ValueType.ENUM, values=values)
        length = re.search(r"\d{1,9}", row.cell(at("length")))
        low, high = _number(row.cell(at("minimum"))), _number(row.cell(at("maximum")))
        return replace(
            made,
            max_length=int(length.group()) if length else made.max_length,
            minimum=low if low is not None else made.minimum,
            maximum=high if high is not None else made.maximum,
            unit=row.cell(at("unit")),
        )

    def _ruled(self, made: FieldFact, row: Row) -> FieldFact:
        """Return the field with whether it must be there, its default, its key, its reference and its description."""
        at = self._columns.of
        required, nullable = row.cell(at("required")), row.cell(at("nullable"))
        if _YES.match(required) or _NO.match(required):
            made = replace(made, required=bool(_YES.match(required)))
        if re.match(r"^(?:not null|no|nein|n|✗|-|–|false|❌)$", nullable, re.I):
            made = replace(made, nullable=False, required=True)
        elif _YES.match(nullable) or re.match(r"^null$", nullable, re.I):
            made = replace(made, nullable=True)
        if _YES.match(row.cell(at("unique"))):
            made = replace(made, unique=True)
        default = row.cell(at("default")).strip("'\"")
        if default and not re.fullmatch(r"[-–—]|none|null|keine?r?", default, re.I):
            made = replace(made, default=default)
        if key := row.cell(at("key")):
            made = with_words(made, key)
        reference = re.match(r"(?:fk\s*(?:->|→|:)?\s*)?([^\W\d][\w]*)", row.cell(at("references")), re.I)
        if reference and not _NO.match(reference.group(1)) and not _YES.match(reference.group(1)):
            made = replace(made, references=singular(reference.group(1)))
        description = row.cell(at("description"))
        if not made.references and (
            match := re.search(r"\b(?:FK|foreign key|references|→)\s*(?:to|:|->|→)?\s*([^\W\d]\w*)", description)
        ):
            made = replace(made, references=singular(match.group(1)))
        if re.match(r"(?:pk|primary key|primärschlüssel)\b", description, re.I):
            made = replace(made, primary_key=True)
        listed = re.match(
            r"(?:one of|enum|values|allowed|werte|mögliche werte|eines von)\s*:?\s*(.+)$", description, re.I
        )
        values = enum_members(listed.group(1)) if listed else ()
        if len(values) > 1 and not made.values:
            made = replace(made, type=ValueType.ENUM, values=values)
        return replace(made, description=description)

    def _operation(self, row: Row) -> Iterable[AnyFact]:
        """Return the operations of an endpoint's row."""
        at = self._columns.of
        cell = row.cell(self._path_column())
        match = _METHODS_AND_PATH.match(cell)
        path = match.group(2) if match else cell.split()[0] if cell.startswith("/") else ""
        methods = match.group(1) if match else row.cell(at("method"))
        if not path:
            return
        public, roles = self._who(row)
        for method in re.findall(_METHOD, methods.upper()) or [None]:
            yield OperationFact(
                statement="",
                method=_method(method),
                path=path,
                summary=row.cell(at("summary", "description")),
                public=public,
                roles=roles,
                statuses=tuple(re.findall(r"\b[1-5]\d\d\b", row.cell(at("status")))),
            )
            for role, told in self._matrix.callers(row, self._callers):
                if told.own or told.condition:
                    yield AccessFact(
                        statement="",
                        role=role,
                        verbs=told.verbs,
                        method=_method(method),
                        path=path,
                        own=told.own,
                        condition=told.condition,
                    )

    def _who(self, row: Row) -> tuple[bool | None, tuple[str, ...]]:
        """Return whether a call is open, and its roles: of a column that names them, or of columns of ticks.

        "all" and "both" beside rows that name roles are all of these roles, and not the public.
        """
        if self._callers:
            roles = tuple(role for role, _ in self._matrix.callers(row, self._callers))
            return False if roles else None, roles
        column = self._columns.of("role")
        who = row.cell(column)
        named = any(_names_roles(other.cell(column)) for other in self._grid.rows[:200])
        if _OPEN.match(who) and not (named and _EVERY_ROLE.match(who)):
            return True, ()
        if _SIGNED_IN.match(who) or _EVERY_ROLE.match(who):
            return False, ()
        roles = tuple(part for part in re.split(r"\s*[,;/+&]\s*|\s+(?:and|und|or|oder)\s+", who) if part)
        return False if roles else None, tuple(role for role in roles if len(role) < 40)

    def _number(self, row: Row) -> Iterable[AnyFact]:
        """Return the number of a metric's row."""
        at = self._columns.of
        target = f"{row.cell(at('target'))} {row.cell(at('unit'))}"
        made = number_fact(row.cell(at("metric")), target, "")
        if made is not None:
            yield made

    def _relation(self, row: Row) -> Iterable[AnyFact]:
        """Return the relation of a row."""
        at = self._columns.of
        made = relation_between(row.cell(at("from")), row.cell(at("to")), row.cell(at("cardinality")))
        if made is not None:
            yield made

    def _state(self, row: Row) -> Iterable[AnyFact]:
        """Return the change of state of a row."""
        at = self._columns.of
        target, sources = row.cell(at("to")), row.cell(at("from"))
        if target and self._above:
            begun = re.fullmatch(r"[-–—*•●]*|\(?(?:start|none|new|initial|neu|beginn)\)?", sources, re.I)
            yield StateFact(
                statement="",
                entity=_without_states(self._above),
                target=target,
                sources=() if begun else tuple(re.split(r"\s*[,/|]\s*", sources)),
                action=row.cell(at("trigger")),
                roles=tuple(part for part in re.split(r"\s*[,/|]\s*", row.cell(at("by"))) if part)
                if at("by") != at("trigger")
                else (),
            )

    def _one_state(self, row: Row) -> Iterable[AnyFact]:
        """Return the state that a row of a list of states names."""
        if row.cell(0) and len(row.cell(0).split()) <= 3:
            yield StateFact(statement="", entity=_without_states(self._above), target=row.cell(0))

    def _service(self, row: Row) -> Iterable[AnyFact]:
        """Return the outside service of a row."""
        at = self._columns.of
        if name := row.cell(at("service")):
            way = row.cell(at("direction")).lower()
            both = bool(re.search(r"both|bi|beide", way))
            inbound = bool(re.search(r"in|ein|empfang", way)) and not re.search(r"out", way)
            direction: Literal["outbound", "inbound", "both", ""] = (
                "both" if both else "inbound" if inbound else "outbound" if way else ""
            )
            yield ServiceFact(
                statement="",
                name=name,
                purpose=row.cell(at("summary", "description")),
                protocol=row.cell(at("protocol")),
                direction=direction,
            )

    def _stack(self, row: Row) -> Iterable[AnyFact]:
        """Return the choice of a row of the stack."""
        at = self._columns.of
        made = stack_fact(row.cell(at("part")), row.cell(at("technology")), "")
        if made is not None:
            yield made

    def _entity(self, row: Row) -> Iterable[AnyFact]:
        """Return the entity of a row, with the fields that it lists."""
        at = self._columns.of
        said = row.cell(at("entity"))
        if not said or len(said.split()) > 4:
            return
        name = singular(said)
        yield EntityFact(
            statement="", name=name, plural=said if said != name else "", description=row.cell(at("description"))
        )
        for part in re.split(r",(?![^(]*\))|;", row.cell(at("fields"))):
            made = described_field(name, part.strip(), "") if part.strip() else None
            if made is not None:
                yield made

    def _role(self, row: Row) -> Iterable[AnyFact]:
        """Return the role of a row."""
        if (name := row.cell(0)) and len(name.split()) <= 4:
            yield RoleFact(statement="", name=name, description=row.cell(self._columns.of("description", "summary")))
            for cell in row.cells[1:]:
                yield from granted_in(name, cell, "")


_STATE_OF = re.compile(
    r"^(?:(?P<before>[\w-]+) )?(?:states?|status|zustand|zustände)(?: (?:of|von|des|der|eines|einer)(?: "
    r"an?| the| each)? (?P<thing>[\w-]+))?$",
    re.I,
)


def _without_states(title: str) -> str:
    """Return the thing of "Permit states"."""
    return re.sub(
        r"\s*(?:states?|status(?:es)?|lifecycle|workflow|transitions?|zustände|übergänge)$", "", title, flags=re.I
    )


def _names_roles(who: str) -> bool:
    return bool(who) and not (_OPEN.match(who) or _SIGNED_IN.match(who) or _EVERY_ROLE.match(who))


def relation_between(one: str, other: str, said: str) -> RelationFact | None:
    """Return the relation of two things by its cardinality: the many side is the source."""
    if not one or not other:
        return None
    match = _CARDINALITY.match(said)
    left_many, right_many = (
        (bool(_MANY.search(match.group(1))), bool(_MANY.search(match.group(2)))) if match else (False, True)
    )
    if counted := _COUNTED_SIDES.match(said) if match is None else None:
        left_many, right_many = not counted["one"], bool(counted["many"])
    elif match is None:
        left_many = bool(re.search(r"many.?to|belongs|gehört|n:|m:", said, re.I))
        right_many = not left_many or bool(re.search(r"to.?many|:n|:m", said, re.I))
    source, target = (one, other) if left_many and not right_many else (other, one)
    if left_many and right_many:
        source, target = one, other
    return RelationFact(
        statement="",
        source=singular(source.strip()),
        target=singular(target.strip()),
        cardinality="many_to_many"
        if left_many and right_many
        else "many_to_one"
        if left_many or right_many
        else "one_to_one",
    )


def stack_fact(part: str, technology: str, statement: str) -> StackFact | None:
    """Return the choice for a part of the stack; None if the part is none of a backend's."""
    known = next((name for pattern, name in PARTS if re.search(pattern, part, re.I)), None)
    match = re.match(r"\s*([A-Za-z][\w.+#/-]*(?:\s+(?:on\s+)?[A-Z][\w.+#-]*)*)\s*(?:v?(\d[\w.]*))?", technology[:200])
    if known is None or match is None:
        return None
    if match.group(1).lower() in _LANGUAGES:
        known = "language"
    return StackFact(statement=statement, part=known, name=match.group(1), version=match.group(2) or "")


def _method(said: str | None) -> Method | None:
    """Return an HTTP method."""
    return next((method for method in get_args(Method) if method == said), None)


def _number(said: str) -> float | None:
    """Return a cell's number."""
    match = re.fullmatch(r"-?\d{1,15}(?:\.\d{1,9})?", said.strip())
    return float(match.group()) if match else None
