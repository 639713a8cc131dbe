"""Arguments of Web API calls: from a form every value is text, structured ones as JSON in it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import Json

_FORMAT_ERRORS = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}


class Args(BaseModel):
    """Arguments of a method; like Slack, it ignores those it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _structured(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def _flag(value: object) -> object:
    return {"1": True, "true": True, "0": False, "false": False}.get(str(value).lower(), value)


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Structured = BeforeValidator(_structured)
Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, BeforeValidator(_text)]
Blocks = Annotated[list[Any], Structured]
Object = Annotated[dict[str, Any], Structured]
ChannelId = Annotated[Text, Field(default="")]


def read(kind: type[Args], given: Json) -> Args:
    """Read the arguments of a call.

    Raises:
        SlackRefusal: `invalid_arguments` with Slack's messages, or the error of the field that is not even JSON.
    """
    try:
        return kind.model_validate({key: value for key, value in given.items() if value is not None})
    except ValidationError as refused:
        faults = refused.errors(include_url=False)
        first = str(faults[0]["loc"][0]) if faults[0]["loc"] else ""
        if first in _FORMAT_ERRORS:
            raise SlackRefusal(_FORMAT_ERRORS[first]) from refused
        lines = [_line(fault["type"], fault["msg"], fault["loc"]) for fault in faults]
        raise SlackRefusal("invalid_arguments", response_metadata={"messages": lines}) from refused


def _line(kind: str, message: str, location: tuple[int | str, ...]) -> str:
    pointer = "/".join(["", *map(str, location)])
    if kind == "missing":
        return f"[ERROR] missing required field: {location[-1]}"
    return f"[ERROR] {message[0].lower()}{message[1:]} [json-pointer:{pointer}]"
