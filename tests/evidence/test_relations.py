"""How two values stand to each other by a CHECK, as PostgreSQL prints it back."""

from __future__ import annotations

import pytest

from bot.roles.backend_developer.blueprint import EntityField
from bot.roles.backend_developer.checks.areas.kept_as import filled_with_nothing
from bot.roles.backend_developer.checks.areas.locks import holds_of
from bot.roles.backend_developer.checks.fit.relations import held_by
from bot.roles.backend_developer.checks.identifiers import is_identifier
from bot.roles.backend_developer.checks.names import opens_doors


@pytest.mark.parametrize(
    ("said", "definitions", "held"),
    [
        ("starts_at < ends_at", ["CHECK ((starts_at < ends_at))"], True),
        ("startsAt < endsAt", ["CHECK ((ends_at > starts_at))"], True),
        ("starts_at < ends_at", ["CHECK ((starts_at <> ends_at))"], False),
        ("starts_at < ends_at", ["CHECK (((starts_at < ends_at) OR (ends_at < starts_at)))"], False),
        ("starts_at < ends_at", ["CHECK ((starts_at <= ends_at))"], False),
        ("starts_at < ends_at", ["CHECK ((starts_at <= ends_at))", "CHECK ((starts_at <> ends_at))"], True),
        ("starts_at < ends_at", ["CHECK ((NOT (starts_at >= ends_at)))"], True),
        ("price > 0", ["CHECK ((price > (0)::numeric))"], True),
        ("price > 0", ["CHECK ((price <> (0)::numeric))"], False),
        ("price >= 0", ["CHECK (((price >= (0)::numeric) AND (price <= (500)::numeric)))"], True),
        ("payer <> payee", ["CHECK ((payer <> payee))"], True),
        ("payer <> payee", ["CHECK ((payer < payee))"], False),
        ("starts_at < ends_at", ["CHECK ((char_length(name) <= 200))"], None),
        ("starts_at < ends_at", ["CHECK (((starts_at < ends_at) OR (room IS NOT NULL)))"], False),
        ("starts_at < ends_at", ["CHECK (((starts_at < ends_at) OR (status = 'draft'::text)))"], False),
        ("starts_at < ends_at", ["CHECK (((starts_at < ends_at) AND (seats > 0)))"], True),
        ("starts_at < ends_at", ["CHECK (((ends_at IS NULL) OR (starts_at < ends_at)))"], True),
        ("weight BETWEEN 5 AND 10", ["CHECK ((weight >= 5))"], None),
    ],
)
def test_a_comparison_is_held_by_what_lets_the_same_rows_in(
    said: str, definitions: list[str], held: bool | None
) -> None:
    """Less is less, whatever the form; different is not less, and what cannot be worked out is not guessed."""
    assert held_by(said, definitions) is held


@pytest.mark.parametrize(
    ("condition", "new"),
    [
        ("status = 'open'", True),
        ("status IN ('open', 'paid')", True),
        ("status <> 'paid'", True),
        ("status = 'paid'", False),
        ("paid_at IS NULL", True),
        ("paid_at IS NOT NULL", False),
        ("NOT closed", True),
        ("closed", False),
        ("status = 'open' AND closed", False),
        ("status = 'paid' OR NOT closed", True),
        ("total > 100", False),
    ],
)
def test_a_condition_is_known_to_hold_of_a_new_row(condition: str, new: bool) -> None:
    """What a row is when it is made decides whether a lock holds from the beginning."""
    assert holds_of(condition, {"status": "open", "paid_at": None, "closed": False}) is new


@pytest.mark.parametrize(
    ("name", "found"),
    [("phone", True), ("mobile_number", True), ("plz", True), ("iban", True), ("licence_plate", True), ("tax_id", True),
     ("isbn", True), ("Hausnummer", True), ("insurance_number", True), ("customs_number", True),
     ("insurer_code", True), ("status_code", False), ("customer_number", False), ("phone_count", False),
     ("number", False), ("invoice_number", False), ("plates", False), ("row_number", False),
     ("discount_code_uses", False), ("floor", False)],
)  # fmt: skip
def test_identifiers_are_no_quantities(name: str, found: bool) -> None:
    """A phone number is none, and how many phones there are is one."""
    assert is_identifier(name) is found


@pytest.mark.parametrize(
    ("name", "found"),
    [("activation_token", True), ("reset_link", True), ("api_key", True), ("token", True), ("magic_url", True),
     ("page_token", False), ("device_token", False), ("login_url", False), ("tracking_url", False),
     ("country_code", False)],
)  # fmt: skip
def test_what_opens_doors_is_known_by_its_name(name: str, found: bool) -> None:
    """A token that signs in does, and one that turns pages does not."""
    assert opens_doors(name) is found


@pytest.mark.parametrize(
    ("kind", "default", "nothing"),
    [("string", "unknown", True), ("string", "n/a", True), ("string", "-", True), ("string", "", True),
     ("email", "nobody@example.com", True), ("date", "1900-01-01", True), ("integer", "-1", True),
     ("integer", "9999", True), ("string", "€", False), ("string", "standard", False), ("integer", "0", False),
     ("integer", "1", False), ("date", "2031-01-01", False), ("string", "xl", False)],
)  # fmt: skip
def test_a_default_may_stand_for_nothing(kind: str, default: str, nothing: bool) -> None:
    """A placeholder is no value; nothing counted, a sign and a choice are values."""
    field = EntityField.model_validate({"name": "told", "type": kind, "default": default})
    assert filled_with_nothing(field) is nothing
