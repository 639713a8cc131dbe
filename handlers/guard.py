"""Before any handler: whoever may not see an evaluation hears that there is none, guests only watch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.errors import InvalidInput
from handlers.call import Call
from handlers.ids import ActionId, Ref, kind_of
from handlers.views.modals.form import Sent

WATCHING: Final = frozenset({ActionId.DETAILS, ActionId.CHECKS, ActionId.ADD_DOCUMENT, ActionId.OPEN_THREAD})
"""Clicks that change nothing: guests may use them, too."""


async def admit(kind: str, call: Call) -> None:
    """Ask, for clicks and forms, about the evaluation that they point at; the rest asks where it has found one.

    Raises:
        NotFound: there is none, or none that this person may see.
        GuestsOnlyWatch: a guest, or a person of another company, would change something.
    """
    if kind == "action":
        evaluation_id = _pointed_at(str(call.action.get("value") or ""))
        changes = kind_of(str(call.action.get("action_id"))) not in WATCHING
    elif kind == "view":
        evaluation_id, changes = _meant(call.view), True
    else:
        return
    if evaluation_id:
        evaluation = await call.services.access.must_see(call.actor, evaluation_id, call.where[0])
        if changes:
            await call.services.access.must_take_part(call.actor, evaluation)


def _pointed_at(value: str) -> str:
    try:
        return Ref.parse(value).evaluation_id if value else ""
    except InvalidInput:
        return ""  # the handler says so where it matters; menus and links carry other values


def _meant(view: Mapping[str, Any]) -> str:
    try:
        return Sent(view).meta.evaluation
    except InvalidInput:
        return ""
