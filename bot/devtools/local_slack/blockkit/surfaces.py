"""Modals and the Home tab: docs.slack.dev/reference/views."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.devtools.local_slack.blockkit.composition import Plain24, Strict, refuse
from bot.devtools.local_slack.blockkit.layout import AnyBlock, InputBlock

ViewBlocks = Annotated[list[AnyBlock], Field(max_length=100)]
Meta3000 = Annotated[str, Field(max_length=3000)]


class View(Strict):
    """What modals and the Home tab share."""

    blocks: ViewBlocks
    callback_id: Annotated[str, Field(max_length=255)] | None = None
    private_metadata: Meta3000 | None = None
    external_id: Annotated[str, Field(max_length=255)] | None = None


class Modal(View):
    """`modal`: titles and buttons of at most 24 characters; `submit` is needed as soon as there is an input."""

    type: Literal["modal"]
    title: Plain24
    submit: Plain24 | None = None
    close: Plain24 | None = None
    clear_on_close: bool | None = None
    notify_on_close: bool | None = None

    @model_validator(mode="after")
    def _inputs_need_submit(self) -> Self:
        if self.submit is None and any(isinstance(block, InputBlock) for block in self.blocks):
            raise refuse("`submit` is required when an input block is in the `blocks` array", at="submit")
        return self


class Home(View):
    """`home`."""

    type: Literal["home"]
