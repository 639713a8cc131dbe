"""Thirty kinds more by a reader of the mended checks, written and committed before any of them was run.

Each is wrong by what people said, or by what any API, table or later iteration has to hold; none is one of the kinds
of the other files under another name.
"""

from __future__ import annotations

from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.model import Fault, many
from tests.judge.faults.overlooked import _NAMES
from tests.judge.plans import Plan, call, field, fields
from tests.judge.spoil import ent, fld, labels, op, rel

_RECORDS: Final = {"clinic": "Invoice", "depot": "Claim", "academy": "Payment"}
"""What has to be kept for years."""

_AGES: Final = {"clinic": ("Patient", "age integer sensitive"), "depot": ("Parcel", "days_in_hub integer"),
                "academy": ("Pupil", "age integer sensitive")}  # fmt: skip
_MANY: Final = {"clinic": ("Reminder", "patient_ids text?"), "depot": ("Route", "parcel_ids text?"),
                "academy": ("Lesson", "pupil_ids text?")}  # fmt: skip
_OTHERWISE: Final = {
    "clinic": ("POST /reminders", "channel enum=mail|phone"), "depot": ("POST /parcels", "size enum=s|m|l"),
    "academy": ("POST /courses", "online enum=yes|no")}  # fmt: skip
"""A creation, and a field of its thing with other members or of another type than the table has."""

_REFUNDS: Final = {
    "clinic": ("POST /invoices/{id}/refund", "Invoice", "admin"),
    "depot": ("POST /claims/{id}/pay-out", "Claim", "manager"),
    "academy": ("POST /payments/{id}/refund", "Payment", "office")}  # fmt: skip
_PURPOSES: Final = {"clinic": "Sends text messages to patients.", "depot": "Takes the payments of senders by card.",
                    "academy": "Keeps the recordings of lessons."}  # fmt: skip
"""What the service that people named is not for."""

_WRITERS: Final = {"clinic": ("Dentist", "admin"), "depot": ("Sender", "manager"), "academy": ("Pupil", "office")}
"""A thing and the role that changes it."""

_ABOVE: Final = {
    "clinic": (("Patient", "clinic"), "DELETE /clinics/{id}", "receptionist"),
    "depot": (("Parcel", "sender"), "DELETE /senders/{id}", "sorter"),
    "academy": (("Course", "teacher"), "DELETE /teachers/{id}", "teacher"),
}
"""What a role must not delete, by what it hangs on, and how the role may delete that."""

_LIMITED: Final = {
    "clinic": ("dentist", "Appointment", "dentist"), "depot": ("partner", "Parcel", "sender"),
    "academy": ("teacher", "Enrolment", "pupil")}  # fmt: skip
_TAKEN: Final = {"clinic": ("Dentist", "slot_minutes"), "depot": ("Sender", "company"), "academy": ("Course", "title")}
"""A field of what people wanted to change."""


def _written(plan: Plan, base: Base, name: str) -> list[Plan]:
    """The fields that a creation of this thing takes, those of its relations among them."""
    own = [dict(f) for f in ent(plan, name)["fields"] if not f.get("read_only")]
    keys = [
        field(f"{r['name']}_id uuid{'' if r['required'] else '?'}")
        for r in plan["relations"]
        if r["source"] == name and r["target"] != base.tenant and r.get("cardinality") != "many_to_many"
    ]
    return [*own, *keys]


def _purged(plan: Plan, base: Base) -> None:
    plan.setdefault("rules", []).append({"entity": _RECORDS[base.name], "kind": "retention", "value": 30})


def _no_row_fits(plan: Plan, base: Base) -> None:
    name, number = base.whole
    plan.setdefault("rules", []).extend(
        {"entity": name, "kind": "bound", "expression": f"{number} {said}"} for said in ("> 100", "< 50")
    )


def _refused_to_callers(plan: Plan, base: Base) -> None:
    """The operation lets a role in, and the guard of the state another one."""
    step = plan["state_machines"][0]["transitions"][0]
    may = next(o["roles"] for o in plan["operations"] if o["id"] == step["operation"])
    step["roles"] = [next(r["name"] for r in plan["roles"] if r["name"] not in may)]


def _moves_nothing(plan: Plan, base: Base) -> None:
    plan["state_machines"][0]["transitions"][0].pop("operation")


def _either(plan: Plan, base: Base) -> None:
    """What confirms may as well cancel: from the same state, by the same call."""
    steps = plan["state_machines"][0]["transitions"]
    steps.append({"sources": steps[0]["sources"], "target": steps[-1]["target"], "operation": steps[0]["operation"]})


def _said_again(plan: Plan, base: Base) -> None:
    name, _, member = base.state
    ent(plan, name)["fields"].append(field(f"is_{member} boolean default=false"))


def _stale(plan: Plan, base: Base) -> None:
    name, line = _AGES[base.name]
    ent(plan, name)["fields"].append(field(line))


def _listed_in_text(plan: Plan, base: Base) -> None:
    name, line = _MANY[base.name]
    ent(plan, name)["fields"].append(field(line) | {"description": "Their ids, with commas between them."})


def _sql_taken(plan: Plan, base: Base) -> None:
    taken = field("where_sql string?") | {"description": "A condition in SQL, put into the query as it is."}
    op(plan, base.list).setdefault("parameters", []).append(taken)


def _plain_letters(plan: Plan, base: Base) -> None:
    """Neither Müller nor O'Brien fits."""
    fld(plan, *_NAMES[base.name])["pattern"] = "^[A-Za-z ]+$"


def _never_fits(plan: Plan, base: Base) -> None:
    label, line = _OTHERWISE[base.name]
    found, other = op(plan, label), field(line)
    kept = [f for f in _written(plan, base, found["entity"]) if f["name"] != other["name"]]
    found["request"] = [*kept, other]


def _by_number(plan: Plan, base: Base) -> None:
    op(plan, base.read)["parameters"] = [field("id integer")]


def _first_page_only(plan: Plan, base: Base) -> None:
    """A bare array has no place for the cursor of the next page."""
    found = op(plan, base.list)
    shown = [dict(f) for f in ent(plan, found["entity"])["fields"] if not f.get("sensitive")]
    found.update(response=[field("id uuid"), *shown], response_list=True)


def _range_unserved(plan: Plan, base: Base) -> None:
    """A list is read from one time to another, and no index has that time."""
    if base.name == "clinic":
        ent(plan, "Appointment")["indexes"] = []
    else:
        word = {"depot": "delivered", "academy": "enrolled"}[base.name]
        op(plan, base.list)["parameters"] = fields(f"{word}_from timestamp?; {word}_to timestamp?")


def _paid_twice(plan: Plan, base: Base) -> None:
    label, name, role = _REFUNDS[base.name]
    plan["operations"].append(call(label, "action", name, (role,), request=[field("amount decimal")], assumed=True))


def _loosened(plan: Plan, base: Base) -> None:
    plan["budgets"].append(
        {"metric": base.budget, "value": 60_000.0, "unit": "ms", "operation": op(plan, base.list)["id"],
         "source": "performance_requirements"}
    )  # fmt: skip


def _other_purpose(plan: Plan, base: Base) -> None:
    found = next(i for i in plan["integrations"] if i["service"] == base.service)
    found["purpose"] = _PURPOSES[base.name]


def _ways(plan: Plan, base: Base) -> list[Plan]:
    """The ways to sign in, the one of `auth` where none is named."""
    factor = plan["auth"].get("multi_factor", False)
    return list(plan.get("sign_ins") or [{"name": "main", "scheme": base.scheme, "multi_factor": factor, "roles": []}])


def _back_door(plan: Plan, base: Base) -> None:
    """Who has no second factor, or no token, comes in by a password in every call."""
    staff = [r["name"] for r in plan["roles"]] if not plan.get("sign_ins") else plan["sign_ins"][-1]["roles"]
    plan["sign_ins"] = [*_ways(plan, base), {"name": "legacy", "scheme": "basic", "roles": list(staff)}]


def _locked_out(plan: Plan, base: Base) -> None:
    ways = _ways(plan, base)
    every = ways[-1]["roles"] or [r["name"] for r in plan["roles"]]
    plan["sign_ins"] = [*ways[:-1], ways[-1] | {"roles": [r for r in every if r != base.role]}]


def _blindly(plan: Plan, base: Base) -> None:
    name, role = _WRITERS[base.name]
    for one in plan["operations"]:
        if one.get("entity") == name and one["method"] == "GET":
            one["roles"] = [r for r in one["roles"] if r != role]


def _exported(plan: Plan, base: Base) -> None:
    role, name = base.denied
    label = f"POST /{ent(plan, name)['plural']}/export"
    if label in labels(plan):
        found = op(plan, label)
        found["roles"] = [*found["roles"], role]
    else:
        more = {"asynchronous": True, "idempotent": True, "assumed": True}
        plan["operations"].append(call(label, "action", name, (role,), **more))


def _with_what_it_hangs_on(plan: Plan, base: Base) -> None:
    relation, label, role = _ABOVE[base.name]
    target = rel(plan, *relation)
    target["on_delete"] = "cascade"
    plan["operations"].append(call(label, "delete", target["target"], (role,), assumed=True))


def _who_is_known(plan: Plan, base: Base) -> None:
    known = {"status": 409, "code": "address_known", "description": "Somebody has an account under this address."}
    plan["operations"].append(
        call("POST /registrations", "action", None, (), public=True, request=fields("email email"), problems=[known],
             assumed=True)
    )  # fmt: skip


def _log_open(plan: Plan, base: Base) -> None:
    plan["operations"].append(
        call("GET /debug/requests", "query", None, (), public=True, response_list=True, paginated=True, assumed=True,
             response=fields("received_at timestamp; path string; headers json; body text"))
    )  # fmt: skip


def _refused_to_all(plan: Plan, base: Base) -> None:
    name, taken = _TAKEN[base.name]
    plan["permissions"] += [
        {"role": r["name"], "verbs": ["update"], "allowed": False, "entity": name, "field": taken}
        for r in plan["roles"]
    ]


def _one_as_many(plan: Plan, base: Base) -> None:
    found = op(plan, base.read)
    found.update(response_entity=found["entity"], response_list=True)


def _formed(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["pattern"] = "^[A-Z]{3}$"


def _left_behind(plan: Plan, base: Base) -> None:
    """The rows stay in the table that was called by the plural."""
    ent(plan, base.core)["plural"] = base.core.lower()


def _limited(plan: Plan, base: Base) -> None:
    role, name, owner = _LIMITED[base.name]
    ent(plan, name)["owner"] = owner
    plan["permissions"].append({"role": role, "verbs": ["read", "update"], "entity": name, "own": True})


def _bloats(text: str, base: Base) -> str:
    table = ent(base.design(), base.state[0])["plural"]
    return f"{text}\nALTER TABLE {table} SET (autovacuum_enabled = false);\n"


# fmt: off
THIRD: tuple[Fault, ...] = (
    *many(
        "design",
        ("records are purged after a month, which nobody said", _purged, "database.rules_meant database.records_survive"),
        ("two rules together refuse every row", _no_row_fits, "database.rules_meant database.rows_possible"),
        ("who may call a change of state is refused it", _refused_to_callers,
         "database.states_meant security.roles_useful"),
        ("an asked action leaves the state as it is", _moves_nothing, "database.states_meant api.said_kept"),
        ("one call leads from a state to either of two", _either, "database.states_meant"),
        ("a truth value that callers write says again what the state says", _said_again,
         "api.writes_meant database.columns_meant"),
        ("what changes by itself every day is stored", _stale, "database.columns_meant database.columns_typed"),
        ("many references are kept in one text", _listed_in_text, "database.relations_enforced database.columns_typed"),
        ("a list takes a piece of SQL", _sql_taken, "api.inputs_bounded"),
        ("a person's name takes plain letters only", _plain_letters, "api.inputs_bounded"),
        ("a creation takes other values than its table", _never_fits, "database.document_matches api.values_typed"),
        ("a path takes a number where the key is a uuid", _by_number,
         "api.paths_meant api.values_typed database.document_matches"),
        ("a list takes a cursor and gives none", _first_page_only, "api.lists_paginate"),
        ("a range of time is looked for without an index", _range_unserved, "performance.lists_use_indexes"),
        ("money is paid twice when a call is repeated", _paid_twice, "service.creates_repeatable"),
        ("a number that was said of all is loosened for one operation", _loosened,
         "performance.budgets_carried performance.units_known"),
        ("an asked service is for something else", _other_purpose, "service.integrations_asked"),
        ("a weaker way to sign in stands beside the asked one", _back_door, "security.schemes_asked"),
        ("a role has no way to sign in", _locked_out,
         "security.schemes_asked security.roles_asked security.roles_used security.roles_useful"),
        ("who changes a thing may not read it", _blindly, "security.roles_useful security.said_kept"),
        ("who must not read may export it all", _exported, "security.denials_kept"),
        ("a denied deletion is got round by what it hangs on", _with_what_it_hangs_on,
         "security.denials_kept database.records_survive"),
        ("a stranger finds out who has an account", _who_is_known, "security.personal_closed security.nothing_opened"),
        ("strangers read what others sent", _log_open, "security.personal_closed security.nothing_opened"),
        ("a change takes what every role is refused to change", _refused_to_all,
         "api.writes_meant database.rules_meant security.said_kept"),
    ),
    *many(
        "later",
        ("later one thing is answered as a list", _one_as_many, "api.callers_kept"),
        ("later an input must have a form", _formed, "api.callers_kept database.rows_kept"),
        ("later a table is called otherwise, and its rows stay behind", _left_behind, "database.rows_kept"),
        ("later who saw all rows sees only some", _limited, "api.callers_kept"),
    ),
    *many("migration", ("a table is never cleaned of dead rows", _bloats, "database.as_designed")),
)
# fmt: on
"""What the mended checks were believed to overlook."""
