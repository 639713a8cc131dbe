"""The proposals of a conversation, read from its transcript: whole ones, and what edits made of those before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from bot.agent.edits import Edits, EditsRefused, address, apply, look_up
from bot.agent.errors import Unusable
from bot.agent.profile import P, Profile
from bot.agent.transcript import Block, Step, results

_SHOWN = 160
_MOST = 20


class ProposalRefused(Unusable):
    """What was proposed is no valid proposal; `problems` say where, what stands there and why it cannot."""


def proposed(steps: Sequence[Step], profile: Profile[P], previous: P | None) -> tuple[P, ...]:
    """Return every proposal that was accepted, in order. `previous` is what edits begin with if none is."""
    found: list[P] = []
    for call, result in results(steps):
        if call["name"] in profile.proposing and not result.get("is_error"):
            found.append(made_by(call, profile, found[-1] if found else previous))
    return tuple(found)


def made_by(call: Block, profile: Profile[P], before: P | None) -> P:
    """Return the proposal that a call makes. Raises ProposalRefused."""
    given: Any = call["input"]
    if call["name"] == profile.edit:
        if before is None:
            raise ProposalRefused([f"there is no {profile.noun} to edit yet: propose a whole one"])
        given = _edited(given, profile, before)
    try:
        return profile.proposal_type.model_validate(given)
    except ValidationError as error:
        raise ProposalRefused(placed(error, given, profile)) from error


def plain_of(proposal: P) -> dict[str, Any]:
    """Return a proposal as JSON without what is as it would be anyway."""
    return proposal.model_dump(mode="json", exclude_defaults=True)


def placed(error: ValidationError, given: Any, profile: Profile[Any]) -> list[str]:
    """Return what pydantic found, each beside the address and the value that it is about."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [_line(item, given, profile) for item in found[:_MOST]]
    return [*lines, f"and {len(found) - _MOST} more"] if len(found) > _MOST else lines


def _line(item: Mapping[str, Any], given: Any, profile: Profile[Any]) -> str:
    at = address(given, item["loc"], profile.keys)
    if not at:
        return f"the whole: {item['msg']}"
    try:
        value = repr(look_up(given, at, profile.keys))
    except KeyError:
        return f"{at}: {item['msg']}"
    return f"{at} is {value if len(value) <= _SHOWN else value[:_SHOWN] + '…'}: {item['msg']}"


def _edited(given: Any, profile: Profile[P], before: P) -> dict[str, Any]:
    try:
        edits = Edits.model_validate(given)
        return apply(plain_of(before), edits.edits, profile.keys)
    except ValidationError as error:
        raise ProposalRefused(placed(error, given, profile)) from error
    except EditsRefused as refused:
        raise ProposalRefused(refused.problems) from refused
