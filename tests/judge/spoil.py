"""Ways to find and to change the parts of a design that is plain data."""

from __future__ import annotations

from typing import Any

from tests.judge.plans import Plan


class DoesNotApplyError(Exception):
    """The design has nothing that this fault could spoil."""


def op(plan: Plan, label: str) -> Plan:
    """The operation ``GET /things``."""
    return _one((o for o in plan["operations"] if f"{o['method']} {o['path']}" == label), label)


def ent(plan: Plan, name: str) -> Plan:
    """The entity of that name."""
    return _one((e for e in plan["entities"] if e["name"] == name), name)


def fld(plan: Plan, name: str, field: str) -> Plan:
    """A field of an entity."""
    return _one((f for f in ent(plan, name)["fields"] if f["name"] == field), f"{name}.{field}")


def rel(plan: Plan, source: str, name: str) -> Plan:
    """A relation by its source and name."""
    return _one((r for r in plan["relations"] if (r["source"], r["name"]) == (source, name)), f"{source}.{name}")


def _one(found: Any, what: str) -> Plan:
    for one in found:
        return one  # type: ignore[no-any-return]
    raise DoesNotApplyError(what)


def drop_op(plan: Plan, label: str) -> None:
    """Take an operation away, and what names it."""
    gone = op(plan, label)
    plan["operations"] = [o for o in plan["operations"] if o is not gone]
    plan["events"] = [e for e in plan.get("events", ()) if e.get("operation") != gone["id"]]
    for machine in plan.get("state_machines", ()):
        for step in machine["transitions"]:
            if step.get("operation") == gone["id"]:
                step.pop("operation")


def drop_entity(plan: Plan, name: str) -> None:
    """Take an entity away, and all that rests on it."""
    ent(plan, name)
    for label in [f"{o['method']} {o['path']}" for o in plan["operations"] if o.get("entity") == name]:
        drop_op(plan, label)
    plan["entities"] = [e for e in plan["entities"] if e["name"] != name]
    plan["relations"] = [r for r in plan["relations"] if name not in (r["source"], r["target"])]
    for part in ("rules", "state_machines", "permissions", "events"):
        plan[part] = [one for one in plan.get(part, ()) if one.get("entity") != name]


def drop_field(plan: Plan, name: str, field: str) -> None:
    """Take a field away, and what names it."""
    entity, gone = ent(plan, name), fld(plan, name, field)
    entity["fields"] = [f for f in entity["fields"] if f is not gone]
    entity["indexes"] = [i for i in entity.get("indexes", ()) if field not in i["fields"]]
    plan["rules"] = [r for r in plan.get("rules", ()) if r["entity"] != name or field not in str(r)]
    plan["state_machines"] = [m for m in plan.get("state_machines", ()) if (m["entity"], m["field"]) != (name, field)]
    _forget(plan, name, field)


def _forget(plan: Plan, name: str, field: str) -> None:
    for one in plan["operations"]:
        if one.get("entity") == name:
            for part in ("filters", "ranges", "sort", "search"):
                if field in one.get(part, ()):
                    one[part] = [f for f in one[part] if f != field]


def drop_relation(plan: Plan, source: str, name: str) -> None:
    """Take a relation away, and what names its column."""
    gone = rel(plan, source, name)
    plan["relations"] = [r for r in plan["relations"] if r is not gone]
    _forget(plan, source, f"{name}_id")
    if ent(plan, source).get("owner") == name:
        ent(plan, source).pop("owner")
        plan["permissions"] = [p for p in plan.get("permissions", ()) if p.get("entity") != source]


def rename_role(plan: Plan, old: str, new: str) -> None:
    """Give a role another name wherever it stands; "" takes it away."""
    plan["roles"] = [r | {"name": new or r["name"]} if r["name"] == old else r for r in plan["roles"]]
    plan["roles"] = [r for r in plan["roles"] if new or r["name"] != old]
    holders = [*plan["operations"], *plan.get("sign_ins", ())]
    for machine in plan.get("state_machines", ()):
        holders += machine["transitions"]
    for one in holders:
        if old in one.get("roles", ()):
            one["roles"] = [new if r == old else r for r in one["roles"] if new or r != old]
    plan["sign_ins"] = [s for s in plan.get("sign_ins", ()) if s.get("roles")]
    plan["permissions"] = [
        p | {"role": new} if p["role"] == old else p for p in plan.get("permissions", ()) if new or p["role"] != old
    ]


def free_permissions(plan: Plan) -> None:
    """Take away what is said of who may, beside the operations' own roles."""
    plan["permissions"] = []


def retype(plan: Plan, name: str, field: str, kind: str, **more: Any) -> None:
    """Give a field another type; what only the old type can have goes."""
    found = fld(plan, name, field)
    for gone in ("values", "default", "minimum", "maximum", "min_length", "max_length", "pattern"):
        found.pop(gone, None)
    found |= {"type": kind, **more}
    plan["rules"] = [r for r in plan.get("rules", ()) if r["entity"] != name or field not in str(r)]
    plan["state_machines"] = [m for m in plan.get("state_machines", ()) if (m["entity"], m["field"]) != (name, field)]


def labels(plan: Plan) -> list[str]:
    """All operations as ``GET /things``."""
    return [f"{o['method']} {o['path']}" for o in plan["operations"]]
