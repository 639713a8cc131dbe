"""What was said before is said otherwise in words, within an answer and across answers."""

from __future__ import annotations

import pytest

from bot.domain.facts import (
    AmendmentFact,
    AnyFact,
    EntityFact,
    FieldFact,
    OperationFact,
    RoleFact,
    ServiceFact,
    StackFact,
    Stance,
    Standing,
)
from bot.reading.merge import Understanding, merge
from bot.reading.read import SourceText, read

TOPICS = {
    "stack": "stack",
    "data": "data",
    "api": "api",
    "services": "integrations",
    "security": "security",
    "speed": "performance",
}


def told(*answers: tuple[str, str]) -> Understanding:
    sources = [
        SourceText(source=f"answer:{n}", text=text, topic=topic, at=n) for n, (topic, text) in enumerate(answers)
    ]
    return merge(read(sources, topics=TOPICS))  # type: ignore[arg-type]


def named(said: Understanding, kind: type[AnyFact], stance: Stance = Stance.STATED) -> set[str]:
    return {f.name.lower() for f in said.facts if isinstance(f, kind) and f.stance is stance}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("first", "then", "is_there", "is_gone"),
    [
        ("MySQL and Go.", "After the load test we take PostgreSQL instead of MySQL.", "PostgreSQL", "MySQL"),
        ("MongoDB", "We moved from MongoDB to SQLite.", "SQLite", "MongoDB"),
        ("Oracle, no wait, MariaDB.", "", "MariaDB", "Oracle"),
        ("First it was Ruby, but the team decided on Elixir.", "", "Elixir", "Ruby"),
        ("Zuerst war MySQL geplant, inzwischen nehmen wir aber PostgreSQL.", "", "PostgreSQL", "MySQL"),
        ("Redis, Kafka", "Replace Kafka with RabbitMQ.", "RabbitMQ", "Kafka"),
    ],
)
def test_a_choice_of_the_stack_is_swapped_wherever_it_is_said(
    first: str, then: str, is_there: str, is_gone: str
) -> None:
    """The later word counts in every answer, and the older choice is denied."""
    said = told(("stack", first), ("speed", then))
    assert is_there.lower() in named(said, StackFact)
    assert is_gone.lower() not in named(said, StackFact)


def test_a_thing_has_another_name_everywhere() -> None:
    """Fields, relations and roles follow, and what is said under the old name further down as well."""
    said = told(
        ("data", "client: phone text. A client has many dossiers. Please call them customers instead of clients."),
        ("data", "client: street text"),
        ("security", "Roles: client, clerk."),
    )
    assert named(said, EntityFact) == {"customer", "dossier"}
    assert {(f.entity, f.name) for f in said.facts if isinstance(f, FieldFact)} == {
        ("customer", "phone"),
        ("customer", "street"),
    }
    assert named(told(("security", "Roles: client. Rename client to customer.")), RoleFact) == {"customer"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Entities: basket, order. We no longer need the basket.", {"order"}),
        ("Entities: crane, ship. Cranes are gone.", {"ship"}),
        ("Entities: volunteer, event, donor. Volunteer and event are gone.", {"donor"}),
        ("Entities: Korb, Kunde. Der Korb entfällt.", {"kunde"}),
        ("Entities: barge, lock. The paper lists barges; we decided against that.", {"lock"}),
    ],
)
def test_a_thing_is_taken_back(text: str, left: set[str]) -> None:
    """It is denied, so that no document brings it back."""
    said = told(("data", text))
    assert named(said, EntityFact) - named(said, EntityFact, Stance.DENIED) == left


def test_fields_members_and_types_are_amended() -> None:
    """A field is dropped and another taken in its place, a member leaves its enum, a type changes."""
    said = told(
        (
            "data",
            "parcel: weight_g int, address text. We do not need the address after all, but a locker (string).\n\n"
            "lift: status (ok, broken, closed).\nCorrection: drop closed from the status.\n\n"
            "cask: volume int. Actually, make volume a decimal.",
        )
    )
    fields = {(f.entity, f.name): f for f in said.facts if isinstance(f, FieldFact)}
    assert fields["parcel", "address"].stance is Stance.DENIED
    assert fields["parcel", "locker"].stance is Stance.STATED
    assert fields["lift", "status"].values == ("ok", "broken")
    assert str(fields["cask", "volume"].type) == "decimal"


def test_services_and_roles_are_taken_back() -> None:
    """A service that is out is denied; roles that are forgotten make room for those named behind them."""
    said = told(("services", "Stripe for cards. Stripe is out. Mollie."))
    assert named(said, ServiceFact, Stance.DENIED) == {"stripe"}
    said = told(("security", "Roles: admin, user. Forget admin and user, the roles are navigator and steward."))
    assert named(said, RoleFact) == {"navigator", "steward"}


def test_a_call_reads_otherwise() -> None:
    """The call that is scrapped is denied and the one that it is now is stated."""
    said = told(("api", "GET /boats/{id}/log\nScrap GET /boats/{id}/log, it is GET /boats/{id}/journal now."))
    stated = {f.path for f in said.facts if isinstance(f, OperationFact) and f.stance is Stance.STATED}
    assert stated == {"/boats/{id}/journal"}


@pytest.mark.parametrize("text", ["We no longer need real-time updates.", "Rename nothing to something."])
def test_what_amends_nothing_is_not_understood(text: str) -> None:
    """Where the old name is nobody's the sentence is kept as not understood, and no amendment is left over."""
    said = told(("data", f"Entities: kiln. {text}"))
    assert named(said, EntityFact) == {"kiln"}
    assert [s.standing for s in said.statements if s.text == text] == [Standing.NOT_UNDERSTOOD]
    assert not any(isinstance(f, AmendmentFact) for f in said.facts)
