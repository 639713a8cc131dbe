"""What runs beside the requests: limits over several processes, jobs that fail, events that are told until taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from app.core import jobs, outbox, rate_limits, tracing
from app.core.database import Caller, Connection, database
from app.core.jobs import Job
from app.core.problems import Problem
from app.core.settings import settings
from tests.world import World

CALLER = Caller(name="somebody", role="signed_in")
LIMIT = 5


@pytest.fixture
def inside(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], Awaitable[Any]]], Any]]:
    """Run something with the service's own pool, in this process."""
    monkeypatch.setenv("DATABASE_URL", world.url)
    monkeypatch.setenv("RATE_LIMIT_PER_MINUTE", str(LIMIT))
    settings.cache_clear()

    def run(work: Callable[[], Awaitable[Any]]) -> Any:
        async def opened() -> Any:
            await database.open()
            try:
                return await work()
            finally:
                await database.close()

        return asyncio.run(opened())

    yield run
    settings.cache_clear()


def test_a_limit_holds_over_all_processes(inside: Callable[..., Any]) -> None:
    async def many() -> int:
        taken = 0
        for _ in range(LIMIT * 3):
            rate_limits._leases.clear()  # each time another process
            try:
                await rate_limits.take("one caller")
            except Problem as refusal:
                assert refusal.status == 429
                assert int((refusal.headers or {})["Retry-After"]) in range(1, 61)
            else:
                taken += 1
        return taken

    assert inside(many) in (LIMIT, 2 * LIMIT), "more than a minute's worth, at most over the turn of one minute"


def test_of_requests_that_come_together_just_the_limit_is_granted(inside: Callable[..., Any]) -> None:
    async def one() -> bool:
        try:
            await rate_limits.take("a hasty caller")
        except Problem:
            return False
        return True

    async def together() -> int:
        return sum(await asyncio.gather(*(one() for _ in range(LIMIT * 3))))

    assert inside(together) in (LIMIT, 2 * LIMIT), "each once, at most over the turn of one minute"


def test_each_statement_of_a_reader_knows_who_asks_and_the_next_one_does_not(
    inside: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POOL_MIN", "1")
    monkeypatch.setenv("POOL_MAX", "1")
    asked = b"SELECT current_setting('app.tenant_id', true) AS tenant"

    async def read() -> list[str]:
        async with database.as_reader(Caller(name="somebody", role="signed_in", tenant_id="7")) as connection:
            rows = [await (await connection.execute(asked, ())).fetchone() for _ in range(2)]
        rows.append(await database.single(asked.decode(), ()))
        return [row["tenant"] for row in rows if row is not None]

    assert inside(read) == ["7", "7", ""]


def test_a_job_is_done_once_and_a_failing_one_again(inside: Callable[..., Any], world: World) -> None:
    done: list[str] = []

    async def good(_connection: Connection, job: Job) -> dict[str, Any]:
        done.append(str(job.input["what"]))
        return {"fine": True}

    async def bad(_connection: Connection, _job: Job) -> None:
        raise ValueError("not today")

    async def both() -> list[dict[str, Any]]:
        async with database.as_caller(CALLER) as connection:
            made = [await jobs.enqueue(connection, CALLER, kind, {"what": kind}) for kind in ("good", "bad")]
        while await jobs.work_off_one({"good": good, "bad": bad}):
            pass
        return made

    with world.connect() as connection:
        connection.execute("DELETE FROM service.jobs")
    first, second = inside(both)
    with world.connect() as connection:
        rows = {row["id"]: row for row in connection.execute("SELECT * FROM service.jobs").fetchall()}
        connection.execute("DELETE FROM service.jobs")
    assert done == ["good"]
    assert (rows[first["id"]]["status"], rows[first["id"]]["result"]) == ("succeeded", {"fine": True})
    waiting = rows[second["id"]]
    assert (waiting["status"], waiting["attempts"], waiting["failure"]) == ("queued", 1, "ValueError: not today")
    assert waiting["next_attempt_at"] > waiting["created_at"]


class _Subscriber(BaseHTTPRequestHandler):
    taken: list[tuple[bytes, str]] = []
    answers: list[int] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.taken.append((body, self.headers["x-signature"]))
        self.send_response(self.answers.pop(0))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        return


def test_a_trace_goes_through_requests_jobs_and_events(inside: Callable[..., Any], world: World) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    seen: list[str] = []

    async def traced(_connection: Connection, _job: Job) -> None:
        seen.append(tracing.current())

    async def asked() -> None:
        with tracing.span("request", parent):
            async with database.as_caller(CALLER) as connection:
                await jobs.enqueue(connection, CALLER, "traced", {})
        while await jobs.work_off_one({"traced": traced}):
            pass

    with world.connect() as connection:
        connection.execute("DELETE FROM service.jobs")
    inside(asked)
    with world.connect() as connection:
        connection.execute("DELETE FROM service.jobs")
    assert [header[:36] for header in seen] == [parent[:36]] and seen[0] != parent
    with tracing.span("request", "no header of anybody's"):
        assert tracing.current()[3:35] != parent[3:35]


def test_an_event_is_told_until_it_is_taken_and_signed(inside: Callable[..., Any], world: World) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Subscriber)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Subscriber.taken.clear()
    _Subscriber.answers[:] = [500, 204]
    url = f"http://127.0.0.1:{server.server_port}/hook"
    with world.connect() as connection:
        connection.execute(
            "INSERT INTO service.webhook_subscriptions (tenant, url, secret) VALUES ('', %s, 'shared')", (url,)
        )

    async def told() -> None:
        async with database.as_caller(CALLER) as connection:
            await outbox.emit(connection, CALLER, "thing.happened", {"number": 1})
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(40):
                if not await outbox.deliver_one(client):
                    if len(_Subscriber.taken) == 2:
                        return
                    await asyncio.sleep(0.1)

    try:
        inside(told)
    finally:
        server.shutdown()
        with world.connect() as connection:
            connection.execute("DELETE FROM service.webhook_subscriptions")
    assert len(_Subscriber.taken) == 2
    assert _Subscriber.taken[0][0] == _Subscriber.taken[1][0], "the same event has the same id when it comes again"
    body, signature = _Subscriber.taken[1]
    moment, given = (part.partition("=")[2] for part in signature.split(","))
    assert hmac.new(b"shared", moment.encode() + b"." + body, hashlib.sha256).hexdigest() == given
