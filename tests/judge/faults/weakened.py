"""Kinds close to the sixth reader's, by who mended the checks: written after the mending, before any of them was run."""

from __future__ import annotations

from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, field
from tests.judge.spoil import ent

_UNLESS: Final = {"clinic": "reason IS NOT NULL", "academy": "room IS NOT NULL"}
_ALSO: Final = {
    "clinic": ("receptionist", "Keeps the calendar. Receptionists may read invoices as well."),
    "depot": ("partner", "Sends parcels. Partners can read all claims."),
    "academy": ("teacher", "Gives lessons. Teachers may also read payments."),
}
"""A role, and words in which it may do what people said that it must not."""

_OUTCOMES: Final = {"clinic": ("Reminder", "outcome enum=pending|delivered|failed default=delivered"),
                    "depot": ("Scan", "verdict enum=unchecked|intact|damaged default=intact"),
                    "academy": ("Lesson", "result enum=open|held|missed default=held")}  # fmt: skip
_NUMBERED: Final = {"clinic": ("Patient", "insurer_code integer?"), "depot": ("Sender", "customs_number bigint?"),
                    "academy": ("Pupil", "matriculation_number integer?")}  # fmt: skip
_MEASURED: Final = {"clinic": ("Treatment", "aftercare_days integer default=-1"),
                    "depot": ("Hub", "gates integer default=9999"), "academy": ("Course", "pages integer default=-1")}  # fmt: skip


def _order_unless(plan: Plan, base: Base) -> None:
    """A said order of two moments holds only while a third field is empty."""
    _need(base.name in _UNLESS)
    plan["rules"][0]["expression"] = f"starts_at < ends_at OR {_UNLESS[base.name]}"


def _let_by_words(plan: Plan, base: Base) -> None:
    """The description of a role lets it do what people denied it."""
    name, told = _ALSO[base.name]
    next(role for role in plan["roles"] if role["name"] == name)["description"] = told


def _network_trusted(plan: Plan, base: Base) -> None:
    """Whoever is in the network is let in: there is no check of who calls (no zero trust)."""
    told = "By role at each operation; calls from within the network need no token."
    plan["auth"]["authorization"] = told


def _decided_when_made(plan: Plan, base: Base) -> None:
    """The default of a choice is how it is to end, though one of its values says that nothing is known yet."""
    name, line = _OUTCOMES[base.name]
    ent(plan, name)["fields"].append(field(line))


def _numbered(plan: Plan, base: Base) -> None:
    """A number that others give out is kept as a quantity, under a word that is in no table."""
    name, line = _NUMBERED[base.name]
    ent(plan, name)["fields"].append(field(line))


def _measured_as_nothing(plan: Plan, base: Base) -> None:
    """A required number is filled with one that stands for nothing, and is added up with the others."""
    name, line = _MEASURED[base.name]
    ent(plan, name)["fields"].append(field(line))


WEAKENED: tuple[Fault, ...] = (
    *many(
        "design",
        ("what must come first need not where something else is told", _order_unless,
         "database.said_kept database.restrictions_said"),
        ("the words for a role let it do what was denied", _let_by_words,
         "security.denials_kept security.authorization_denied security.reach_meant"),
        ("who calls from within is trusted", _network_trusted, "security.authorization_denied"),
        ("what is open is decided when the row is made", _decided_when_made,
         "database.later_optional database.columns_meant database.states_meant"),
        ("a number that others give out is kept as a quantity", _numbered, "database.columns_typed"),
    ),
    *many(
        "later",
        ("later a number stands for nothing in all rows", _measured_as_nothing,
         "database.rows_kept database.columns_meant"),
    ),
)  # fmt: skip
"""What else weakens what was said: in expressions, in words, in defaults and in types."""
