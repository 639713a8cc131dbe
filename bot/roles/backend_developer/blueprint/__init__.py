"""The design as data: what a designer proposes and what code renders, checks and scores.

pydantic because a model's output arrives here: every text and list is bounded, names are checked, unknown keys are
refused. References between parts (a relation's entity, an operation's role) are checked as a whole, so that a blueprint
that validates can be rendered. Blueprints of earlier iterations load: what was added has a default.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.proposal import Proposal
from bot.roles.backend_developer.blueprint.access import AccessRole, Auth, AuthScheme, Permission, SignIn, Verb
from bot.roles.backend_developer.blueprint.base import (
    Cited,
    Identifier,
    Member,
    OperationId,
    Part,
    RoleName,
    Sentence,
    UrlPath,
    Word,
)
from bot.roles.backend_developer.blueprint.consistency import inconsistencies
from bot.roles.backend_developer.blueprint.data import (
    Cardinality,
    Entity,
    Index,
    OnDelete,
    Relation,
    Rule,
    RuleKind,
    StateMachine,
    Transition,
)
from bot.roles.backend_developer.blueprint.fields import EntityField, FieldType, InnerField, NestedField
from bot.roles.backend_developer.blueprint.operations import DomainProblem, Event, Method, Operation, OperationKind
from bot.roles.backend_developer.blueprint.surroundings import (
    Budget,
    Convention,
    Decision,
    Declined,
    Integration,
    Services,
    Stack,
)

__all__ = [
    "AccessRole",
    "Auth",
    "AuthScheme",
    "Blueprint",
    "Budget",
    "Cardinality",
    "Cited",
    "Convention",
    "Decision",
    "Declined",
    "DomainProblem",
    "Entity",
    "EntityField",
    "Event",
    "FieldType",
    "Identifier",
    "Index",
    "InnerField",
    "Integration",
    "Member",
    "Method",
    "NestedField",
    "OnDelete",
    "Operation",
    "OperationId",
    "OperationKind",
    "Part",
    "Permission",
    "Relation",
    "RoleName",
    "Rule",
    "RuleKind",
    "Sentence",
    "Services",
    "SignIn",
    "Stack",
    "StateMachine",
    "Transition",
    "UrlPath",
    "Verb",
    "Word",
]


class Blueprint(Part, Proposal):
    """A whole backend design. Validates references between its parts.

    `tenant` names the entity whose rows are the tenants. `auth` says in sentences how callers sign in; `sign_ins`
    are the ways, none: the one of `auth`.
    """

    title: Word
    summary: Sentence
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = "1.0.0"
    base_path: Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9._~-]+)*$", max_length=60)] = "/api/v1"
    stack: Stack
    entities: tuple[Entity, ...] = Field(default=(), max_length=250)
    relations: tuple[Relation, ...] = Field(default=(), max_length=600)
    tenant: str = Field(default="", max_length=60)
    rules: tuple[Rule, ...] = Field(default=(), max_length=300)
    state_machines: tuple[StateMachine, ...] = Field(default=(), max_length=60)
    operations: tuple[Operation, ...] = Field(default=(), max_length=1000)
    events: tuple[Event, ...] = Field(default=(), max_length=150)
    auth: Auth
    sign_ins: tuple[SignIn, ...] = Field(default=(), max_length=12)
    roles: tuple[AccessRole, ...] = Field(default=(), max_length=60)
    permissions: tuple[Permission, ...] = Field(default=(), max_length=600)
    integrations: tuple[Integration, ...] = Field(default=(), max_length=60)
    budgets: tuple[Budget, ...] = Field(default=(), max_length=100)
    services: Services
    conventions: tuple[Convention, ...] = Field(default=(), max_length=40)
    declined: tuple[Declined, ...] = Field(default=(), max_length=200)
    decisions: tuple[Decision, ...] = Field(default=(), max_length=60)

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        problems = inconsistencies(self)
        if problems:
            raise ValueError("; ".join(problems[:20]))
        return self
