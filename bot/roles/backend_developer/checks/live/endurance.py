"""What a service has to live through: its database gone and back, a stop under load, callers that ask too often."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

import psycopg
from psycopg import sql

from bot.roles.backend_developer.blueprint import OperationKind
from bot.roles.backend_developer.checks.live.client import Answer, Client, NoAnswer
from bot.roles.backend_developer.checks.live.prober import Call, Prober
from bot.roles.backend_developer.checks.live.rows import CannotMake
from bot.roles.backend_developer.checks.live.stand import Stand

LIFE: Final = "service.starts_and_stops"
DATABASE: Final = "service.outlives_database"
RATE: Final = "security.rate_held"
LIMIT: Final = 20
_AWAY_SECONDS: Final = 8.0
_BACK_SECONDS: Final = 25.0
_STOP_SECONDS: Final = 25.0
_THE_SERVICE: Final = "the service"


def probe_database(prober: Prober, stand: Stand) -> None:
    """Take the database away and give it back: 503 meanwhile, and then as before, without a new start."""
    call = _reading(prober)
    if call is None:
        prober.findings.leave(DATABASE, _THE_SERVICE, "no operation that only reads could be called")
        return
    note = prober.findings.record
    stand.take_database_away()
    try:
        asked = _together(
            stand, [("GET", "/livez", {}), ("GET", "/readyz", {}), (call.target.method, _where(call), call.headers)]
        )
        # The first one may meet a connection that is dead already, the later ones wait for a living one in vain.
        asked += _together(stand, [(call.target.method, _where(call), call.headers)] * 3)
    finally:
        stand.give_database_back()
    alive, ready, *refusals = asked
    note(DATABASE, _THE_SERVICE, "/livez without a database", expected="200", seen=alive, held=_status(alive) == 200)
    note(DATABASE, _THE_SERVICE, "/readyz without a database", expected="503", seen=ready, held=_status(ready) == 503)
    for refused in refusals:
        held = isinstance(refused, Answer) and refused.status == 503 and refused.seconds < _AWAY_SECONDS
        note(DATABASE, call.target.id, "called without a database", expected="503 within 8 s", seen=refused, held=held)
    deadline, last = time.monotonic() + _BACK_SECONDS, "no answer"
    client = stand.client()
    while time.monotonic() < deadline:
        try:
            answer = client.send(call.target.method, _where(call), call.headers)
            last = str(answer)
            if answer.status == 200:
                break
        except NoAnswer as problem:
            last = str(problem)
        time.sleep(0.1)
    client.close()
    held = last.startswith("200")
    note(DATABASE, call.target.id, "called when the database is back", expected="200 within 25 s", seen=last, held=held)


def probe_stop(prober: Prober, stand: Stand) -> None:
    """Stop the service while it is asked: what was begun is finished, nothing is cut off, and it ends by itself."""
    call, note = _reading(prober), prober.findings.record
    stop, broken, answered = threading.Event(), list[str](), list[int]()
    threads = (
        [threading.Thread(target=_hammer, args=(stand, call, stop, broken, answered)) for _ in range(4)] if call else []
    )
    for thread in threads:
        thread.start()
    held_up = _HeldUp(prober, stand)
    held_up.begin()
    time.sleep(0.4)
    began = time.monotonic()
    stand.ask_to_stop()
    held_up.let_go()
    ended = stand.stopped(_STOP_SECONDS)
    stop.set()
    for thread in threads:
        thread.join(20)
    took = time.monotonic() - began
    words = f"{took:.1f} s, {'code ' + str(ended.code) if ended else 'it runs on'}"
    # uvicorn ends by the signal it was sent, once it has finished.
    note(LIFE, _THE_SERVICE, "asked to stop under load", expected="it ends by itself within 25 s", seen=words,
         held=ended is not None and ended.code in (0, 143, -15))  # fmt: skip
    note(LIFE, call.target.id if call else _THE_SERVICE, "answers while it stops", expected="none is cut off or fails",
         seen=broken[:3], held=not broken)  # fmt: skip
    if held_up.call is not None:
        note(LIFE, held_up.call.target.id, "a change under way when it was asked to stop", expected="200 or 204",
             seen=held_up.seen, held=_status(held_up.seen) in (200, 201, 204))  # fmt: skip
    if not ended:
        stand.kill()


def probe_rate(prober: Prober, stand: Stand) -> None:
    """Ask more often than the limit: refused with 429 and when to come again, and nobody else is."""
    call = _reading(prober, number=7)  # somebody who has asked for nothing in this minute
    if call is None:
        prober.findings.leave(RATE, _THE_SERVICE, "no operation that only reads could be called")
        return
    client = stand.client()
    answers = [client.send(call.target.method, _where(call), call.headers) for _ in range(3 * LIMIT)]
    granted = sum(answer.status == 200 for answer in answers)
    refused = [answer for answer in answers if answer.status == 429]
    note, operation = prober.findings.record, call.target.id
    # Two minutes' worth, if the minute turned meanwhile.
    note(RATE, operation, f"{3 * LIMIT} requests, of which {LIMIT} a minute are granted", expected="429 for the others",
         seen=f"{granted} granted", held=bool(refused) and granted <= 2 * LIMIT)  # fmt: skip
    if refused:
        after = refused[0].headers.get("retry-after", "")
        note(RATE, operation, "a refused request", expected="Retry-After in seconds", seen=after, held=after.isdigit())
    try:
        other = prober.call(call.target, role=call.role, number=8)
    except CannotMake:
        return
    if other.headers != call.headers and call.target.access == "roles":
        answer = client.send(other.target.method, _where(other), other.headers)
        note(RATE, operation, "somebody else meanwhile", expected="200", seen=answer, held=answer.status == 200)
    client.close()


class _HeldUp:
    """A change that waits for a lock of ours, so that it is surely under way when the service is asked to stop."""

    def __init__(self, prober: Prober, stand: Stand) -> None:
        self._stand, self._prober = stand, prober
        self.call: Call | None = None
        self.seen: Any = "no answer"
        self._thread: threading.Thread | None = None
        self._lock: psycopg.Connection[Any] | None = None

    def begin(self) -> None:
        """Lock a row and send a change of it."""
        targets = [t for t in self._prober.targets if t.written and t.access == "roles" and t.route.addressed
                   and t.kind is OperationKind.UPDATE]  # fmt: skip
        for target in targets:
            try:
                call = self._prober.call(target)
            except CannotMake:
                continue
            shape = target.shape
            if shape is None or call.row is None:
                continue
            self._lock = psycopg.connect(self._stand.conninfo)
            where = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(n)) for n in shape.primary_key)
            statement = sql.SQL("SELECT 1 FROM {} WHERE {} FOR UPDATE").format(sql.Identifier(shape.name), where)
            self._lock.execute(statement, [call.row[n] for n in shape.primary_key])
            self.call = call
            self._thread = threading.Thread(target=self._send)
            self._thread.start()
            return

    def let_go(self) -> None:
        """Give the lock back a moment later, and wait for the answer."""
        if self._lock is None or self._thread is None:
            return
        time.sleep(0.5)
        self._lock.rollback()
        self._lock.close()
        self._thread.join(20)

    def _send(self) -> None:
        assert self.call is not None  # noqa: S101 - `begin` set it
        import json  # noqa: PLC0415 - here alone
        import uuid  # noqa: PLC0415 - as above

        headers = {**self.call.headers, "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        client = self._stand.client()
        try:
            self.seen = client.send(
                self.call.target.method, _where(self.call), headers, json.dumps(self.call.body).encode()
            )
        except NoAnswer as problem:
            self.seen = str(problem)
        finally:
            client.close()


def _hammer(stand: Stand, call: Call, stop: threading.Event, broken: list[str], answered: list[int]) -> None:
    while not stop.is_set():
        client = stand.client()
        try:
            answer = client.send(call.target.method, _where(call), call.headers)
        except NoAnswer as problem:
            # A connection that was not taken any more is no request; one that was cut off within its answer is.
            if "IncompleteRead" in str(problem):
                broken.append(str(problem))
            time.sleep(0.01)
        else:
            answered.append(answer.status)
            if answer.status != 200:
                broken.append(str(answer))
        finally:
            client.close()


def _reading(prober: Prober, *, number: int = 0) -> Call | None:
    """Return a list or a read that is granted, the widest list first."""
    fitting = [t for t in prober.targets if t.written and t.reads and t.access in ("roles", "public")
               and t.method == "GET" and not (t.access == "public" and t.scoped)]  # fmt: skip
    for target in sorted(fitting, key=lambda t: (len(t.route.parameters), not t.many)):
        try:
            call = prober.call(target, number=number)
        except CannotMake:
            continue
        if prober.grant(call).status == 200:
            return call
    return None


def _where(call: Call) -> str:
    from urllib.parse import urlencode  # noqa: PLC0415 - here alone

    return f"{call.address}?{urlencode(call.query)}" if call.query else call.address


def _together(stand: Stand, requests: list[tuple[str, str, dict[str, str]]]) -> list[Any]:
    found: list[Any] = ["no answer"] * len(requests)

    def ask(place: int, client: Client) -> None:
        try:
            found[place] = client.send(*requests[place])
        except NoAnswer as problem:
            found[place] = str(problem)
        finally:
            client.close()

    threads = [threading.Thread(target=ask, args=(n, stand.client(seconds=20))) for n in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(25)
    return found


def _status(answer: Any) -> int:
    return answer.status if isinstance(answer, Answer) else 0
