"""What is to be probed, from the blueprint alone, before anything is rendered: each operation, and who may call it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from bot.roles.backend_developer.blueprint import AuthScheme, Blueprint, FieldType, OperationKind, SignIn
from bot.roles.backend_developer.blueprint.rights import closed_to_all, own_roles, roles_of, sign_ins_of
from bot.roles.backend_developer.renderers.openapi.parameters import READS
from bot.roles.backend_developer.renderers.service.plan import Plan, Route
from bot.roles.backend_developer.renderers.shapes import TableShape

WRITING: Final = frozenset({"create", "update", "any"})
READING: Final = frozenset({"read", "any"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An operation as a caller sees it.

    `roles` may call it, none: anybody signed in; `own` of them reach only their own rows. `access` is how it is
    guarded: roles, closed (to all), public, signed. `written` says whether the blueprint says all of it, so that it
    does something; else it is the team's to write and answers 501 once the caller was let in.
    """

    route: Route
    path: str
    roles: tuple[str, ...]
    own: tuple[str, ...]
    access: str
    ways: tuple[SignIn, ...]
    written: bool

    @property
    def id(self) -> str:
        """The operation's id."""
        return self.route.operation.id

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.route.operation.method.value

    @property
    def kind(self) -> OperationKind:
        """What it does."""
        return self.route.operation.kind

    @property
    def shape(self) -> TableShape | None:
        """The table of its entity."""
        return self.route.shape

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.route.operation.method in READS

    @property
    def keyed(self) -> bool:
        """Whether it needs an Idempotency-Key."""
        return self.route.operation.idempotent and self.method in ("POST", "PATCH")

    @property
    def many(self) -> bool:
        """Whether its answer is a page."""
        return self.kind is OperationKind.LIST or self.route.operation.paginated

    @property
    def scoped(self) -> bool:
        """Whether its rows belong to tenants, or are the tenants."""
        return self.shape is not None and bool(self.shape.tenant_column or self.shape.tenant)

    def address(self, row: Mapping[str, Any] | None) -> str:
        """Return the path for a row, or for one that nobody has."""
        path = self.path
        for parameter in self.route.parameters:
            known = row is not None and parameter.column in row
            value = str(row[parameter.column]) if known and row is not None else nobodys(parameter.kind.type)
            path = path.replace(f"{{{parameter.said}}}", quote(value, safe=""), 1)
        return path


def targets_of(blueprint: Blueprint, plan: Plan) -> tuple[Target, ...]:
    """Return every operation of a blueprint as a target."""
    return tuple(_target(blueprint, route) for route in plan.routes)


def _target(blueprint: Blueprint, route: Route) -> Target:
    op = route.operation
    closed = closed_to_all(blueprint, op)
    access = "signed" if op.signed else "public" if op.public else "closed" if closed else "roles"
    auth = blueprint.auth
    alone = SignIn(name="auth", scheme=auth.scheme, multi_factor=auth.multi_factor, token_minutes=auth.token_minutes)
    return Target(
        route=route,
        path=f"{blueprint.base_path}{route.path}",
        roles=roles_of(blueprint, op),
        own=tuple(role for role in own_roles(blueprint, op) if role),
        access="public" if access == "roles" and _open(blueprint, op) else access,
        ways=sign_ins_of(blueprint, op) or (alone,),
        written=route.generic and not op.asynchronous and not op.signed,
    )


def _open(blueprint: Blueprint, op: Any) -> bool:
    """Whether the design has no sign-in at all for it."""
    ways = sign_ins_of(blueprint, op)
    return any(w.scheme is AuthScheme.NONE for w in ways) or (not ways and blueprint.auth.scheme is AuthScheme.NONE)


def field_rights(blueprint: Blueprint, entity: str, verbs: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the roles that may do one of the verbs to a field, for the fields that something is said of."""
    said = [p for p in blueprint.permissions if p.field and p.entity == entity and verbs & set(p.verbs)]
    names = {role.name for role in blueprint.roles}
    found: dict[str, frozenset[str]] = {}
    for field in {p.field for p in said}:
        mine = [p for p in said if p.field == field]
        granted, denied = {p.role for p in mine if p.allowed}, {p.role for p in mine if not p.allowed}
        base = names if not granted or {"", "*"} & granted else granted
        found[field] = frozenset(base - denied)
    return found


def nobodys(kind: FieldType) -> str:
    """Return an identifier that no row has."""
    if kind in (FieldType.INTEGER, FieldType.BIGINT):
        return "900000001"
    return "2031-01-15" if kind is FieldType.DATE else str(uuid.uuid4())
