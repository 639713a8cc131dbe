"""Kinds close to the fifth reader's, written after these were mended and before any of them was run.

Each is of a class that was closed, in another form: so they tell whether the class was closed or the kind.
"""

from __future__ import annotations

from typing import Any, Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, calls, field, fields
from tests.judge.spoil import ent, fld, op

_SERVED: Final = {"depot": ("GET /senders", "partner", "company string; email email"),
                  "academy": ("GET /pupils", "pupil", "full_name string; email email")}  # fmt: skip
_STATES: Final = {"clinic": ("GET /appointments", "booked|confirmed|done"), "depot": ("GET /claims", "open|accepted"),
                  "academy": ("GET /enrolments", "requested|accepted|completed")}  # fmt: skip


def _few(plan: Plan, base: Base) -> None:
    """An upper bound that ordinary counts are above."""
    name, told = base.whole
    _need(base.name != "clinic")  # there a bound was said
    fld(plan, name, told)["maximum"] = 12


def _short(plan: Plan, base: Base) -> None:
    """A title of twelve letters at the most."""
    fld(plan, *base.text)["max_length"] = 12


def _long(plan: Plan, base: Base) -> None:
    """A title of ten letters at the least."""
    fld(plan, *base.text)["min_length"] = 10


def _once(plan: Plan, base: Base) -> None:
    """What may change with the days is set once."""
    _need(any(o["kind"] == "update" and o.get("entity") == base.truth[0] for o in plan["operations"]))
    fld(plan, *base.truth)["immutable"] = True


def _alone_among_some(plan: Plan, base: Base) -> None:
    """A partial unique key that nobody said."""
    name, told = base.text
    other, truth = base.truth
    _need(name == other)
    plan.setdefault("rules", []).append(
        {"entity": name, "kind": "unique", "fields": [told], "condition": f"{truth} = true"}
    )


def _alone_by_letters(plan: Plan, base: Base) -> None:
    """A unique index over lower case letters that nobody said."""
    name, told = base.text
    ent(plan, name).setdefault("indexes", []).append({"fields": [told], "unique": True, "case_insensitive": True})


def _least_amount(plan: Plan, base: Base) -> None:
    """A rule refuses small amounts that are ordinary."""
    name, told = base.money
    plan.setdefault("rules", []).append({"entity": name, "kind": "bound", "expression": f"{told} >= 20"})


def _way_back(plan: Plan, base: Base) -> None:
    """An end is left by an operation of its own, which nobody asked for."""
    machine = plan["state_machines"][0]
    steps, name = machine["transitions"], machine["entity"]
    made = call(
        f"POST /{ent(plan, name)['plural']}/{{id}}/reopen", "action", name, (plan["roles"][0]["name"],), assumed=True
    )
    plan["operations"].append(made)
    steps.append(
        {"sources": [steps[-1]["target"]], "target": machine["initial"], "operation": made["id"], "assumed": True}
    )


def _tidied(plan: Plan, base: Base) -> None:
    """A job of a harmless name removes people."""
    plan.setdefault("events", []).append(
        {"kind": "schedule", "name": f"prune_old_{ent(plan, base.person)['plural']}", "entity": base.person,
         "schedule": "monthly", "assumed": True}
    )  # fmt: skip


def _code_in_answer(plan: Plan, base: Base) -> None:
    """A failure is told as a code in an answer that is a success."""
    op(plan, base.asked)["response"] = fields("id uuid?; result_code integer; message string?")


def _not_there(plan: Plan, base: Base) -> None:
    """What is in another state is told as not being there."""
    op(plan, base.asked)["problems"] = [{"status": 404, "code": "wrong_state", "description": "It is done already."}]


def _member_unknown(plan: Plan, base: Base) -> None:
    """A list's answer does not know one of the states that its rows have."""
    label, members = _STATES[base.name]
    op(plan, label)["response"] = fields(f"id uuid; status enum={members}")


def _listed_to_all(plan: Plan, base: Base) -> None:
    """The contact data of all customers is listed to each of them."""
    _need(base.name in _SERVED)
    label, role, told = _SERVED[base.name]
    found = op(plan, label)
    found["roles"] = [*found["roles"], role]
    found["response"] = fields(f"id uuid; {told}")


def _tenants_made(plan: Plan, base: Base) -> None:
    """Who works for one tenant makes others."""
    _need(base.tenant)
    plan["operations"] += calls(base.tenant, f"/{ent(plan, base.tenant)['plural']}", ("admin",), "create", assumed=True)


def _on_behalf(plan: Plan, base: Base) -> None:
    """Whoever creates something says as whom."""
    found = op(plan, base.create)
    found["parameters"] = [*found.get("parameters", ()), field("on_behalf_of uuid?")]


def _taken_for_granted(plan: Plan, base: Base) -> None:
    """All who are there are said to be verified."""
    ent(plan, base.person)["fields"].append(field("email_verified boolean default=true"))


def _removed_by_post(plan: Plan, base: Base) -> None:
    """A deletion that one role alone had is given to another under a path of its own."""
    label = base.delete
    name: Any = op(plan, label)["entity"]
    path = f"/{ent(plan, name)['plural']}/{{id}}/remove"
    plan["operations"].append(call(f"POST {path}", "delete", name, (plan["roles"][1]["name"],), assumed=True))


def _in_thousands(plan: Plan, base: Base) -> None:
    """A number that was in one unit comes in another."""
    _need(base.name == "depot")
    fld(plan, "Parcel", "weight_grams")["unit"] = "kg"


# fmt: off
NEARBY: tuple[Fault, ...] = (
    *many(
        "design",
        ("a count may be a dozen at most", _few, "database.restrictions_said"),
        ("a title has twelve letters at most", _short, "database.restrictions_said api.inputs_bounded"),
        ("a title has ten letters at least", _long, "database.restrictions_said api.inputs_bounded"),
        ("what changes with the days is set once", _once, "database.restrictions_said"),
        ("a name is unique among some", _alone_among_some, "database.restrictions_said database.unique_meant"),
        ("a name is unique by its letters", _alone_by_letters, "database.restrictions_said database.unique_meant"),
        ("small amounts are refused by a rule", _least_amount, "database.restrictions_said"),
        ("an end is left by a call of its own", _way_back, "database.states_meant"),
        ("a job of a harmless name removes people", _tidied, "database.rules_meant"),
        ("a failure is a code in an answer", _code_in_answer, "api.problem_details"),
        ("another state is told as nothing there", _not_there, "api.conflicts_declared"),
        ("a list does not know a state of its rows", _member_unknown, "api.values_typed"),
        ("contact data of all customers is listed to each", _listed_to_all, "security.reach_meant security.personal_unlisted"),
        ("who works for one tenant makes others", _tenants_made, "security.reach_meant"),
        ("whoever creates says as whom", _on_behalf, "security.reach_meant"),
    ),
    *many(
        "later",
        ("later all are said to be verified", _taken_for_granted, "database.rows_kept"),
        ("later a removal by another path", _removed_by_post, "security.rights_kept security.denials_kept"),
        ("later a weight is in other units", _in_thousands, "api.callers_kept database.units_meant"),
    ),
)
# fmt: on
"""Eighteen kinds beside the fifth reader's."""
