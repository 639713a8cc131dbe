"""Before a conversation begins: what rules could not read is read by a model, once, and kept with the brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import structlog
from pydantic import TypeAdapter

from bot.agent.calls import Caller
from bot.agent.config import ClaudeConfig
from bot.agent.cost import call_estimate
from bot.agent.heartbeat import with_heartbeat
from bot.agent.money import Purse
from bot.agent.profile import Profile
from bot.agent.reading import read_unread, reader_model, untried
from bot.domain.design import Brief, ModelReading
from bot.services.designer import DesignFailed, DesignSession, Ledger, TaskStatus

log = structlog.get_logger(__name__)
_KEY: Final = "readings"
_TASK: Final = "reading"
_ROUGH_TOKENS: Final = 12_000
_WRITTEN: Final = 3_000
_READINGS: Final[TypeAdapter[tuple[ModelReading, ...]]] = TypeAdapter(tuple[ModelReading, ...])


async def prepare(session: DesignSession, config: ClaudeConfig, caller: Caller, profile: Profile[Any]) -> None:
    """Have a model read what is not understood, unless it did, and let the session's brief hold what it read.

    Raises RunParked. A model that cannot read keeps nobody from designing: the statements stay not understood.
    """
    kept = await session.recall(_KEY)
    if kept is None:
        found = await _read(session, config, caller, profile)
        await session.remember(_KEY, {"readings": _READINGS.dump_python(found, mode="json")})
        kept = await session.recall(_KEY)
    session.brief = with_readings(session.brief, _stored(kept))


def with_readings(brief: Brief, readings: tuple[ModelReading, ...]) -> Brief:
    """Return the brief with readings beside those that it has."""
    known = {(one.statement, one.span) for one in brief.readings}
    fresh = tuple(one for one in readings if (one.statement, one.span) not in known)
    return replace(brief, readings=(*brief.readings, *fresh)) if fresh else brief


def _stored(kept: Mapping[str, Any] | None) -> tuple[ModelReading, ...]:
    return _READINGS.validate_python(kept["readings"]) if kept is not None else ()


async def _read(
    session: DesignSession, config: ClaudeConfig, caller: Caller, profile: Profile[Any]
) -> tuple[ModelReading, ...]:
    if profile.reader is None or not config.reads:
        return ()
    said = await profile.reader.said(session.brief)
    unread = untried(said, session.brief.readings)
    if not unread:
        return ()
    purse = Purse(session=session, config=config, model=reader_model(config))
    title = "Reading what the rules could not"

    async def beat() -> None:
        await session.progress(_TASK, title, TaskStatus.IN_PROGRESS, f"{len(unread)} statements")

    await beat()
    tried = session.brief.readings
    reading = read_unread(said, tried, session, config, caller, profile, lambda: purse.clear(_ROUGH_TOKENS))
    try:
        found = await with_heartbeat(reading, beat, config.pulse)
    except DesignFailed as failed:
        log.warning("statements_not_read", run=session.run_id, reason=failed.reason)
        await session.progress(_TASK, title, TaskStatus.ERROR, failed.reason)
        return ()
    read = len({one.statement for one in found if one.facts})
    await session.progress(_TASK, "Read by the model", TaskStatus.COMPLETE, f"{read} of {len(unread)} statements")
    return found


async def read_for(
    brief: Brief, ledger: Ledger, config: ClaudeConfig, caller: Caller, profile: Profile[Any]
) -> tuple[ModelReading, ...]:
    """Return what a model reads in a brief before there is a run. Raises RunParked, DesignFailed."""
    if profile.reader is None or not config.reads:
        return ()
    said = await profile.reader.said(brief)

    async def clear() -> float:
        return call_estimate(_ROUGH_TOKENS, _WRITTEN, config.prices.of(reader_model(config)))

    if not untried(said, brief.readings):
        return ()
    return await read_unread(said, brief.readings, ledger, config, caller, profile, clear)
