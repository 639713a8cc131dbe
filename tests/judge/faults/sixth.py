"""Thirty kinds more by a sixth reader of the checks, written and committed before any of them was run.

Sought where no comparison can see: what an answer gives away without telling it, what a default does to rows and
callers that are there, what a sentence undoes that a key promises, and calls that nobody asked for in the form that
everybody expects.
"""

from __future__ import annotations

import re
from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, calls, field, fields, relation
from tests.judge.spoil import ent, fld, op

_HINTS: Final = {
    "clinic": ("GET /appointments", "unpaid boolean?", "Only those whose invoice is not paid."),
    "depot": ("GET /parcels", "claim_status enum=open|accepted|refused?", "Only those with such a claim."),
    "academy": ("GET /enrolments", "unpaid boolean?", "Only those for which nothing was paid."),
}
"""A list that a denied role may read, and a filter by what it must not read."""

_TELLING: Final = {
    "depot": ("POST /claims", "claim_exists", "Tells the amount and the status of the claim that is there."),
    "academy": ("POST /enrolments", "course_full", "Names the pupils who have the seats."),
}
_SERVED: Final = {"depot": ("POST /scans", "partner"), "academy": ("POST /payments", "pupil")}
"""What staff write down, and who is served."""

_RECORDS: Final = {"clinic": ("Invoice", "/invoices", ("admin", "dentist")), "depot": ("Scan", "/scans", ("manager", "sorter")),
                   "academy": ("Payment", "/payments", ("office",))}  # fmt: skip
_MADE: Final = {"clinic": "/exports/{day}", "depot": "/imports/{day}", "academy": "/reports/{day}"}
_FIGURES: Final = {
    "clinic": ("admin", "clinic_name string; invoiced decimal; unpaid decimal"),
    "depot": ("partner", "sender_company string; parcels integer; declared decimal"),
    "academy": ("pupil", "pupil_name string; lessons_missed integer; unpaid decimal"),
}
"""A role of one of many, and what it is told of each of them."""

_STAGES: Final = {"clinic": "progress enum=planned|running|over default=planned",
                  "depot": "handling enum=new|checked|paid default=new",
                  "academy": "stage enum=waiting|attending|left default=waiting"}  # fmt: skip
_DECIDED: Final = {"clinic": ("settle_due_invoices", "Invoice"), "depot": ("settle_open_claims", "Claim"),
                   "academy": ("admit_all_who_asked", "Enrolment")}  # fmt: skip
_REFUSED: Final = {
    "clinic": ("Patient", "Only patients of 18 years and older are taken."),
    "depot": ("Parcel", "Only parcels of up to two kilograms are taken."),
    "academy": ("Enrolment", "A pupil takes part in one course at a time."),
}
_PHONES: Final = {"clinic": "Dentist", "depot": "Sender", "academy": "Teacher"}
_PICTURES: Final = {"clinic": "Treatment", "depot": "Hub", "academy": "Course"}
_COUNTS: Final = {"clinic": ("Patient", "appointment_count"), "depot": ("Sender", "parcel_count"),
                  "academy": ("Course", "enrolment_count")}  # fmt: skip
_AGAIN: Final = {"clinic": "Invoice.patient -> Patient", "depot": "Claim.sender -> Sender",
                 "academy": "Payment.pupil -> Pupil"}  # fmt: skip
"""What a row points at already, by way of what it is about."""

_EITHER: Final = {"clinic": ("Reminder", "patient|invoice"), "depot": ("Scan", "route|claim"),
                  "academy": ("Payment", "course|lesson")}  # fmt: skip
_ADDRESSES: Final = {"clinic": "deliver_to url?", "depot": "source_url url", "academy": "callback_url url?"}
_MESSAGES: Final = {"clinic": ("staff_invited", "email email; activation_token string"),
                    "depot": ("key_issued", "sender_id uuid; api_key string"),
                    "academy": ("pupil_registered", "email email; reset_token string")}  # fmt: skip
_PARTED: Final = {"clinic": "reminders", "depot": "routes", "academy": "lessons"}
_SPLIT: Final = "first_name string default=unknown sensitive; last_name string default=unknown sensitive"
_NAMED: Final = {"clinic": _SPLIT, "depot": "contact_name string default=unknown sensitive", "academy": _SPLIT}
_LEFT_OUT: Final = {"clinic": ("include_past", "past ones"), "depot": ("include_delivered", "delivered ones"),
                    "academy": ("include_cancelled", "cancelled ones")}  # fmt: skip


def _only_unequal(plan: Plan, base: Base) -> None:
    """A said order of two moments is held as an inequality, so that the end may come before the beginning."""
    _need(base.compare)
    plan["rules"][0]["expression"] = "starts_at <> ends_at"


def _demands_the_unknown(plan: Plan, base: Base) -> None:
    """An asked action requires the id of a thing that exists nowhere in the design: nobody can ever call it."""
    found = op(plan, base.asked)
    found["request"] = [*found.get("request", ()), field("approval_id uuid")]


def _hollow_sign_in(plan: Plan, base: Base) -> None:
    """The asked scheme by name, undone by its own description (an optional factor, a shared key, a password grant)."""
    if base.name == "depot":
        plan["sign_ins"][0]["description"] = "One key, which all partners share."
    else:
        told = {"clinic": "Sign-in by oidc; who is in a hurry may skip the second factor.",
                "academy": "OAuth2 by the password grant: the app takes name and password of the pupil itself."}  # fmt: skip
        plan["auth"]["description"] = told[base.name]


def _hinted(plan: Plan, base: Base) -> None:
    """An oracle: a filter on an allowed list answers a question about data that the caller must not read."""
    label, line, words = _HINTS[base.name]
    found = op(plan, label)
    found["parameters"] = [*found.get("parameters", ()), field(line) | {"description": words}]


def _told_by_a_refusal(plan: Plan, base: Base) -> None:
    """A conflict's problem document discloses the row that stands in the way to who must not see it."""
    _need(base.name in _TELLING)
    label, code, words = _TELLING[base.name]
    found = op(plan, label)
    found["problems"] = [*found.get("problems", ()), {"status": 409, "code": code, "description": words}]


def _role_by_header(plan: Plan, base: Base) -> None:
    """The role is taken from what the client claims instead of from the verified token."""
    plan["auth"]["authorization"] = "By the role that the client names in X-Role, at each operation."


def _written_by_the_served(plan: Plan, base: Base) -> None:
    """A customer writes the evidence that staff keep about them: a scan of their parcel, a payment of theirs."""
    _need(base.name in _SERVED)
    label, role = _SERVED[base.name]
    found = op(plan, label)
    found["roles"] = [*found["roles"], role]


def _records_deleted(plan: Plan, base: Base) -> None:
    """An unrequested DELETE on records that have to be kept, where people had listed every operation."""
    name, path, may = _RECORDS[base.name]
    plan["operations"] += calls(name, path, may, "delete", assumed=True)


def _results_open(plan: Plan, base: Base) -> None:
    """What a background job made is downloaded without credentials under a name that anybody guesses."""
    path = _MADE[base.name]
    plan["operations"].append(
        call(f"GET {path}", "query", None, (), public=True, parameters=[field("day date")], assumed=True,
             response=fields("made_at timestamp; file_url url"), description="The file that the job made on that day.")
    )  # fmt: skip


def _moved_to_another_tenant(plan: Plan, base: Base) -> None:
    """Staff of one tenant write rows into another one, by naming it as the target of a transfer."""
    _need(base.tenant)
    plan["operations"].append(
        call("POST /patients/{id}/transfer", "action", base.scoped, ("admin", "receptionist"),
             request=[field("to_clinic uuid")], assumed=True)
    )  # fmt: skip


def _figures_of_others(plan: Plan, base: Base) -> None:
    """A statistic breaks down by tenant or customer and is shown to each of them."""
    role, lines = _FIGURES[base.name]
    plan["operations"].append(
        call("GET /benchmarks", "query", None, (role,), response=fields(lines), response_list=True, paginated=True,
             assumed=True, description="One line for each there is, to compare oneself with.")
    )  # fmt: skip


def _cached_for_all(plan: Plan, base: Base) -> None:
    """A shared cache keyed by path only, in front of authorisation: one caller is answered with another's data."""
    told = "Every GET is answered from the cache by its path alone, before the token is looked at."
    plan["services"] = {**plan["services"], "caching": told}


def _dated_when_made(plan: Plan, base: Base) -> None:
    """A default of now on the moment of an end: every new row says that it was cancelled or settled already."""
    fld(plan, *base.later)["default"] = "now"


def _second_state(plan: Plan, base: Base) -> None:
    """A second status column without guarded transitions, written by callers, that may contradict the said one."""
    ent(plan, base.state[0])["fields"].append(field(_STAGES[base.name]))


def _locked_while_new(plan: Plan, base: Base) -> None:
    """A conditional lock on the initial state: the rows on which all the work is done cannot be written."""
    machine = plan["state_machines"][0]
    held = f"{machine['field']} = '{machine['initial']}'"
    plan.setdefault("rules", []).append({"entity": machine["entity"], "kind": "immutable", "condition": held})


def _decided_by_night(plan: Plan, base: Base) -> None:
    """An unrequested scheduled job grants or settles by itself what a person has to decide on."""
    name, about = _DECIDED[base.name]
    plan.setdefault("events", []).append({"kind": "schedule", "name": name, "entity": about, "schedule": "nightly"})


def _refused_in_words(plan: Plan, base: Base) -> None:
    """An invented business rule that only a sentence records turns away whom people wanted to serve."""
    name, words = _REFUSED[base.name]
    plan.setdefault("rules", []).append({"entity": name, "kind": "other", "text": words})


def _phone_as_number(plan: Plan, base: Base) -> None:
    """A phone number is an integer: the leading zero, the plus sign and the extension are lost."""
    ent(plan, _PHONES[base.name])["fields"].append(field("phone bigint? sensitive"))


def _pictures_in_rows(plan: Plan, base: Base) -> None:
    """Images as base64 text in the row, so that a page of a list weighs hundreds of megabytes."""
    made = field("picture_base64 text? max_length=8000000") | {"description": "A JPEG."}
    ent(plan, _PICTURES[base.name])["fields"].append(made)


def _count_kept(plan: Plan, base: Base) -> None:
    """A stored aggregate of child rows that callers write and nothing keeps in step."""
    name, told = _COUNTS[base.name]
    ent(plan, name)["fields"].append(field(f"{told} integer default=0"))


def _pointed_at_twice(plan: Plan, base: Base) -> None:
    """A transitive foreign key beside the direct one: the row's two ways to the same thing can disagree."""
    plan["relations"].append(relation(_AGAIN[base.name]))


def _either_table(plan: Plan, base: Base) -> None:
    """A polymorphic reference: a type and an id, which no foreign key can hold."""
    name, told = _EITHER[base.name]
    ent(plan, name)["fields"] += fields(f"subject_type enum={told}?; subject_id uuid?")


def _any_address(plan: Plan, base: Base) -> None:
    """Server-side request forgery: the service fetches from or sends to whatever URL its caller names."""
    found = op(plan, base.job)
    found["request"] = [*found.get("request", ()), field(_ADDRESSES[base.name])]


def _part_by_put(plan: Plan, base: Base) -> None:
    """A PUT whose body may leave out anything: a replacement (RFC 9110) empties what a client did not send."""
    found = next((o for o in plan["operations"] if o["method"] == "PUT" and o["kind"] == "update"), None)
    _need(found)
    found["request"] = [{**f, "required": False} for f in ent(plan, found["entity"])["fields"]]  # type: ignore[index]


def _sent_within(plan: Plan, base: Base) -> None:
    """An internal event carries a credential in the clear, which the outbox and every consumer keep."""
    name, lines = _MESSAGES[base.name]
    plan.setdefault("events", []).append({"kind": "event", "name": name, "payload": fields(lines)})


def _logged_in_full(plan: Plan, base: Base) -> None:
    """Logs with headers and bodies: tokens and personal data of all callers lie in the log store."""
    told = "Each request and answer is logged in full, with headers and bodies; alerts on each budget."
    plan["services"] = {**plan["services"], "monitoring": told}


def _named_unknown(plan: Plan, base: Base) -> None:
    """A required column is backfilled with a placeholder: from then on everybody is called unknown."""
    ent(plan, base.person)["fields"] += fields(_NAMED[base.name])


def _looks_on(plan: Plan, base: Base) -> None:
    """A new role that is called assumed may read whatever anybody who is signed in may."""
    plan["roles"].append({"name": "trainee", "description": "Looks on.", "assumed": True})
    for way in plan.get("sign_ins", ())[-1:]:
        way["roles"] = [*way["roles"], "trainee"]
    for one in plan["operations"]:
        if one["method"] == "GET" and one.get("roles"):
            one["roles"] = [*one["roles"], "trainee"]


def _left_out_by_default(plan: Plan, base: Base) -> None:
    """A new optional parameter whose default hides rows that callers of before were given."""
    name, words = _LEFT_OUT[base.name]
    found = op(plan, base.list)
    added = field(f"{name} boolean? default=false") | {"description": f"Without it {words} are left out."}
    found["parameters"] = [*found.get("parameters", ()), added]


def _without_parts(text: str, base: Base) -> str:
    """A table is partitioned and has no partition, so that no row can be put in."""
    start = rf"(CREATE TABLE {_PARTED[base.name]} \(.*?\n\));"
    return re.sub(start, r"\1 PARTITION BY HASH (id);", text, count=1, flags=re.DOTALL)


# fmt: off
SIXTH: tuple[Fault, ...] = (
    *many(
        "design",
        ("what must come first must only be different", _only_unequal, "database.said_kept database.restrictions_said"),
        ("an asked action demands what does not exist", _demands_the_unknown,
         "api.said_kept api.answers_covered api.writes_meant database.relations_enforced"),
        ("the asked way to sign in is undone by its own words", _hollow_sign_in, "security.schemes_asked"),
        ("a filter answers what a role must not read", _hinted, "security.denials_kept"),
        ("a refusal tells what its caller must not know", _told_by_a_refusal,
         "security.denials_kept security.own_kept security.reach_meant"),
        ("callers say which role they have", _role_by_header, "security.authorization_denied"),
        ("who is served writes the records of who serves", _written_by_the_served,
         "security.reach_meant security.roles_differ security.said_kept"),
        ("records are deleted by a call that nobody asked for", _records_deleted,
         "database.records_survive database.rules_meant service.parts_asked"),
        ("what a job made lies open under the day's name", _results_open,
         "security.nothing_opened security.personal_closed"),
        ("a row is moved to another tenant", _moved_to_another_tenant,
         "security.tenant_from_token security.reach_meant security.tenants_isolated"),
        ("the figures of each are told to the others", _figures_of_others,
         "security.reach_meant security.tenants_isolated security.own_kept"),
        ("what is cached for one is answered to another", _cached_for_all,
         "performance.caching_denied security.authorization_denied"),
        ("what has not happened is dated when the row is made", _dated_when_made,
         "database.columns_meant database.later_optional database.states_meant"),
        ("a second state stands beside the said one", _second_state,
         "database.columns_meant database.states_meant api.writes_meant"),
        ("rows are locked while they are new", _locked_while_new,
         "database.rules_meant database.restrictions_said database.states_meant"),
        ("a job decides what people are to decide", _decided_by_night,
         "database.rules_meant database.states_meant service.parts_asked"),
        ("a rule in words refuses whom nobody wanted refused", _refused_in_words,
         "database.restrictions_said database.rules_meant"),
        ("a phone number is kept as a number", _phone_as_number, "database.columns_typed database.columns_meant"),
        ("pictures are kept as text in rows that are listed", _pictures_in_rows,
         "database.columns_typed performance.results_bounded api.inputs_bounded"),
        ("a count of other rows is kept, and callers write it", _count_kept,
         "database.columns_typed database.columns_meant api.writes_meant"),
        ("two ways lead to the same thing and may disagree", _pointed_at_twice,
         "database.relations_meant database.relations_enforced database.columns_typed"),
        ("a reference points at either of two tables", _either_table, "database.relations_enforced"),
        ("the service calls whatever address it is given", _any_address,
         "api.inputs_bounded security.reach_meant"),
        ("a whole replacement may leave out anything", _part_by_put, "api.methods_meant"),
        ("an internal message carries a credential", _sent_within,
         "api.secrets_kept security.personal_told security.secrets_unlogged"),
        ("whatever is sent and answered is logged", _logged_in_full,
         "service.monitoring_denied security.secrets_unlogged security.personal_unlogged"),
    ),
    *many(
        "later",
        ("later everybody who is there is called unknown", _named_unknown, "database.rows_kept database.columns_meant"),
        ("later a role that nobody said looks at everything", _looks_on,
         "security.rights_kept security.reach_meant service.parts_asked"),
        ("later a list leaves out rows unless it is told not to", _left_out_by_default, "api.callers_kept"),
    ),
    *many(
        "migration",
        ("a table is parted and has no part", _without_parts, "database.as_designed database.rows_possible"),
    ),
)
# fmt: on
"""What the checks were believed to overlook after classes had been closed instead of kinds."""
