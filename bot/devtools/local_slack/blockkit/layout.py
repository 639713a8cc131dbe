"""Blocks: docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.devtools.local_slack.blockkit.block import Block
from bot.devtools.local_slack.blockkit.composition import (
    Mrkdwn,
    Mrkdwn150,
    Mrkdwn200,
    Plain150,
    Plain2000,
    PlainText,
    SlackFile,
    Text,
    Text150,
    Text2000,
    Url,
    UrlSource,
    refuse,
)
from bot.devtools.local_slack.blockkit.data_blocks import DataTable, DataVisualization, Table
from bot.devtools.local_slack.blockkit.elements import (
    Button,
    Checkboxes,
    Datepicker,
    DateTimepicker,
    EmailInput,
    FeedbackButtons,
    FileInput,
    IconButton,
    ImageElement,
    NumberInput,
    PlainTextInput,
    RadioButtons,
    RichTextInput,
    Timepicker,
    UrlInput,
    WorkflowButton,
)
from bot.devtools.local_slack.blockkit.menus import Overflow, Selects
from bot.devtools.local_slack.blockkit.rich_text import RichTextBlock

Choosing = Checkboxes | Datepicker | Timepicker | RadioButtons | Selects
Accessory = Annotated[Button | WorkflowButton | ImageElement | Overflow | Choosing, Field(discriminator="type")]
Action = Annotated[
    Button | WorkflowButton | Overflow | DateTimepicker | RichTextInput | Choosing, Field(discriminator="type")
]
Input = Annotated[
    PlainTextInput | EmailInput | UrlInput | NumberInput | RichTextInput | FileInput | DateTimepicker | Choosing,
    Field(discriminator="type"),
]


class Section(Block):
    """`section`."""

    type: Literal["section"]
    text: Text | None = None
    fields: Annotated[list[Text2000], Field(min_length=1, max_length=10)] | None = None
    accessory: Accessory | None = None
    expand: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.fields is None:
            raise refuse("must define either `text` or `fields`")
        return self


class Header(Block):
    """`header`."""

    type: Literal["header"]
    text: Plain150


class Divider(Block):
    """`divider`."""

    type: Literal["divider"]


class Context(Block):
    """`context`."""

    type: Literal["context"]
    elements: Annotated[
        list[Annotated[ImageElement | PlainText | Mrkdwn, Field(discriminator="type")]],
        Field(min_length=1, max_length=10),
    ]


class Actions(Block):
    """`actions`."""

    type: Literal["actions"]
    elements: Annotated[list[Action], Field(min_length=1, max_length=25)]


class ContextActions(Block):
    """`context_actions`."""

    type: Literal["context_actions"]
    elements: Annotated[
        list[Annotated[FeedbackButtons | IconButton, Field(discriminator="type")]], Field(min_length=1, max_length=5)
    ]


class InputBlock(Block):
    """`input`."""

    type: Literal["input"]
    label: Plain2000
    element: Input
    hint: Plain2000 | None = None
    optional: bool | None = None
    dispatch_action: bool | None = None


class Image(Block):
    """`image`."""

    type: Literal["image"]
    alt_text: Annotated[str, Field(max_length=2000)]
    title: Plain2000 | None = None
    image_url: Url | None = None
    slack_file: SlackFile | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise refuse("must define exactly one of `image_url` or `slack_file`")
        return self


class Markdown(Block):
    """`markdown`; the sum over a payload is bounded in `check`."""

    type: Literal["markdown"]
    text: Annotated[str, Field(min_length=1, max_length=12_000)]


class TaskCard(Block):
    """`task_card`."""

    type: Literal["task_card"]
    task_id: str
    title: Annotated[str, Field(min_length=1)]
    status: Literal["pending", "in_progress", "complete", "error"]
    details: RichTextBlock | None = None
    output: RichTextBlock | None = None
    sources: list[UrlSource] | None = None


class Plan(Block):
    """`plan`: a list of task cards."""

    type: Literal["plan"]
    title: Annotated[str, Field(min_length=1)]
    tasks: Annotated[list[TaskCard], Field(max_length=50)] | None = None


class File(Block):
    """`file`: a remote file."""

    type: Literal["file"]
    external_id: str
    source: Literal["remote"]


class Video(Block):
    """`video`."""

    type: Literal["video"]
    title: PlainText
    alt_text: str
    video_url: str
    thumbnail_url: str
    title_url: str | None = None
    description: PlainText | None = None
    author_name: str | None = None
    provider_name: str | None = None
    provider_icon_url: str | None = None


class Alert(Block):
    """`alert`."""

    type: Literal["alert"]
    text: Text
    level: Literal["default", "info", "warning", "error", "success"] | None = None


class Card(Block):
    """`card`."""

    type: Literal["card"]
    title: Mrkdwn150 | None = None
    subtitle: Mrkdwn150 | None = None
    body: Mrkdwn200 | None = None
    icon: ImageElement | None = None
    hero_image: ImageElement | None = None
    actions: list[Button] | None = None


class Carousel(Block):
    """`carousel`."""

    type: Literal["carousel"]
    elements: Annotated[list[Card], Field(min_length=1, max_length=10)]


Nested = Actions | Context | Divider | File | Header | Image | InputBlock | RichTextBlock | Section | Table | Video


class Container(Block):
    """`container`."""

    type: Literal["container"]
    child_blocks: Annotated[list[Annotated[Nested, Field(discriminator="type")]], Field(min_length=1, max_length=10)]
    title: Plain150 | None = None
    rich_text_title: RichTextBlock | None = None
    subtitle: Text150 | None = None
    icon: ImageElement | None = None
    width: Literal["narrow", "standard", "wide", "full"] | None = None
    is_collapsible: bool | None = None
    default_collapsed: bool | None = None
    has_header_divider: bool | None = None


AnyBlock = Annotated[
    Nested
    | ContextActions
    | Markdown
    | DataTable
    | DataVisualization
    | TaskCard
    | Plan
    | Alert
    | Card
    | Carousel
    | Container,
    Field(discriminator="type"),
]
MessageBlocks = Annotated[list[AnyBlock], Field(max_length=50)]
