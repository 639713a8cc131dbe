"""`actions.py`: a typed function for each operation whose meaning a design cannot say. The team's own."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import FieldType
from bot.roles.backend_developer.renderers.service.design import crons
from bot.roles.backend_developer.renderers.service.naming import Names, described, text
from bot.roles.backend_developer.renderers.service.plan import Group, Plan, Route
from bot.roles.backend_developer.renderers.service.routes import result_kind

_HEAD = '''"""YOURS: what the design names but cannot say. Later iterations only add functions behind yours.

Each function runs in the request's transaction, as the caller: row level security holds, and an exception takes
everything back. Raise `api.Problem` to refuse. `api.emit` tells subscribers, `api.enqueue` leaves work for later.
"""

from __future__ import annotations

import typing

from app import models as all_models
from app.core import api
from app.core import types as t

'''
_KINDS = {FieldType.UUID: "t.UUID", FieldType.INTEGER: "int", FieldType.BIGINT: "int"}


def actions_module(plan: Plan) -> str:
    """Return the module."""
    parts = [_HEAD]
    for group in plan.groups:
        for route in group.routes:
            if route.operation.asynchronous:
                parts.append(_job(route.name, route.operation.summary, route.operation.id))
            elif route.by_actions:
                parts.append(_function(plan, group, route))
    names = Names({route.name for route in plan.routes} | {"api", "t", "all_models"})
    for name, _cron, said in crons(plan.blueprint)[0]:
        function = names.function(f"on_schedule_{name}")
        parts.append(_job(function, f"{name}: {said}", f"schedule:{name}"))
    return "\n\n".join(parts)


def _function(plan: Plan, group: Group, route: Route) -> str:
    models = f"all_models.{group.module}"
    op = route.operation
    given = ["connection: api.Connection", "caller: api.Caller"]
    given += ["new: bool"] if op.signed else []
    if route.addressed and not op.signed:
        given.append("row: api.Row")
    else:
        given += [f"{p.name}: {_KINDS.get(p.kind.type, 'str')}" for p in route.parameters]
    given += [f"asked: {models}.{route.query}"] if route.query else []
    if route.body:
        kind = f"{models}.{route.body}"
        given.append(f"body: list[{kind}]" if op.request_list else f"body: {kind}")
    kind = result_kind(plan, group, route, models)
    signed = "\n\n    `new` is false if this very call was taken before.\n    " if op.signed else ""
    said = f"\n\n    {described(op.description, width=105)}\n    " if op.description else signed
    return (
        f"async def {route.name}({', '.join(given)}) -> {kind}:\n"
        f'    """{described(op.summary)}{said}"""\n'
        f"    raise api.unwritten({text(op.id)})\n"
    )


def _job(name: str, summary: str, kind: str) -> str:
    return (
        f"@api.handles({text(kind)})\n"
        f"async def {name}(connection: api.Connection, job: api.Job) -> dict[str, typing.Any] | None:\n"
        f'    """{described(summary)}"""\n'
        f"    raise api.unwritten({text(kind)})\n"
    )
