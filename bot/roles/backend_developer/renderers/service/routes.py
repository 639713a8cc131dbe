"""The routers: one function per operation, as a backend developer would write it by hand."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import FieldType, Method, OperationKind
from bot.roles.backend_developer.blueprint.rights import closed_to_all, own_roles, roles_of, sign_ins_of
from bot.roles.backend_developer.renderers.openapi.parameters import READS
from bot.roles.backend_developer.renderers.openapi.schemas import changeable
from bot.roles.backend_developer.renderers.service.models import queried, readers
from bot.roles.backend_developer.renderers.service.naming import described, field_name, listed, text
from bot.roles.backend_developer.renderers.service.plan import Group, Plan, Route, tells_health
from bot.roles.backend_developer.renderers.service.route_parts import RouteParts, mapping
from bot.roles.backend_developer.renderers.shapes import Column

_VERSION = '{"ETag": api.etag(models.TABLE, row)}'
_HEAD = '''"""{doc}"""

from __future__ import annotations

import typing

from app import actions
from app.core import api
from app.core import types as t
from app.models import {module} as models

router = api.APIRouter(tags=[{tag}])
'''


def router_module(plan: Plan, group: Group) -> str:
    """Return the module with the routes of a group of operations."""
    doc = f"Operations on {group.entity}" if group.entity else "Operations of the service as a whole"
    head = _HEAD.format(doc=described(doc), module=group.module, tag=text(group.entity or "service"))
    return "\n\n".join([head, *(_Writer(plan, group, route).function() for route in group.routes)])


class _Writer(RouteParts):
    """Writes one operation's function."""

    def function(self) -> str:
        """Return the function with its decorator."""
        route, op = self._route, self._op
        path = route.path
        for parameter in route.parameters:
            path = path.replace(f"{{{parameter.said}}}", f"{{{parameter.name}}}", 1)
        kinds = "".join(f"    {p.name}: {self._kind(p.kind)},\n" for p in route.parameters)
        asked = self._dependency("asked", f"models.{route.query}", "query") if route.query else ""
        body = self._dependency("body", self._body_kind(), "json_body") if route.body else ""
        return (
            f"@router.api_route({text(path)}, methods=[{text(op.method.value)}], operation_id={text(op.id)})\n"
            f"async def {route.name}(\n    request: api.Request,\n"
            f"    caller: typing.Annotated[api.Caller, api.Depends({self._guard()})],\n{kinds}{asked}{body}"
            f') -> api.Response:\n    """{described(op.summary)}"""\n{self._lines()}'
        )

    def _dependency(self, name: str, kind: str, reader: str) -> str:
        return f"    {name}: typing.Annotated[{kind}, api.Depends(api.{reader}({kind}))],\n"

    def _body_kind(self) -> str:
        kind = f"models.{self._route.body}"
        many = f"typing.Annotated[list[{kind}], t.Field(min_length=1, max_length=100)]"
        return many if self._op.request_list else kind

    def _kind(self, column: Column) -> str:
        kinds = {FieldType.UUID: "t.UUID", FieldType.INTEGER: "t.Integer", FieldType.BIGINT: "t.BigInteger"}
        return kinds.get(column.type, "t.PathText")

    def _guard(self) -> str:
        plan, op = self._plan.blueprint, self._op
        if op.signed:
            return f"api.signed({text(op.id)})"
        if op.public:
            return "api.anyone"
        if closed_to_all(plan, op):
            return "api.nobody()"
        own = tuple(role for role in own_roles(plan, op) if role)
        ways = () if len(sign_ins_of(plan, op)) == len(plan.sign_ins) else tuple(w.name for w in sign_ins_of(plan, op))
        parts = [text(role) for role in roles_of(plan, op)]
        parts += [f"own={listed(own)}"] if own else []
        parts += [f"ways={listed(ways)}"] if ways else []
        return f"api.allow({', '.join(parts)})"

    def _lines(self) -> str:
        op = self._op
        if op.asynchronous:
            return self._in_background()
        if op.signed:
            return self._received()
        if not self._route.generic:
            return self._by_actions()
        if tells_health(op):
            return self._alive()
        if op.kind is OperationKind.LIST or (op.kind is OperationKind.QUERY and (op.paginated or op.response_list)):
            return self._list()
        return {
            OperationKind.READ: self._read,
            OperationKind.QUERY: self._read,
            OperationKind.CREATE: self._create,
            OperationKind.UPDATE: self._update,
            OperationKind.DELETE: self._delete,
            OperationKind.ACTION: self._move,
        }[op.kind]()

    # -- what rules say in full -------------------------------------------------------------------------------------

    def _alive(self) -> str:
        status = self._op.response[0].values[0]
        return f'    return api.reply(models.{self._route.result}.model_validate({{"status": {text(status)}}}))\n'

    def _list(self) -> str:
        route, op, shape = self._route, self._op, self._shape
        columns = shape.by_name
        known = {name: column for name, column, _required in queried(route, shape)}
        plain = {n: n for n in known if n in columns}
        arrays = {n: n for n in plain if columns[n].type is FieldType.ARRAY}
        mappings = {
            "filters": {field_name(n): n for n in plain if n not in arrays},
            "contained": {field_name(n): n for n in arrays},
            "since": {field_name(f"{n}_from"): n for n in op.ranges if f"{n}_from" in known},
            "until": {field_name(f"{n}_to"): n for n in op.ranges if f"{n}_to" in known},
        }
        said = [f"{name}={mapping(of)}" for name, of in mappings.items() if of]
        searched = [n for n in op.search if n in columns]
        said += [f"searched={listed(searched)}"] if searched else []
        said += [f"parents={self._where()}"] if route.parameters else []
        paged = op.kind is OperationKind.LIST or op.paginated
        query = "asked" if route.query and paged else "api.PageQuery(limit=100)"
        kind = self._group.types["Summary" if self._short else ""]
        limited = readers(self._plan.blueprint, shape)
        rows = "[api.readable(row, caller, models.READERS) for row in rows]" if limited else "rows"
        shown = f"api.shown(models.{kind}, {rows})"
        answer = f"api.reply_page({shown}, cursor)" if paged else f"api.reply_list({shown})"
        return (
            f"    found = api.listing({', '.join([query, *said])})\n"
            f"    async with api.database.as_reader(caller) as connection:\n"
            f"        rows, {'cursor' if paged else '_'} = await api.page(connection, models.TABLE, found, {query})\n"
            f"    return {answer}\n"
        )

    def _read(self) -> str:
        return (
            "    async with api.database.as_reader(caller) as connection:\n"
            f"        row = await api.fetch(connection, models.TABLE, {self._where()})\n"
            '    version = {"ETag": api.etag(models.TABLE, row)}\n'
            "    if api.unchanged(request, models.TABLE, row):\n"
            "        return api.Response(status_code=304, headers=version)\n"
            f"    return {self._reply(headers='version')}\n"
        )

    def _create(self) -> str:
        shape, op = self._shape, self._op
        said = ["**api.written(body, models.TABLE)"] if self._route.body else []
        said += [f"{text(p.column)}: {p.name}" for p in self._route.parameters]
        said += self._made_by(creating=True)
        lines = [f"    values: dict[str, typing.Any] = {{{', '.join(said)}}}"]
        if shape.tenant:
            key = shape.primary_key[0]
            if shape.by_name[key].identity == "uuid":
                lines.append(f"    values[{text(key)}] = api.uuid4()")
            # Row level security lets a tenant's row in only for that tenant; the caller stays who asked.
            lines.append(f"    tenant = api.replace(caller, tenant_id=str(values.get({text(key)}, caller.tenant_id)))")
        place = "f\"{request.url.path.rstrip('/')}/{api.place(models.TABLE, row)}\""
        headers = f'{{"ETag": api.etag(models.TABLE, row), "Location": {place}}}'
        status = 201 if op.method is Method.POST else 200
        work = [
            "row = await api.insert(connection, models.TABLE, values)",
            self._noted(),
            *self._events("created"),
            f"return {self._reply(status=status, headers=headers if status == 201 else '')}",
        ]
        return "\n".join(lines) + "\n" + self._transaction(work, as_="tenant" if shape.tenant else "caller")

    def _update(self) -> str:
        shape = self._shape
        if not self._route.body:
            return self._unchangeable()
        names = tuple(c.name for c in changeable(shape))
        if self._op.method is Method.PUT and not self._op.request:
            values = f"api.replaced(body, models.TABLE, {listed(names)})"
        else:
            values = "api.written(body, models.TABLE)"
        more = self._made_by(creating=False)
        values = f"{{**{values}, {', '.join(more)}}}" if more else values
        work = [
            *self._found(),
            f"row = await api.update(connection, models.TABLE, row, {values})",
            self._noted(),
            *self._events("updated", "changed"),
            f"return {self._reply(headers=_VERSION)}",
        ]
        return self._transaction(work)

    def _unchangeable(self) -> str:
        """Return the lines of a change to a row in which callers may change nothing: it is given back as it is."""
        return (
            "    async with api.database.as_caller(caller) as connection:\n"
            f"        row = await api.fetch(connection, models.TABLE, {self._where()})\n"
            "    api.must_match(request, models.TABLE, row)\n"
            f"    return {self._reply(headers=_VERSION)}\n"
        )

    def _found(self) -> list[str]:
        """Return the lines that fetch the row to be changed, in the version that the caller means to change."""
        fetched = f"row = await api.fetch(connection, models.TABLE, {self._where()}, lock=True)"
        return [fetched, *(["api.must_match(request, models.TABLE, row)"] if self._route.versioned else [])]

    def _delete(self) -> str:
        told = bool(self._op.response)
        work = [
            *self._found(),
            "await api.delete(connection, models.TABLE, row)",
            self._noted(),
            *self._events("deleted", "removed"),
            f"return {self._reply()}" if told else "return api.Response(status_code=204)",
        ]
        return self._transaction(work)

    def _move(self) -> str:
        moves = "".join(
            f"api.Move(field={text(machine.field)}, sources=({''.join(text(s) + ', ' for s in step.sources)}),"
            f" target={text(step.target)}"
            + (f", roles=({''.join(text(r) + ', ' for r in step.roles)})" if step.roles else "")
            + "), "
            for machine, step in self._route.moves
        )
        values = "api.written(body, models.TABLE)" if self._route.body else "{}"
        codes = [p.code for p in self._op.problems if p.status == 409]
        code = f", code={text(codes[0])}" if len(codes) == 1 else ""
        work = [
            *self._found(),
            f"moves = [{moves}]",
            f"row = await api.move(connection, caller, models.TABLE, row, moves, {values}{code})",
            self._noted(),
            *self._events(),
            f"return {self._reply(headers=_VERSION)}",
        ]
        return self._transaction(work)

    # -- what the team says -----------------------------------------------------------------------------------------

    def _by_actions(self) -> str:
        route, op = self._route, self._op
        given = ", row" if route.addressed else "".join(f", {p.name}" for p in route.parameters)
        given += ", asked" if route.query else ""
        given += ", body" if route.body else ""
        read = (
            [f"row = await api.fetch(connection, models.TABLE, {self._where()})"]
            if op.method in READS
            else self._found()
        )
        found = "\n".join(read) if route.addressed else ""
        work = [found, f"result = await actions.{route.name}(connection, caller{given})"]
        if self.result_kind() == "None":
            work[1] = f"await actions.{route.name}(connection, caller{given})"
            status = 200 if op.method is Method.HEAD else 204
            return self._transaction([*work, f"return api.Response(status_code={status})"])
        status = 201 if op.kind is OperationKind.CREATE and op.method is Method.POST else 200
        if self.result_kind().startswith("list["):
            return self._transaction([*work, f"return api.reply_list(result, status={status})"])
        if self.result_kind().startswith("tuple["):
            return self._transaction([*work, "return api.reply_page(*result)"])
        return self._transaction([*work, f"return api.reply(result, status={status})"])

    def result_kind(self) -> str:
        """Return the annotation of what the team's function returns, classes of models aside."""
        return result_kind(self._plan, self._group, self._route, "models")

    def _in_background(self) -> str:
        said = [f"{text(p.said)}: str({p.name})" for p in self._route.parameters]
        if self._route.body:
            dumped = 'model_dump(mode="json", by_alias=True, exclude_unset=True)'
            said.append(
                f'"body": [one.{dumped} for one in body]' if self._op.request_list else f'"body": body.{dumped}'
            )
        work = [
            f"job = await api.enqueue(connection, caller, {text(self._op.id)}, {{{', '.join(said)}}})",
            "place = f\"{api.WORK}/{job['id']}\"",
            'return api.reply(api.Accepted.model_validate(job), status=202, headers={"Location": place})',
        ]
        return self._transaction(work)

    def _received(self) -> str:
        route = self._route
        given = "".join(f", {p.name}" for p in route.parameters) + (", body" if route.body else "")
        body = "body" if route.body and not self._op.request_list else "None"
        kind = self.result_kind()
        work = [
            f"new = await api.first_time(request, connection, caller, {text(self._op.id)}, {body})",
            f"{'' if kind == 'None' else 'result = '}await actions.{route.name}(connection, caller, new{given})",
            "return api.Response(status_code=204)" if kind == "None" else "return api.reply(result)",
        ]
        return self._transaction(work)


def result_kind(plan: Plan, group: Group, route: Route, models: str) -> str:
    """Return the annotation of what the team's function for a route returns; `models` is the module's name there."""
    op = route.operation
    other = next((g for g in plan.groups if g.entity == op.response_entity), None) if op.response_entity else None
    if op.method in (Method.HEAD, Method.OPTIONS):
        return "None"
    if op.kind is OperationKind.DELETE and not (op.response or op.response_entity):
        return "None"
    if route.result:
        kind = f"{models}.{route.result}"
    elif other is not None:
        kind = f"all_models.{other.module}.{other.types['']}"
    elif group.shape is not None:
        kind = f"{models}.{group.types['']}"
    else:
        return "None"
    if (op.paginated or op.kind is OperationKind.LIST) and not route.result:
        return f"tuple[list[{kind}], str | None]"
    return f"list[{kind}]" if op.response_list else kind
