"""The start form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.errors import NotFound
from bot.domain.role import GateSpec, Role
from bot.reading.inputs import READ
from bot.services.evaluations import TITLE_LIMIT, StartForm
from handlers.ids import ActionId, BlockId, CallbackId, qualified
from handlers.views.blocks import Block, context, section
from handlers.views.modals.form import FormRefused, Meta, Sent, box, entry, modal, typed
from handlers.views.text import clip, clip_line

MOST_APPROVERS: Final = 20
MOST_NEEDED: Final = 9
MOST_FILES: Final = 10
WORKSPACE_LIMIT: Final = 200
MOST_NAMED: Final = 12
MOST_ROLES: Final = 100
_ENOUGH: Final = "Of the people named above; where nobody is named, you alone. One rejection is always enough."
_LET_IN: Final = "They may answer and decide here"
_WATCH: Final = "Otherwise they only follow, and what they reply is kept as a note."
_MEMBER: Final = "The bot must be a member of it."
_FOLLOWERS: Final = "For those who only follow: it gets one message, kept up to date."
_TALK: Final[Mapping[str, list[str]]] = {"include": ["public", "private"]}


def start_form(
    role: Role,
    *,
    channel: str | None = None,
    title: str = "",
    workspaces: Sequence[str] = (),
    roles: Mapping[str, Role] | None = None,
    suggest: bool = True,
) -> dict[str, Any]:
    """Return the form that starts an evaluation, asked for in `channel`; `workspaces` are those that may be named.

    Where there are several `roles`, a menu chooses among them. Without a channel Slack suggests the one that the person
    looks at, unless `suggest` forbids it.
    """
    blocks = [
        *_menu(role, roles or {}),
        section(f"*{clip_line(role.title, 150)}*\n{clip(role.summary, 600)}"),
        *_idea(title),
        entry(BlockId.CHANNEL, "Channel for the thread", _here(channel, suggest), hint=_MEMBER),
        *_material(workspaces),
        *_approvers(role),
        entry(BlockId.NEEDED, "Approvals needed at each gate", _needed(), hint=_ENOUGH),
        entry(BlockId.GUESTS, "Guests and other companies", box(_LET_IN), optional=True, hint=_WATCH),
        entry(BlockId.STAKEHOLDERS, "Stakeholder channel", _conversations(), optional=True, hint=_FOLLOWERS),
    ]
    return modal("Start an evaluation", blocks, callback=CallbackId.START, submit="Start", meta=Meta(role=role.name))


def _menu(role: Role, roles: Mapping[str, Role]) -> list[Block]:
    if len(roles) < 2:
        return []
    options = {name: _option(known) for name, known in sorted(roles.items())[:MOST_ROLES]}
    menu: Block = {"type": "static_select", "action_id": ActionId.ROLE, "options": list(options.values())}
    if role.name in options:
        menu["initial_option"] = options[role.name]
    return [section("*Role*") | {"block_id": BlockId.ROLE, "accessory": menu}]


def _option(role: Role) -> Block:
    return {"text": {"type": "plain_text", "text": clip_line(role.title, 75)}, "value": role.name}


def _idea(title: str) -> list[Block]:
    name = typed(title, multiline=False, limit=TITLE_LIMIT)
    taken = "May stay empty if the workspace below has an idea.json, which brings one."
    about = "Two or three sentences: for whom, what for, and what must hold. What is longer goes into a document below."
    return [
        entry(BlockId.TITLE, "Title of the idea", name, optional=True, hint=taken),
        entry(BlockId.DESCRIPTION, "What it is about", typed(), optional=True, hint=about),
    ]


def _conversations() -> Block:
    return {"type": "conversations_select", "filter": dict(_TALK)}


def _here(channel: str | None, suggest: bool) -> Block:
    start: Block = {"initial_conversation": channel} if channel else {}
    return _conversations() | (start or ({"default_to_current_conversation": True} if suggest else {}))


def _material(workspaces: Sequence[str]) -> list[Block]:
    names = ", ".join(f"“{name}”" for name in workspaces[:MOST_NAMED])
    more = f" and {len(workspaces) - MOST_NAMED} more" if len(workspaces) > MOST_NAMED else ""
    known = "A folder with the results of earlier phases." + (f" Known: {names}{more}." if names else "")
    folder, later = (
        typed(multiline=False, limit=WORKSPACE_LIMIT),
        "JSON, YAML, SQL, Markdown, diagrams, CSV, code and plain text. More can be dropped into the thread later.",
    )
    return [
        entry(BlockId.WORKSPACE, "Workspace folder", folder, optional=True, hint=known),
        entry(BlockId.FILES, "Documents of earlier phases", _files(), optional=True, hint=later),
    ]


def _files() -> Block:
    return {"type": "file_input", "filetypes": [kind.lstrip(".") for kind in READ], "max_files": MOST_FILES}


def _approvers(role: Role) -> list[Block]:
    menu: Block = {"type": "multi_users_select", "max_selected_items": MOST_APPROVERS}
    fields = [
        entry(qualified(BlockId.APPROVERS, gate.key), f"{gate.name}: approvers", menu, optional=True, hint=_hint(gate))
        for gate in role.gates
    ]
    return [context("Where nobody is named you decide yourself."), *fields]


def _hint(gate: GateSpec) -> str:
    return f"{gate.text(1)} {gate.needed} people must agree." if gate.needed > 1 else gate.text(1)


def _needed() -> Block:
    bounds = {"min_value": "1", "max_value": str(MOST_NEEDED), "initial_value": "1"}
    return {"type": "number_input", "is_decimal_allowed": False, **bounds}


def parse_start(view: Mapping[str, Any], roles: Mapping[str, Role]) -> StartForm:
    """Read the start form.

    Raises:
        FormRefused: fields that are missing or out of range, by block id.
        InvalidInput: it is no start form.
        NotFound: the form's role is not there any more.
    """
    sent = Sent(view)
    role = roles.get(sent.meta.role)
    if role is None:
        raise NotFound(what="role", name=sent.meta.role, hint=f"There are: {', '.join(sorted(roles))}.")
    channel = sent.field(BlockId.CHANNEL).selected_conversation
    needed, problem = _count(sent.text(BlockId.NEEDED))
    errors: dict[str, str] = {BlockId.NEEDED: problem} if problem else {}
    files = sent.field(BlockId.FILES).files
    if channel is None:
        errors[BlockId.CHANNEL] = "Choose the channel in which the thread will stand."
    if not sent.text(BlockId.TITLE) and not sent.text(BlockId.WORKSPACE):
        errors[BlockId.TITLE] = "Give the idea a title, or name a workspace that has an idea.json."
    if errors or channel is None:
        raise FormRefused(errors=errors)
    return StartForm(
        role=role.name,
        title=sent.text(BlockId.TITLE),
        channel=channel,
        description=sent.text(BlockId.DESCRIPTION),
        stakeholder_channel=sent.field(BlockId.STAKEHOLDERS).selected_conversation,
        approvers={gate.key: users for gate in role.gates if (users := _users(sent, gate.key))},
        needed=needed,
        guests=sent.ticked(BlockId.GUESTS),
        workspace=sent.text(BlockId.WORKSPACE),
        uploads=tuple((file.id, file.name or file.id, file.size) for file in files),
    )


def _users(sent: Sent, gate: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sent.field(qualified(BlockId.APPROVERS, gate)).selected_users))


def _count(text: str) -> tuple[int, str]:
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= MOST_NEEDED:
        return int(text[:3]), ""
    return (1, "") if not text else (0, f"Give a whole number from 1 to {MOST_NEEDED}.")
