"""Every id that travels to Slack and comes back: actions, callbacks, blocks, and the opaque values of buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import InvalidInput

REF_LIMIT = 255
"""Characters of a packed Ref: less than a button's value holds, and as many as an action_id or block_id."""

PREFIX = "eipas:"
"""How all our names begin: other apps' elements in the same message are none of our business."""

PERSON = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
"""How Slack's ids of people look; what looks otherwise is nobody's."""

_PART = re.compile(r"[A-Za-z0-9_.:-]*")
_PARTS = 3


class ActionId(StrEnum):
    """What a button or a menu asks for. A vote's is qualified by its option, see `qualified`."""

    START = "eipas:start"
    ROLE = "eipas:role"
    ANSWER = "eipas:answer"
    SKIP = "eipas:skip"
    EDIT_ANSWER = "eipas:edit_answer"
    NOT_AN_ANSWER = "eipas:not_an_answer"
    IS_AN_ANSWER = "eipas:is_an_answer"
    TAKE_EDIT = "eipas:take_edit"
    FILES_ANSWER = "eipas:files_answer"
    ANSWER_ALL = "eipas:answer_all"
    READY = "eipas:ready"
    CORRECT = "eipas:correct"
    ADD_DOCUMENT = "eipas:add_document"
    VOTE = "eipas:vote"
    WAIVE = "eipas:waive"
    DETAILS = "eipas:details"
    CHECKS = "eipas:checks"
    RAISE_BUDGET = "eipas:raise_budget"
    STOP_RUN = "eipas:stop_run"
    RETRY_RUN = "eipas:retry_run"
    CHANGE_ANSWERS = "eipas:change_answers"
    CANCEL = "eipas:cancel"
    REOPEN = "eipas:reopen"
    CLONE = "eipas:clone"
    OPEN_THREAD = "eipas:open_thread"
    INPUT = "eipas:input"


class CallbackId(StrEnum):
    """Which form was sent, or which shortcut was used."""

    START = "eipas:start_form"
    ANSWER = "eipas:answer_form"
    ANSWERS = "eipas:answers_form"
    CORRECT = "eipas:correct_form"
    VERDICT = "eipas:verdict_form"
    WAIVE = "eipas:waive_form"
    DETAILS = "eipas:details_view"
    CANCEL = "eipas:cancel_form"
    BUDGET = "eipas:budget_form"
    SUCCESSOR = "eipas:successor_form"
    PICK_QUESTION = "eipas:pick_question_form"
    LOADING = "eipas:loading_view"
    HOME = "eipas:home"
    SHORTCUT_START = "eipas:start_shortcut"
    SHORTCUT_ANSWER = "eipas:answer_shortcut"


class BlockId(StrEnum):
    """The inputs of forms; the keys under which Slack returns what was typed, and under which errors are shown."""

    ROLE = "eipas:role_menu"
    TITLE = "eipas:title"
    DESCRIPTION = "eipas:description"
    WORKSPACE = "eipas:workspace"
    CHANNEL = "eipas:channel"
    STAKEHOLDERS = "eipas:stakeholders"
    NEEDED = "eipas:needed"
    GUESTS = "eipas:guests"
    SUCCESSOR = "eipas:successor"
    FILES = "eipas:files"
    APPROVERS = "eipas:approvers"
    ANSWER = "eipas:answer_text"
    NOTHING = "eipas:nothing_to_add"
    QUESTION = "eipas:question"
    CORRECTION = "eipas:correction"
    COMMENT = "eipas:comment"
    CONCERNS = "eipas:concerns"
    CONFIRM = "eipas:confirm"
    POINT = "eipas:point"
    REASON = "eipas:reason"
    BUDGET = "eipas:budget"


def qualified(name: ActionId | BlockId, suffix: str) -> str:
    """Return an id for one of several of a kind, as `eipas:vote/approve`: ids must differ within a block or view."""
    return f"{name}/{suffix}"


def kind_of(action_id: str) -> str:
    """Return an id without its qualification: what a dispatch table is keyed by."""
    return action_id.partition("/")[0]


def suffix_of(name: str) -> str:
    """Return the qualification of an id, empty if it has none."""
    return name.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Ref:
    """What a button points at: an evaluation, a target in it (a gate's, run's or question's id) and a choice.

    Its packed form says nothing that a person could not be shown and grants nothing: who may do what is checked when it
    comes back.
    """

    evaluation_id: str
    target: str = ""
    choice: str = ""

    def pack(self) -> str:
        """Return a button's value, as `ev_x|g_y|approve`; InvalidInput if a part would not survive the way back."""
        parts = (self.evaluation_id, self.target, self.choice)
        packed = "|".join(parts).rstrip("|")
        if len(packed) > REF_LIMIT or not self.evaluation_id or not all(_PART.fullmatch(part) for part in parts):
            raise InvalidInput(problem="This cannot be referred to by a button: an id is too long or malformed.")
        return packed

    @classmethod
    def parse(cls, value: str) -> Ref:
        """Read a button's value; InvalidInput if it is not one that `pack` made."""
        parts = value.split("|") if len(value) <= REF_LIMIT else []
        if not 1 <= len(parts) <= _PARTS or not parts[0] or not all(_PART.fullmatch(part) for part in parts):
            raise InvalidInput(
                problem="This button belongs to no evaluation. Please use the newest message in the thread."
            )
        return cls(*parts)
