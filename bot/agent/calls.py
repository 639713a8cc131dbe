"""A paid call with its ledger row, its tries and its waits. Nothing is paid twice that was answered once."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.agent.client import Client
from bot.agent.config import ClaudeConfig
from bot.agent.cost import cost
from bot.agent.errors import Misconfigured, Retry, refused, too_much, verdict
from bot.agent.streaming import Answer, Pulse, Reception, receive
from bot.services.designer import DesignFailed, Ledger, RunParked

log = structlog.get_logger(__name__)

Clearance = Callable[[], Awaitable[float]]
"""Asked before each try: returns the estimate to book, in US dollars, or raises RunParked where no money is left."""
Tell = Callable[[str], Awaitable[None]]
"""Shows people why they wait."""

_LOCK_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """An answer with its ledger row, which is still to be closed together with what comes of the answer."""

    answer: Answer
    call: Mapping[str, Any]


@dataclass(slots=True)
class Caller:
    """Makes calls for all runs of the process, and stops them all while the account or key is unusable."""

    config: ClaudeConfig
    connect: Callable[[], Awaitable[Client]]
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    plain: set[str] = field(default_factory=set, init=False)
    """Models whose service refused to compile schemas: they are asked without strict tools from then on."""
    _locked: tuple[datetime, str] | None = field(default=None, init=False)

    async def ask(
        self, ledger: Ledger, request: Mapping[str, Any], *, clearance: Clearance, pulse: Pulse, tell: Tell
    ) -> Paid:
        """Return the answer to `request`.

        Raises:
            RunParked: the service is busy for longer than is slept through, or no money is left.
            DesignFailed: no further try can help.
        """
        for attempt in range(1, self.config.attempts + 1):
            self._refuse_while_locked()
            try:
                return await self._try(ledger, request, await clearance(), pulse)
            except _Again as again:
                if attempt < self.config.attempts:
                    await self._wait(again.retry, attempt, tell)
                words = again.retry.words
        raise self._busy(words, self.config.park_for)

    async def _try(self, ledger: Ledger, request: Mapping[str, Any], estimate: float, pulse: Pulse) -> Paid:
        client = await self.connect()
        call_id = await ledger.open_call(str(request["model"]), estimate)
        reception = Reception()
        try:
            answer = await receive(client, request, reception, pulse, self.config.call_seconds)
        except Exception as error:
            found = verdict(error, self.clock())
            sent = isinstance(found, Retry) and found.sent
            await ledger.close_call(self._unanswered(call_id, _name(error), request, reception, sent=sent))
            log.warning("model_call_failed", call=call_id, error=_name(error), request=reception.request_id)
            if isinstance(found, Retry):
                raise _Again(found) from error
            if isinstance(found, Misconfigured):
                self._locked = (self.clock() + _LOCK_FOR, str(found.fields["reason"]))
            raise found from error
        except BaseException:
            # Cancelled: the stream is closed by now, and what was written until then is billed.
            await ledger.close_call(self._unanswered(call_id, "cancelled", request, reception, sent=True))
            raise
        self._locked = None
        return Paid(answer=answer, call=self._booked(call_id, answer, request))

    def _booked(self, call_id: str, answer: Answer, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "id": call_id,
            "outcome": answer.stop,
            "request_id": answer.request_id,
            "usage": dict(answer.usage),
            "usd": cost(answer.usage, self.config.prices.of(str(request["model"]))),
        }

    def _unanswered(
        self, call_id: str, outcome: str, request: Mapping[str, Any], reception: Reception, *, sent: bool
    ) -> Mapping[str, Any]:
        """Book what a part of an answer cost; where nobody said, the estimate if it may have been billed."""
        usd: float | None = None if sent else 0.0
        if reception.begun:
            usd = cost(reception.partial, self.config.prices.of(str(request["model"])))
        usage = reception.partial if reception.begun else {}
        return {"id": call_id, "outcome": outcome, "request_id": reception.request_id, "usage": usage, "usd": usd}

    async def _wait(self, retry: Retry, attempt: int, tell: Tell) -> None:
        backoff = self.config.first_backoff * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load
        wait = backoff if retry.after is None else retry.after
        if wait > self.config.longest_wait or retry.park:
            raise self._busy(retry.words, max(wait, self.config.park_for) if retry.park else wait)
        await tell(f"{retry.words[0].upper()}{retry.words[1:]}; try {attempt + 1} of {self.config.attempts} follows.")
        await self.sleep(wait)

    def _busy(self, words: str, wait: float) -> RunParked:
        return RunParked(
            reason=f"The run pauses because {words}. Everything done so far is kept.",
            until=self.clock() + timedelta(seconds=wait),
            kind="busy",
        )

    def _refuse_while_locked(self) -> None:
        if self._locked and self.clock() < self._locked[0]:
            raise Misconfigured(reason=self._locked[1])


class _Again(Exception):
    def __init__(self, retry: Retry) -> None:
        super().__init__(retry.words)
        self.retry = retry


def _name(error: BaseException) -> str:
    return str(getattr(error, "error_code", None) or getattr(error, "type", None) or type(error).__name__)


async def ignore(_: str) -> None:
    """Tell nobody."""


def failed_stop(answer: Answer) -> DesignFailed | None:
    """Return why an answer that ended in another way than by its own end cannot be used, None if it can."""
    if answer.stop == "refusal":
        return refused(answer.stop_details)
    if answer.stop == "model_context_window_exceeded":
        return too_much(answer.request_id)
    return None
