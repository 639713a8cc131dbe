"""Each way in which the model's service fails: what the run does, what the ledger says, what people read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.agent.config import ClaudeConfig
from bot.agent.designer import ClaudeDesigner
from bot.devtools.local_model import Break, Fault, Reply, Script
from bot.domain.errors import ConfigurationError
from bot.roles.backend_developer.designers.claude import BACKEND
from bot.services.designer import DesignFailed, RunParked
from bot.services.run_fencing import RunFenced
from tests.agents.memory_session import MemorySession
from tests.agents.samples import NOW, config, proposal, session, stage, steady, thought
from tests.artefacts.blueprints import tiny

OVERLOADED = Fault(status=529, type="overloaded_error")


def cut(how: str, *, kind: str = "overloaded_error", after: int = 4) -> Reply:
    whole = proposal(tiny())
    return Reply(content=whole.content, stop="tool_use", breaks=Break(how=how, after=after, type=kind))  # type: ignore[arg-type]


class Naps:
    """A sleep that only writes down how long it would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.mark.parametrize(
    "fault",
    [
        OVERLOADED,
        Fault(status=500),
        Fault(status=503),
        Fault(status=408, type="timeout_error"),
        Fault(status=409, type="conflict_error"),
        Fault(status=429, type="rate_limit_error"),
    ],
    ids=lambda fault: str(fault.status),
)
async def test_a_busy_service_is_tried_again(fault: Fault) -> None:
    """After a passing refusal the same call is made again; the refused one costs nothing."""
    run = session()
    async with stage(Script(steady, {0: [fault]})) as (model, claude):
        await claude.design(run)
        assert [call.outcome for call in model.calls] == [str(fault.status), "tool_use", "end_turn"]
    assert run.outcomes == [fault.type, "tool_use", "end_turn"]
    assert [call["usd"] > 0 for call in run.calls.values()] == [False, True, True]
    assert [step["role"] for step in await run.steps()] == ["user", "assistant", "user", "assistant"]


async def test_a_service_that_stays_busy_parks_the_run() -> None:
    """After five tries the run parks, says why and until when, and keeps its record; woken, it goes on from there."""
    run = session()
    async with stage(Script(steady, {1: [OVERLOADED] * 5}), sleep=Naps()) as (_, claude):
        with pytest.raises(RunParked) as parked:
            await claude.design(run)
        assert len(await run.steps()) == 3
        assert parked.value.kind == "busy" and parked.value.until == NOW + timedelta(seconds=600)
        assert parked.value.reason == (
            "The run pauses because the model's service is overloaded. Everything done so far is kept."
        )
        await claude.design(run)
    assert run.outcomes == ["tool_use", *["overloaded_error"] * 5, "end_turn"]


async def test_a_short_wait_that_is_asked_for_is_slept_through() -> None:
    """A retry-after of up to a minute is obeyed in place, and people see why they wait."""
    run, naps = session(), Naps()
    limited = Fault(status=429, type="rate_limit_error", retry_after="17")
    async with stage(Script(steady, {0: [limited]}), sleep=naps) as (_, claude):
        await claude.design(run)
    assert naps.taken == [17.0]


@pytest.mark.parametrize("asked", ["3600", "Tue, 03 Nov 2026 10:00:00 GMT"])
async def test_a_long_wait_parks_the_run_until_then(asked: str) -> None:
    """A longer retry-after, in seconds or as a date, parks the run as a due row instead of holding the worker."""
    run, naps = session(), Naps()
    limited = Fault(status=429, type="rate_limit_error", retry_after=asked)
    async with stage(Script(steady, {0: [limited]}), sleep=naps) as (_, claude):
        with pytest.raises(RunParked) as parked:
            await claude.design(run)
    assert parked.value.until == NOW + timedelta(hours=1) and naps.taken == []
    assert "rate limit" in parked.value.reason and run.outcomes == ["rate_limit_error"]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "enforced_spend_limit_reached"), (402, "linked_organization_spend_limit_reached")]
)
async def test_a_spend_limit_stops_without_another_try(status: int, code: str) -> None:
    """A spend limit looks like a rate limit, but no waiting helps: the run ends and says whom to ask."""
    run = session()
    limited = Fault(status=status, type="rate_limit_error", error_code=code, retry_after="5")
    async with stage(Script(steady, {0: [limited]})) as (model, claude):
        with pytest.raises(DesignFailed, match="Ask the administrator"):
            await claude.design(run)
        assert len(model.calls) == 1
    assert run.outcomes == [code] and await run.spent_usd() == 0


@pytest.mark.parametrize("how", ["error", "eof", "reset", "hang"])
async def test_a_stream_that_breaks_off_is_written_again(how: str) -> None:
    """Error event, clean end, lost connection or silence: the part is paid for, the turn is repeated."""
    run = session()
    async with stage(Script(steady, {0: [cut(how)]}), read_timeout=1.0 if how == "hang" else 20.0) as (_, claude):
        design = await claude.design(run)
    first, *rest = run.calls.values()
    assert first["usd"] > 0 and first["usage"]["input_tokens"] + first["usage"]["cache_write_1h_tokens"] > 0
    assert [call["outcome"] for call in rest] == ["tool_use", "end_turn"]
    assert design.usage["usd"] == pytest.approx(sum(call["usd"] for call in run.calls.values()), abs=1e-5)
    assert len(await run.steps()) == 4


async def test_an_empty_stream_books_its_estimate() -> None:
    """A stream that ends before it says anything may have been billed: the estimate stands."""
    run = session()
    async with stage(Script(steady, {0: [cut("eof", after=0)]})) as (_, claude):
        await claude.design(run)
    first = run.calls["cl_0"]
    assert first["outcome"] == "Cut" and first["usd"] is None and first["estimate"] > 0


async def test_an_error_in_a_stream_is_judged_by_its_type() -> None:
    """It arrives with status 200; a bad key found in the middle ends the run as it would at the start."""
    run = session()
    async with stage(Script(steady, {0: [cut("error", kind="authentication_error")]})) as (_, claude):
        with pytest.raises(DesignFailed, match="the key was not accepted"):
            await claude.design(run)
    assert run.outcomes == ["authentication_error"] and run.calls["cl_0"]["usd"] > 0


async def test_a_dropped_connection_before_any_answer_is_tried_again() -> None:
    """The request was sent and may have been billed, so its estimate is booked."""
    run = session()
    async with stage(Script(steady, {0: [Fault(status=0)]})) as (_, claude):
        await claude.design(run)
    assert run.calls["cl_0"]["usd"] is None and run.outcomes[1:] == ["tool_use", "end_turn"]


async def test_a_service_that_is_not_there_parks_the_run_for_nothing() -> None:
    """Where no connection came about nothing can have been billed."""
    run = session()
    async with stage(steady) as (model, _):
        settings = config(model)
    claude = ClaudeDesigner(settings, BACKEND, clock=lambda: NOW, sleep=Naps())
    with pytest.raises(RunParked, match="could not be reached"):
        await claude.design(run)
    await claude.close()
    assert await run.spent_usd() == 0 and len(run.calls) == 5


async def test_a_cut_answer_is_asked_for_again_with_twice_the_room() -> None:
    """A turn cut at max_tokens is paid and dropped; the doubled room is kept with the run, also after a restart."""
    run = session()
    async with stage(steady, max_tokens=100, max_tokens_ceiling=3200) as (model, claude):
        await claude.design(run)
        rooms = [call.body["max_tokens"] for call in model.calls]
    assert rooms == sorted(rooms) and rooms[0] == 100 and rooms[-1] == rooms[-2]
    assert run.outcomes[-2:] == ["tool_use", "end_turn"] and set(run.outcomes[:-2]) == {"max_tokens"}
    assert all(call["usd"] > 0 for call in run.calls.values())
    assert len(await run.steps()) == 4


async def test_an_answer_beyond_the_largest_room_ends_the_run() -> None:
    """When even the model's largest answer is too small, people are told to split the task."""
    run = session()
    async with stage(steady, max_tokens=50, max_tokens_ceiling=100) as (_, claude):
        with pytest.raises(DesignFailed, match="Split the task: narrow the goal"):
            await claude.design(run)
    assert run.outcomes == ["max_tokens", "max_tokens"]


async def test_a_refusal_is_told_with_its_reason() -> None:
    """A declined call is paid, is no step of the transcript, and people read why and what to rephrase."""
    run = session()
    details = {"type": "refusal", "category": "cyber", "explanation": "It mentions exploits."}
    declined = Reply(content=(thought("No."),), stop="refusal", stop_details=details)
    async with stage(Script(steady, {0: [declined]})) as (_, claude):
        with pytest.raises(DesignFailed) as failed:
            await claude.design(run)
    for words in ("harm computer systems", "“It mentions exploits.”", "Rephrase"):
        assert words in failed.value.message
    assert run.outcomes == ["refusal"] and len(await run.steps()) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Reply(content=(thought("Too much."),), stop="model_context_window_exceeded"),
        Fault(status=413, type="request_too_large"),
    ],
    ids=["stop", "413"],
)
async def test_a_conversation_that_outgrows_the_context_ends_the_run(answer: Fault | Reply) -> None:
    """People are told to split the task; nothing is tried again."""
    run = session()
    async with stage(Script(steady, {0: [answer]})) as (model, claude):
        with pytest.raises(DesignFailed, match="more than the model can hold"):
            await claude.design(run)
        assert len(model.calls) == 1
    assert len(await run.steps()) == 1


async def test_a_faulty_request_is_told_with_its_id() -> None:
    """A 400 is a fault of the bot: no other try, and the request's id for whoever runs it."""
    run = session()
    async with stage(Script(steady, {0: [Fault(status=400, type="invalid_request_error")]})) as (_, claude):
        with pytest.raises(DesignFailed, match=r"fault of the bot.*request's id") as failed:
            await claude.design(run)
    assert "req_" in failed.value.message and run.outcomes == ["invalid_request_error"]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, "authentication_error", "the key was not accepted"),
        (402, "billing_error", "the account cannot be billed"),
        (403, "permission_error", "the key may not do this"),
        (404, "not_found_error", "the model or the address does not exist"),
    ],
)
async def test_a_locked_out_bot_stops_all_its_runs(status: int, kind: str, words: str) -> None:
    """What holds for the account holds for every run: the next one ends with the same words, without a call."""
    first, second = session(), session()
    async with stage(Script(steady, {0: [Fault(status=status, type=kind)]})) as (model, claude):
        for run in (first, second):
            with pytest.raises(DesignFailed, match=words):
                await claude.design(run)
        assert len(model.calls) == 1
    assert first.outcomes == [kind] and second.outcomes == []


async def test_cancelling_closes_the_stream_and_books_what_was_written() -> None:
    """A cancelled worker hangs up at once; what was written is paid, and only that call is repeated."""
    run = session()
    slow = Reply(content=proposal(tiny()).content, stop="tool_use", pace=0.05)
    async with stage(Script(steady, {0: [slow]})) as (model, claude):
        work = asyncio.create_task(claude.design(run))
        await _until(lambda: _writing(run))
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert run.outcomes == ["cancelled"] and run.calls["cl_0"]["usd"] != 0
        await _until(lambda: model.calls[0].outcome == "client gone" if model.calls else False)
        await claude.design(run)
    assert run.outcomes == ["cancelled", "tool_use", "end_turn"]


async def test_a_stopped_run_hangs_up_within_a_beat() -> None:
    """A run stopped on another machine is noticed while an answer streams in, not after it."""
    run = session()
    slow = Reply(content=proposal(tiny()).content, stop="tool_use", pace=0.2)
    async with stage(Script(steady, {0: [slow]})) as (_, claude):
        work = asyncio.create_task(claude.design(run))
        await _until(lambda: _writing(run))
        run.stopped = True
        with pytest.raises(RunFenced):
            await asyncio.wait_for(work, 10)
    assert run.outcomes == ["cancelled"] and len(run.transcript) == 1


async def test_a_killed_call_is_made_once_more() -> None:
    """A ledger row that was sent and never answered stays booked at its estimate; only that call is repeated."""
    run = session()
    await run.open_call("claude-sonnet-5-5", 0.02)
    async with stage(steady) as (_, claude):
        await claude.design(run)
    assert run.outcomes == ["sent", "tool_use", "end_turn"]
    assert await run.spent_usd() == pytest.approx(0.02 + sum(c["usd"] for c in list(run.calls.values())[1:]))


async def test_a_model_without_a_price_is_refused_at_once() -> None:
    """Without a price no budget could be kept, so such a configuration is not accepted."""
    with pytest.raises(ConfigurationError, match="no price for the model"):
        ClaudeConfig(model="some-other-model")


def _writing(run: MemorySession) -> bool:
    return run.tasks.get("model", ("",))[0] == "Writing a proposal"


async def _until(held: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not held():
            await asyncio.sleep(0.01)
