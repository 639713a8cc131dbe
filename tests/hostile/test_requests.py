"""Requests at the public port, byte by byte, and frames of a socket that are not as Slack documents them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import pytest_asyncio

from bot.devtools.local_slack.signed_http import signature
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage
from tests.hostile.test_hostile import cases
from tests.operations.asgi import FORM
from tests.operations.http_stage import over_http, url

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]
SECONDS = 15


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def http(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with over_http(tmp_path_factory.mktemp("requests"), request_seconds=5.0) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def socket(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("frames")) as stage:
        yield stage


def usual(stage: Stage) -> Json:
    """A command as Slack sends it; its answer is the help."""
    team, eva = stage.local.core.identity.team_id, stage["eva"]
    place = {"channel_id": eva.channels[CHANNEL], "channel_name": CHANNEL, "user_id": eva.user, "user_name": "eva"}
    return {"command": "/eipas", "text": "help", "team_id": team, "trigger_id": f"{time.time_ns()}.1.x", **place}


def body_of(stage: Stage, case: Json) -> bytes:
    made = {
        "DEEPPAYLOAD": f"payload={quote('[' * 100_000)}",
        "DIGITS": '{"type": ' + "9" * 1_000_000 + "}",
        "FIELDS": "&".join(f"f{n}=1" for n in range(100_000)),
    }
    given = case.get("body")
    return urlencode(usual(stage)).encode() if given is None else made.get(given, given).encode()


def head_of(stage: Stage, case: Json, body: bytes) -> list[tuple[str, str]]:
    """The head with the signature, or with what the case says is wrong with it."""
    secret, now, sign = stage.local.core.identity.signing_secret, int(time.time()), case.get("sign", "none")
    head = [("Host", "eipas.example"), ("Content-Length", str(len(body))), ("Connection", "close")]
    if (kind := case.get("type", FORM)) != "":
        head.append(("Content-Type", kind))
    if sign == "none":
        return head
    how = {} if sign == "good" else sign
    stamp = str(how.get("stamp", now + how.get("at", 0)))
    stamp = stamp.replace("NOW_", f"{now:_}").replace("NOW", str(now)).replace("LONG9", "9" * 5000)
    signed = signature(secret, stamp, how["of"].encode() if "of" in how else body)
    signed = {
        "upper": signed.upper(), "longer": signed + "0", "half": signed[:34],
        "other letters": signed.replace("v0", "ｖ0"),
    }.get(how.get("change", ""), signed)  # fmt: skip
    if "first" in how:
        head.append(("X-Slack-Signature", how["first"]))
    head += [("X-Slack-Request-Timestamp", stamp), ("X-Slack-Signature", signed)]
    return head + ([("X-Slack-Request-Timestamp", how["second_stamp"])] if "second_stamp" in how else [])


def raw_request(stage: Stage, case: Json) -> bytes:
    if "raw" in case:
        raw = str(case["raw"])
        return ("GET / HTTP/1.1\r\nX: " + "x" * 1_000_000 if raw == "HEAD1M" else raw).encode("latin-1")
    body = body_of(stage, case)
    named = {name.lower() for name in case.get("headers", {})}
    head = [pair for pair in head_of(stage, case, body) if pair[0].lower() not in named]
    head += list(case.get("headers", {}).items())
    first = f"{case.get('method', 'POST')} {case.get('path', '/slack/events')} HTTP/1.1"
    lines = "\r\n".join([first, *(f"{name}: {value}" for name, value in head)])
    return lines.encode() + b"\r\n\r\n" + (body if case.get("method") != "GET" else b"")


async def answer_to(stage: Stage, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url(stage).rpartition(":")[2]))
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), SECONDS)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def rows(stage: Stage) -> list[int]:
    with stage.app.database.engine.connect() as connection:
        tables = ("inbox", "evaluation", "event")
        return [connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one() for t in tables]


@pytest.mark.parametrize("case", cases("requests"))
async def test_a_request_out_of_shape_is_refused(http: Stage, case: Json, capsys: pytest.CaptureFixture[str]) -> None:
    """By a plain status and nothing of the machine's; no row is written, and the next request is served."""
    before = await rows(http)
    capsys.readouterr()
    got = await answer_to(http, raw_request(http, case))
    status = re.match(rb"HTTP/1\.[01] (\d{3})", got)
    assert (int(status[1]) if status else 0) in case["status"], got[:300]
    assert got.count(b"HTTP/1.1 ") == bool(status), "one request, one answer"
    head, _, said = got.partition(b"\r\n\r\n")
    assert b"eipas_" not in said and b"Traceback" not in said and b"x-injected" not in head.lower()
    if case.get("plain"):
        assert b"text/plain" in head
    assert "Traceback" not in "".join(capsys.readouterr())
    assert await rows(http) == before
    served = await answer_to(http, raw_request(http, {"sign": "good"}))
    assert b" 200 " in served and b"status" in served


FRAMES = {"DEEP": "[" * 100_000, "DIGITS": '{"envelope_id": "x", "n": ' + "9" * 100_000 + "}"}


def frame_of(stage: Stage, case: Json) -> str | bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "text" in case:
        return FRAMES.get(case["text"], case["text"])
    eva, team = stage["eva"], stage.local.core.identity.team_id
    place = {"channel": eva.channels[CHANNEL], "thread_ts": "1.2"}
    nobody = {"type": "message", **place, "ts": "1900000000.000001", "text": "x"}
    verdict = {"type": "vote", "user": eva.user, "value": "ev_x|gt_x|approve"}
    made = {
        "COMMAND": {**usual(stage), "text": "help"},
        "MESSAGE_OF_NOBODY": {"type": "event_callback", "team_id": team, "event_id": "Ev1", "event": nobody},
        "VERDICT": {"type": "event_callback", "team_id": team, "event_id": "Ev2", "event": verdict},
    }

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(part) for key, part in value.items()}
        if isinstance(value, list):
            return [filled(part) for part in value]
        return made.get(value, "env-1" if value == "ENV" else value) if isinstance(value, str) else value

    return json.dumps(filled(case["frame"]))


@pytest.mark.parametrize("case", cases("envelopes"))
async def test_a_frame_out_of_shape_takes_nothing_down(
    socket: Stage, case: Json, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The line stands or is renewed, the log has no traceback, no row is written, and the next command is answered."""
    before = await rows(socket)
    capsys.readouterr()
    acked = await acknowledged(socket, frame_of(socket, case))
    if "acked" in case:
        assert acked == case["acked"]
    assert "Traceback" not in "".join(capsys.readouterr()) + caplog.text
    assert await rows(socket) == before
    await socket["ben"].wait_for(lambda p: p.connected, within=20)
    shown = set(socket["ben"].messages)
    await socket["ben"].command(CHANNEL, "/eipas", "help")
    await socket["ben"].wait_for(
        lambda p: any("approver" in words(m) for place, m in p.messages.items() if place not in shown)
    )


async def acknowledged(stage: Stage, frame: str | bytes) -> bool:
    """Send a frame over each connection as Slack's server would, and say whether an acknowledgement of it came."""
    mode: Any = stage.local.core.socket
    heard: list[str] = []
    usual_ack = mode._acknowledge
    mode._acknowledge = lambda data: (heard.append(data), usual_ack(data))
    try:
        for connection in list(mode._open):
            await (connection.send_str(frame) if isinstance(frame, str) else connection.send_bytes(frame))
        await asyncio.sleep(0.4)
    finally:
        mode._acknowledge = usual_ack
    return any("envelope_id" in one for one in heard)
