"""What the functions of several kinds of operations have in common: transaction, reply, events, values of its own."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import FieldType, Method, Operation, OperationKind
from bot.roles.backend_developer.renderers.service.models import authors, readers
from bot.roles.backend_developer.renderers.service.naming import text
from bot.roles.backend_developer.renderers.service.plan import Group, Plan, Route
from bot.roles.backend_developer.renderers.shapes import TableShape
from bot.roles.backend_developer.renderers.values import default_of

_FIRST_VALUES: dict[FieldType, str] = {
    FieldType.INTEGER: "0",
    FieldType.BIGINT: "0",
    FieldType.FLOAT: "0.0",
    FieldType.DECIMAL: 't.Decimal("0")',
    FieldType.MONEY: 't.Decimal("0")',
    FieldType.BOOLEAN: "False",
    FieldType.JSON: "{}",
    FieldType.ARRAY: "[]",
    FieldType.STRING: '""',
    FieldType.TEXT: '""',
}


class RouteParts:
    """Lines of one operation's function."""

    def __init__(self, plan: Plan, group: Group, route: Route) -> None:
        self._plan = plan
        self._group = group
        self._route = route
        self._op: Operation = route.operation

    @property
    def _shape(self) -> TableShape:
        assert self._group.shape is not None, "generic operations have an entity"  # noqa: S101 - plan.py says so
        return self._group.shape

    @property
    def _short(self) -> bool:
        return any(c.sensitive and not c.secret for c in self._shape.columns)

    def _transaction(self, work: list[str], *, as_: str = "caller") -> str:
        op = self._op
        lines = [line for one in work if one for line in one.splitlines()]
        codes = [problem.code for problem in op.problems if problem.status == 409]
        code = f", conflict={text(codes[0])}" if len(codes) == 1 else ""
        if not (op.idempotent and op.method in (Method.POST, Method.PATCH)):
            inner = "".join(f"        {line}\n" for line in lines)
            return f"    async with api.database.as_caller({as_}{code}) as connection:\n{inner}"
        inner = "".join(f"            {line}\n" for line in lines)
        if "row = await api.fetch" in inner or "row = await api.insert" in inner:
            inner = inner.replace("row = await", "row: api.Row = await", 1)
        return (
            f"    async with api.database.as_caller({as_}{code}) as connection:\n\n"
            f"        async def work() -> api.Response:\n{inner}\n"
            f"        return await api.once(request, connection, caller, {text(op.id)}, work)\n"
        )

    def _where(self) -> str:
        return _mapping_to({p.column: p.name for p in self._route.parameters})

    def _reply(self, *, status: int = 200, headers: str = "") -> str:
        kind = f"models.{self._route.result or self._group.types['']}"
        if self._op.kind is OperationKind.QUERY and not self._route.result and self._short:
            kind = f"models.{self._group.types['Summary']}"
        more = (f", status={status}" if status != 200 else "") + (f", headers={headers}" if headers else "")
        return f"api.reply({kind}.model_validate({self._shown()}){more})"

    def _shown(self) -> str:
        """Return the row without the fields that not every role may read."""
        limited = readers(self._plan.blueprint, self._shape)
        return "api.readable(row, caller, models.READERS)" if limited else "row"

    def _noted(self) -> str:
        return f"await api.note(connection, caller, {text(self._op.id)}, models.TABLE, row)"

    def _events(self, *verbs: str) -> list[str]:
        """Return the lines that write down what the design's events say of this operation."""
        op, kind = self._op, f"models.{self._group.types['']}"
        told = [
            event
            for event in self._plan.blueprint.events
            if event.kind in ("event", "webhook_out")
            and (
                event.operation == op.id
                or (not event.operation and event.entity == op.entity and event.name.lower().endswith(verbs or ("\0",)))
            )
        ]
        return [f"await api.emit(connection, caller, {text(event.name)}, {kind}.model_validate(row))" for event in told]

    def _made_by(self, *, creating: bool) -> list[str]:
        """Return what the service itself writes: tenant, owner, authors, first values of what nobody may write."""
        shape = self._shape
        said: dict[str, str] = {}
        for column in authors(shape):
            if creating or column.name.lower().startswith(("updated", "modified")):
                said[column.name] = "caller.user_id or None" if column.type is not FieldType.STRING else "caller.name"
        if creating:
            if shape.tenant_column:
                said[shape.tenant_column] = "caller.tenant_id or None"
            filled = {*said, *(p.column for p in self._route.parameters)}
            for column in shape.columns:
                unfilled = column.generated and column.required and column.name not in filled
                if unfilled and not (column.identity or column.moment or default_of(column) or column.references):
                    first = text(column.values[0]) if column.values else _FIRST_VALUES.get(column.type)
                    said |= {column.name: '"XXX"' if column.currency else first} if first else {}
        return [f"{text(name)}: {value}" for name, value in said.items()]


def mapping(said: dict[str, str]) -> str:
    """Return the literal of a dictionary of texts."""
    return "{" + ", ".join(f"{text(name)}: {text(value)}" for name, value in said.items()) + "}"


def _mapping_to(said: dict[str, str]) -> str:
    return "{" + ", ".join(f"{text(name)}: {value}" for name, value in said.items()) + "}"
