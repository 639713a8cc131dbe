"""Eight kinds close to those of `third`, in other words, written after these were mended and before they were run."""

from __future__ import annotations

from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.faults.overlooked import _NAMES
from tests.judge.plans import Plan, call, field
from tests.judge.spoil import ent, fld

_RECORDS: Final = {"clinic": "Invoice", "depot": "Scan", "academy": "Payment"}


def _job_deletes(plan: Plan, base: Base) -> None:
    name = _RECORDS[base.name]
    plan.setdefault("events", []).append(
        {"kind": "schedule", "name": f"delete_old_{ent(plan, name)['plural']}", "entity": name, "schedule": "nightly"}
    )


def _each_before_the_other(plan: Plan, base: Base) -> None:
    _need(base.compare)
    plan["rules"].append({"entity": base.compare, "kind": "compare", "expression": "ends_at <= starts_at"})


def _cannot_call(plan: Plan, base: Base) -> None:
    """A role that may make the change is not let in where it is made."""
    step = plan["state_machines"][0]["transitions"][-1]
    may = next(o["roles"] for o in plan["operations"] if o["id"] == step["operation"])
    left = [r["name"] for r in plan["roles"] if r["name"] not in may]
    _need(left)
    step["roles"] = [*may, left[0]]


def _running_out(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"].append(field("remaining_days integer"))


def _words_in_one(plan: Plan, base: Base) -> None:
    words = field("keywords text?") | {"description": "Several words, separated by semicolons."}
    ent(plan, base.core)["fields"].append(words)


def _no_apostrophe(plan: Plan, base: Base) -> None:
    fld(plan, *_NAMES[base.name])["pattern"] = "^[A-Za-zÀ-ÿ]+( [A-Za-zÀ-ÿ]+)*$"


def _nobody_of_that_name(plan: Plan, base: Base) -> None:
    unknown = {"status": 404, "code": "no_such_user", "description": "Nobody signs in by this."}
    plan["operations"].append(
        call("POST /password-resets", "action", None, (), public=True, request=[field("email email")],
             problems=[unknown], assumed=True)
    )  # fmt: skip


def _downloaded(plan: Plan, base: Base) -> None:
    role, name = base.denied
    found = call(f"GET /{ent(plan, name)['plural']}/{{id}}/download", "query", name, (role,), assumed=True)
    plan["operations"].append(found | {"response": [field("url url")]})


SIBLINGS: tuple[Fault, ...] = many(
    "design",
    ("a job that nobody said deletes records", _job_deletes, "database.rules_meant"),
    ("two comparisons leave no room", _each_before_the_other, "database.rows_possible"),
    ("who may make a change may not call what makes it", _cannot_call, "database.states_meant"),
    ("what runs out by itself is stored", _running_out, "database.columns_typed"),
    ("several words are kept in one text", _words_in_one, "database.relations_enforced"),
    ("a person's name takes no apostrophe", _no_apostrophe, "api.inputs_bounded"),
    ("a stranger is told that nobody has such an account", _nobody_of_that_name, "security.personal_closed"),
    ("who must not read may download", _downloaded, "security.denials_kept"),
)
"""What the checks were to catch without having been written for it."""
