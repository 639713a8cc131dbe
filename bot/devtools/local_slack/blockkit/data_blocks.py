"""Blocks that show data: tables and charts, docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.devtools.local_slack.blockkit.block import Block
from bot.devtools.local_slack.blockkit.composition import RawNumber, RawText, Strict, refuse
from bot.devtools.local_slack.blockkit.rich_text import RichTextBlock

Cell = Annotated[RichTextBlock | RawText | RawNumber, Field(discriminator="type")]
Row = Annotated[list[Cell], Field(min_length=1, max_length=20)]


class Column(Strict):
    """How a column of a table is set."""

    align: Literal["left", "center", "right"] | None = None
    is_wrapped: bool | None = None


class Table(Block):
    """`table`: at most 100 rows of 20 cells, one table a message."""

    type: Literal["table"]
    rows: Annotated[list[Row], Field(min_length=1, max_length=100)]
    column_settings: Annotated[list[Column | None], Field(max_length=20)] | None = None


class DataTable(Block):
    """`data_table`."""

    type: Literal["data_table"]
    caption: str
    rows: Annotated[list[list[Cell]], Field(min_length=1)]
    page_size: Annotated[int, Field(ge=1, le=100)] | None = None
    row_header_column_index: Annotated[int, Field(ge=0)] | None = None


Label = Annotated[str, Field(min_length=1, max_length=20)]
Title = Annotated[str, Field(min_length=1, max_length=50)]


class Point(Strict):
    """A value of a chart."""

    label: Label
    value: float


class Series(Strict):
    """Values under one name."""

    name: Label
    data: Annotated[list[Point], Field(min_length=1, max_length=20)]


class Axes(Strict):
    """The categories below a chart, and what its axes are called."""

    categories: Annotated[list[Label], Field(min_length=1, max_length=20)]
    x_label: Title | None = None
    y_label: Title | None = None


class Lines(Strict):
    """A chart with axes. Every series has a point for each category."""

    type: Literal["line", "bar", "area"]
    series: Annotated[list[Series], Field(min_length=1, max_length=6)]
    axis_config: Axes

    @model_validator(mode="after")
    def _labels_match(self) -> Self:
        names = [one.name for one in self.series]
        if len(set(names)) != len(names):
            raise refuse("series names must be unique")
        if any([point.label for point in one.data] != self.axis_config.categories for one in self.series):
            raise refuse("labels must match the axis categories")
        return self


class Segment(Strict):
    """A slice."""

    label: Label
    value: Annotated[float, Field(gt=0)]


class Pie(Strict):
    """A pie."""

    type: Literal["pie"]
    segments: Annotated[list[Segment], Field(min_length=1, max_length=6)]


class DataVisualization(Block):
    """`data_visualization`: at most two a message, see `check`."""

    type: Literal["data_visualization"]
    title: Title
    chart: Annotated[Lines | Pie, Field(discriminator="type")]
