"""Thirty kinds by a reader of the checks, who did not write them and sought what they overlook.

Written and committed before any of them was run; what the first run made of them is in `docs/scoring.md`. One of the
thirty is left out since: a list below a thing that its rows point at by way of another is right (`judge.variations`).
"""

from __future__ import annotations

import re
from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, calls, entity, field, fields
from tests.judge.spoil import DoesNotApplyError, ent, fld, op, rel

_NAMES: Final = {
    "clinic": ("Patient", "full_name"),
    "depot": ("Parcel", "recipient_name"),
    "academy": ("Pupil", "full_name"),
}
"""Names of people, of which two may be alike."""

_BESIDE: Final = {"clinic": "due_on", "depot": "town", "academy": "paid_on"}
"""A field beside the one that must be unique."""

_TIMES: Final = {
    "clinic": "from string?; to string?",
    "depot": "delivered_after string?",
    "academy": "enrolled_after string?",
}
_PRIVATE: Final = {"clinic": "insurance_number", "depot": "iban", "academy": "birthday"}
_TOLD: Final = {"clinic": "health_notes text", "depot": "iban string", "academy": "birthday date"}
_COPIED: Final = {
    "clinic": ("GET /appointments/{id}/billing", "number string; total decimal; state string"),
    "depot": ("GET /parcels/{id}/damage", "amount decimal; filed_on date; status string"),
    "academy": ("GET /enrolments/{id}/balance", "amount decimal; paid_on date; reference string"),
}
"""What the denied role must not read, field by field."""

_REMOVED: Final = {
    "clinic": ("POST /patients/{id}/erase", "Patient", "receptionist"),
    "depot": ("POST /parcels/{id}/remove", "Parcel", "sorter"),
    "academy": ("POST /courses/{id}/remove", "Course", "teacher"),
}


def _detour(plan: Plan, base: Base) -> None:
    """The last change that people said is only possible from where nobody said, and is called assumed."""
    steps = plan["state_machines"][0]["transitions"]
    steps[-1] |= {"sources": [steps[0]["target"]], "assumed": True}


def _begins_at_the_end(plan: Plan, base: Base) -> None:
    machine = plan["state_machines"][0]
    machine["initial"] = machine["transitions"][-1]["target"]
    fld(plan, machine["entity"], machine["field"])["default"] = machine["initial"]


def _nobody_writes(plan: Plan, base: Base) -> None:
    fld(plan, *base.whole)["read_only"] = True


def _swapped(plan: Plan, base: Base) -> None:
    """Who cancels confirms, and who confirms cancels."""
    steps = plan["state_machines"][0]["transitions"]
    steps[0]["operation"], steps[-1]["operation"] = steps[-1]["operation"], steps[0]["operation"]


def _name_unique(plan: Plan, base: Base) -> None:
    fld(plan, *_NAMES[base.name])["unique"] = True


def _unique_together(plan: Plan, base: Base) -> None:
    name, alone = base.unique
    fld(plan, name, alone).pop("unique")
    plan.setdefault("rules", []).append({"entity": name, "kind": "unique", "fields": [alone, _BESIDE[base.name]]})


def _once_only(plan: Plan, base: Base) -> None:
    """A patient has one appointment in all their life."""
    source, name = base.relation
    plan.setdefault("rules", []).append({"entity": source, "kind": "unique", "fields": [f"{name}_id"]})


def _off_by_one(plan: Plan, base: Base) -> None:
    found = fld(plan, *base.whole)
    _need(found.get("maximum"))
    found["maximum"] -= 1


def _loose(plan: Plan, base: Base) -> None:
    _need(base.compare)
    plan["rules"][0]["expression"] = "starts_at <= ends_at"


def _float_told(plan: Plan, base: Base) -> None:
    op(plan, base.asked)["response"] = fields(f"id uuid; {base.money[1]} float")


def _times_as_text(plan: Plan, base: Base) -> None:
    op(plan, base.list)["parameters"] = fields(_TIMES[base.name])


def _unit(plan: Plan, base: Base) -> None:
    found = fld(plan, *base.whole)
    _need(found["name"].endswith(("_minutes", "_grams")))
    found["unit"] = "hours" if found["name"].endswith("_minutes") else "kg"


def _given_away(plan: Plan, base: Base) -> None:
    """Who may change a row of their own may make it another's."""
    _need(base.owned)
    name = base.owned
    every = [r["name"] for r in plan["roles"]]
    body = fields(f"{ent(plan, name)['owner']}_id uuid?; note string?")
    plan["operations"] += calls(name, f"/{ent(plan, name)['plural']}", every, "update", request=body, assumed=True)


def _filtered(plan: Plan, base: Base) -> None:
    op(plan, base.person_list)["filters"] = [_PRIVATE[base.name]]


def _emptied(plan: Plan, base: Base) -> None:
    """Deleting empties what may not be empty, so that it always fails."""
    rel(plan, *base.relation).update(required=True, on_delete="set_null")


def _unheeded(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"].append(field("deleted_at timestamp?"))


def _counted(plan: Plan, base: Base) -> None:
    """Strangers accept the invitations of others by counting up."""
    plan["entities"].append(
        entity("Invitation", "invitations", "email email sensitive; accepted_at timestamp? read_only",
               identity="bigint", assumed=True)
    )  # fmt: skip
    plan["operations"] += [
        *calls("Invitation", "/invitations", (plan["roles"][0]["name"],), "create", assumed=True),
        call("POST /invitations/{id}/accept", "action", "Invitation", (), public=True, assumed=True),
    ]


def _blames_itself(plan: Plan, base: Base) -> None:
    op(plan, base.asked)["problems"] = [{"status": 500, "code": "already_done", "description": "It was done before."}]


def _told_to_others(plan: Plan, base: Base) -> None:
    plan.setdefault("events", []).append(
        {"kind": "webhook_out", "name": "person_changed", "payload": fields(f"id uuid; {_TOLD[base.name]}")}
    )


def _hardly_any(plan: Plan, base: Base) -> None:
    plan["auth"]["rate_limit_per_minute"] = 2


def _removed_by_action(plan: Plan, base: Base) -> None:
    label, name, role = _REMOVED[base.name]
    plan["permissions"] = [p for p in plan["permissions"] if (p["role"], p.get("entity")) != (role, name)]
    plan["operations"].append(call(label, "delete", name, (role,), assumed=True))


def _copied(plan: Plan, base: Base) -> None:
    label, lines = _COPIED[base.name]
    plan["operations"].append(call(label, "query", None, (base.denied[0],), response=fields(lines), assumed=True))


def _others_listed(plan: Plan, base: Base) -> None:
    """A second list shows the rows of all to who may read their own only."""
    _need(base.owned)
    role = next(p["role"] for p in plan["permissions"] if p.get("own"))
    plan["operations"].append(
        call("GET /courses/{id}/participants", "query", None, (role,), response_entity=base.owned, response_list=True,
             paginated=True, assumed=True)
    )  # fmt: skip


def _ways_swapped(plan: Plan, base: Base) -> None:
    ways = plan.get("sign_ins", [])
    _need(len(ways) == 2)
    ways[0]["scheme"], ways[1]["scheme"] = ways[1]["scheme"], ways[0]["scheme"]


def _open_tells(plan: Plan, base: Base) -> None:
    """What people wanted open, and to whom the thing belongs beside it."""
    if base.name == "depot":
        op(plan, base.public)["response"] += fields("recipient_name string; recipient_phone string?")
    elif base.name == "academy":
        op(plan, "GET /courses/{id}")["response"] = [*ent(plan, "Course")["fields"], field("teacher_email email")]
    else:
        raise DoesNotApplyError


def _frozen(plan: Plan, base: Base) -> None:
    """Rows that are only ever appended, and an operation that people asked for to change them."""
    name = op(plan, base.update)["entity"]
    plan.setdefault("rules", []).append({"entity": name, "kind": "immutable"})


def _cents_cut(text: str, base: Base) -> str:
    return text.replace("NUMERIC(19, 4)", "NUMERIC(19, 0)")


def _guarded_once(text: str, base: Base) -> str:
    """The guard of states looks at new rows only."""
    return re.sub(r"BEFORE INSERT OR UPDATE OF \w+ ON", "BEFORE INSERT ON", text)


def _bound_raised(plan: Plan, base: Base) -> None:
    found = fld(plan, *base.whole)
    found["minimum"] = found.get("minimum", 5) + 25


# fmt: off
OVERLOOKED: tuple[Fault, ...] = (
    *many(
        "design",
        ("a said change of state is refused, and another is assumed instead", _detour,
         "database.said_kept database.states_meant"),
        ("rows begin in their last state", _begins_at_the_end, "database.said_kept database.states_meant"),
        ("a required field that nobody may write", _nobody_writes,
         "api.writes_meant api.said_kept database.rows_possible"),
        ("two operations do each other's change of state", _swapped, "database.states_meant api.said_kept"),
        ("a person's name may occur only once", _name_unique, "database.unique_meant"),
        ("what must be unique is so only together with something else", _unique_together, "database.said_kept"),
        ("many to one is made one to one by a rule", _once_only, "database.relations_meant database.said_kept"),
        ("a said bound is off by one", _off_by_one, "database.said_kept api.said_kept"),
        ("a strict comparison is a loose one", _loose, "database.said_kept"),
        ("an answer tells an amount as a float", _float_told, "api.values_typed"),
        ("a parameter takes a time as text", _times_as_text, "api.values_typed"),
        ("a number has another unit than its name says", _unit, "database.units_meant"),
        ("a change may give a row to another owner", _given_away, "security.own_kept api.writes_meant"),
        ("what is personal stands in addresses as a filter", _filtered,
         "security.personal_unlogged"),
        ("what may not be empty is emptied on deletion", _emptied,
         "database.relations_enforced database.rows_possible database.said_kept"),
        ("a mark of deletion that nothing heeds", _unheeded, "database.deletions_heeded"),
        ("strangers count up to accept invitations", _counted,
         "security.no_anonymous_writes security.nothing_opened"),
        ("a refusal is told as an error of the server", _blames_itself,
         "api.conflicts_declared api.problem_details"),
        ("a webhook tells what is personal", _told_to_others, "security.personal_told"),
        ("two calls a minute are let through", _hardly_any, "security.limits_meant security.said_kept"),
        ("a denied deletion is got round by an action", _removed_by_action, "security.denials_kept"),
        ("what a role must not read is copied into another answer", _copied, "security.denials_kept"),
        ("another list shows what is others'", _others_listed, "security.denials_kept security.own_kept"),
        ("two ways to sign in are swapped", _ways_swapped, "security.schemes_asked"),
        ("an asked open operation tells whose a thing is", _open_tells, "security.personal_closed"),
        ("what may not change has an operation that changes it", _frozen,
         "database.rules_meant"),
    ),
    *many(
        "migration",
        ("an amount's column cuts off the cents", _cents_cut, "database.as_designed database.money_exact"),
        ("states are guarded in new rows only", _guarded_once, "database.as_designed database.said_kept"),
    ),
    *many(
        "later",
        ("later a number's bound is narrower", _bound_raised, "api.callers_kept database.rows_kept"),
    ),
)
# fmt: on
"""What the checks were believed to overlook."""
