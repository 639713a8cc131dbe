"""Sends what probes mean to send, and looks at every answer alike: the contract, failures of the inside, leaks."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from bot.roles.backend_developer.blueprint import Blueprint, OperationKind
from bot.roles.backend_developer.checks.live.client import Answer, Client, NoAnswer
from bot.roles.backend_developer.checks.live.conformity import LEAKS, Contract
from bot.roles.backend_developer.checks.live.outcome import Findings
from bot.roles.backend_developer.checks.live.people import People
from bot.roles.backend_developer.checks.live.rows import CannotMake, Row, Rows
from bot.roles.backend_developer.checks.live.targets import WRITING, Target, field_rights
from bot.roles.backend_developer.renderers.openapi.values import NO_EXAMPLE, example, value_column

CONTRACT: Final = "api.contract_kept"
ATTACKS: Final = "security.attacks_fail"
_SLOW: Final = 3.0
"""Seconds that no answer may take while nobody else asks: what sleeps inside of a statement shows so."""

Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that should be granted: who sends it, to which row, with what."""

    target: Target
    role: str
    address: str
    headers: dict[str, str]
    body: Any = None
    row: Row | None = None
    query: Mapping[str, str] | None = None


class Prober:
    """What all probes share. For one thread."""

    def __init__(
        self, blueprint: Blueprint, targets: tuple[Target, ...], people: People, rows: Rows, contract: Contract,
        findings: Findings, client: Callable[[], Client], tell: Tell,
    ) -> None:  # fmt: skip
        self.blueprint, self.targets, self.people, self.rows = blueprint, targets, people, rows
        self.findings, self.tell = findings, tell
        self._contract, self.client = contract, client
        self._client = client()
        self.sent = 0

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._client.close()

    # -- sending ------------------------------------------------------------------------------------------------------

    def send(
        self, target: Target, address: str, headers: Mapping[str, str], body: Any = None, *,
        query: Mapping[str, str] | None = None, raw: bytes | None = None, slow: float = _SLOW,
    ) -> Answer:  # fmt: skip
        """Send a request to an operation. A body is sent as JSON unless `raw` are its bytes; a key is added."""
        said = {"Accept": "application/json", **headers}
        content = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if content is not None:
            said.setdefault("Content-Type", "application/json")
        if target.keyed:
            said.setdefault("Idempotency-Key", uuid.uuid4().hex)
        said = {name: value for name, value in said.items() if value is not None}
        where = f"{address}?{urlencode(query)}" if query else address
        self.sent += 1
        try:
            answer = self._client.send(target.method, where, said, content)
        except NoAnswer as problem:
            answer = Answer(status=0, headers={}, body=f"no answer ({problem})".encode(), seconds=0)
        self._look(target, answer, where, slow)
        return answer

    def _look(self, target: Target, answer: Answer, where: str, slow: float) -> None:
        note, what = self.findings.record, f"{target.method} {where[:120]}"
        if answer.status == 0 or (answer.status >= 500 and answer.status not in (501, 503)):
            note(CONTRACT, target.id, what, expected="an answer below 500", seen=answer, held=False)
        else:
            complaints = list(self._contract.complaints(target.method, target.route.path, answer))
            note(
                CONTRACT,
                target.id,
                what,
                expected="as openapi.yaml says",
                seen="; ".join(complaints),
                held=not complaints,
            )
        leak = LEAKS.search(answer.text) if answer.status >= 400 else None
        if leak is not None:
            note(ATTACKS, target.id, what, expected="no words of the inside", seen=answer.text[:200], held=False)
        if answer.seconds > slow:
            note(
                ATTACKS,
                target.id,
                what,
                expected=f"an answer within {slow:g} s",
                seen=f"{answer.seconds:.1f} s",
                held=False,
            )

    # -- granted calls ------------------------------------------------------------------------------------------------

    def roles(self, target: Target) -> tuple[str, ...]:
        """Return the roles that may call an operation and can sign in to it; "" is somebody without a role."""
        if target.access in ("public", "signed"):
            return ("",)
        names = [role.name for role in self.blueprint.roles]
        allowed = [role for role in (target.roles or names or [""]) if self.people.way(target, role) is not None]
        moves = [step for _machine, step in target.route.moves]
        if moves and all(step.roles for step in moves):
            allowed = [role for role in allowed if any(role in step.roles for step in moves)]
        return tuple(allowed)

    def call(self, target: Target, *, role: str | None = None, tenant: int = 0, number: int = 0) -> Call:
        """Return a request that should be granted. Raises CannotMake."""
        wide = [one for one in self.roles(target) if one not in target.own] or list(self.roles(target))
        if role is None and not wide:
            raise CannotMake(f"no role that may call {target.id} can sign in to it")
        chosen = role if role is not None else wide[0]
        row = self.row(target, chosen, tenant, number)
        return Call(
            target=target, role=chosen, row=row, address=target.address(row),
            headers=self.people.headers(target, chosen, tenant, number), body=self.fitting(target, chosen, tenant, row),
            query=self.query(target),
        )  # fmt: skip

    def row(self, target: Target, role: str, tenant: int, number: int = 0) -> Row | None:
        """Return a fresh row that an operation's path can name, in a state that it begins at. Raises CannotMake."""
        shape = target.shape
        if shape is None or not target.route.parameters:
            return None
        if shape.tenant and target.kind is not OperationKind.DELETE:
            return self.rows.tenant_rows[tenant]
        own = {shape.owner_column: self.people.user(role, tenant, number)} if shape.owner_column else {}
        row = self.rows.make(shape.entity, tenant, own)
        mine = [(m, s) for m, s in target.route.moves if not s.roles or role in s.roles] or target.route.moves
        for machine, step in mine[:1]:
            if step.sources:
                self.rows.put(shape, row, machine.field, step.sources[0])
        return self.rows.now(shape, row) or row

    def fitting(self, target: Target, role: str, tenant: int, row: Row | None) -> Any:
        """Return a body that fits, without the fields that the role may not write. Raises CannotMake."""
        body = self.body(target, tenant, row)
        if not isinstance(body, dict) or target.shape is None:
            return body
        rights = field_rights(self.blueprint, target.shape.entity, WRITING)
        closed = {name for name, roles in rights.items() if role not in roles}
        needed = {c.name for c in target.shape.columns if c.required and not c.optional_input}
        if target.kind is OperationKind.CREATE and closed & needed & set(body):
            raise CannotMake(f"{target.id} needs a field that the role {role} may not write")
        return {name: value for name, value in body.items() if name not in closed}

    def body(self, target: Target, tenant: int, row: Row | None) -> Any:
        """Return a body that fits, None if the operation takes none. Raises CannotMake."""
        op, shape = target.route.operation, target.shape
        if not target.route.body:
            return None
        if op.request:
            return _made(op.request)
        if op.request_entity:
            body = self.rows.body(op.request_entity, tenant)
            return [body] if op.request_list else body
        if shape is None:
            return None
        if target.kind is OperationKind.UPDATE and target.method != "PUT":
            changes = self.rows.changes(shape.entity, tenant)
            if not changes:
                raise CannotMake(f"nothing of {shape.entity} can be changed by made-up values")
            return changes
        path = {p.column: row[p.column] for p in target.route.parameters if row is not None and p.column in row}
        body = self.rows.body(shape.entity, tenant, like=path)
        if target.method == "PUT" and row is not None:
            states = {m.field for m in shape.machines}
            body = {name: (row[name] if name in states else value) for name, value in body.items()}
        return body

    def query(self, target: Target) -> dict[str, str] | None:
        """Return the parameters that the query must have. Raises CannotMake."""
        named = {p.said for p in target.route.parameters}
        wanted = [f for f in target.route.operation.parameters if f.required and f.name not in named]
        found: dict[str, str] = {}
        for field in wanted:
            value = example(value_column(field))
            if value is NO_EXAMPLE:
                raise CannotMake(f"no value of {field.name} can be made up")
            found[field.name] = value if isinstance(value, str) else json.dumps(value)
        return found or None

    def grant(self, call: Call, **more: Any) -> Answer:
        """Send a request that should be granted."""
        return self.send(call.target, call.address, call.headers, call.body, query=call.query, **more)

    def expect(self, check: str, target: Target, what: str, answer: Answer, *statuses: int) -> bool:
        """Record that an answer has one of these statuses."""
        expected = " or ".join(map(str, statuses))
        held = answer.status in statuses
        return self.findings.record(check, target.id, what, expected=expected, seen=answer, held=held)


def each(prober: Prober, phase: str, targets: list[Target], work: Callable[[Target], None], check: str) -> None:
    """Go through targets, telling how far it is; what cannot be made up is written down as not tried."""
    told = 0.0
    for number, target in enumerate(targets, 1):
        if time.monotonic() - told > 1.0:
            told = time.monotonic()
            prober.tell(phase, f"{number} of {len(targets)}: {target.id}")
        try:
            work(target)
        except CannotMake as reason:
            prober.findings.leave(check, target.id, str(reason))


def _made(fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for field in fields:
        value = example(value_column(field))
        if value is not NO_EXAMPLE:
            body[field.name] = value
        elif field.required:
            raise CannotMake(f"no value of {field.name} can be made up")
    return body
