"""What the same reader found left after the first thirty had been mended, written before it was run."""

from __future__ import annotations

import re
from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, field, fields
from tests.judge.spoil import DoesNotApplyError, ent, fld, op

_POINTS: Final = {
    "clinic": ("Reminder", "patient_id"),
    "depot": ("Scan", "route_id"),
    "academy": ("Lesson", "teacher_id"),
}


def _short(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["max_length"] = 3


def _hidden(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["sensitive"] = True


def _past_its_end(plan: Plan, base: Base) -> None:
    op(plan, base.asked).update(deprecated=True, sunset="2020-01-01")


def _no_key(plan: Plan, base: Base) -> None:
    name, column = _POINTS[base.name]
    ent(plan, name)["fields"].append(field(f"{column} uuid?"))


def _consents(plan: Plan, base: Base) -> None:
    ent(plan, base.person)["fields"].append(field("marketing_consent boolean default=true"))


def _kennwort(plan: Plan, base: Base) -> None:
    ent(plan, base.person)["fields"].append(field("kennwort string? sensitive"))


def _german_people(plan: Plan, base: Base) -> None:
    ent(plan, base.person)["fields"] += fields("geburtsdatum date?; telefonnummer string?; krankenkasse string?")


def _get_acts(plan: Plan, base: Base) -> None:
    plural = ent(plan, base.core)["plural"]
    plan["operations"].append(
        call(f"GET /{plural}/{{id}}/deactivate", "query", base.core, (plan["roles"][0]["name"],), assumed=True)
    )


def _percentiles(plan: Plan, base: Base) -> None:
    plan["budgets"].append({"metric": "latency_p99", "value": 50.0, "unit": "ms"})


def _owned_by_no_user(plan: Plan, base: Base) -> None:
    _need(base.owned)
    ent(plan, base.owned)["owner"] = base.relation[1]


def _framework(plan: Plan, base: Base) -> None:
    _need(plan["stack"]["language"] == "Kotlin")
    plan["stack"]["framework"] = "Django"


def _one_at_a_time(plan: Plan, base: Base) -> None:
    _need(base.compare)
    plan["rules"].append({"entity": base.compare, "kind": "no_overlap", "fields": ["starts_at", "ends_at"]})


def _swap(pattern: str, new: str) -> object:
    def plant(text: str, base: Base) -> str:
        changed, hits = re.subn(pattern, new, text, count=1, flags=re.MULTILINE)
        if not hits:
            raise DoesNotApplyError(pattern)
        return changed

    return plant


def _view(text: str, base: Base) -> str:
    table = ent(base.design(), base.person)["plural"]
    return f"{text}\nCREATE VIEW everybody AS SELECT * FROM {table};\n"


def _switched_off(text: str, base: Base) -> str:
    table = ent(base.design(), base.state[0])["plural"]
    return f"{text}\nALTER TABLE {table} DISABLE TRIGGER USER;\n"


def _may_be_empty(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["required"] = False


def _accepted_only(plan: Plan, base: Base) -> None:
    op(plan, base.asked)["asynchronous"] = True


def _once_tried(plan: Plan, base: Base) -> None:
    plan.setdefault("events", []).append(
        {"kind": "webhook_out", "name": "thing_changed", "retries": 0, "payload": fields("id uuid")}
    )


def _within(plan: Plan, base: Base) -> None:
    role, name = base.denied
    inner = field("details object") | {"entity": name}
    plan["operations"].append(
        call("GET /desk", "query", None, (role,), response=[field("day date"), inner], assumed=True)
    )


AGAIN: tuple[Fault, ...] = (
    *many(
        "design",
        ("a title takes three characters", _short, "api.inputs_bounded"),
        ("a reference that no key holds", _no_key, "database.relations_enforced"),
        ("a password is kept under a word of another language", _kennwort, "database.passwords_hashed"),
        ("personal fields in another language are not marked", _german_people, "security.personal_marked"),
        ("a GET does something, under the kind of a question", _get_acts, "api.methods_meant"),
        ("percentiles contradict each other", _percentiles, "performance.units_known performance.budgets_carried"),
        ("one's own is told by what is no user", _owned_by_no_user, "security.own_kept security.denials_kept"),
        ("nothing may overlap in the whole house", _one_at_a_time, "database.rules_meant"),
        ("what a role must not read stands within another answer", _within, "security.denials_kept"),
        ("a list hides what it is for", _hidden, "security.personal_marked"),
        ("an asked operation is past its end", _past_its_end, "api.answers_covered"),
        ("consent is given by default", _consents, "security.personal_marked"),
        ("a framework of another language", _framework, "service.stack_followed"),
        ("a webhook is tried only once", _once_tried, "service.failures_denied"),
    ),
    *many(
        "migration",
        (
            "a table is lost by a crash",
            _swap("^CREATE TABLE idempotency_keys", "CREATE UNLOGGED TABLE idempotency_keys"),
            "database.as_designed",
        ),
        (
            "a default is another than designed",
            _swap(r"DEFAULT '(booked|open|requested)'", "DEFAULT 'cancelled'"),
            "database.as_designed database.said_kept",
        ),
        ("a view sees past the policies", _view, "database.as_designed security.tenants_isolated"),
        (
            "a policy is for a role that nobody has",
            _swap(r"(CREATE POLICY tenant_isolation_patients ON patients)", r"\1 TO pg_monitor"),
            "database.as_designed security.tenants_isolated",
        ),
        ("the guards are switched off", _switched_off, "database.as_designed"),
    ),
    *many(
        "later",
        ("later an answer may be empty", _may_be_empty, "api.callers_kept"),
        ("later an answer is only accepted", _accepted_only, "api.callers_kept"),
    ),
)  # type: ignore[arg-type]
"""What was left."""
