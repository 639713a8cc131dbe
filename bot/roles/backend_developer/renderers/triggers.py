"""What a row may become: triggers for states, values set once, appended rows, counts, rights per field and history.

The service says in each transaction who calls: `app.role`, `app.user_id`, `app.tenant_id`. Without a role (migrations,
operators) only the rules that hold for everybody are held.
"""

# ruff: noqa: S608 - the statements are put together from quoted names and literals, and are a file for people

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.roles.backend_developer.blueprint import Blueprint, Rule, RuleKind, StateMachine, Transition
from bot.roles.backend_developer.renderers.drawing import DELETED
from bot.roles.backend_developer.renderers.expressions import condition
from bot.roles.backend_developer.renderers.names import body, identifier, literal, quoted
from bot.roles.backend_developer.renderers.shapes import TableShape
from bot.roles.backend_developer.renderers.sql_objects import SqlObject

ROLE = "COALESCE(current_setting('app.role', true), '')"
PURGING = "COALESCE(current_setting('app.purging', true), '') = 'on'"
TOUCH = """CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END
$$;
"""
_WRITES = frozenset({"create", "update", "any"})


def triggers(shape: TableShape, blueprint: Blueprint, history: str) -> Iterator[SqlObject]:
    """Yield a table's triggers; `history` is the table that keeps every change of audited ones."""
    kinds = {rule.kind for rule in shape.rules if not (rule.fields or rule.condition)}
    appended = RuleKind.IMMUTABLE in kinds
    if not appended and (touch := _touch(shape)):
        yield touch
    if appended:
        yield _append_only(shape, purged=RuleKind.RETENTION in {rule.kind for rule in shape.rules})
    for rule in shape.rules:
        if rule.kind is RuleKind.IMMUTABLE and rule.condition and not appended:
            yield from _frozen(shape, rule)
    for machine in shape.machines:
        yield from _states(shape, machine)
    once = _set_once(shape)
    if once and not appended:
        yield from _once(shape, once)
    for rule in shape.rules:
        if rule.kind is RuleKind.COUNT:
            yield from _count(shape, rule)
        elif rule.kind is RuleKind.RETENTION:
            yield _purge(shape, rule)
    yield from _rights(shape, blueprint)
    if RuleKind.AUDIT in {rule.kind for rule in shape.rules}:
        yield _audit(shape, history)


def _touch(shape: TableShape) -> SqlObject | None:
    name = shape.moment("updated")
    if name == "updated_at":
        trigger = identifier("tr", shape.name, name)
        create = (
            f"CREATE TRIGGER {quoted(trigger)} BEFORE UPDATE ON {quoted(shape.name)}"
            " FOR EACH ROW EXECUTE FUNCTION set_updated_at();\n"
        )
        return SqlObject(name=trigger, kind="trigger", create=create, drop=_dropped(trigger, shape))
    lines = f"BEGIN\n    NEW.{quoted(name)} = now();\n    RETURN NEW;\nEND"
    return _trigger(shape, identifier("tr", shape.name, name), "BEFORE UPDATE", lines) if name else None


def _append_only(shape: TableShape, *, purged: bool) -> SqlObject:
    words = literal(f"Rows of {shape.name} are only appended.")
    spared = f"    IF TG_OP = 'DELETE' AND {PURGING} THEN RETURN OLD; END IF;\n" if purged else ""
    lines = f"BEGIN\n{spared}    RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = {words};\nEND"
    return _trigger(shape, identifier(shape.name, "append_only"), "BEFORE UPDATE OR DELETE", lines)


def _frozen(shape: TableShape, rule: Rule) -> Iterator[SqlObject]:
    """Hold rows as they are from when a condition is met; their state goes on, as the states' own trigger allows."""
    said = condition(rule.condition, shape.by_name)
    names = [name for name in rule.fields if name in shape.by_name] or _lasting(shape)
    if said is None or not names:
        return
    changed = "\n            OR ".join(f"NEW.{quoted(n)}::text IS DISTINCT FROM OLD.{quoted(n)}::text" for n in names)
    words = f"{shape.entity or shape.name} does not change any more: {rule.text or rule.condition}"
    spared = f" AND NOT {PURGING}" if RuleKind.RETENTION in {one.kind for one in shape.rules} else ""
    meets = f"EXISTS (SELECT 1 FROM (SELECT OLD.*) AS was WHERE {said})"
    deleted = [
        f"    IF TG_OP = 'DELETE' AND {meets}{spared} THEN",
        f"        {_refusal(words)}",
        "    END IF;",
        "    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;",
    ]
    updated = [
        f"    IF {meets} AND (",
        f"            {changed}",
        "    ) THEN",
        f"        {_refusal(words)}",
        "    END IF;",
    ]
    lines = ["BEGIN", *([] if rule.fields else deleted), *updated, "    RETURN NEW;", "END"]
    events = "BEFORE UPDATE" if rule.fields else "BEFORE UPDATE OR DELETE"
    yield _trigger(shape, identifier(shape.name, *rule.fields, "frozen"), events, "\n".join(lines))


def _lasting(shape: TableShape) -> list[str]:
    """Return the columns that callers write and that are no state."""
    states = {machine.field for machine in shape.machines if machine.transitions}
    return [c.name for c in shape.columns if c.name not in states and not (c.generated or c.moment)]


def _states(shape: TableShape, machine: StateMachine) -> Iterator[SqlObject]:
    column = shape.by_name.get(machine.field)
    if column is None:
        return
    first = dict.fromkeys(
        [*([machine.initial] if machine.initial else []), *(s.target for s in machine.transitions if not s.sources)]
    )
    moves = [step for step in machine.transitions if step.sources]
    own = quoted(column.name)
    lines = ["BEGIN", "    IF TG_OP = 'INSERT' THEN"]
    if first:
        lines.append(f"        IF NEW.{own} NOT IN ({_listed(first)}) THEN")
        lines += [f"            {_refusal(f'{shape.entity} cannot begin in this state.')}", "        END IF;"]
    lines += ["        RETURN NEW;", "    END IF;"]
    if moves:
        allowed = "\n            OR ".join(_move(own, step) for step in moves)
        lines += [
            f"    IF NEW.{own} IS DISTINCT FROM OLD.{own} AND NOT (",
            f"            {allowed}",
            "    ) THEN",
            f"        {_refusal(f'{shape.entity} cannot change its state so.')}",
            "    END IF;",
        ]
    lines += ["    RETURN NEW;", "END"]
    events = f"BEFORE INSERT OR UPDATE OF {own}"
    yield _trigger(shape, identifier(shape.name, column.name, "states"), events, "\n".join(lines))


def _move(own: str, step: Transition) -> str:
    roles = f" AND {ROLE} IN ({_listed(['', *step.roles])})" if step.roles else ""
    return f"(OLD.{own} IN ({_listed(step.sources)}) AND NEW.{own} = {literal(step.target)}{roles})"


def _set_once(shape: TableShape) -> list[str]:
    always = (rule for rule in shape.rules if rule.kind is RuleKind.IMMUTABLE and not rule.condition)
    named = [name for rule in always for name in rule.fields]
    fixed = [column.name for column in shape.columns if column.immutable]
    once = dict.fromkeys([*fixed, *(name for name in named if name in shape.by_name)])
    return [name for name in once if name not in shape.primary_key]


def _once(shape: TableShape, names: Iterable[str]) -> Iterator[SqlObject]:
    lines = ["BEGIN"]
    for name in names:
        own = quoted(name)
        lines += [
            f"    IF OLD.{own} IS NOT NULL AND NEW.{own}::text IS DISTINCT FROM OLD.{own}::text THEN",
            f"        {_refusal(f'{shape.entity or shape.name}.{name} is set once.')}",
            "    END IF;",
        ]
    lines += ["    RETURN NEW;", "END"]
    yield _trigger(shape, identifier(shape.name, "set_once"), "BEFORE UPDATE", "\n".join(lines))


def _count(shape: TableShape, rule: Rule) -> Iterator[SqlObject]:
    said = condition(rule.condition, shape.by_name) if rule.condition else ""
    if said is None or rule.value is None:
        return
    scope = (shape.tenant_column,) if shape.tenant_column else ()
    names = tuple(dict.fromkeys((*scope, *(name for name in rule.fields if name in shape.by_name))))
    filters = [f"{quoted(n)}::text IS NOT DISTINCT FROM NEW.{quoted(n)}::text" for n in names]
    filters += [f"({said})"] if said else []
    filters += [f"{quoted(DELETED)} IS NULL"] if DELETED in shape.by_name else []
    where = f" WHERE {' AND '.join(filters)}" if filters else ""
    values = ", ".join([literal(shape.name), *(f"NEW.{quoted(name)}::text" for name in names)])
    refusal = _refusal(f"{shape.entity or shape.name}: at most {rule.value:g} {rule.text}".strip())
    lines = (
        "BEGIN\n"
        # Two transactions that each see room for one more would both take it.
        f"    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), {values}), 0));\n"
        f"    IF (SELECT count(*) FROM {quoted(shape.name)}{where}) > {int(rule.value)} THEN\n"
        f"        {refusal}\n    END IF;\n    RETURN NULL;\nEND"
    )
    name = identifier(shape.name, *rule.fields, "count", str(int(rule.value)), *(["live"] if said else []))
    yield _trigger(shape, name, "AFTER INSERT OR UPDATE", lines)


def counted_from(shape: TableShape, rule: Rule) -> str:
    """Return the column from which a retention counts: the one it names, else when the row was made."""
    return next((name for name in rule.fields if name in shape.by_name), shape.moment("created"))


def purge_name(shape: TableShape, rule: Rule) -> str:
    """Return the name of the function that takes away what a retention ends; a table may have several."""
    first = next(one for one in shape.rules if one.kind is RuleKind.RETENTION)
    return identifier("purge", shape.name, *(() if rule == first else (counted_from(shape, rule),)))


def _purge(shape: TableShape, rule: Rule) -> SqlObject:
    """Return the function that takes rows away whose time is over; a schedule of the service calls it."""
    name, since = purge_name(shape, rule), counted_from(shape, rule)
    days = int(rule.value or 0)
    lines = (
        "DECLARE gone bigint;\nBEGIN\n    PERFORM set_config('app.purging', 'on', true);\n"
        f"    DELETE FROM {quoted(shape.name)} WHERE {quoted(since)} < now() - interval '{days} days';\n"
        "    GET DIAGNOSTICS gone = ROW_COUNT;\n    PERFORM set_config('app.purging', '', true);\n"
        "    RETURN gone;\nEND"
    )
    create = f"CREATE FUNCTION {quoted(name)}() RETURNS bigint\nLANGUAGE plpgsql\nAS {body(lines)};\n"
    drop = f"DROP FUNCTION IF EXISTS {quoted(name)}();\n"
    return SqlObject(name=name, kind="trigger", create=create, drop=drop, after=drop)


def _rights(shape: TableShape, blueprint: Blueprint) -> Iterator[SqlObject]:
    """Hold who may change which field."""
    said = [p for p in blueprint.permissions if p.field and p.entity == shape.entity and _WRITES & set(p.verbs)]
    lines = ["BEGIN"]
    for name in dict.fromkeys(p.field for p in said if p.field in shape.by_name):
        allowed = [p.role for p in said if p.field == name and p.allowed]
        denied = [p.role for p in said if p.field == name and not p.allowed]
        tests = [f"{ROLE} IN ({_listed(denied)})"] if denied else []
        if allowed and not {"", "*"} & set(allowed):
            tests.append(f"{ROLE} NOT IN ({_listed(['', *allowed])})")
        if tests:
            own = quoted(name)
            words = literal(f"{shape.entity}.{name} is not for this role to change.")
            lines += [
                f"    IF NEW.{own}::text IS DISTINCT FROM OLD.{own}::text AND ({' OR '.join(tests)}) THEN",
                f"        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = {words};",
                "    END IF;",
            ]
    if len(lines) > 1:
        lines += ["    RETURN NEW;", "END"]
        yield _trigger(shape, identifier(shape.name, "rights"), "BEFORE UPDATE", "\n".join(lines))


def _audit(shape: TableShape, history: str) -> SqlObject:
    trigger = identifier(shape.name, "history")
    secret = ", ".join(literal(column.name) for column in shape.columns if column.secret)
    create = (
        f"CREATE TRIGGER {quoted(trigger)} AFTER INSERT OR UPDATE OR DELETE ON {quoted(shape.name)}"
        f" FOR EACH ROW EXECUTE FUNCTION {quoted(identifier('keep', history))}({secret});\n"
    )
    return SqlObject(name=trigger, kind="trigger", create=create, drop=_dropped(trigger, shape))


def _trigger(shape: TableShape, name: str, events: str, lines: str) -> SqlObject:
    function = quoted(name)
    create = (
        f"CREATE FUNCTION {function}() RETURNS trigger\nLANGUAGE plpgsql\nAS {body(lines)};\n"
        f"CREATE TRIGGER {function} {events} ON {quoted(shape.name)} FOR EACH ROW EXECUTE FUNCTION {function}();\n"
    )
    after = f"DROP FUNCTION IF EXISTS {function}();\n"
    return SqlObject(name=name, kind="trigger", create=create, drop=_dropped(name, shape) + after, after=after)


def _dropped(trigger: str, shape: TableShape) -> str:
    return f"DROP TRIGGER {quoted(trigger)} ON {quoted(shape.name)};\n"


def _refusal(words: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = {literal(words)};"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in values)
