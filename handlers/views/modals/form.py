"""Building modals, and reading what they send back.

A view_submission carries ``view.state.values[block_id][action_id]`` (docs.slack.dev/reference/interaction-payloads/
view_submission-payload); every input here has one action id, so a block id alone finds a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.errors import EipasError, InvalidInput
from handlers.ids import ActionId, CallbackId
from handlers.views.blocks import EMPTY, VIEW_BLOCKS, Block, bounded, plain_text
from handlers.views.text import clean, fit_plain, one_line, shown, size

TITLE: Final = 24
LABEL: Final = 2000
PLACEHOLDER: Final = 150
INPUT: Final = 3000
METADATA: Final = 3000
OPTION: Final = 75
VIEW_BYTES: Final = 200_000
"""Slack refuses views of more than 250 kB; the rest is for what surrounds the parts."""


class FormRefused(EipasError):
    """Fields of a modal do not hold what they must; `errors` is the words by block id."""

    message_template = "Please look at the marked fields: {problems}"

    def __init__(self, *, errors: Mapping[str, str]) -> None:
        super().__init__(problems=" ".join(errors.values()))
        self.errors = dict(errors)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_refused, (self.errors,))


def _refused(errors: Mapping[str, str]) -> FormRefused:
    return FormRefused(errors=errors)


class Meta(BaseModel):
    """What a modal remembers between opening and sending: ids and what was judged, nothing secret."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    evaluation: str = ""
    role: str = ""
    target: str = ""
    choice: str = ""
    subject: str = ""
    required: bool = False

    def packed(self) -> str:
        """Return it as `private_metadata`, without what is empty."""
        packed = self.model_dump_json(exclude_defaults=True)
        if len(packed) > METADATA:
            raise InvalidInput(problem="This cannot be opened as a form: an id is too long.")
        return packed


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    name: str = ""
    size: int = 0


class _Option(BaseModel):
    model_config = ConfigDict(extra="ignore")

    value: str


class Field(BaseModel):
    """The state of one input element, of whatever type."""

    model_config = ConfigDict(extra="ignore")

    type: str = ""
    value: str | None = None
    selected_users: tuple[str, ...] = ()
    selected_user: str | None = None
    selected_conversation: str | None = None
    selected_option: _Option | None = None
    selected_options: tuple[_Option, ...] = ()
    files: tuple[_File, ...] = ()


class _State(BaseModel):
    model_config = ConfigDict(extra="ignore")

    values: dict[str, dict[str, Field]] = {}


class _View(BaseModel):
    model_config = ConfigDict(extra="ignore")

    private_metadata: str = ""
    state: _State = _State()


class Sent:
    """What a modal sent back. InvalidInput if it is no view that this bot opened."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        try:
            parsed = _View.model_validate(view)
            self.meta = Meta.model_validate_json(parsed.private_metadata or "{}")
        except ValidationError as error:
            raise InvalidInput(problem="This form cannot be read. Please open it again.") from error
        self._fields = {block: next(iter(inputs.values())) for block, inputs in parsed.state.values.items() if inputs}

    def blocks(self) -> tuple[str, ...]:
        """Return the ids of all inputs that the form had."""
        return tuple(self._fields)

    def field(self, block_id: str) -> Field:
        """Return an input's state, an empty one if the form had no such input."""
        return self._fields.get(block_id, Field())

    def text(self, block_id: str) -> str:
        """Return what was typed, without control characters and without what no screen shows around it.

        Raises:
            FormRefused: it is longer than Slack lets anybody type.
        """
        sent = self.field(block_id).value or ""
        if size(sent) > INPUT:
            raise FormRefused(errors={block_id: f"It has {size(sent):,} characters; at most {INPUT:,} can be sent."})
        return shown(sent)

    def words(self) -> tuple[str, ...]:
        """Return all that was written into text fields, in the form's order."""
        texts = [block for block, field in self._fields.items() if field.type == "plain_text_input"]
        return tuple(words for block in texts if (words := shown(self.field(block).value or "")))

    def ticked(self, block_id: str) -> bool:
        """Whether a box of a checkbox input is ticked."""
        return bool(self.field(block_id).selected_options)


def words_sent(view: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what people had written into a form, nothing if it cannot be read."""
    try:
        return Sent(view).words()
    except InvalidInput:
        return ()


def modal(
    title: str, blocks: Sequence[Block], *, callback: CallbackId, submit: str = "", close: str = "Close", meta: Meta
) -> dict[str, Any]:
    """Return a modal view; without `submit` it only shows."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": str(callback),
        "title": plain_text(_short(title), TITLE),
        "close": plain_text(close, TITLE),
        "private_metadata": meta.packed(),
        "blocks": list(bounded(blocks, VIEW_BLOCKS)),
    }
    return view | ({"submit": plain_text(_short(submit), TITLE)} if submit else {})


def fitting(parts: Sequence[Sequence[Block]], *, blocks: int = VIEW_BLOCKS - 4) -> list[Block]:
    """Return as many whole parts as a view holds, from the first on, by number of blocks and by bytes."""
    kept: list[Block] = []
    room = VIEW_BYTES
    for part in parts:
        room -= len(json.dumps(part))
        if room < 0 or len(kept) + len(part) > blocks:
            break
        kept += part
    return kept


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= TITLE else f"{line[: TITLE - 1].rstrip()}…"


def entry(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """Return an input block."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, LABEL),
        "element": element | {"action_id": str(ActionId.INPUT)},
        "optional": optional,
    }
    return block | ({"hint": plain_text(hint, LABEL)} if hint.strip() else {})


def typed(initial: str = "", *, multiline: bool = True, limit: int = INPUT, placeholder: str = "") -> Block:
    """Return a text input. What it starts with is people's own text, unescaped: they edit it."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": limit}
    words = fit_plain(clean(initial), limit)
    element |= {"initial_value": words} if words.strip() else {}
    return element | ({"placeholder": plain_text(placeholder, PLACEHOLDER)} if placeholder else {})


def box(label: str, *, ticked: bool = False) -> Block:
    """Return a single checkbox."""
    option = {"text": plain_text(label, OPTION), "value": "yes"}
    return {"type": "checkboxes", "options": [option]} | ({"initial_options": [option]} if ticked else {})


def choice(label: str, value: str) -> Block:
    """Return an option of a menu."""
    return {"text": plain_text(one_line(label) or EMPTY, OPTION), "value": value}
