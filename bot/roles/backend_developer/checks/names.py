"""Names as checks compare them, and what a name says of a value: a secret, personal data, an amount, a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.reading.names import name_key, words

_PREFIX: Final = re.compile(r"^(/api)?(/v\d+)?(?=/|$)", re.IGNORECASE)


def same_path(path: str) -> str:
    """Normalise a path for comparison: without ``/api`` and version, parameters' names and a trailing slash dropped."""
    bare = _PREFIX.sub("", path.rstrip("/"), count=1)
    return re.sub(r"\{[^}]*\}|:[a-z_]+(?=/|$)", "{}", bare).lower() or "/"


def stem(name: str) -> str:
    """Normalise a noun for comparison: letters and digits only, lower case, singular."""
    return re.sub(r"[^a-z0-9]", "", name_key(name))


_ABOUT_SECRETS: Final = frozenset(
    [
        "enabled",
        "disabled",
        "at",
        "on",
        "until",
        "length",
        "count",
        "policy",
        "type",
        "kind",
        "required",
        "expiry",
        "expires",
        "expired",
        "expiration",
        "lifetime",
        "age",
        "hint",
        "changed",
        "updated",
        "created",
        "last4",
        "brand",
        "status",
        "state",
        "attempts",
        "retries",
        "version",
        "scheme",
        "algorithm",
        "url",
        "uri",
        "id",
        "ids",
        "needed",
        "used",
        "minutes",
        "seconds",
        "days",
        "limit",
    ]
)
"""Last words of names that tell something of a secret and are none: ``password_changed_at``, ``token_type``."""

_ASKS: Final = frozenset(["has", "is", "min", "max", "needs", "requires", "uses", "allow", "allows"])
_SECRET: Final = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "pwd",
        "secret",
        "otp",
        "totp",
        "cvv",
        "cvv2",
        "cvc",
        "cvc2",
        "csc",
        "pin",
        "ssn",
        "kennwort",
        "passwort",
        "geheimnis",
        "contraseña",
        "motdepasse",
    ]
)
_SECRET_PAIRS: Final = frozenset(
    [
        "access_token",
        "refresh_token",
        "session_token",
        "auth_token",
        "api_token",
        "id_token",
        "bearer_token",
        "reset_token",
        "private_key",
        "secret_key",
        "api_key",
        "apikey",
        "access_key",
        "signing_key",
        "encryption_key",
        "master_key",
        "signing_secret",
        "recovery_codes",
        "recovery_code",
        "backup_codes",
        "security_answer",
        "security_code",
        "card_number",
        "card_no",
        "card_security",
        "seed_phrase",
        "totp_seed",
        "key_hash",
        "token_hash",
        "client_secret",
        "license_secret",
        "pan_number",
    ]
)
_CARD: Final = frozenset(
    [
        "cvv",
        "cvv2",
        "cvc",
        "cvc2",
        "csc",
        "security_code",
        "card_code",
        "credit_card_number",
        "debit_card_number",
        "pan",
    ]
)
_CARD_NUMBERS: Final = frozenset(["card_no", "card_number", "card_num", "cardno"])
_HASHED: Final = frozenset(
    [
        "hash",
        "hashed",
        "digest",
        "encrypted",
        "ciphertext",
        "ref",
        "reference",
        "vault",
        "fingerprint",
        "salt",
        "masked",
    ]
)


def _pairs(found: tuple[str, ...]) -> set[str]:
    return {"_".join(found[i:j]) for i in range(len(found)) for j in range(i + 1, min(len(found), i + 3) + 1)}


def is_secret(name: str) -> bool:
    """Whether a value of this name is a credential: what nobody reads back once it is set."""
    found = words(name.strip("[]"))
    if not found or found[-1] in _ABOUT_SECRETS or found[0] in _ASKS:
        return False
    return bool(set(found) & _SECRET) or bool(_pairs(found) & _SECRET_PAIRS)


_SENT_ONCE: Final = frozenset(
    ["activation", "reset", "verification", "confirmation", "invitation", "invite", "magic", "recovery", "unlock",
     "onetime", "signin", "einladung", "aktivierung"]
)  # fmt: skip
"""Words of links that sign in, or let somebody set a password; that to the page of a log-in lets nobody in."""

_LETS_IN: Final = _SENT_ONCE | {
    "login", "registration", "setup", "bearer", "access", "refresh", "session", "auth", "temporary", "initial",
}  # fmt: skip


def opens_doors(name: str) -> bool:
    """Whether who reads a value of this name can act as somebody: a credential, or a link or token that signs in."""
    found = words(name)
    last = set(found[-1:])
    sole = last & {"token", "jwt", "credentials", "credential", "otp", "apikey"} and not set(found) & _COUNTING
    linked = bool(last & {"link", "url"}) and bool(set(found[:-1]) & _SENT_ONCE)
    passed = bool(last & {"token", "code", "jwt"}) and bool(set(found[:-1]) & _LETS_IN)
    return is_secret(name) or bool(sole) or linked or passed


_COUNTING: Final = frozenset(["page", "next", "cursor", "continuation", "csrf", "device", "push", "sync", "payment"])
"""Words of tokens that let nobody in."""


def is_plain_secret(name: str) -> bool:
    """Whether a column of this name keeps a credential or a card's data as it is, not as a hash or a reference."""
    found = words(name)
    return is_secret(name) and not set(found) & _HASHED and not _pairs(found) & _CARD_NUMBERS


def card_columns(names: Iterable[str]) -> list[str]:
    """Return the names that keep a payment card's data; a card's number alone may be a library card's."""
    given = list(names)
    sure = [n for n in given if n.lower() in _CARD or _pairs(words(n)) & _CARD]
    numbers = [n for n in given if _pairs(words(n)) & _CARD_NUMBERS]
    dated = [n for n in given if {"card", "expiry"} <= set(words(n)) or {"card", "expires"} <= set(words(n))]
    return [*sure, *numbers] if sure or (numbers and dated) else []


_PERSONAL: Final = frozenset(
    [
        "email",
        "mail",
        "phone",
        "mobile",
        "telephone",
        "birthday",
        "birthdate",
        "dob",
        "iban",
        "passport",
        "ssn",
        "salary",
        "wage",
        "income",
        "diagnosis",
        "diagnoses",
        "allergy",
        "allergies",
        "medication",
        "medications",
        "disability",
        "religion",
        "ethnicity",
        "race",
        "biometric",
        "fingerprint",
        "health",
        "medical",
        "geburtsdatum",
        "geburtstag",
        "geburtsort",
        "telefon",
        "telefonnummer",
        "handynummer",
        "mobilnummer",
        "krankenkasse",
        "versichertennummer",
        "sozialversicherungsnummer",
        "steuernummer",
        "ausweisnummer",
        "kontonummer",
        "gehalt",
        "diagnose",
        "diagnosen",
        "allergien",
        "behinderung",
        "konfession",
    ]
)
_PERSONAL_PAIRS: Final = frozenset(
    [
        "e_mail",
        "birth_date",
        "date_of_birth",
        "born_on",
        "postal_code",
        "zip_code",
        "tax_id",
        "ip_address",
        "last_ip",
        "national_id",
        "blood_type",
        "sexual_orientation",
        "home_address",
        "bank_account",
        "insurance_number",
        "insurance_no",
        "drivers_licence",
        "driving_licence",
        "drivers_license",
        "driving_license",
        "gps_location",
        "social_security",
        "id_card_number",
        "street",
    ]
)
_BIRTHS: Final = frozenset(["birthday", "birthdate", "dob", "birth_date", "date_of_birth", "born_on"])
_OF_ANIMALS: Final = frozenset(["species", "breed", "pedigree", "sire", "dam", "herd", "litter", "microchip"])
_TAGS: Final = frozenset(["ear_tag", "tag_number", "chip_number", "chip_no"])
_OF_MACHINES: Final = frozenset(
    [
        "template",
        "enabled",
        "verified",
        "confirmed",
        "count",
        "subject",
        "opt",
        "consent",
        "preference",
        "sent",
        "status",
        "type",
        "notifications",
        "service",
        "check",
        "checks",
    ]
)
NAMES_OF_PEOPLE: Final = frozenset(["full_name", "first_name", "last_name", "family_name", "given_name", "surname"])


def is_personal(name: str) -> bool:
    """Whether a value of this name is about one person, or a credential: an address, a birthday, health, papers."""
    found = words(name)
    if not found or found[-1] in _OF_MACHINES or found[0] in _ASKS:
        return False
    sure = set(found) & _PERSONAL or _pairs(found) & _PERSONAL_PAIRS
    return bool(sure) or (is_secret(name) and found[-1] not in _HASHED)


def tells_of_animal(name: str, beside: Iterable[str]) -> bool:
    """Whether a birthday, by what stands beside it, is an animal's: that is nobody's personal data."""
    if not _parts(name) & _BIRTHS:
        return False
    others = set().union(*(_parts(other) for other in beside))
    return bool(others & (_OF_ANIMALS | _TAGS)) and not others & (NAMES_OF_PEOPLE | _PERSONAL - _BIRTHS)


def _parts(name: str) -> set[str]:
    found = words(name)
    return {*found, *_pairs(found)}


_REACHED_BY: Final = frozenset(
    [
        "email",
        "mail",
        "phone",
        "mobile",
        "telephone",
        "salary",
        "wage",
        "income",
        "ip",
        "postal",
        "zip",
        "street",
        "telefon",
        "telefonnummer",
        "handynummer",
        "mobilnummer",
        "gehalt",
    ]
)
"""Words of what people are reached or searched by, and of what jobs and places have too."""


def is_intimate(name: str) -> bool:
    """Whether a value of this name is one person's own affair: health, papers, accounts, birth, belief."""
    return is_personal(name) and not is_secret(name) and not set(words(name)) & _REACHED_BY


_AMOUNTS: Final = frozenset(
    [
        "amount",
        "price",
        "total",
        "cost",
        "fee",
        "balance",
        "salary",
        "revenue",
        "tax",
        "paid",
        "discount",
        "refund",
        "budget",
        "due",
        "owed",
        "fare",
        "rent",
        "wage",
        "payout",
        "deposit",
        "charge",
        "subtotal",
        "vat",
    ]
)
_WHOLE_AMOUNTS: Final = frozenset(["price", "fee", "cost", "salary", "wage", "fare"])
_UNITS: Final = frozenset(["cents", "cent", "minor", "pence", "pennies", "rappen", "ore", "micros"])


def is_amount(name: str) -> bool:
    """Whether a number of this name is money, by its last word: ``value_due``, but not ``total_count``."""
    found = words(name)
    return bool(found) and (
        found[-1] in _AMOUNTS or (len(found) > 1 and found[-2] in _AMOUNTS and found[-1] in ("gross", "net"))
    )


def needs_unit(name: str) -> bool:
    """Whether a whole number of this name is money in who knows which unit."""
    found = words(name)
    return bool(found) and found[-1] in _WHOLE_AMOUNTS and not set(found) & _UNITS


def in_small_units(name: str) -> bool:
    """Whether a name says that its amount is in cents or the like."""
    return bool(set(words(name)) & _UNITS)


LATER: Final = frozenset(
    [
        "cancelled",
        "canceled",
        "paid",
        "deleted",
        "closed",
        "completed",
        "finished",
        "resolved",
        "refunded",
        "archived",
        "revoked",
        "returned",
        "delivered",
        "shipped",
        "rejected",
        "approved",
        "settled",
        "confirmed",
        "verified",
        "accepted",
        "expired",
        "dispatched",
        "fulfilled",
        "answered",
        "voided",
        "terminated",
        "suspended",
        "withdrawn",
        "redeemed",
    ]
)


def happens_later(name: str) -> str:
    """Return the word of ``cancelled_at`` that says what happens to a row after it was made; "" if there is none."""
    found = words(name)
    return found[-2] if len(found) > 1 and found[-1] in ("at", "on") and found[-2] in LATER else ""


_MOMENTS: Final = frozenset(["at", "date", "datetime", "timestamp"])


def is_moment(name: str) -> bool:
    """Whether a value of this name is a moment or a day: ``opened_at``, ``closes_on``, ``due_date``."""
    found = words(name)
    if len(found) < 2:
        return False
    ended = found[-2][-2:] in ("ed", "ts", "ns", "es", "ds", "gs") or found[-2] in (
        "paid",
        "sent",
        "due",
        "born",
        "held",
    )
    days = found[-1] == "on" and ended and found[-2] not in ("depends", "based")
    return found[-1] in _MOMENTS or days


def means_nothing(name: str) -> bool:
    """Whether a name is none: ``f1``, ``xx``, ``qqq``, ``tmp3``."""
    low = name.lower()
    if low in _SHORT:
        return False
    repeated = len(set(low)) == 1 and len(low) > 1
    numbered = re.fullmatch(r"([a-z]|tmp|foo|bar|baz|field|col|column|attr|prop|var|val|data)_?\d+", low) is not None
    return repeated or numbered or low in ("foo", "bar", "baz", "asdf", "qwerty", "tmp", "xyz", "blah", "thing")


_SHORT: Final = frozenset(["x", "y", "z", "id", "w", "h", "e164", "www", "ff"])
