"""What a second iteration breaks of the first: data lost, callers broken, feedback dropped."""

from __future__ import annotations

from tests.judge import spoil
from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, field
from tests.judge.spoil import drop_entity, drop_field, drop_op, ent, fld, op, rel


def _swap(plan: Plan, base: Base) -> None:
    fld(plan, *base.unique)["name"] = "other_no"


def _retyped(plan: Plan, base: Base) -> None:
    spoil.retype(plan, *base.whole, "boolean")


def _to_text(plan: Plan, base: Base) -> None:
    spoil.retype(plan, *base.money, "string")


def _more(line: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        ent(plan, base.core)["fields"].append(field(line))

    return plant


def _more_key(plan: Plan, base: Base) -> None:
    target = next(
        e["name"]
        for e in plan["entities"]
        if e["name"] not in (base.core, base.tenant)
        and e.get("tenant_scoped", False) == ent(plan, base.core).get("tenant_scoped", False)
    )
    plan["relations"].append({"source": base.core, "target": target, "name": "extra", "required": True})


def _members(plan: Plan, base: Base) -> None:
    _need(base.choice)
    found = fld(plan, *base.choice[:2])
    found["values"] = found["values"][:1]


def _states(plan: Plan, base: Base) -> None:
    name, field_, member = base.state
    found = fld(plan, name, field_)
    found["values"] = [v for v in found["values"] if v != member]
    for machine in plan["state_machines"]:
        machine["transitions"] = [t for t in machine["transitions"] if member not in (t["target"], *t["sources"])]


def _unique_now(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["unique"] = True


def _tight(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["max_length"] = 3


def _required_parameter(plan: Plan, base: Base) -> None:
    op(plan, base.list).setdefault("parameters", []).append(field("region string"))


def _moved(plan: Plan, base: Base) -> None:
    plan["base_path"] = "/api/v2"


def _path(plan: Plan, base: Base) -> None:
    op(plan, base.read)["path"] = op(plan, base.read)["path"].replace("/{id}", "/one/{id}")


def _role_shut(plan: Plan, base: Base) -> None:
    found = op(plan, base.list)
    found["roles"] = found["roles"][:1]


def _answer_less(plan: Plan, base: Base) -> None:
    drop_field(plan, *base.fields[:1], base.fields[1][0])


def _scheme(plan: Plan, base: Base) -> None:
    plan["auth"]["scheme"] = "basic"
    plan["sign_ins"] = []


def _relation_gone(plan: Plan, base: Base) -> None:
    spoil.drop_relation(plan, *base.relation)


def _relation_cascades(plan: Plan, base: Base) -> None:
    rel(plan, *base.strict)["on_delete"] = "cascade"


LATER: tuple[Fault, ...] = many(
    "later",
    ("later a field is called otherwise", _swap, "api.callers_kept database.rows_kept"),
    ("later a field is of another type", _retyped, "api.callers_kept database.rows_kept"),
    ("later an amount is text", _to_text, "api.callers_kept database.rows_kept"),
    ("later a field is missing", _answer_less, "api.callers_kept database.rows_kept"),
    ("later a field more must be sent", _more("must_have string"), "api.callers_kept"),
    ("later a relation more must be sent", _more_key, "api.callers_kept"),
    ("later members of a choice are missing", _members, "api.callers_kept database.rows_kept"),
    ("later a state is missing", _states, "api.callers_kept database.rows_kept"),
    ("later an entity is missing", lambda p, b: drop_entity(p, b.leaf), "database.rows_kept api.callers_kept"),
    ("later an operation is missing", lambda p, b: drop_op(p, b.asked), "api.callers_kept"),
    ("later an operation is at another path", _path, "api.callers_kept"),
    ("later the base path is another", _moved, "api.callers_kept"),
    ("later a parameter more must be sent", _required_parameter, "api.callers_kept"),
    ("later an input is shorter", _tight, "api.callers_kept database.rows_kept"),
    ("later what may occur twice may not", _unique_now, "database.rows_kept api.callers_kept"),
    ("later a role may no longer", _role_shut, "api.callers_kept"),
    ("later sign-in is by another scheme", _scheme, "api.callers_kept"),
    ("later a relation is missing", _relation_gone, "api.callers_kept database.rows_kept"),
    ("later a relation cascades", _relation_cascades, "database.rows_kept database.said_kept database.records_survive"),
)  # type: ignore[arg-type]
"""What a later iteration breaks."""
