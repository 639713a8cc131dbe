"""Select menus and the overflow menu: docs.slack.dev/reference/block-kit/block-elements/select-menu-element."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.devtools.local_slack.blockkit.composition import (
    Confirm,
    ConversationFilter,
    Option,
    OptionGroup,
    Plain150,
    refuse,
)
from bot.devtools.local_slack.blockkit.elements import Actionable, Confirmable

AtLeastOne = Annotated[int, Field(ge=1)]


class Menu(Confirmable):
    """A menu with a placeholder."""

    placeholder: Plain150 | None = None


class MultiMenu(Menu):
    """A menu of which several entries may be chosen."""

    max_selected_items: AtLeastOne | None = None


def _one_list(options: list[Option] | None, groups: list[OptionGroup] | None) -> list[Option]:
    if (options is None) == (groups is None):
        raise refuse("must define exactly one of `options` or `option_groups`")
    return options if options is not None else [option for group in groups or () for option in group.options]


class StaticSelect(Menu):
    """`static_select`."""

    type: Literal["static_select"]
    options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None
    option_groups: Annotated[list[OptionGroup], Field(min_length=1, max_length=100)] | None = None
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _initial_among_options(self) -> Self:
        known = _one_list(self.options, self.option_groups)
        if self.initial_option is not None and self.initial_option not in known:
            raise refuse("must match an option in `options`", at="initial_option")
        return self


class MultiStaticSelect(MultiMenu):
    """`multi_static_select`."""

    type: Literal["multi_static_select"]
    options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None
    option_groups: Annotated[list[OptionGroup], Field(min_length=1, max_length=100)] | None = None
    initial_options: Annotated[list[Option], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _initial_among_options(self) -> Self:
        known = _one_list(self.options, self.option_groups)
        if any(option not in known for option in self.initial_options or ()):
            raise refuse("must match an option in `options`", at="initial_options")
        return self


class ExternalSelect(Menu):
    """`external_select`."""

    type: Literal["external_select"]
    initial_option: Option | None = None
    min_query_length: Annotated[int, Field(ge=0)] | None = None


class MultiExternalSelect(MultiMenu):
    """`multi_external_select`."""

    type: Literal["multi_external_select"]
    initial_options: list[Option] | None = None
    min_query_length: Annotated[int, Field(ge=0)] | None = None


class UsersSelect(Menu):
    """`users_select`."""

    type: Literal["users_select"]
    initial_user: str | None = None


class MultiUsersSelect(MultiMenu):
    """`multi_users_select`."""

    type: Literal["multi_users_select"]
    initial_users: list[str] | None = None


class ConversationsSelect(Menu):
    """`conversations_select`."""

    type: Literal["conversations_select"]
    initial_conversation: str | None = None
    default_to_current_conversation: bool | None = None
    response_url_enabled: bool | None = None
    filter: ConversationFilter | None = None


class MultiConversationsSelect(MultiMenu):
    """`multi_conversations_select`."""

    type: Literal["multi_conversations_select"]
    initial_conversations: list[str] | None = None
    default_to_current_conversation: bool | None = None
    filter: ConversationFilter | None = None


class ChannelsSelect(Menu):
    """`channels_select`."""

    type: Literal["channels_select"]
    initial_channel: str | None = None
    response_url_enabled: bool | None = None


class MultiChannelsSelect(MultiMenu):
    """`multi_channels_select`."""

    type: Literal["multi_channels_select"]
    initial_channels: list[str] | None = None


class Overflow(Actionable):
    """`overflow`."""

    type: Literal["overflow"]
    options: Annotated[list[Option], Field(min_length=1, max_length=5)]
    confirm: Confirm | None = None


Selects = (
    StaticSelect
    | ExternalSelect
    | UsersSelect
    | ConversationsSelect
    | ChannelsSelect
    | MultiStaticSelect
    | MultiExternalSelect
    | MultiUsersSelect
    | MultiConversationsSelect
    | MultiChannelsSelect
)
