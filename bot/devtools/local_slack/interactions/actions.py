"""Clicks and choices: the action object is made from what is stored, so what is gone cannot be clicked."""

from __future__ import annotations

from typing import Any

from bot.devtools.local_slack import inputs, payloads
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.event_delivery import Envelope
from bot.devtools.local_slack.interactions.asking import ask
from bot.devtools.local_slack.records import Channel, HeldView, Json, Member

_MENUS = frozenset({"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"})


async def act_in_message(core: Core, person: Member, channel: Channel, ts: str, given: Json) -> Json:
    """Act on an element of a message, ephemeral or not.

    Raises:
        SlackRefusal: `no_such_action` when the message or the element is gone.
    """
    message = _message(core, person, channel, ts)
    block, element = find(message.get("blocks", []), given)
    action = action_of(core, block, element, given)
    payload = payloads.message_action(core, person, channel, message, action)
    values = _merged(inputs.initial_state(message["blocks"]), given)
    payload["state"] = {"values": _with_own(values, block, element, action)}
    return await ask(core, person, Envelope(type="interactive", payload=payload), what="The action")


async def act_in_view(core: Core, person: Member, view_id: str, given: Json) -> Json:
    """Act on an element of an open modal or of the Home tab; `given["state"]` is what stands in the inputs.

    Raises:
        SlackRefusal: `no_such_action` when the view or the element is gone.
    """
    held = core.workspace.views.get(view_id)
    if held is None or held.user != person.id:
        raise SlackRefusal("no_such_action")
    block, element = find(held.view["blocks"], given)
    action = action_of(core, block, element, given)
    values = _with_own(_merged(held.view["state"]["values"], given), block, element, action)
    held = core.workspace.put_view(person.id, {**held.view, "state": {"values": values}})
    payload = payloads.view_action(core, person, held, action)
    return await ask(core, person, Envelope(type="interactive", payload=payload), what="The action")


def find(blocks: list[Json], given: Json) -> tuple[Json, Json]:
    """Find an element by its action id, and block id where one is given.

    Raises:
        SlackRefusal: `no_such_action`.
    """
    for block, element in inputs.walk(blocks):
        if element.get("action_id") == given["action_id"] and given.get("block_id") in (None, block["block_id"]):
            return block, element
    raise SlackRefusal("no_such_action", detail=f"there is no {given['action_id']} here (any more)")


def action_of(core: Core, block: Json, element: Json, given: Json) -> Json:
    """Make the action object of a click or a choice.

    Raises:
        SlackRefusal: `no_such_option` for an option that the element does not offer.
    """
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": core.workspace.tick(),
    }
    if kind in ("button", "icon_button", "workflow_button"):
        return {**action, **{key: element[key] for key in ("text", "value", "style", "url") if key in element}}
    if kind == "feedback_buttons":
        return {**action, **_feedback(element, given)}
    key = inputs.STATE_KEYS[kind]
    value = completed(core, element, given.get(key, given.get("value")))
    shown = {"placeholder": element["placeholder"]} if "placeholder" in element else {}
    return {**action, **shown, key: value}


def completed(core: Core, element: Json, value: Any) -> Any:
    """Complete what a person gave an input: options by value, files by id, nothing for an empty text.

    Raises:
        SlackRefusal: `no_such_option`, `file_not_found`.
    """
    kind = element["type"]
    if kind in _MENUS:
        chosen = [_option(element, one) for one in value] if isinstance(value, list) else _option(element, value)
        if not inputs.offered(element, chosen):
            raise SlackRefusal("no_such_option")
        return chosen
    if kind == "file_input":
        ids = [one["id"] if isinstance(one, dict) else one for one in value or ()]
        if any(file_id not in core.workspace.files for file_id in ids):
            raise SlackRefusal("file_not_found")
        return [payloads.file(core, core.workspace.files[file_id]) for file_id in ids]
    return None if value == "" else value


def _option(element: Json, given: Any) -> Any:
    """Give the full option for a bare value; radio buttons and single menus may also be left empty."""
    if given is None:
        return None
    wanted = given.get("value") if isinstance(given, dict) else given
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(option for group in groups for option in group["options"])]
    found = next((option for option in options if option.get("value") == wanted), None)
    if found is None:
        raise SlackRefusal("no_such_option", detail=f"{element['action_id']} does not offer {wanted}")
    return found


def _feedback(element: Json, given: Json) -> Json:
    for choice in (element["positive_button"], element["negative_button"]):
        if choice["value"] == given.get("value"):
            return {"text": choice["text"], "value": choice["value"]}
    raise SlackRefusal("no_such_option")


def _message(core: Core, person: Member, channel: Channel, ts: str) -> Json:
    user, shown = core.ephemerals.get(f"{channel.id} {ts}", ("", {}))
    if user == person.id:
        return shown
    message = core.workspace.find_message(channel.id, ts)
    if message is None:
        raise SlackRefusal("no_such_action", detail="the message is gone")
    return message


def _merged(values: Json, given: Json) -> Json:
    """Lay the inputs that came along over the known state; unknown ones are left out."""
    typed = given.get("state", {}).get("values", {})
    return {
        block_id: {action_id: typed.get(block_id, {}).get(action_id, entry) for action_id, entry in actions.items()}
        for block_id, actions in values.items()
    }


def _with_own(values: Json, block: Json, element: Json, action: Json) -> Json:
    """Note the choice itself in the state, as Slack does for all but buttons and overflow menus."""
    key = inputs.STATE_KEYS.get(element["type"])
    if key is None or element["type"] == "overflow":
        return values
    entry = {"type": element["type"], key: action[key]}
    return {**values, block["block_id"]: {**values.get(block["block_id"], {}), element["action_id"]: entry}}


def own_view(core: Core, person: Member, view_id: str) -> HeldView:
    """Find a modal that a person has open.

    Raises:
        SlackRefusal: `view_not_found`.
    """
    held = core.workspace.views.get(view_id)
    if held is None or held.user != person.id or not held.is_modal:
        raise SlackRefusal("view_not_found")
    return held
