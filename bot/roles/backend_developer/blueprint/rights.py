"""Who may call an operation, from its own roles and from the permissions and denials of the whole blueprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.roles.backend_developer.blueprint import Blueprint, Operation, Permission, SignIn

_VERBS = {"list": "read", "read": "read", "query": "read", "create": "create", "update": "update", "delete": "delete",
          "action": "update"}  # fmt: skip

_WITHOUT_FACTORS = frozenset({"api_key", "mtls", "none"})
_NO_ROLE = ("",)
"""Roles of a way by which whoever comes in has no role: none would mean all."""


def verb_of(operation: Operation) -> str:
    """Return what the operation does to its entity: read, create, update or delete."""
    return _VERBS[operation.kind]


def permissions_of(blueprint: Blueprint, operation: Operation) -> list[Permission]:
    """Return the permissions and denials that speak of the operation as a whole, not of single fields."""
    verb = verb_of(operation)
    return [
        p
        for p in blueprint.permissions
        if not p.field
        and (
            p.operation == operation.id
            or (not p.operation and p.entity in ("", operation.entity or "") and (verb in p.verbs or "any" in p.verbs))
        )
    ]


def roles_of(blueprint: Blueprint, operation: Operation) -> tuple[str, ...]:
    """Return the roles that may call the operation; empty: anybody signed in (or anybody, if it is public).

    An operation without roles of its own takes those that are permitted; a denial takes its role away, unless it
    speaks of other rows than one's own only.
    """
    said = permissions_of(blueprint, operation)
    named = [p.role for p in said if p.allowed and p.role not in ("", "*")]
    everybody = any(p.allowed and p.role in ("", "*") for p in said)
    denied = {p.role for p in said if not p.allowed and not p.own and not p.condition}
    roles = list(operation.roles) or ([] if everybody else list(dict.fromkeys(named)))
    if denied and not roles:
        roles = [role.name for role in blueprint.roles]
    return tuple(role for role in roles if role not in denied)


def closed_to_all(blueprint: Blueprint, operation: Operation) -> bool:
    """Whether denials leave nobody who may call it, although it has roles to begin with."""
    if operation.public or operation.signed:
        return False
    denied = any(not p.allowed and not p.own and not p.condition for p in permissions_of(blueprint, operation))
    return denied and not roles_of(blueprint, operation)


def own_roles(blueprint: Blueprint, operation: Operation) -> tuple[str, ...]:
    """Return the roles that reach only rows of their own by the operation."""
    said = permissions_of(blueprint, operation)
    wide = {p.role for p in said if p.allowed and not p.own}
    own = dict.fromkeys(p.role for p in said if p.own and p.allowed and p.role not in wide)
    allowed = roles_of(blueprint, operation)
    return tuple(role for role in own if not allowed or role in allowed or role == "")


def ways_of(blueprint: Blueprint) -> tuple[SignIn, ...]:
    """Return the ways to sign in with the roles that each is for.

    A role for which a way with a second factor is named does not come in by one without that is everybody's: otherwise
    the second factor would be a courtesy. Keys and certificates are of machines and are made for single roles.
    """
    strict = {role for way in blueprint.sign_ins if way.multi_factor for role in way.roles}
    others = tuple(role.name for role in blueprint.roles if role.name not in strict) or _NO_ROLE
    lax = [w.name for w in blueprint.sign_ins if not (w.roles or w.multi_factor or w.scheme in _WITHOUT_FACTORS)]
    return tuple(
        way.model_copy(update={"roles": others}) if strict and way.name in lax else way for way in blueprint.sign_ins
    )


def sign_ins_of(blueprint: Blueprint, operation: Operation) -> tuple[SignIn, ...]:
    """Return the ways to sign in that the operation takes: named ones, or all that its roles have."""
    ways = ways_of(blueprint)
    if operation.sign_ins:
        return tuple(way for way in ways if way.name in operation.sign_ins)
    roles = set(roles_of(blueprint, operation))
    return tuple(way for way in ways if not way.roles or not roles or roles & set(way.roles)) or ways
