"""The interface: operations, what they refuse, events and schedules."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.roles.backend_developer.blueprint.base import (
    Cited,
    Identifier,
    OperationId,
    Part,
    RoleName,
    Sentence,
    Text,
    UrlPath,
    Word,
)
from bot.roles.backend_developer.blueprint.fields import EntityField


class Method(StrEnum):
    """HTTP methods an operation may have."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"


class OperationKind(StrEnum):
    """What an operation does; decides its parameters, body and responses when rendered."""

    LIST = "list"
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ACTION = "action"
    QUERY = "query"


class DomainProblem(Part):
    """A refusal of the domain's own, such as 409 `slot_taken`."""

    status: int = Field(ge=400, le=599)
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,59}$")]
    description: Text = ""


class Operation(Cited):
    """One endpoint. `paginated` must hold for lists; `roles` empty with `public` false means any signed-in caller.

    `signed` marks what other services call: instead of a token, a signature over the body proves who sent it.
    `sign_ins` names the ways to sign in that it takes, none: all of those for its roles. `request` and `response` are
    fields of body and result; `request_entity` and `response_entity` name an entity instead. A field of `parameters`
    that is called like a parameter of the path gives that its type.
    """

    id: OperationId
    method: Method
    path: UrlPath
    summary: Sentence
    kind: OperationKind
    entity: Identifier | None = None
    paginated: bool = False
    idempotent: bool = False
    asynchronous: bool = False
    public: bool = False
    signed: bool = False
    roles: tuple[RoleName, ...] = Field(default=(), max_length=40)
    sign_ins: tuple[Word, ...] = Field(default=(), max_length=12)
    parameters: tuple[EntityField, ...] = Field(default=(), max_length=60, description="query parameters")
    filters: tuple[Identifier, ...] = Field(default=(), max_length=40, description="fields compared for equality")
    ranges: tuple[Identifier, ...] = Field(default=(), max_length=20, description="fields taken from … to …")
    search: tuple[Identifier, ...] = Field(default=(), max_length=20, description="fields searched by words")
    sort: tuple[Identifier, ...] = Field(default=(), max_length=20, description="fields a list may be sorted by")
    request: tuple[EntityField, ...] = Field(default=(), max_length=100, description="fields of the body")
    request_entity: str = Field(default="", max_length=60)
    request_list: bool = Field(default=False, description="the body is an array of these")
    response: tuple[EntityField, ...] = Field(default=(), max_length=100, description="fields of the result")
    response_entity: str = Field(default="", max_length=60)
    response_list: bool = Field(default=False, description="the result is an array of these")
    problems: tuple[DomainProblem, ...] = Field(default=(), max_length=20)
    deprecated: bool = False
    sunset: str = Field(default="", pattern=r"^$|^\d{4}-\d{2}-\d{2}$", description="date after which it is gone")
    description: Text = ""
    source: str = Field(default="", max_length=200)


class Event(Cited):
    """What happens by itself or is told to others.

    event: an internal message by the outbox. webhook_out: a call to subscribers, tried `retries` times.
    webhook_in: what `operation` receives. schedule: what runs at `schedule` (cron, or as said).
    """

    kind: Literal["event", "webhook_out", "webhook_in", "schedule"]
    name: Annotated[str, StringConstraints(pattern=r"^[\p{L}_][\p{L}\p{N}_.:/-]{0,79}$")]
    entity: str = Field(default="", max_length=60)
    operation: str = Field(default="", max_length=100)
    schedule: str = Field(default="", max_length=120)
    signed: bool = True
    retries: int = Field(default=8, ge=0, le=100)
    payload: tuple[EntityField, ...] = Field(default=(), max_length=60)
    description: Text = ""
