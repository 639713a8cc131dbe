"""`app/design.py`: what of the design the service's own modules need, as constants."""

from __future__ import annotations

import re

from bot.roles.backend_developer.blueprint import AuthScheme, Blueprint, FieldType, RuleKind
from bot.roles.backend_developer.blueprint.rights import ways_of
from bot.roles.backend_developer.renderers.service.models import authors
from bot.roles.backend_developer.renderers.service.naming import text
from bot.roles.backend_developer.renderers.service.plan import Plan
from bot.roles.backend_developer.renderers.support_tables import free_name
from bot.roles.backend_developer.renderers.triggers import purge_name

_CRON = re.compile(r"(\S+\s+){4}\S+")
_FIELD = re.compile(r"(\*|[0-9]{1,2}(-[0-9]{1,2})?)(/[0-9]{1,2})?(,(\*|[0-9]{1,2}(-[0-9]{1,2})?)(/[0-9]{1,2})?)*")
_SAID = (
    (r"\b(hourly|every hour|each hour|st[uü]ndlich)\b", "0 * * * *"),
    (r"\b(nightly|every night|each night|overnight|n[aä]chtlich|jede nacht)\b", "0 2 * * *"),
    (r"\b(daily|every day|each day|once a day|t[aä]glich|jeden tag)\b", "0 3 * * *"),
    (r"\b(weekly|every week|once a week|w[oö]chentlich|jede woche)\b", "0 4 * * 1"),
    (r"\b(monthly|every month|once a month|monatlich|jeden monat)\b", "0 5 1 * *"),
    (r"\b(every minute|each minute|min[uü]tlich)\b", "* * * * *"),
)


def slug(title: str) -> str:
    """Return a title as a name for packages, images and audiences."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50].strip("-") or "service"


def crons(blueprint: Blueprint) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Return (name, cron, as said) of the schedules that can be read, and (name, as said) of the others."""
    read, unread = [], []
    for event in blueprint.events:
        if event.kind == "schedule":
            cron = _cron(event.schedule)
            if cron:
                read.append((event.name, cron, event.schedule))
            else:
                unread.append((event.name, event.schedule))
    return list({one[0]: one for one in read}.values()), unread


def _cron(said: str) -> str:
    plain = " ".join(said.split())
    if _CRON.fullmatch(plain) and all(_FIELD.fullmatch(part) for part in plain.split()):
        return plain if _in_range(plain) else ""
    return next((cron for pattern, cron in _SAID if re.search(pattern, plain, re.IGNORECASE)), "")


def _in_range(cron: str) -> bool:
    bounds = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    return all(
        low <= int(number) <= high
        for part, (low, high) in zip(cron.split(), bounds, strict=True)
        for number in re.findall(r"(?<!/)\b[0-9]+", part)
    ) and "/0" not in cron  # fmt: skip


def key_types(plan: Plan) -> tuple[str, str]:
    """Return the types of a tenant's and of a user's identifier, "" where there are none."""
    shapes = plan.shapes.values()
    root = next((s for s in shapes if s.tenant), None)
    scoped = next((s.by_name[s.tenant_column] for s in shapes if s.tenant_column), None)
    tenant = root.by_name[root.primary_key[0]] if root else scoped
    owners = [s.by_name[s.owner_column] for s in shapes if s.owner_column]
    writers = [c for s in shapes for c in authors(s) if c.type is not FieldType.STRING]
    user = next(iter([*owners, *writers]), None)
    return (tenant.type.value if tenant else "", user.type.value if user else "")


def design_module(plan: Plan) -> str:
    """Return the module."""
    blueprint = plan.blueprint
    tenant, user = key_types(plan)
    read, unread = crons(blueprint)
    purges = [
        purge_name(shape, rule)
        for shape in plan.shapes.values()
        for rule in shape.rules
        if rule.kind is RuleKind.RETENTION
    ]
    idempotency = free_name(blueprint, "idempotency_keys") if any(o.idempotent for o in blueprint.operations) else ""
    retries = {e.name: e.retries for e in blueprint.events if e.kind in ("event", "webhook_out")}
    schedules = "".join(f"    Schedule({text(n)}, {text(c)}),  # said: {_remark(said)}\n" for n, c, said in read)
    going = ", ".join(
        f'{text(op.id)}: Deprecated(since="", sunset={text(op.sunset)})' for op in blueprint.operations if op.deprecated
    )
    missing = "".join(f"# Not understood, so not scheduled: {_remark(n)}: {_remark(said)}\n" for n, said in unread)
    return f'''"""What the design says of the service as a whole."""

from __future__ import annotations

from typing import NamedTuple


class SignIn(NamedTuple):
    """A way to sign in; `roles` are those it is for, none: all."""

    name: str
    scheme: str
    roles: tuple[str, ...]
    multi_factor: bool
    token_minutes: int


class Schedule(NamedTuple):
    """What runs by itself, as a cron expression in UTC."""

    name: str
    cron: str


class Deprecated(NamedTuple):
    """An operation that will go: since which day it is deprecated and after which it is gone, "" where nobody said."""

    since: str
    sunset: str


TITLE = {text(blueprint.title)}
VERSION = {text(blueprint.version)}
BASE_PATH = {text(blueprint.base_path)}
AUDIENCE = {text(slug(blueprint.title))}
RATE_LIMIT_PER_MINUTE = {blueprint.auth.rate_limit_per_minute}
TENANT_TYPE = {text(tenant)}
USER_TYPE = {text(user)}
IDEMPOTENCY_TABLE = {text(idempotency)}

SIGN_INS: tuple[SignIn, ...] = (
{_sign_ins(blueprint)})

{missing}SCHEDULES: tuple[Schedule, ...] = (
{schedules})

PURGES: tuple[str, ...] = ({"".join(text(name) + ", " for name in purges)})

RETRIES: dict[str, int] = {{{", ".join(f"{text(name)}: {count}" for name, count in retries.items())}}}

DEPRECATED: dict[str, Deprecated] = {{{going}}}
'''


def _sign_ins(blueprint: Blueprint) -> str:
    ways = [(w.name, w.scheme, w.roles, w.multi_factor, w.token_minutes) for w in ways_of(blueprint)]
    auth = blueprint.auth
    ways = ways or [("auth", auth.scheme, (), auth.multi_factor, auth.token_minutes)]
    lines = ""
    for name, scheme, roles, factor, minutes in ways:
        named = "".join(text(role) + ", " for role in roles)
        kind = scheme.value if scheme in _KEPT else "bearer"
        lines += f"    SignIn({text(name)}, {text(kind)}, ({named}), {factor}, {minutes}),\n"
    return lines


_KEPT = frozenset(
    {AuthScheme.API_KEY, AuthScheme.BASIC, AuthScheme.MTLS, AuthScheme.SESSION, AuthScheme.PASSWORD, AuthScheme.NONE}
)


def _remark(said: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:80]
