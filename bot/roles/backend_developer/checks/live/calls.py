"""Work that goes on after its answer, and signed calls that others make."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Final

from bot.roles.backend_developer.checks.live.access import ROLES
from bot.roles.backend_developer.checks.live.prober import CONTRACT, Prober
from bot.roles.backend_developer.checks.live.targets import Target

SIGNED: Final = "security.calls_signed"
SECRET: Final = "shared by the probes"  # noqa: S105 - a throw-away service's


def probe_accepted(prober: Prober, target: Target) -> None:
    """Start work in the background: 202, and its state can be read by whoever started it, and by nobody else."""
    call = prober.call(target)
    answer = prober.grant(call)
    if prober.expect(CONTRACT, target, "work in the background", answer, 202):
        place = answer.headers.get("location", "")
        client = prober.client()
        state = client.send("GET", place, call.headers)
        client.close()
        said = state.json()
        held = state.status == 200 and isinstance(said, dict) and said.get("id") == (answer.json() or {}).get("id")
        prober.findings.record(
            CONTRACT, target.id, "the state of the work", expected="200 and its id", seen=state, held=held
        )
        stranger = prober.people.headers(target, call.role, 0, 1)
        if stranger != call.headers:
            client = prober.client()
            other = client.send("GET", place, stranger)
            client.close()
            prober.expect(ROLES, target, "the state of another's work", other, 403, 404)


def probe_signed(prober: Prober, target: Target) -> None:
    """Call with signatures that do not hold, of which none may be kept, and with one that does."""
    body = json.dumps(prober.body(target, 0, None) or {}).encode()
    now = int(time.time())
    address = target.address(None)
    for what, headers in (
        ("a call without a signature", {}),
        ("a call with another's secret", {"X-Signature": _signature("another", body, now)}),
        ("a call signed an hour ago", {"X-Signature": _signature(SECRET, body, now - 3600)}),
        ("a call signed for the next hour", {"X-Signature": _signature(SECRET, body, now + 3600)}),
        ("a signature of another body", {"X-Signature": _signature(SECRET, b'{"other": 1}', now)}),
        (
            "a signature of another moment",
            {"X-Signature": _signature(SECRET, body, now).replace(str(now), str(now - 1), 1)},
        ),
        ("an empty signature", {"X-Signature": f"t={now},v1="}),
        ("a signature that is none", {"X-Signature": "t=99999999999999999999,v1=zz"}),
    ):
        answer = prober.send(target, address, headers, raw=body)
        prober.expect(SIGNED, target, what, answer, 401)
    taken = prober.rows.execute("SELECT count(*) AS n FROM service.inbox WHERE operation = %s", (target.id,))[0]["n"]
    prober.findings.record(
        SIGNED, target.id, "calls that were refused", expected="none is kept", seen=taken, held=taken == 0
    )
    answer = prober.send(target, address, {"X-Signature": _signature(SECRET, body, now)}, raw=body)
    held = answer.status in (200, 201, 202, 204, 422, 501)
    prober.findings.record(SIGNED, target.id, "a call that is signed", expected="taken", seen=answer, held=held)


def _signature(secret: str, body: bytes, moment: int) -> str:
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
