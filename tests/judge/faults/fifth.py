"""Thirty kinds more by a fifth reader of the checks, written and committed before any of them was run.

Sought where two parts meet that are each right alone: what an answer tells to whom it was not meant for, a rule beside
a life, a new path beside an old one, a value that is of the right type and means something else.
"""

from __future__ import annotations

from typing import Any, Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, calls, entity, field, fields, relation
from tests.judge.spoil import ent, fld, op

_OTHERS: Final = {"depot": ("GET /senders/{id}", "partner"), "academy": ("GET /pupils/{id}", "pupil")}
"""The record of one customer, and the role that customers have."""

_CLERK: Final = {"clinic": "receptionist", "depot": "sorter", "academy": "teacher"}
_GRANTED: Final = {
    "depot": ("POST /claims/{id}/settle", "partner"),
    "academy": ("POST /enrolments/{id}/accept", "pupil"),
}
"""What is granted, and who asks for it."""

_CANCELLED: Final = {
    "clinic": ("Appointment", "no_overlap", ["starts_at", "ends_at", "dentist_id"]),
    "academy": ("Enrolment", "unique", ["course_id", "pupil_id"]),
}
"""A rule over rows some of which are cancelled, so that they take up no room any more."""

_COPIED: Final = {"clinic": ("Appointment", "patient_phone string sensitive"), "depot": ("Parcel", "sender_company string"),
                  "academy": ("Enrolment", "course_title string")}  # fmt: skip
_LINKS: Final = {"clinic": ("AppointmentTreatment", "appointment_treatments", "Treatment"),
                 "depot": ("RouteHub", "route_hubs", "Hub")}  # fmt: skip
_THIS_YEAR: Final = {"clinic": "^INV-2024-[0-9]{4}$", "depot": "^HUB-2024-[0-9]{3}$", "academy": "^PAY-2024-[0-9]{4}$"}
_MAIL: Final = {"clinic": ("Patient", "email"), "depot": ("Sender", "email"), "academy": ("Pupil", "email")}
_DAYS: Final = {"clinic": ("GET /patients/{id}", "born_on"), "depot": ("GET /claims/{id}", "filed_on"),
                "academy": ("GET /pupils/{id}", "birthday")}  # fmt: skip
_STATES: Final = {"clinic": ("GET /appointments", "status enum=new|active|closed"),
                  "depot": ("GET /claims", "status enum=new|active|closed"),
                  "academy": ("GET /enrolments", "status enum=new|active|closed")}  # fmt: skip
_JOBS: Final = {"clinic": ("cancel_unconfirmed_appointments", "Appointment"), "depot": ("refuse_open_claims", "Claim"),
                "academy": ("cancel_requested_enrolments", "Enrolment")}  # fmt: skip
_NOT_AFTER: Final = {
    "clinic": ("Reminder", "sent_at < send_at"),
    "academy": ("Enrolment", "cancelled_at < enrolled_at"),
}
_LIMITS: Final = {"clinic": "Not within 48 hours of its beginning.", "depot": "Only within 14 days of its filing.",
                  "academy": "Only before the course has begun."}  # fmt: skip
_PUT: Final = {"clinic": ("/dentists", "Dentist", "receptionist"), "depot": ("/senders", "Sender", "sorter"),
               "academy": ("/pupils", "Pupil", "teacher")}  # fmt: skip
"""What one role alone changes, and another one."""

_PAIRS: Final = {"clinic": ("Reminder", ["appointment_id", "channel"]), "depot": ("Scan", ["parcel_id", "hub_id"]),
                 "academy": ("Payment", ["enrolment_id", "paid_on"])}  # fmt: skip
"""What may well be together more than once."""

_EVERYTHING: Final = {"clinic": ("GET /dentists/{id}", "appointments", "Appointment"),
                      "depot": ("GET /senders/{id}", "parcels", "Parcel")}  # fmt: skip


def _whole(plan: Plan, name: str) -> list[Plan]:
    """All that an answer tells of a thing, its key first."""
    return [field("id uuid"), *(dict(f) for f in ent(plan, name)["fields"])]


def _one_customer_reads_all(plan: Plan, base: Base) -> None:
    """Broken object level authorisation: a customer's role reads the personal record of every other customer."""
    _need(base.name in _OTHERS)
    label, role = _OTHERS[base.name]
    found = op(plan, label)
    found["roles"] = [*found["roles"], role]


def _told_by_a_write(plan: Plan, base: Base) -> None:
    """A denied read is had by the representation that a harmless action answers with."""
    role, name = base.denied
    label = f"POST /{ent(plan, name)['plural']}/{{id}}/flag"
    plan["operations"].append(call(label, "action", name, (role,), request=[field("note string")], assumed=True))


def _other_tenants_changed(plan: Plan, base: Base) -> None:
    """An administrator of one tenant updates and deletes the tenant records of all."""
    _need(base.tenant)
    path = f"/{ent(plan, base.tenant)['plural']}"
    plan["operations"] += calls(base.tenant, path, ("admin",), "update delete", assumed=True)


def _impersonation(plan: Plan, base: Base) -> None:
    """Privilege escalation: the lowest staff role starts a session as any other user."""
    plan["operations"].append(
        call("POST /impersonations", "action", None, (_CLERK[base.name],), request=fields("user_email email"),
             response=fields("session_id uuid; expires_at timestamp"), assumed=True)
    )  # fmt: skip


def _role_chosen(plan: Plan, base: Base) -> None:
    """Self-registration in which an anonymous caller picks the role of the account."""
    every = "|".join(r["name"] for r in plan["roles"])
    plan["operations"].append(
        call("POST /registrations", "action", None, (), public=True, assumed=True,
             request=fields(f"email email; position enum={every}"), response=fields("account_id uuid"))
    )  # fmt: skip


def _granted_by_who_asks(plan: Plan, base: Base) -> None:
    """No separation of duties: whoever files the request may approve it."""
    _need(base.name in _GRANTED)
    label, role = _GRANTED[base.name]
    found = op(plan, label)
    found["roles"] = [*found["roles"], role]


def _small_amounts_only(plan: Plan, base: Base) -> None:
    """An invented upper bound rejects ordinary amounts."""
    fld(plan, *base.money)["maximum"] = 99


def _never_corrected(plan: Plan, base: Base) -> None:
    """Personal contact data is write-once, so that a typo can never be rectified (GDPR, article 16)."""
    fld(plan, *_MAIL[base.name])["immutable"] = True


def _still_in_the_way(plan: Plan, base: Base) -> None:
    """A uniqueness or exclusion constraint counts cancelled rows, so that the slot or place is lost for ever."""
    _need(base.name in _CANCELLED)
    name, kind, told = _CANCELLED[base.name]
    plan["rules"].append({"entity": name, "kind": kind, "fields": list(told)})


def _stale_copy(plan: Plan, base: Base) -> None:
    """A denormalised copy of a parent's attribute that callers supply and nothing keeps in step."""
    name, line = _COPIED[base.name]
    ent(plan, name)["fields"].append(field(line))


def _linked_twice(plan: Plan, base: Base) -> None:
    """A join entity with a surrogate key and no unique pair: the same link can be stored twice."""
    _need(base.name in _LINKS)
    source, name = base.many
    made, plural, target = _LINKS[base.name]
    scoped = bool(base.tenant)
    plan["relations"] = [r for r in plan["relations"] if (r["source"], r["name"]) != (source, name)]
    plan["relations"] += [relation(f"{made}.{end.lower()} -> {end}") for end in (source, target)]
    if scoped:
        plan["relations"].append(relation(f"{made}.{base.tenant.lower()} -> {base.tenant}"))
    plan["entities"].append(entity(made, plural, "note text?", tenant_scoped=scoped, assumed=True))
    path = f"/{plural.replace('_', '-')}"
    plan["operations"] += calls(made, path, (plan["roles"][0]["name"],), "list create delete", assumed=True)


def _of_this_year_only(plan: Plan, base: Base) -> None:
    """An invented pattern with the year written into it: identifiers of the next year are refused."""
    fld(plan, *base.unique)["pattern"] = _THIS_YEAR[base.name]


def _failure_as_success(plan: Plan, base: Base) -> None:
    """Errors are tunnelled through 200 as a success flag and a message in the body."""
    op(plan, base.asked)["response"] = fields("id uuid?; success boolean; error_message string?")


def _signed_out(plan: Plan, base: Base) -> None:
    """A business conflict is told as 401, at which clients drop the session."""
    op(plan, base.asked)["problems"] = [{"status": 401, "code": "wrong_state", "description": "It is done already."}]


def _filtered_by_nothing(plan: Plan, base: Base) -> None:
    """A filter's enumeration is of another vocabulary than the column's, so that no value ever matches."""
    label, line = _STATES[base.name]
    found = op(plan, label)
    found["parameters"] = [*found.get("parameters", ()), field(line) | {"required": False}]


def _read_tells_little(plan: Plan, base: Base) -> None:
    """The asked read of one record leaves out most of its attributes, which are then told nowhere."""
    found = op(plan, base.person_read)
    found["response"] = _whole(plan, found["entity"])[:2]


def _patch_wants_all(plan: Plan, base: Base) -> None:
    """A PATCH that requires the whole representation: whoever corrects one field overwrites the others."""
    found = op(plan, base.update)
    found["request"] = [{**f, "required": True} for f in ent(plan, found["entity"])["fields"] if not f.get("read_only")]


def _day_as_moment(plan: Plan, base: Base) -> None:
    """A calendar day is answered as a timestamp, so that it shifts by a day across time zones."""
    label, name = _DAYS[base.name]
    found = op(plan, label)
    found["response"] = [{**f, "type": "timestamp"} if f["name"] == name else f for f in _whole(plan, found["entity"])]


def _only_sometimes(plan: Plan, base: Base) -> None:
    """A said transition is put under a guard that nobody said."""
    plan["state_machines"][0]["transitions"][-1]["guard"] = _LIMITS[base.name]


def _comes_back(plan: Plan, base: Base) -> None:
    """A terminal state is reopened by an assumed transition of an existing operation."""
    steps = plan["state_machines"][0]["transitions"]
    steps.append({"sources": [steps[-1]["target"]], "target": steps[0]["target"], "operation": steps[0]["operation"],
                  "assumed": True})  # fmt: skip


def _cancelled_by_night(plan: Plan, base: Base) -> None:
    """An unrequested scheduled job ends what people have booked or asked for."""
    name, about = _JOBS[base.name]
    plan.setdefault("events", []).append({"kind": "schedule", "name": name, "entity": about, "schedule": "nightly"})


def _before_it_can_be(plan: Plan, base: Base) -> None:
    """A check constraint orders two moments the wrong way round, so that the later one can never be recorded."""
    _need(base.name in _NOT_AFTER)
    name, said = _NOT_AFTER[base.name]
    plan["rules"].append({"entity": name, "kind": "compare", "expression": said})


def _second_way_in(plan: Plan, base: Base) -> None:
    """A new PUT beside the PATCH grants the write to a role that never had it."""
    path, name, role = _PUT[base.name]
    label = f"PUT {path}/{{id}}"
    plan["operations"].append(call(label, "update", name, (role,)))


def _consent_backdated(plan: Plan, base: Base) -> None:
    """A backfill default records a consent, dated to the migration, for everybody who is there already."""
    ent(plan, base.person)["fields"].append(field("consented_at timestamp default=now"))


def _in_cents(plan: Plan, base: Base) -> None:
    """The unit of an amount silently changes to minor units under the same name and type."""
    fld(plan, *base.money)["unit"] = "cents"


def _pair_once(plan: Plan, base: Base) -> None:
    """A new composite unique index refuses rows that are legitimate and may exist already."""
    name, told = _PAIRS[base.name]
    ent(plan, name).setdefault("indexes", []).append({"fields": list(told), "unique": True})


def _part_of_a_word(plan: Plan, base: Base) -> None:
    """A substring search over a text column that no trigram or full-text index serves."""
    label = {"clinic": "GET /treatments", "depot": "GET /hubs", "academy": "GET /courses"}[base.name]
    found = op(plan, label)
    wanted = field(f"{base.text[1]}_contains string? max_length=100")
    found["parameters"] = [*found.get("parameters", ()), wanted]


def _all_that_hangs_on_it(plan: Plan, base: Base) -> None:
    """A read of one record embeds the unpaginated collection of everything that ever pointed at it."""
    _need(base.name in _EVERYTHING)
    label, name, target = _EVERYTHING[base.name]
    found = op(plan, label)
    inner: dict[str, Any] = {"name": name, "type": "array", "items": "object", "entity": target}
    found["response"] = [*_whole(plan, found["entity"]), inner]


def _named_and_unused(plan: Plan, base: Base) -> None:
    """An asked part of the stack is listed and, by the design's own words, not used."""
    if base.name == "clinic":
        plan["services"] = {**plan["services"], "caching": "Every read goes to PostgreSQL; Redis is not used for now."}
    else:
        _need(plan["stack"].get("messaging"))
        told = "Modules call each other directly; RabbitMQ is not connected yet."
        plan["services"] = {**plan["services"], "communication": told}


def _put_off(plan: Plan, base: Base) -> None:
    """An asked integration is postponed to a later release that nobody agreed to."""
    found = next(i for i in plan["integrations"] if i["service"] == base.service)
    found["purpose"] = f"Left for a later release; until then clerks do by hand what {base.service} would do."


# fmt: off
FIFTH: tuple[Fault, ...] = (
    *many(
        "design",
        ("one customer reads the record of every other", _one_customer_reads_all,
         "security.reach_meant security.own_kept security.denials_kept security.personal_closed security.roles_differ security.said_kept"),
        ("what a role must not read is told by the answer to a write", _told_by_a_write, "security.denials_kept"),
        ("one tenant's admin changes and deletes other tenants", _other_tenants_changed,
         "security.reach_meant security.tenants_isolated security.tenants_scoped security.objects_guarded security.tenant_from_token"),
        ("a clerk may act as anybody", _impersonation,
         "security.reach_meant security.roles_useful security.denials_kept security.said_kept service.parts_asked"),
        ("a stranger signs up in whichever role", _role_chosen,
         "security.reach_meant api.writes_meant security.no_anonymous_writes security.nothing_opened"),
        ("who asks for it may grant it", _granted_by_who_asks,
         "security.reach_meant security.own_kept security.roles_differ security.said_kept database.states_meant"),
        ("an amount may be two digits only", _small_amounts_only, "database.restrictions_said database.said_kept api.inputs_bounded"),
        ("an address of mail can never be corrected", _never_corrected, "database.restrictions_said api.writes_meant database.rules_meant"),
        ("what was cancelled stands in the way of the next", _still_in_the_way,
         "database.restrictions_said database.rules_meant database.unique_meant database.states_meant"),
        ("a copy of another thing's field grows stale", _stale_copy,
         "database.columns_typed database.columns_meant database.relations_enforced api.writes_meant"),
        ("a link may be there twice", _linked_twice,
         "database.said_kept database.unique_meant database.relations_meant database.relations_enforced"),
        ("numbers are of this year only", _of_this_year_only, "database.restrictions_said api.inputs_bounded database.said_kept"),
        ("a failure is told as a success", _failure_as_success, "api.problem_details api.conflicts_declared"),
        ("a refusal signs people out", _signed_out,
         "api.conflicts_declared api.problem_details api.refusals_declared"),
        ("a list is filtered by what no row has", _filtered_by_nothing,
         "database.document_matches api.values_typed api.said_kept"),
        ("an asked read tells hardly anything", _read_tells_little,
         "api.said_kept api.paths_meant database.document_matches"),
        ("a partial change must send the whole", _patch_wants_all, "api.methods_meant api.writes_meant"),
        ("a day is answered as a moment", _day_as_moment, "api.values_typed database.document_matches"),
        ("a said change is put under a condition", _only_sometimes, "database.states_meant database.said_kept"),
        ("what was ended comes back, by an assumption", _comes_back, "database.states_meant"),
        ("a job that nobody said ends what people asked for", _cancelled_by_night,
         "database.rules_meant database.states_meant service.parts_asked"),
        ("what comes after must come before", _before_it_can_be, "database.restrictions_said database.rules_meant database.rows_possible"),
        ("a part of a word is searched without an index", _part_of_a_word, "performance.lists_use_indexes"),
        ("a read carries all that hangs on it", _all_that_hangs_on_it,
         "performance.results_bounded api.lists_paginate"),
        ("an asked part of the stack is not used", _named_and_unused,
         "service.stack_followed service.consistency_denied performance.caching_denied"),
        ("an asked service is put off", _put_off, "service.integrations_asked service.failures_denied"),
    ),
    *many(
        "later",
        ("later a second path lets in who could not", _second_way_in, "security.rights_kept"),
        ("later consent is dated back for everybody", _consent_backdated,
         "database.columns_meant security.personal_marked database.rows_kept"),
        ("later an amount is in cents", _in_cents, "api.callers_kept database.rows_kept database.units_meant"),
        ("later two together may occur only once", _pair_once,
         "database.rows_kept database.unique_meant database.migrations_meet_rows api.callers_kept"),
    ),
)
# fmt: on
"""What the checks were believed to overlook after the fourth reading and the reading of keys."""
