"""What may become of each key of a blueprint from one iteration to the next, as data.

A test holds the two tables to the blueprint, so that a key that is added must be given its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

from pydantic import BaseModel

from bot.roles.backend_developer.blueprint import (
    AccessRole,
    Auth,
    Blueprint,
    Entity,
    EntityField,
    Event,
    Operation,
    Relation,
    SignIn,
    Stack,
    StateMachine,
)

Whom: TypeAlias = Literal["callers", "rows", "rights"]
Worse: TypeAlias = Callable[[Any, Any], bool]
"""Whether somebody is broken by the second value, who lived with the first."""


def _other(old: Any, new: Any) -> bool:
    return bool(old != new)


def _another(old: Any, new: Any) -> bool:
    """Whether something that was said is said otherwise: what was not there may come."""
    return bool(old and old != new)


def _lost(old: Any, new: Any) -> bool:
    return bool(set(old) - set(new))


def _on(old: Any, new: Any) -> bool:
    return bool(new and not old)


def _off(old: Any, new: Any) -> bool:
    return bool(old and not new)


def _lower(old: Any, new: Any) -> bool:
    return bool(new < old)


def _goes_back(old: str, new: str) -> bool:
    one, other = ([int(part) for part in version.split(".")] for version in (old, new))
    return other < one


def _loses(old: str, new: str) -> bool:
    """Whether more goes with a deleted row than before."""
    order = ("restrict", "set_null", "cascade")
    return order.index(new) > order.index(old)


def _less_of_each(old: str, new: str) -> bool:
    return old == "many_to_many" != new or new == "one_to_one" != old


KEYS: Final[Mapping[type[BaseModel], Mapping[str, tuple[Whom, Worse]]]] = {
    Blueprint: {"version": ("callers", _goes_back), "base_path": ("callers", _other), "tenant": ("rows", _another)},
    Stack: {"language": ("rows", _other), "framework": ("rows", _other), "database": ("rows", _other)},
    Entity: {
        "key": ("rows", _other), "identity": ("rows", _other), "codes": ("rows", _lost),
        "tenant_scoped": ("rows", _other), "owner": ("rights", _another),
    },
    EntityField: {
        "unit": ("callers", _other), "default": ("callers", _another), "items": ("rows", _other),
        "entity": ("rows", _another), "unique": ("rows", _on), "sensitive": ("rights", _off),
        "immutable": ("callers", _on), "read_only": ("callers", _on), "write_only": ("callers", _on),
        "values": ("rows", _lost),
    },
    Relation: {
        "target": ("rows", _other), "cardinality": ("rows", _less_of_each), "on_delete": ("rows", _loses),
        "required": ("callers", _on), "immutable": ("callers", _on), "columns": ("rows", _another),
        "table": ("rows", _another),
    },
    StateMachine: {"initial": ("rows", _another)},
    Operation: {
        "id": ("callers", _other), "kind": ("callers", _other), "entity": ("callers", _other),
        "idempotent": ("callers", _off), "asynchronous": ("callers", _other), "signed": ("callers", _other),
        "public": ("rights", _on), "response_list": ("callers", _other), "request_list": ("callers", _other),
        "request_entity": ("callers", _other), "response_entity": ("callers", _another), "filters": ("callers", _lost),
        "ranges": ("callers", _lost), "search": ("callers", _lost), "sort": ("callers", _lost),
        "sign_ins": ("callers", _lost),
    },
    Event: {
        "operation": ("callers", _another), "schedule": ("rows", _another), "signed": ("rights", _off),
        "entity": ("callers", _another),
    },
    Auth: {
        "scheme": ("callers", _other), "rate_limit_per_minute": ("callers", _lower), "multi_factor": ("rights", _off),
        "headers": ("rights", _lost),
    },
    SignIn: {
        "scheme": ("callers", _other), "provider": ("callers", _another), "roles": ("callers", _lost),
        "scopes": ("callers", _lost), "multi_factor": ("rights", _off),
    },
    AccessRole: {},
}  # fmt: skip
"""Of each key that decides something: who is broken by a change of it, and which changes those are."""

FREE: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    Blueprint: {
        "title": "words", "summary": "words", "services": "words, which score nothing", "conventions": "words",
        "declined": "what people refused", "decisions": "reasons",
        "integrations": "nobody calls by them; those that were asked for are compared with what was said",
        "budgets": "promises; those that were asked for are compared with what was said",
        "permissions": "compared as what each role may (`_rights`)",
    },
    Stack: {
        "cache": "holds nothing that is not kept elsewhere", "messaging": "is emptied before it is changed",
        "search": "is filled again from the database", "storage": "files are moved", "deployment": "nobody calls by it",
        "assumed_parts": "where it comes from",
    },
    Entity: {
        "name": "by it parts are known again", "plural": "compared as tables (`rows_kept`)", "label": "words",
        "description": "words", "fields": "each on its own", "indexes": "speed, judged in every iteration",
    },
    EntityField: {
        "name": "by it parts are known again", "type": "compared in documents and tables (`rows_kept`)",
        "required": "compared in documents", "nullable": "compared in documents", "minimum": "compared in documents",
        "maximum": "compared in documents", "min_length": "compared in documents",
        "max_length": "compared in documents", "pattern": "compared in documents",
        "fields": "compared in documents", "label": "words", "description": "words", "example": "words",
    },
    Relation: {
        "name": "by it parts are known again",
        "fields": "compared in documents", "description": "words",
    },
    StateMachine: {
        "entity": "by it parts are known again", "field": "by it parts are known again",
        "transitions": "compared as changes (`_moves`)",
    },
    Operation: {
        "method": "by it parts are known again", "path": "by it parts are known again", "summary": "words",
        "description": "words", "roles": "compared as what each role may (`_rights`)",
        "parameters": "compared in documents", "request": "compared in documents", "response": "compared in documents",
        "paginated": "compared in documents", "problems": "compared as codes (`_refusals`)",
        "deprecated": "announces, and breaks nobody", "sunset": "announces, and breaks nobody",
    },
    Event: {
        "kind": "by it parts are known again", "name": "by it parts are known again", "description": "words",
        "retries": "who is told has to be ready for any number", "payload": "compared as what is told (`_told`)",
    },
    Auth: {
        "description": "words", "authorization": "words", "data_protection": "words",
        "token_minutes": "clients fetch another token; long ones are judged in every iteration",
    },
    SignIn: {
        "name": "by it parts are known again", "audience": "words", "description": "words",
        "token_minutes": "clients fetch another token; long ones are judged in every iteration",
    },
    AccessRole: {"name": "by it parts are known again", "label": "words", "description": "words"},
}  # fmt: skip
"""Why no change of these keys breaks anybody, or where it is compared."""

CITED: Final = frozenset({"cites", "assumed", "source"})
"""Keys of every part that say where it comes from; of a relation the `source` is what it is known by."""
