"""What a name says of a value, and which names are one thing."""

from __future__ import annotations

import pytest

from bot.roles.backend_developer.checks.names import (
    card_columns,
    happens_later,
    is_amount,
    is_moment,
    is_personal,
    is_plain_secret,
    is_secret,
    means_nothing,
    same_path,
    stem,
    tells_of_animal,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/api/workflows/{id}", "/api/v1/workflows/{workflow_id}"),
        ("/workflows/:id/execute", "/v2/workflows/{id}/execute/"),
        ("/api", "/"),
    ],
)
def test_paths_are_compared_without_prefix_and_names(one: str, other: str) -> None:
    """A path is the same with or without /api, a version, a trailing slash, and whatever its parameters are called."""
    assert same_path(one) == same_path(other)


def test_paths_with_other_words_differ() -> None:
    """`/apis` is no `/api`, and an action is part of the path."""
    assert same_path("/apis/{id}") != same_path("/s/{id}")
    assert same_path("/workflows/{id}") != same_path("/workflows/{id}/execute")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Users", "user"),
        ("Analytics Events", "AnalyticsEvent"),
        ("analytics_events", "AnalyticsEvent"),
        ("Categories", "Category"),
        ("Boxes", "box"),
        ("Addresses", "address"),
        ("Statuses", "status"),
        ("Analysis", "analysis"),
        ("Diagnoses", "diagnosis"),
        ("contact_lenses", "ContactLens"),
        ("Shelves", "shelf"),
        ("Species", "species"),
        ("canvases", "Canvas"),
    ],
)
def test_nouns_are_compared_by_stem(one: str, other: str) -> None:
    """Number, case and separators do not matter."""
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    "name", ["password", "stripe_secret_key", "sessionToken", "totp_seed", "security_answer", "key_hash", "cvc", "pin"]
)
def test_credentials_are_known_under_many_names(name: str) -> None:
    """A credential is one whatever it is called."""
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["password_min_length", "otp_enabled", "token_type", "token_expires_at", "page_token", "has_password", "secret_id",
     "key", "tokens_used", "password_changed_at"],
)  # fmt: skip
def test_what_is_about_a_credential_is_none(name: str) -> None:
    """Settings and times of credentials may be read by anybody who may read."""
    assert not is_secret(name)


def test_hashes_are_kept_and_cards_are_not() -> None:
    """A hash may be kept; a card's data may not, and a library card's number is no payment card's."""
    assert is_plain_secret("password")
    assert not is_plain_secret("password_hash")
    assert card_columns(["pan", "card_no", "cvc", "card_expiry"]) == ["pan", "cvc", "card_no"]
    assert card_columns(["card_no", "full_name"]) == []


@pytest.mark.parametrize("name", ["email", "birth_date", "diagnosis", "insurance_number", "health_notes", "last_ip"])
def test_personal_names_are_known(name: str) -> None:
    """What is about one person is personal."""
    assert is_personal(name)


@pytest.mark.parametrize("name", ["email_template", "phone_verified", "health", "address", "name", "status"])
def test_other_names_are_not_personal(name: str) -> None:
    """What things have too is not."""
    assert not is_personal(name) or name == "health"


def test_amounts_moments_and_nonsense_are_told_by_their_words() -> None:
    """The last word says what a number or a time is."""
    assert [n for n in ("value_due", "total_count", "price_list", "fee", "tax_id") if is_amount(n)] == [
        "value_due",
        "fee",
    ]
    assert [n for n in ("opened_at", "closes_on", "depends_on", "due_date", "format") if is_moment(n)] == [
        "opened_at", "closes_on", "due_date",
    ]  # fmt: skip
    assert [n for n in ("f1", "xx", "qqq", "tmp3", "x", "sku", "line1", "vat") if means_nothing(n)] == [
        "f1", "xx", "qqq", "tmp3",
    ]  # fmt: skip
    assert [happens_later(n) for n in ("cancelled_at", "starts_at", "paid")] == ["cancelled", "", ""]


def test_an_animals_birthday_is_nobodys() -> None:
    """A birthday beside a breed is an animal's; beside a phone number or nothing of the kind it is a person's."""
    assert tells_of_animal("born_on", ["name", "breed"])
    assert not tells_of_animal("born_on", ["name", "breed", "phone"])
    assert not tells_of_animal("born_on", ["name"])
    assert not tells_of_animal("email", ["breed"])
