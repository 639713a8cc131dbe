"""Composition objects: text, options, confirmation dialogs.

Lengths: docs.slack.dev/reference/block-kit/composition-objects.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """A part of a payload: no unknown keys, no silent conversion of types, as at Slack."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _absent_rather_than_null(cls, data: Any) -> Any:
        empty = next((key for key, value in data.items() if value is None), None) if isinstance(data, dict) else None
        if empty is not None:
            raise refuse("must not be null", at=empty)
        return data


def refuse(message: str, *, at: str = "") -> PydanticCustomError:
    """Make a fault in Slack's words; `at` is the path below the object that is being checked."""
    return PydanticCustomError("slack", "{message}", {"message": message, "at": at})


class PlainText(Strict):
    """`plain_text`."""

    type: Literal["plain_text"]
    text: Annotated[str, Field(min_length=1, max_length=3000)]
    emoji: bool | None = None


class Mrkdwn(Strict):
    """`mrkdwn`."""

    type: Literal["mrkdwn"]
    text: Annotated[str, Field(min_length=1, max_length=3000)]
    verbatim: bool | None = None


Text = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]


def at_most(limit: int) -> AfterValidator:
    """Bound the characters of a text object more tightly than its own 3,000."""

    def check(value: PlainText | Mrkdwn) -> PlainText | Mrkdwn:
        if len(value.text) > limit:
            raise refuse(f"must be less than {limit + 1} characters", at="text")
        return value

    return AfterValidator(check)


Plain24 = Annotated[PlainText, at_most(24)]
Plain30 = Annotated[PlainText, at_most(30)]
Plain75 = Annotated[PlainText, at_most(75)]
Plain100 = Annotated[PlainText, at_most(100)]
Plain150 = Annotated[PlainText, at_most(150)]
Plain2000 = Annotated[PlainText, at_most(2000)]
Mrkdwn75 = Annotated[Mrkdwn, at_most(75)]
Mrkdwn150 = Annotated[Mrkdwn, at_most(150)]
Mrkdwn200 = Annotated[Mrkdwn, at_most(200)]
Text75 = Annotated[Text, at_most(75)]
Text150 = Annotated[Text, at_most(150)]
Text300 = Annotated[Text, at_most(300)]
Text2000 = Annotated[Text, at_most(2000)]
Id255 = Annotated[str, Field(min_length=1, max_length=255)]
Url = Annotated[str, Field(min_length=1, max_length=3000, pattern=r"^[a-zA-Z][a-zA-Z0-9+.-]*:")]
Value2000 = Annotated[str, Field(max_length=2000)]


class Confirm(Strict):
    """The dialog that asks before an action."""

    title: Plain100 | None = None
    text: Text300
    confirm: Plain30 | None = None
    deny: Plain30 | None = None
    style: Literal["primary", "danger"] | None = None


class Option(Strict):
    """An option of a select menu or an overflow menu: plain text only."""

    text: Plain75
    value: Annotated[str, Field(max_length=75)] | None = None
    description: Plain75 | None = None
    url: Url | None = None


class RichOption(Strict):
    """An option of checkboxes and radio buttons: mrkdwn allowed."""

    text: Text75
    value: Annotated[str, Field(max_length=75)] | None = None
    description: Text75 | None = None
    url: Url | None = None


class OptionGroup(Strict):
    """A labelled group of options."""

    label: Plain75
    options: Annotated[list[Option], Field(min_length=1, max_length=100)]


class DispatchConfig(Strict):
    """When an input with `dispatch_action` sends block_actions."""

    trigger_actions_on: (
        Annotated[list[Literal["on_enter_pressed", "on_character_entered"]], Field(min_length=1, max_length=2)] | None
    ) = None


class ConversationFilter(Strict):
    """Which conversations a menu lists."""

    include: Annotated[list[Literal["im", "mpim", "private", "public"]], Field(min_length=1)] | None = None
    exclude_external_shared_channels: bool | None = None
    exclude_bot_users: bool | None = None


class SlackFileById(Strict):
    """An image that was uploaded to Slack, by id."""

    id: str


class SlackFileByUrl(Strict):
    """An image that was uploaded to Slack, by url."""

    url: str


SlackFile = SlackFileById | SlackFileByUrl


class UrlSource(Strict):
    """A source named by a task card."""

    type: Literal["url"]
    url: Url
    text: str


class RawText(Strict):
    """A table cell of text."""

    type: Literal["raw_text"]
    text: Annotated[str, Field(min_length=1)]


class RawNumber(Strict):
    """A table cell of a number, with the text to show for it."""

    type: Literal["raw_number"]
    value: float
    text: Annotated[str, Field(min_length=1)]


Json = dict[str, Any]
