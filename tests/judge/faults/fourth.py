"""Thirty kinds more by a fourth reader of the checks, written and committed before any of them was run.

Sought attribute by attribute: what each key of the blueprint could say that nobody said, or that contradicts what
stands beside it; then what a later iteration or a migration could do that no comparison looks at.
"""

from __future__ import annotations

from typing import Any, Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, field
from tests.judge.spoil import ent, fld, op, rel

_TOLD: Final = {"clinic": ("Patient", "born_on", "today"), "depot": ("Parcel", "weight_grams", "1"),
                "academy": ("Course", "starts_on", "today")}  # fmt: skip
"""What everybody has to tell, and what it would be where they did not."""

_OFTEN: Final = {"clinic": ("Patient", "born_on"), "depot": ("Hub", "town"), "academy": ("Course", "starts_on")}
"""What is the same in many rows."""

_FILED: Final = {"clinic": ("Patient", "clinic"), "depot": ("Parcel", "hub"), "academy": ("Enrolment", "course")}
"""A main thing, and what it is filed under."""

_STRANGERS: Final = {"clinic": ("receptionist", "Appointment", "dentist"), "depot": ("sorter", "Parcel", "sender"),
                     "academy": ("teacher", "Enrolment", "pupil")}  # fmt: skip
"""A role that is never the owner of a thing."""

_HIDDEN: Final = {"clinic": "health_notes", "depot": "iban", "academy": "birthday"}
_MAIL: Final = {"clinic": ("Patient", "email"), "depot": ("Sender", "email"), "academy": ("Pupil", "email")}
_EXAMPLES: Final = {"clinic": ("Patient", "born_on", "31.02.1980"), "depot": ("Parcel", "weight_grams", "heavy"),
                    "academy": ("Course", "starts_on", "next Monday")}  # fmt: skip
_CREPT: Final = {"clinic": ("PATCH /treatments/{id}", "receptionist"), "depot": ("PATCH /senders/{id}", "partner"),
                 "academy": ("PATCH /pupils/{id}", "pupil")}  # fmt: skip
"""A change and a role that could not make it."""

_DEMO: Final = {
    "clinic": "INSERT INTO clinics (name, city) VALUES ('Demo clinic', 'Nowhere');",
    "depot": "INSERT INTO hubs (code, town, capacity) VALUES ('DEMO', 'Nowhere', 1);",
    "academy": "INSERT INTO teachers (name, email, languages) VALUES ('Test', 'test@example.org', 'none');",
}


def _typed_by_hand(plan: Plan, base: Base) -> None:
    """A number that people read out and type is a random key."""
    fld(plan, *base.unique)["type"] = "uuid"


def _capitals(plan: Plan, base: Base) -> None:
    _need(base.choice)
    found = fld(plan, *base.choice[:2])
    found["values"] = [value.upper() for value in found["values"]]


def _other_letters(plan: Plan, base: Base) -> None:
    found = op(plan, base.list)
    found["path"] = found["path"].title()


def _of_one(plan: Plan, base: Base) -> None:
    found = next(b for b in plan["budgets"] if b["metric"] == base.budget)
    found["operation"] = op(plan, base.read)["id"]


def _filled_in(plan: Plan, base: Base) -> None:
    name, told, value = _TOLD[base.name]
    fld(plan, name, told)["default"] = value


def _must_narrow(plan: Plan, base: Base) -> None:
    op(plan, base.person_list).setdefault("parameters", []).append(field("region string"))


def _factor_of_one(plan: Plan, base: Base) -> None:
    """Everybody was to have a second factor; one role has."""
    _need(plan["auth"].get("multi_factor"))
    first, *others = [r["name"] for r in plan["roles"]]
    plan["sign_ins"] = [
        {"name": "office", "scheme": base.scheme, "multi_factor": True, "roles": [first]},
        {"name": "staff", "scheme": base.scheme, "multi_factor": False, "roles": others},
    ]


def _one_of_all(plan: Plan, base: Base) -> None:
    """The path of a collection answers with one thing."""
    found = op(plan, base.person_list)
    found.update(kind="read", paginated=False)
    for part in ("filters", "parameters", "sort"):
        found.pop(part, None)


def _for_machines(plan: Plan, base: Base) -> None:
    """What staff were to call takes a signature instead of a token."""
    op(plan, base.update).update(signed=True, public=True, roles=[])


def _too_little(plan: Plan, base: Base) -> None:
    found = op(plan, base.create)
    found["request"] = [dict(f) for f in ent(plan, found["entity"])["fields"] if not f.get("read_only")][:1]


def _not_told(plan: Plan, base: Base) -> None:
    op(plan, base.create)["response"] = [field("ok boolean")]


def _state_for_ever(plan: Plan, base: Base) -> None:
    name, state, _ = base.state
    plan.setdefault("rules", []).append({"entity": name, "kind": "immutable", "fields": [state]})


def _one_in_a_state(plan: Plan, base: Base) -> None:
    name, state, _ = base.state
    parent = next(
        r["name"] for r in plan["relations"]
        if r["source"] == name and r["target"] != base.tenant and r.get("cardinality") != "many_to_many"
    )  # fmt: skip
    plan.setdefault("rules", []).append({"entity": name, "kind": "unique", "fields": [f"{parent}_id", state]})


def _once(plan: Plan, base: Base) -> None:
    fld(plan, *_OFTEN[base.name])["unique"] = True


def _vanishes(plan: Plan, base: Base) -> None:
    rel(plan, *_FILED[base.name])["on_delete"] = "cascade"


def _set_once(plan: Plan, base: Base) -> None:
    name = op(plan, base.update)["entity"]
    for one in ent(plan, name)["fields"]:
        one["immutable"] = True
    for one in plan["relations"]:
        if one["source"] == name:
            one["immutable"] = True


def _left_out(plan: Plan, base: Base) -> None:
    """Callers may leave out what the table needs and nothing fills in."""
    fld(plan, *base.text).update(required=False, nullable=False)


def _one_provider(plan: Plan, base: Base) -> None:
    fld(plan, *_MAIL[base.name])["pattern"] = r"^[^@]+@gmail\.com$"


def _accepted_read(plan: Plan, base: Base) -> None:
    op(plan, base.read)["asynchronous"] = True


def _bad_example(plan: Plan, base: Base) -> None:
    name, told, value = _EXAMPLES[base.name]
    fld(plan, name, told)["example"] = value


def _sorted_by_hidden(plan: Plan, base: Base) -> None:
    op(plan, base.person_list)["sort"] = [_HIDDEN[base.name]]


def _every_site(plan: Plan, base: Base) -> None:
    plan["auth"]["headers"] = [
        *plan["auth"]["headers"], "Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true",
    ]  # fmt: skip


def _told_of_people(plan: Plan, base: Base) -> None:
    plan["integrations"].append(
        {"service": "Mixpanel", "purpose": "Follows what each person does.", "method": "HTTPS API",
         "on_failure": "Events are queued and sent later."}
    )  # fmt: skip


def _old_ciphers(plan: Plan, base: Base) -> None:
    plan["auth"]["data_protection"] = "TLS 1.0 and 1.1 in transit; disks by DES; passwords as MD5."


def _of_never_its_own(plan: Plan, base: Base) -> None:
    role, name, owner = _STRANGERS[base.name]
    ent(plan, name)["owner"] = owner
    plan["permissions"].append({"role": role, "verbs": ["read"], "entity": name, "own": True})


def _back(plan: Plan, base: Base) -> None:
    plan["version"] = "0.9.0"


def _throttled(plan: Plan, base: Base) -> None:
    plan["auth"]["rate_limit_per_minute"] = 20


def _called_otherwise(plan: Plan, base: Base) -> None:
    op(plan, base.person_read)["id"] = "fetch_one_by_key"


def _crept(plan: Plan, base: Base) -> None:
    label, role = _CREPT[base.name]
    found = op(plan, label)
    found["roles"] = [*found["roles"], role]


def _demo(text: str, base: Base) -> Any:
    return f"{text}\n{_DEMO[base.name]}\n"


# fmt: off
FOURTH: tuple[Fault, ...] = (
    *many(
        "design",
        ("what people read out and type is a random key", _typed_by_hand, "database.said_kept api.said_kept"),
        ("members are spelled otherwise than was said", _capitals, "database.said_kept api.said_kept"),
        ("an asked path is written in other letters", _other_letters, "api.answers_covered"),
        ("a number said of all is held at one operation", _of_one, "performance.budgets_carried"),
        ("what must be told is filled in by itself", _filled_in, "database.said_kept database.columns_meant"),
        ("an asked list refuses who does not narrow it", _must_narrow, "api.answers_covered api.said_kept"),
        ("a second factor said of all is one role's", _factor_of_one, "security.schemes_asked"),
        ("a collection's path answers with one thing", _one_of_all,
         "api.answers_covered api.paths_meant api.methods_meant"),
        ("staff would have to sign as a service", _for_machines,
         "security.no_anonymous_writes security.roles_asked security.said_kept security.webhooks_signed"),
        ("a creation takes too little to make a row", _too_little,
         "database.rows_possible database.document_matches api.writes_meant"),
        ("a creation does not tell what it made", _not_told, "api.actions_tell api.paths_meant"),
        ("a state may never change", _state_for_ever, "database.rules_meant database.states_meant"),
        ("two rows of one parent may not be in the same state", _one_in_a_state,
         "database.unique_meant database.rules_meant"),
        ("a day or a town may occur only once", _once, "database.unique_meant database.said_kept"),
        ("main things vanish with what they are filed under", _vanishes, "database.records_survive"),
        ("an asked change may change nothing", _set_once, "api.writes_meant api.actions_tell"),
        ("callers may leave out what the table needs", _left_out,
         "database.document_matches database.rows_possible"),
        ("an address of mail takes one provider's only", _one_provider, "api.inputs_bounded"),
        ("a read is only accepted", _accepted_read, "api.methods_meant performance.long_work_accepted"),
        ("an example does not fit its field", _bad_example, "api.valid api.values_typed database.document_matches"),
        ("a list may be sorted by what it hides", _sorted_by_hidden,
         "security.personal_unlisted security.personal_unlogged"),
        ("every site may call for who is signed in", _every_site, "security.headers_safe"),
        ("a service that nobody named is told of people", _told_of_people,
         "service.parts_asked service.integrations_asked"),
        ("encryption is of another age", _old_ciphers, "security.encryption_denied"),
        ("a role sees only its own of what it never owns", _of_never_its_own,
         "security.own_kept security.roles_useful security.said_kept"),
    ),
    *many(
        "later",
        ("later the version goes back", _back, "api.callers_kept api.versioned"),
        ("later far fewer calls are let through", _throttled, "api.callers_kept security.limits_meant"),
        ("later an operation has another id", _called_otherwise, "api.callers_kept"),
        ("later a role may do more, which nobody said", _crept, "security.rights_kept"),
    ),
    *many("migration", ("rows of a demonstration are put in", _demo, "database.as_designed")),
)
# fmt: on
"""What the checks were believed to overlook after the third reading."""
