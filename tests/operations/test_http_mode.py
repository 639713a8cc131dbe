"""The whole product behind a Request URL: the same life over signed HTTP, with health and metrics on the same port."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.stage import CHANNEL, Stage, Thread
from tests.operations.helpers import deliver
from tests.operations.http_stage import over_http, url

ROOT = Path(__file__).resolve().parents[2]


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with over_http(tmp_path) as running:
        yield running


def ops(stage: Stage) -> str:
    """Where the operators' pages stand."""
    return f"http://127.0.0.1:{stage.settings.ops_port}"


def reply(stage: Stage, thread: Thread, text: str, team: str) -> bytes:
    """What Slack sends when Eva replies in the thread, of this team."""
    eva = stage["eva"]
    event = {
        "type": "message", "channel": eva.channels[CHANNEL], "thread_ts": thread.ts, "ts": "1900000000.000001",
        "user": eva.user, "text": text,
    }  # fmt: skip
    return json.dumps({"type": "event_callback", "team_id": team, "event_id": "E1", "event": event}).encode()


async def test_an_evaluation_lives_over_http(stage: Stage) -> None:
    """Commands, forms, clicks and events reach the product by signed HTTP, and the thread follows."""
    thread = await stage.start("eva")
    await thread.quiet()
    await thread.say("eva", "By a reply in the thread.")
    await thread.until(lambda d: any(q.answer and q.answer.via == "reply" for q in d.questions))
    await thread.answer_everything()
    await thread.is_the_projection()


async def test_forged_replayed_and_foreign_deliveries_change_nothing(stage: Stage) -> None:
    """Not one row is written for a delivery with a bad signature, an old timestamp, or of another workspace."""
    thread = await stage.start("eva")
    await thread.quiet()
    identity = stage.local.core.identity
    before, now = await rows(stage), time.time()
    ours = reply(stage, thread, "forged", identity.team_id)
    foreign = reply(stage, thread, "forged", "T0FOREIGN1")
    good = identity.signing_secret
    assert await deliver(url(stage), ours, secret="x", at=now, content_type="application/json") == 401
    assert await deliver(url(stage), ours, secret=good, at=now - 301, content_type="application/json") == 401
    assert await deliver(url(stage), foreign, secret=good, at=now, content_type="application/json") == 200
    start = urlencode({"command": "/eipas", "text": "start", "team_id": "T0FOREIGN1", "user_id": "U1"}).encode()
    assert await deliver(url(stage), start, secret=good, at=now) == 200
    gone = {"type": "event_callback", "team_id": "T0FOREIGN1", "event_id": "E2", "event": {"type": "app_uninstalled"}}
    raw = json.dumps(gone).encode()
    assert await deliver(url(stage), raw, secret=good, at=now, content_type="application/json") == 200
    assert await rows(stage) == before
    assert await deliver(url(stage), ours, secret=good, at=now, content_type="application/json") == 200
    assert await rows(stage) != before, "the very same bytes count when Slack signs them now"


async def test_what_cannot_be_kept_now_is_not_acknowledged(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """While nothing can be written Slack shall deliver again, and the log says why; what it delivers then counts."""
    thread = await stage.start("eva")
    await thread.quiet()
    identity = stage.local.core.identity
    body = reply(stage, thread, "By a reply.", identity.team_id)

    async def status() -> int:
        secret, now = identity.signing_secret, time.time()
        return await deliver(url(stage), body, secret=secret, at=now, content_type="application/json")

    await stage.app.database.transaction(_nothing_more)
    capsys.readouterr()
    assert await status() == 503
    said = "".join(capsys.readouterr())
    assert "delivery_waits" in said and "the database is read-only" in said and "Traceback" not in said
    assert await status() == 200
    await thread.until(lambda d: any(q.answer and q.answer.text == "By a reply." for q in d.questions))


def _nothing_more(tx: Any) -> None:
    """Let the writer's connection write nothing more; after a failure it opens another."""
    tx._session.connection.exec_driver_sql("PRAGMA query_only=1")


async def test_the_public_port_tells_nothing_of_operations(stage: Stage) -> None:
    """Who reaches the Request URL finds neither readiness nor metrics there; they stand on a port of their own."""
    public, private = url(stage), ops(stage)
    async with aiohttp.ClientSession() as session:
        for address, status in (
            (f"{public}/healthz", 200), (f"{public}/readyz", 404), (f"{public}/metrics", 404),
            (f"{private}/healthz", 200), (f"{private}/readyz", 200), (f"{private}/metrics", 200),
            (f"{private}/slack/events", 404),
        ):  # fmt: skip
            async with session.get(address) as answer:
                assert answer.status == status, address


async def test_half_a_request_is_cut(tmp_path: Path) -> None:
    """A head, or a body, that stops half-way loses its connection after the setting's seconds; others are served."""
    async with over_http(tmp_path, request_seconds=0.3) as stage:
        port = int(url(stage).rpartition(":")[2])
        for half in (
            b"", b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-A: ",
            b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc",
            b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ):  # fmt: skip
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(half)
            with suppress(ConnectionResetError):
                assert b" 200 " not in await asyncio.wait_for(reader.read(), 5)
            writer.close()
        async with aiohttp.ClientSession(url(stage)) as session, session.get("/healthz") as answer:
            assert answer.status == 200


async def test_metrics_tell_what_was_done(stage: Stage) -> None:
    """Scraped after real work the numbers are those of the work; all that are scraped are in the operators' page with
    their labels, and are named as Prometheus wants it."""
    await (await stage.start("eva")).quiet()
    assert await deliver(url(stage), b"forged", secret="x", at=time.time()) == 401
    async with aiohttp.ClientSession(ops(stage)) as session, session.get("/metrics") as answer:
        assert answer.content_type == "text/plain"
        families = list(text_string_to_metric_families(await answer.text()))
    found = {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}
    assert found["eipas_deliveries_total", "command", "done"] == 1
    assert found["eipas_deliveries_total", "view", "done"] == 1
    assert found["eipas_ack_seconds_count", "view"] == 1
    assert found["eipas_requests_refused_total", "signature"] == 1
    assert found["eipas_evaluations", "collecting"] == found["eipas_machines",] == 1
    assert found["eipas_syncs_total", "thread", "done"] >= 1
    assert found["eipas_transactions_per_commit_sum",] >= found["eipas_transactions_per_commit_count",] > 0
    assert found["eipas_oldest_seconds", "surfaces"] == 0
    assert found["process_resident_memory_bytes",] > 1_000_000
    ours = [f for f in families if f.name.startswith("eipas") and not f.name.endswith("_created")]
    for family in ours:
        assert re.fullmatch(r"eipas(_[a-z]+)*", family.name) and family.documentation, family.name
        assert family.type != "counter" or all(s.name.endswith("_total") for s in family.samples)
        assert not family.name.endswith(("_ms", "_milliseconds", "_minutes", "_count", "_sum", "_bucket"))
    described = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(eipas\w*)(?:\{([\w,]+)\})?` \|", described, re.MULTILINE)
    assert {name for name, _ in rows} == {_shown(family) for family in ours}
    labels = dict(rows)
    assert [f.name for f in ours if f.samples and labels[_shown(f)] != _labels(f)] == []


def _shown(family: Metric) -> str:
    return family.name + ("_total" if family.type == "counter" else "")


def _labels(family: Metric) -> str:
    """The labels that say something of their own, which a histogram's bound does not."""
    return ",".join({name: None for sample in family.samples for name in sample.labels if name != "le"})


async def rows(stage: Stage) -> dict[str, int]:
    tables = ("inbox", "evaluation", "answer", "note", "event", "surface", "posted")
    with stage.app.database.engine.connect() as connection:
        return {t: connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one() for t in tables}
