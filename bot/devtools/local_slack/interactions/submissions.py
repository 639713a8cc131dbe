"""Submitting and closing modals: docs.slack.dev/surfaces/modals#handling_submissions."""

from __future__ import annotations

from bot.devtools.local_slack import inputs, modals, payloads
from bot.devtools.local_slack.api.views import refuse_view
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.event_delivery import Envelope
from bot.devtools.local_slack.interactions.actions import completed, own_view
from bot.devtools.local_slack.interactions.asking import ask, toast
from bot.devtools.local_slack.records import HeldView, Json, Member

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(core: Core, person: Member, view_id: str, given: Json) -> Json:
    """Submit a modal with `{block_id: {action_id: {...}}}`, and do what the app answers.

    Missing and malformed inputs are refused before the app hears of them, as Slack's client does.

    Raises:
        SlackRefusal: `view_not_found`, `not_submittable`, `invalid_state`, or the app did not answer.
    """
    held = own_view(core, person, view_id)
    if held.view["submit"] is None:
        raise SlackRefusal("not_submittable")
    values = entered(core, held.view, given)
    wrong = _faults(held.view, values)
    if wrong:
        return {"response_action": "errors", "errors": wrong}
    held = core.workspace.put_view(person.id, {**held.view, "state": {"values": values}})
    payload = payloads.view_submission(core, person, held.view)
    answer = await ask(
        core, person, Envelope(type="interactive", payload=payload, accepts_response=True), what="Submitting"
    )
    current = core.workspace.views.get(view_id)
    return _apply(core, person, current, answer) if current else {}


async def close(core: Core, person: Member, view_id: str) -> Json:
    """Close a modal by its cross or its close button."""
    held = own_view(core, person, view_id)
    cleared = bool(held.view["clear_on_close"])
    if cleared:
        modals.clear(core, person.id)
    else:
        modals.close(core, held)
    if held.view["notify_on_close"]:
        payload = payloads.view_closed(core, person, held.view, is_cleared=cleared)
        await ask(core, person, Envelope(type="interactive", payload=payload), what="Closing")
    return {}


def entered(core: Core, view: Json, given: Json) -> Json:
    """Lay what a person entered over the state of a view.

    Raises:
        SlackRefusal: `invalid_state` for inputs that the view does not have, `no_such_option`, `file_not_found`.
    """
    values = {block_id: dict(actions) for block_id, actions in view["state"]["values"].items()}
    walked = inputs.walk(view["blocks"])
    elements = {(block["block_id"], element.get("action_id")): element for block, element in walked}
    for block_id, actions in given.items():
        for action_id, entry in actions.items():
            element = elements.get((block_id, action_id))
            if element is None or element["type"] not in inputs.STATE_KEYS:
                raise SlackRefusal("invalid_state", detail=f"the view has no input {block_id}/{action_id}")
            key = inputs.STATE_KEYS[element["type"]]
            value = completed(core, element, entry.get(key))
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], key: value}
    return values


def _faults(view: Json, values: Json) -> Json:
    found: Json = {}
    for block, element in inputs.walk(view["blocks"]):
        if block["type"] == "input":
            words = inputs.fault(block, element, values[block["block_id"]][element["action_id"]])
            if words:
                found[block["block_id"]] = words
    return found


def _apply(core: Core, person: Member, held: HeldView, answer: Json) -> Json:
    kind = answer.get("response_action")
    try:
        match kind:
            case None:
                modals.close(core, held)
                return {}
            case "clear":
                modals.clear(core, person.id)
            case "errors":
                return {"response_action": kind, "errors": _errors(held.view, answer)}
            case "update":
                refuse_view(answer.get("view", {}), surface="modal")
                modals.update(core, held, answer["view"])
            case "push":
                refuse_view(answer.get("view", {}), surface="modal")
                modals.push(core, held, answer["view"])
            case _:
                raise SlackRefusal("invalid_response_action")
    except SlackRefusal:
        toast(core, person, TROUBLE)
        raise
    return {"response_action": kind}


def _errors(view: Json, answer: Json) -> Json:
    """Errors must name input blocks of the view; Slack shows the person its connection trouble otherwise."""
    errors = answer.get("errors")
    inputs_of_view = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs_of_view:
        raise SlackRefusal("invalid_response_action", detail="errors must name input blocks of the view")
    return errors
