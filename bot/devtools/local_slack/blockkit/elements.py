"""Block elements: docs.slack.dev/reference/block-kit/block-elements."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.devtools.local_slack.blockkit.composition import (
    Confirm,
    DispatchConfig,
    Id255,
    Plain75,
    Plain150,
    PlainText,
    RichOption,
    SlackFile,
    Strict,
    Url,
    Value2000,
    refuse,
)
from bot.devtools.local_slack.blockkit.rich_text import RichTextBlock

Label75 = Annotated[str, Field(max_length=75)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
UpTo10 = Annotated[list[RichOption], Field(min_length=1, max_length=10)]


class Actionable(Strict):
    """Anything that a person can act on."""

    action_id: Id255 | None = None


class Confirmable(Actionable):
    """An element that may ask before it acts and may take the focus."""

    confirm: Confirm | None = None
    focus_on_load: bool | None = None


class Dispatching(Actionable):
    """A typed input."""

    placeholder: Plain150 | None = None
    dispatch_action_config: DispatchConfig | None = None
    focus_on_load: bool | None = None


class Button(Actionable):
    """`button`."""

    type: Literal["button"]
    text: Plain75
    url: Url | None = None
    value: Value2000 | None = None
    style: Literal["primary", "danger"] | None = None
    confirm: Confirm | None = None
    accessibility_label: Label75 | None = None


class TriggerParameter(Strict):
    """A named value handed to a workflow."""

    name: str
    value: str


class Trigger(Strict):
    """A link trigger of a workflow."""

    url: str
    customizable_input_parameters: list[TriggerParameter] | None = None


class Workflow(Strict):
    """What a workflow button starts."""

    trigger: Trigger


class WorkflowButton(Actionable):
    """`workflow_button`."""

    type: Literal["workflow_button"]
    text: Plain75
    workflow: Workflow
    style: Literal["primary", "danger"] | None = None
    confirm: Confirm | None = None
    accessibility_label: Label75 | None = None


class FeedbackChoice(Strict):
    """One half of a pair of feedback buttons."""

    text: Plain75
    value: Value2000
    accessibility_label: Label75 | None = None


class FeedbackButtons(Actionable):
    """`feedback_buttons`."""

    type: Literal["feedback_buttons"]
    positive_button: FeedbackChoice
    negative_button: FeedbackChoice


class IconButton(Actionable):
    """`icon_button`."""

    type: Literal["icon_button"]
    icon: str
    text: PlainText
    value: Value2000 | None = None
    visible_to_user_ids: list[str] | None = None
    confirm: Confirm | None = None
    accessibility_label: Label75 | None = None


class Checkboxes(Confirmable):
    """`checkboxes`."""

    type: Literal["checkboxes"]
    options: UpTo10
    initial_options: UpTo10 | None = None

    @model_validator(mode="after")
    def _initial_among_options(self) -> Self:
        if any(option not in self.options for option in self.initial_options or ()):
            raise refuse("must match an option in `options`", at="initial_options")
        return self


class RadioButtons(Confirmable):
    """`radio_buttons`."""

    type: Literal["radio_buttons"]
    options: UpTo10
    initial_option: RichOption | None = None

    @model_validator(mode="after")
    def _initial_among_options(self) -> Self:
        if self.initial_option is not None and self.initial_option not in self.options:
            raise refuse("must match an option in `options`", at="initial_option")
        return self


class Datepicker(Confirmable):
    """`datepicker`."""

    type: Literal["datepicker"]
    placeholder: Plain150 | None = None
    initial_date: Day | None = None


class Timepicker(Confirmable):
    """`timepicker`."""

    type: Literal["timepicker"]
    placeholder: Plain150 | None = None
    initial_time: Clock | None = None
    timezone: str | None = None


class DateTimepicker(Confirmable):
    """`datetimepicker`."""

    type: Literal["datetimepicker"]
    initial_date_time: Annotated[int, Field(ge=10**9, lt=10**10)] | None = None


class PlainTextInput(Dispatching):
    """`plain_text_input`."""

    type: Literal["plain_text_input"]
    multiline: bool | None = None
    initial_value: Annotated[str, Field(max_length=3000)] | None = None
    min_length: Annotated[int, Field(ge=0, le=3000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=3000)] | None = None

    @model_validator(mode="after")
    def _lengths_in_order(self) -> Self:
        if self.max_length is not None and (self.min_length or 0) > self.max_length:
            raise refuse("must be less than or equal to `max_length`", at="min_length")
        if self.max_length is not None and len(self.initial_value or "") > self.max_length:
            raise refuse(f"must be less than {self.max_length + 1} characters", at="initial_value")
        return self


class EmailInput(Dispatching):
    """`email_text_input`."""

    type: Literal["email_text_input"]
    initial_value: str | None = None


class UrlInput(Dispatching):
    """`url_text_input`."""

    type: Literal["url_text_input"]
    initial_value: str | None = None


class NumberInput(Dispatching):
    """`number_input`: its bounds are strings."""

    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: Number | None = None
    min_value: Number | None = None
    max_value: Number | None = None

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        low, high = self.min_value, self.max_value
        if low is not None and high is not None and float(low) > float(high):
            raise refuse("must be less than or equal to `max_value`", at="min_value")
        return self


class RichTextInput(Dispatching):
    """`rich_text_input`."""

    type: Literal["rich_text_input"]
    initial_value: RichTextBlock | None = None
    min_lines: Annotated[int, Field(ge=1, le=100)] | None = None
    max_lines: Annotated[int, Field(ge=1, le=100)] | None = None


class FileInput(Actionable):
    """`file_input`: modals only."""

    type: Literal["file_input"]
    filetypes: list[str] | None = None
    max_files: Annotated[int, Field(ge=1, le=10)] | None = None


class ImageElement(Strict):
    """`image` inside a section or a context."""

    type: Literal["image"]
    alt_text: Annotated[str, Field(max_length=2000)]
    image_url: Url | None = None
    slack_file: SlackFile | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise refuse("must define exactly one of `image_url` or `slack_file`")
        return self
