"""Additions that nobody asked for, in other forms than the sixth reader's: written after mending, before they were run.

Each is called assumed, or looks like one of the usual parts, and each is a class that was closed in another shape.
"""

from __future__ import annotations

from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, calls, field, fields
from tests.judge.spoil import ent

_TAKEN: Final = {"clinic": "religion string sensitive", "depot": "owner_salary decimal sensitive",
                 "academy": "ethnicity string sensitive"}  # fmt: skip
_OWED: Final = {"clinic": ("Patient", "outstanding decimal default=0"), "depot": ("Sender", "claimed_so_far decimal default=0"),
                "academy": ("Pupil", "paid_so_far decimal default=0")}  # fmt: skip
_OVER: Final = {"clinic": "closed boolean default=false", "depot": "dealt_with boolean default=false",
                "academy": "over boolean default=false"}  # fmt: skip
"""A life told once more, by a truth value that is no state's name."""

_SHARED: Final = {"clinic": "Invoice", "depot": "Claim", "academy": "Enrolment"}
_CARRIED: Final = {
    "clinic": "patients_to_insurers",
    "depot": "senders_to_credit_bureau",
    "academy": "pupils_to_sponsors",
}


def _taken_down(plan: Plan, base: Base) -> None:
    """Data minimisation: an intimate detail is demanded of everybody, which nobody wanted to know."""
    ent(plan, base.person)["fields"].append(field(_TAKEN[base.name]) | {"assumed": True})


def _owed_in_all(plan: Plan, base: Base) -> None:
    """A running total of other rows that callers write, under a name that does not say whose it is."""
    name, line = _OWED[base.name]
    ent(plan, name)["fields"].append(field(line) | {"assumed": True})


def _over_as_well(plan: Plan, base: Base) -> None:
    """A truth value beside the guarded state says that a row is done, and callers write it."""
    ent(plan, base.state[0])["fields"].append(field(_OVER[base.name]) | {"assumed": True})


def _by_the_dozen(plan: Plan, base: Base) -> None:
    """A call for many rows at once sets any state directly, past the single guarded calls and their roles."""
    machine = plan["state_machines"][0]
    states = next(f["values"] for f in ent(plan, machine["entity"])["fields"] if f["name"] == machine["field"])
    plural = ent(plan, machine["entity"])["plural"]
    everybody = [role["name"] for role in plan["roles"]]
    sent = [field("ids array") | {"items": "uuid"}, field(f"{machine['field']} enum={'|'.join(states)}")]
    plan["operations"].append(
        call(f"POST /{plural}/batch", "action", machine["entity"], everybody, request=sent, assumed=True, idempotent=True,
             response=fields("changed integer"))
    )  # fmt: skip


def _shared_by_link(plan: Plan, base: Base) -> None:
    """Whoever reads a row makes a link by which strangers read it."""
    name = _SHARED[base.name]
    path, role = f"/{ent(plan, name)['plural']}/{{id}}/share", plan["roles"][0]["name"]
    plan["operations"] += [
        call(f"POST {path}", "action", name, (role,), response=fields("link url"), assumed=True, idempotent=True),
        *calls(name, "/shared", (), "read", public=True, assumed=True, id="read_shared"),
    ]


def _carried_off_by_night(plan: Plan, base: Base) -> None:
    """A job hands what is known of people to somebody outside whom nobody named."""
    plan.setdefault("events", []).append(
        {"kind": "schedule", "name": f"send_{_CARRIED[base.name]}", "entity": base.person, "schedule": "nightly",
         "assumed": True}
    )  # fmt: skip


# fmt: off
ADDITIONS: tuple[Fault, ...] = (
    *many(
        "design",
        ("an intimate detail is demanded of everybody", _taken_down,
         "database.restrictions_said database.columns_meant security.personal_marked security.reach_meant"),
        ("what is owed in all is kept, and callers write it", _owed_in_all, "database.columns_typed api.writes_meant"),
        ("a truth value says as well that a row is done", _over_as_well, "database.states_meant api.writes_meant"),
        ("states are set by the dozen, past their guards", _by_the_dozen,
         "database.states_meant api.writes_meant security.reach_meant"),
        ("whoever reads a row makes it open by a link", _shared_by_link,
         "security.nothing_opened security.personal_closed security.reach_meant"),
        ("a job hands people's data to somebody outside", _carried_off_by_night,
         "database.rules_meant security.reach_meant service.parts_asked"),
    ),
)
# fmt: on
"""Six kinds beside the sixth reader's additions."""
