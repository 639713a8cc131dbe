"""Columns as annotations of pydantic models: what callers may send, and what they get."""

from __future__ import annotations

from collections.abc import Mapping

from bot.roles.backend_developer.blueprint import FieldType
from bot.roles.backend_developer.renderers.openapi.schemas import writable
from bot.roles.backend_developer.renderers.openapi.values import value_column
from bot.roles.backend_developer.renderers.service.naming import Names, described, field_name, text
from bot.roles.backend_developer.renderers.shapes import Column, TableShape
from bot.roles.backend_developer.renderers.values import LENGTHS, MAX_ITEMS, number

_SENT: dict[FieldType, str] = {
    FieldType.UUID: "t.UUID",
    FieldType.STRING: "t.String",
    FieldType.TEXT: "t.LongText",
    FieldType.INTEGER: "t.Integer",
    FieldType.BIGINT: "t.BigInteger",
    FieldType.DECIMAL: "t.DecimalText",
    FieldType.MONEY: "t.DecimalText",
    FieldType.FLOAT: "t.Float",
    FieldType.BOOLEAN: "bool",
    FieldType.DATE: "t.date",
    FieldType.TIME: "t.TimeOfDay",
    FieldType.TIMESTAMP: "t.Moment",
    FieldType.DURATION: "t.timedelta",
    FieldType.JSON: "t.JsonObject",
    FieldType.OBJECT: "t.JsonObject",
    FieldType.EMAIL: "t.Email",
    FieldType.URL: "t.Url",
    FieldType.BINARY: "t.Binary",
    FieldType.FILE: "t.File",
    FieldType.POINT: "t.Point",
}
_GOT: dict[FieldType, str] = {
    FieldType.UUID: "t.UUID",
    FieldType.INTEGER: "int",
    FieldType.BIGINT: "int",
    FieldType.DECIMAL: "t.Decimal",
    FieldType.MONEY: "t.Decimal",
    FieldType.FLOAT: "float",
    FieldType.BOOLEAN: "bool",
    FieldType.DATE: "t.date",
    FieldType.TIME: "t.time",
    FieldType.TIMESTAMP: "t.datetime",
    FieldType.DURATION: "t.timedelta",
    FieldType.JSON: "dict[str, typing.Any]",
    FieldType.OBJECT: "dict[str, typing.Any]",
    FieldType.BINARY: "t.Base64",
    FieldType.POINT: "t.StoredPoint",
}
_INTEGERS = frozenset({FieldType.INTEGER, FieldType.BIGINT, FieldType.FLOAT})


def got(column: Column) -> str:
    """Return the annotation of a value that callers get, null aside."""
    if column.type is FieldType.ARRAY:
        if column.nested:
            return "list[typing.Any]"
        return f"list[{got(_element(column))}]"
    return _GOT.get(column.type, "str")


class Sent:
    """Annotations of what callers send; classes of nested objects are written beside them."""

    def __init__(
        self, names: Names, owner: str, shapes: Mapping[str, TableShape], within: frozenset[str] = frozenset()
    ) -> None:
        self._names = names
        self._owner = owner
        self._shapes = shapes
        self._within = within
        self.classes: list[str] = []

    def annotation(self, column: Column) -> str:
        """Return the annotation of a value, null aside."""
        if column.currency:
            return "t.Currency"
        if column.type is FieldType.ENUM:
            return f"typing.Literal[{', '.join(text(value) for value in column.values)}]"
        if column.type is FieldType.ARRAY:
            items = self.annotation(_element(column))
            bounds = f"min_length={column.min_length}, max_length={column.max_length or MAX_ITEMS}"
            return f"typing.Annotated[list[{items}], t.Field({bounds})]"
        if column.type is FieldType.OBJECT and column.entity in self._shapes:
            # An object within itself has no end: there it may be any.
            return "t.JsonObject" if column.entity in self._within else self._class(column)
        if column.type is FieldType.OBJECT and column.fields:
            return self._class(column)
        return _bounded(column)

    def model(self, name: str, base: str, doc: str, columns: tuple[Column, ...], *, partial: bool = False) -> str:
        """Return a model; `partial`: every field may be left out."""
        lines = [f"class {name}({base}):", f'    """{described(doc)}"""', ""]
        lines += [self.field(column, optional=partial or column.optional_input) for column in columns]
        return "\n".join(lines) + "\n"

    def field(self, column: Column, *, optional: bool) -> str:
        """Return one field of a model."""
        kind = self.annotation(column) + ("" if column.required else " | None")
        return written(column.name, kind, "t.UNSET" if optional else "")

    def _class(self, column: Column) -> str:
        name = self._names.type(f"{self._owner}_{column.name}")
        inner = Sent(self._names, name, self._shapes, self._within | {column.entity})
        columns = tuple({field.name: value_column(field) for field in column.fields}.values())
        if column.entity in self._shapes:
            columns = writable(self._shapes[column.entity])
        made = inner.model(name, "t.Body", f"The object {column.name}", columns)
        self.classes += [*inner.classes, made]
        return name


def written(name: str, kind: str, default: str) -> str:
    """Return one line of a model; what Python cannot call a field is called by its alias outside."""
    python = field_name(name)
    if python == name:
        return f"    {name}: {kind}" + (f" = {default}" if default else "")
    told = f"default={default}, " if default else ""
    return f"    {python}: {kind} = t.Field({told}alias={text(name)})"


def _element(column: Column) -> Column:
    kind = FieldType.JSON if column.items is FieldType.ARRAY else column.items
    return Column(
        name=column.name, type=kind, values=column.values, entity=column.entity, fields=column.fields,
        minimum=column.minimum, maximum=column.maximum,
    )  # fmt: skip


def _bounded(column: Column) -> str:
    kind, base = column.type, _SENT[column.type]
    parts: list[str] = []
    if kind in _INTEGERS:
        said = {"ge": column.minimum, "le": column.maximum}
        found = ", ".join(f"{word}={number(bound)}" for word, bound in said.items() if bound is not None)
        parts += [f"t.Field({found})"] if found else []
    elif kind in (FieldType.DECIMAL, FieldType.MONEY):
        if column.minimum is not None or column.maximum is not None:
            ends = (text(number(b)) if b is not None else "None" for b in (column.minimum, column.maximum))
            parts.append(f"t.between({', '.join(ends)})")
    elif kind in LENGTHS:
        longest = column.max_length or LENGTHS[kind]
        if column.max_length > LENGTHS[kind] and base in ("t.String", "t.LongText", "t.File"):
            base = "t.Text"
        if column.max_length or column.min_length:
            shortest = f"min_length={column.min_length}, " if column.min_length else ""
            parts.append(f"t.Field({shortest}max_length={longest})")
        if column.pattern:
            parts.append(f"t.matches({text(column.pattern)})")
    elif kind is FieldType.BINARY and column.max_length:
        parts.append(f"t.Field(max_length={column.max_length})")
    return f"typing.Annotated[{base}, {', '.join(parts)}]" if parts else base
