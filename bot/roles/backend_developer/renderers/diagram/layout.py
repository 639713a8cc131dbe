"""Where things stand in the picture: columns of boxes, what is pointed at to the left of what points at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.roles.backend_developer.blueprint import Blueprint, Cardinality
from bot.roles.backend_developer.blueprint.keys import relation_columns
from bot.roles.backend_developer.renderers.tables import Column, TableShape, tables, tenant

ROW = 20
HEAD = 34
FOOT = 10
GAP_X = 96
GAP_Y = 34
MARGIN = 36
TOP = 108
MAX_ROWS = 16
COLUMN_HEIGHT = 1180
CHAR = 7.3
"""Width in pixels that a character of the rows takes at most, in the fonts that the picture asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a box: PK, FK, UK or nothing; the column's name; its type."""

    mark: str
    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An entity's box; pixels, origin at the top left. `hidden` counts the rows left out."""

    entity: str
    table: str
    tenant_scoped: bool
    rows: tuple[Row, ...]
    hidden: int
    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        """Height with its head and its foot."""
        return _height(len(self.rows), self.hidden)

    def row_y(self, name: str) -> float:
        """Return the middle of a row, or that of the head if the row is not shown."""
        for i, row in enumerate(self.rows):
            if row.name == name:
                return self.y + HEAD + ROW * i + ROW / 2 + 4
        return self.y + HEAD / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A relation as it is drawn: from the box that holds the key to the box that it points at."""

    source: str
    target: str
    key: str
    name: str
    cardinality: Cardinality
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything placed; width and height in pixels."""

    boxes: dict[str, Box]
    lines: tuple[Line, ...]
    width: float
    height: float


def place(blueprint: Blueprint) -> Picture:
    """Lay the blueprint out; the same blueprint always looks the same."""
    shapes = {shape.entity: shape for shape in tables(blueprint) if shape.entity}
    lines = _lines(blueprint)
    columns = _columns(shapes, lines)
    boxes: dict[str, Box] = {}
    x = float(MARGIN)
    tallest = max((sum(_shape_height(shapes[n]) + GAP_Y for n in names) for names in columns), default=0.0)
    for names in columns:
        width = max(_width(shapes[name]) for name in names)
        own = sum(_shape_height(shapes[name]) + GAP_Y for name in names)
        y = TOP + (tallest - own) / 2
        for name in names:
            boxes[name] = _box(shapes[name], x, y, width)
            y += _shape_height(shapes[name]) + GAP_Y
        x += width + GAP_X
    return Picture(boxes=boxes, lines=lines, width=max(x - GAP_X + MARGIN + 24, 320.0), height=TOP + tallest + MARGIN)


def _lines(blueprint: Blueprint) -> tuple[Line, ...]:
    # Every scoped table points at the tenant: a line each would hide all the others, so colour says it instead.
    owner = tenant(blueprint)
    return tuple(
        Line(
            source=r.source,
            target=r.target,
            key="id" if r.cardinality is Cardinality.MANY_TO_MANY else relation_columns(blueprint, r)[-1],
            name=r.name.replace("_", " "),
            cardinality=r.cardinality,
            required=r.required,
        )
        for r in blueprint.relations
        if not (owner and r.target == owner.name and r.name == "tenant")
    )


def _columns(shapes: dict[str, TableShape], lines: Sequence[Line]) -> list[list[str]]:
    linked = {end for line in lines for end in (line.source, line.target)}
    ranks = _ranks([name for name in shapes if name in linked], lines)
    columns: list[list[str]] = []
    order: dict[str, float] = {}
    for rank in sorted(set(ranks.values())):
        members = [name for name in shapes if ranks.get(name) == rank]
        members.sort(key=lambda name: _pull(name, lines, order))
        order |= {name: float(i) for i, name in enumerate(members)}
        columns += _split(members, shapes)
    # What no line leads to stands apart, where it is in no line's way.
    loose = [name for name in shapes if name not in linked]
    return columns + (_split(loose, shapes) if loose else [])


def _ranks(names: Sequence[str], lines: Sequence[Line]) -> dict[str, int]:
    """Return how far each stands from what nothing else is needed for; circles are cut where they close."""
    points = {name: [ln.target for ln in lines if ln.source == name and ln.target != name] for name in names}
    ranks: dict[str, int] = {}

    def rank(name: str, above: frozenset[str]) -> int:
        if name not in ranks:
            free = [target for target in points[name] if target not in above]
            found = 1 + max((rank(target, above | {name}) for target in free), default=-1)
            ranks.setdefault(name, found)
        return ranks[name]

    for name in names:
        rank(name, frozenset({name}))
    return ranks


def _pull(name: str, lines: Sequence[Line], order: dict[str, float]) -> float:
    """Return the mean place of the neighbours placed already, which keeps lines short."""
    near = [order[ln.target] for ln in lines if ln.source == name and ln.target in order]
    return sum(near) / len(near) if near else 0.0


def _split(members: Sequence[str], shapes: dict[str, TableShape]) -> list[list[str]]:
    columns: list[list[str]] = [[]]
    filled = 0.0
    for name in members:
        height = _shape_height(shapes[name]) + GAP_Y
        if columns[-1] and filled + height > COLUMN_HEIGHT:
            columns.append([])
            filled = 0.0
        columns[-1].append(name)
        filled += height
    return columns


def _box(shape: TableShape, x: float, y: float, width: float) -> Box:
    rows = _rows(shape)
    return Box(
        entity=shape.entity,
        table=shape.name,
        tenant_scoped=shape.tenant_scoped,
        rows=rows,
        hidden=len(shape.columns) - len(rows),
        x=x,
        y=y,
        width=width,
    )


def _rows(shape: TableShape) -> tuple[Row, ...]:
    shown = shape.columns if len(shape.columns) <= MAX_ROWS else shape.columns[: MAX_ROWS - 1]
    unique = {key.columns[-1] for key in shape.keys if key.unique}
    return tuple(
        Row(mark=_mark(column, unique, shape.primary_key), name=column.name, type=column.type, required=column.required)
        for column in shown
    )


def _mark(column: Column, unique: set[str], primary: tuple[str, ...]) -> str:
    if column.name in primary and not (column.references and len(primary) > 1):
        return "PK"
    if column.references:
        return "FK"
    return "UK" if column.name in unique else ""


def _height(rows: int, hidden: int) -> float:
    return HEAD + ROW * (rows + bool(hidden)) + FOOT


def _shape_height(shape: TableShape) -> float:
    shown = len(_rows(shape))
    return _height(shown, len(shape.columns) - shown)


def _width(shape: TableShape) -> float:
    rows = max(len(row.name) + len(row.type) for row in _rows(shape))
    return max(200.0, 62 + CHAR * (rows + 2), 40 + 8.6 * (len(shape.entity) + 1) + 6.4 * len(shape.name))
