"""What people and earlier documents ask for, as values: the common language of the readers and of the composer."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.roles.backend_developer.blueprint import AuthScheme, Budget, EntityField, Integration, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointWish:
    """A call that was named: method, path below the base path, and the words beside it."""

    method: Method
    path: str
    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityWish:
    """A thing that was named, with the fields that were named for it (possibly none)."""

    name: str
    fields: tuple[EntityField, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """One `one` has many `many`; `kind` is "many", "one" (one to one) or "both" (many to many)."""

    one: str
    many: str
    kind: str = "many"
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbilityWish:
    """Verbs that were named for an entity: create, read, cancel."""

    entity: str
    verbs: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackWish:
    """Names of technologies; empty where nothing was said."""

    language: str = ""
    framework: str = ""
    database: str = ""
    cache: str = ""
    messaging: str = ""
    deployment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityWish:
    """How callers sign in and what they may do. `said` are the people's own words, for the reasons."""

    scheme: AuthScheme | None = None
    multi_factor: bool = False
    token_minutes: int | None = None
    rate_limit: int | None = None
    roles: tuple[str, ...] = ()
    own_rows: bool = False
    encryption: str = ""
    laws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Everything that was asked for, in the order in which it was found; answers before documents."""

    endpoints: tuple[EndpointWish, ...] = ()
    entities: tuple[EntityWish, ...] = ()
    links: tuple[LinkWish, ...] = ()
    abilities: tuple[AbilityWish, ...] = ()
    integrations: tuple[Integration, ...] = ()
    budgets: tuple[Budget, ...] = ()
    stack: StackWish = field(default_factory=StackWish)
    security: SecurityWish = field(default_factory=SecurityWish)
    tenants: bool = False
    major: int = 1
    style: str = ""
    observed: tuple[str, ...] = ()
