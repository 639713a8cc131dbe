"""The signed HTTP front: what is let in, what is not, and what Bolt is handed."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.transport.front import MAX_AGE_S, MAX_BODY, SlackFront, decode
from handlers.transport.workspaces import OneWorkspace, WorkspaceAuthorizer
from tests.operations.asgi import FORM, SECRET, call, signed

TEAM = "T1"


class Heard:
    """A Bolt application that notes what reaches its listeners."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        one = OneWorkspace(AsyncWebClient(token="xoxb-test"))
        one._me = {"team_id": TEAM, "team": "One", "url": "", "bot_id": "B1", "user_id": "U1"}
        door: Any = WorkspaceAuthorizer(one)
        app = AsyncApp(authorize=door, process_before_response=True, request_verification_enabled=False)

        @app.command("/eipas")
        async def command(body: Any, ack: Any) -> None:
            self.bodies.append(body)
            await ack("heard")

        @app.event("message")
        async def message(body: Any) -> None:
            self.bodies.append(body)
            if body["event"]["text"] == "break":
                raise RuntimeError("no disk")

        self.front = SlackFront(app, SECRET)


@pytest.fixture
async def heard() -> AsyncIterator[Heard]:
    yield Heard()


def command(team: str = TEAM) -> bytes:
    return urlencode({"command": "/eipas", "text": "a+b ü%", "team_id": team, "user_id": "U9"}).encode()


def event(text: str) -> bytes:
    inner = {"type": "message", "text": text, "user": "U9", "channel": "C1", "ts": "1.2"}
    return json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "E1", "event": inner}).encode()


async def test_signed_command_reaches_its_listener(heard: Heard) -> None:
    """A well signed form is decoded, its listener runs first, and its answer is the response."""
    answer = await call(heard.front, command(), signed(command()), chunk=7)
    assert (answer.status, answer.body) == (200, b"heard")
    assert heard.bodies[0]["text"] == "a+b ü%"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda h: {**h, "x-slack-signature": "v0=" + "0" * 64}, id="wrong"),
        pytest.param(lambda h: {**h, "x-slack-signature": h["x-slack-signature"].replace("v0=", "v1=")}, id="version"),
        pytest.param(lambda h: {k: v for k, v in h.items() if k != "x-slack-signature"}, id="unsigned"),
        pytest.param(lambda h: {k: v for k, v in h.items() if k != "x-slack-request-timestamp"}, id="undated"),
        pytest.param(lambda h: {**h, "x-slack-request-timestamp": "1e9"}, id="no number"),
        pytest.param(lambda h: {**h, "x-slack-request-timestamp": str(int(time.time()) - 1)}, id="other date"),
        pytest.param(lambda h: signed(command(), secret="another"), id="other secret"),
        pytest.param(lambda h: signed(command(), at=time.time() - MAX_AGE_S - 2), id="recorded"),
        pytest.param(lambda h: signed(command(), at=time.time() + MAX_AGE_S + 5), id="ahead"),
    ],
)
async def test_forged_or_old_deliveries_reach_nobody(heard: Heard, spoil: Any) -> None:
    """Without Slack's own fresh signature over these bytes the answer is 401 and no listener runs."""
    answer = await call(heard.front, command(), spoil(signed(command())))
    assert (answer.status, heard.bodies) == (401, [])


async def test_changed_body_is_forged(heard: Heard) -> None:
    """A signature counts for the bytes it was made for."""
    answer = await call(heard.front, command() + b"&text=cancel", signed(command()))
    assert (answer.status, heard.bodies) == (401, [])


async def test_foreign_team_is_turned_away(heard: Heard) -> None:
    """A delivery of a workspace that is not ours is answered, so that Slack is content, and reaches no listener."""
    answer = await call(heard.front, command("T2"), signed(command("T2")))
    assert (answer.status, heard.bodies) == (200, [])


async def test_failed_listener_is_not_acknowledged(heard: Heard) -> None:
    """What could not be made durable is answered with an error, so that Slack delivers it again."""
    body = event("break")
    answer = await call(heard.front, body, signed(body, content_type="application/json"))
    assert answer.status == 500


async def test_large_body_is_not_read_to_its_end(heard: Heard) -> None:
    """More than a megabyte is refused before it is verified."""
    body = b"payload=" + b"x" * MAX_BODY
    assert (await call(heard.front, body, signed(body))).status == 413


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff\xfe", b"null", b"[" * 100_000])
async def test_unreadable_json_is_refused(heard: Heard, body: bytes) -> None:
    """Signed or not, what is no JSON object is a bad request."""
    assert (await call(heard.front, body, signed(body, content_type="application/json"))).status == 400


async def test_slack_checks_the_address(heard: Heard) -> None:
    """`url_verification` gets its challenge back; `ssl_check` gets an empty 200; a GET gets 405."""
    challenge = json.dumps({"type": "url_verification", "challenge": "3eZb"}).encode()
    assert (await call(heard.front, challenge, signed(challenge, content_type="application/json"))).body == b"3eZb"
    assert (await call(heard.front, b"ssl_check=1", signed(b"ssl_check=1"))).status == 200
    assert (await call(heard.front, method="GET")).status == 405


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_forms_are_decoded_as_the_standard_library_does(fields: dict[str, str]) -> None:
    """The quick decoder and urllib agree on every form that Slack can send."""
    fields.pop("payload", None)
    encodable = {k: v for k, v in fields.items() if k.isprintable() and v.isprintable()}
    body = urlencode(encodable)
    assert decode(FORM.encode(), body.encode()) == dict(parse_qsl(body, keep_blank_values=True))


@given(st.dictionaries(st.text(), st.recursive(st.text() | st.integers(), st.lists, max_leaves=5), max_size=5))
def test_payloads_survive_the_form(payload: dict[str, Any]) -> None:
    """What Slack puts into `payload` comes out as it was."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert decode(FORM.encode(), body) == payload


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(body: bytes) -> None:
    """Whatever comes is a payload or nothing, never an exception."""
    for content_type in (b"application/json", FORM.encode()):
        found = decode(content_type, body)
        assert found is None or isinstance(found, dict)
