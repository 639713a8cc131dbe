"""Who gets in, and who may do what."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import Field

from bot.roles.backend_developer.blueprint.base import Cited, Part, RoleName, Sentence, Text, Word

Verb: TypeAlias = Literal["read", "create", "update", "delete", "any"]


class AccessRole(Cited):
    """A role of the designed system."""

    name: RoleName
    label: str = Field(default="", max_length=120)
    description: Sentence


class AuthScheme(StrEnum):
    """How callers prove who they are."""

    OIDC = "oidc"
    OAUTH2 = "oauth2"
    JWT = "jwt"
    API_KEY = "api_key"
    MTLS = "mtls"
    SAML = "saml"
    SESSION = "session"
    PASSWORD = "password"  # noqa: S105 - a scheme's name
    MAGIC_LINK = "magic_link"
    BASIC = "basic"
    NONE = "none"


class Auth(Part):
    """Authentication and authorisation of the designed system, in sentences and with its main scheme."""

    scheme: AuthScheme
    description: Sentence
    multi_factor: bool = False
    token_minutes: int = Field(default=15, ge=1, le=1440)
    authorization: Sentence
    headers: tuple[Word, ...] = Field(default=(), max_length=20)
    data_protection: Sentence
    rate_limit_per_minute: int = Field(default=600, ge=1, le=1_000_000)


class SignIn(Cited):
    """One way to sign in: `audience` says in words for whom, `roles` for which roles; none: for all."""

    name: Word
    scheme: AuthScheme
    audience: str = Field(default="", max_length=120)
    roles: tuple[RoleName, ...] = Field(default=(), max_length=40)
    provider: str = Field(default="", max_length=120)
    description: Text = ""
    multi_factor: bool = False
    token_minutes: int = Field(default=15, ge=1, le=525_600)
    scopes: tuple[Word, ...] = Field(default=(), max_length=40)


class Permission(Cited):
    """Who may, or with `allowed` false must not, do what.

    `role` "" is anybody signed in, "*" anybody at all. `entity` "" is everything; `operation` names one operation
    instead. `field` limits it to one field of the entity, `own` to rows whose owner the caller is.
    """

    role: RoleName | Literal["", "*"]
    verbs: tuple[Verb, ...] = Field(min_length=1, max_length=5)
    allowed: bool = True
    entity: str = Field(default="", max_length=60)
    operation: str = Field(default="", max_length=100)
    field: str = Field(default="", max_length=60)
    own: bool = False
    condition: Text = ""
