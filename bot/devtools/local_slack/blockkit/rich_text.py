"""The `rich_text` block and its elements: docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.devtools.local_slack.blockkit.composition import Id255, Strict


class Style(Strict):
    """How a piece of rich text looks."""

    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    underline: bool | None = None
    code: bool | None = None


class RichText(Strict):
    """A run of text."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1)]
    style: Style | None = None


class RichLink(Strict):
    """A link."""

    type: Literal["link"]
    url: str
    text: str | None = None
    unsafe: bool | None = None
    style: Style | None = None


class RichEmoji(Strict):
    """An emoji by name."""

    type: Literal["emoji"]
    name: str
    unicode: str | None = None
    url: str | None = None
    style: Style | None = None


class RichUser(Strict):
    """A mention of a person."""

    type: Literal["user"]
    user_id: str
    style: Style | None = None


class RichUsergroup(Strict):
    """A mention of a user group."""

    type: Literal["usergroup"]
    usergroup_id: str
    style: Style | None = None


class RichTeam(Strict):
    """A mention of a workspace."""

    type: Literal["team"]
    team_id: str
    style: Style | None = None


class RichChannel(Strict):
    """A mention of a channel."""

    type: Literal["channel"]
    channel_id: str
    style: Style | None = None


class RichBroadcast(Strict):
    """@here, @channel or @everyone."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]
    style: Style | None = None


class RichDate(Strict):
    """A time shown in the reader's zone."""

    type: Literal["date"]
    timestamp: int
    format: str
    url: str | None = None
    fallback: str | None = None
    style: Style | None = None


class RichColor(Strict):
    """A colour swatch."""

    type: Literal["color"]
    value: str
    style: Style | None = None


Inline = Annotated[
    RichText
    | RichLink
    | RichEmoji
    | RichUser
    | RichUsergroup
    | RichTeam
    | RichChannel
    | RichBroadcast
    | RichDate
    | RichColor,
    Field(discriminator="type"),
]
Border = Annotated[int, Field(ge=0, le=1)]


class RichSection(Strict):
    """A paragraph."""

    type: Literal["rich_text_section"]
    elements: list[Inline]


class RichList(Strict):
    """A bulleted or numbered list."""

    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[RichSection]
    indent: Annotated[int, Field(ge=0, le=8)] | None = None
    border: Border | None = None


class RichQuote(Strict):
    """A quotation."""

    type: Literal["rich_text_quote"]
    elements: list[Inline]
    border: Border | None = None


class RichPreformatted(Strict):
    """A block of code."""

    type: Literal["rich_text_preformatted"]
    elements: list[Annotated[RichText | RichLink, Field(discriminator="type")]]
    border: Border | None = None


class RichTextBlock(Strict):
    """`rich_text`."""

    type: Literal["rich_text"]
    elements: list[Annotated[RichSection | RichList | RichQuote | RichPreformatted, Field(discriminator="type")]]
    block_id: Id255 | None = None
