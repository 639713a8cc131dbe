"""What is written in digits and is no quantity: nobody adds phone numbers up, and numbers lose leading zeros."""

from __future__ import annotations

from typing import Final

from bot.reading.names import words

_ALONE: Final = frozenset(
    ["phone", "mobile", "telephone", "fax", "msisdn", "telefon", "telefax", "handy", "rufnummer", "telefonnummer",
     "handynummer", "mobilnummer", "faxnummer", "zip", "zipcode", "postcode", "plz", "postleitzahl", "iban", "bic",
     "blz", "bankleitzahl", "kontonummer", "kartennummer", "kennzeichen", "isbn", "issn", "ean", "gtin", "upc",
     "barcode", "strichcode", "vin", "imei", "imsi", "iccid", "ssn", "steuernummer", "sozialversicherungsnummer",
     "versichertennummer", "versicherungsnummer", "passnummer", "ausweisnummer", "personalausweisnummer",
     "reisepassnummer", "hausnummer", "fahrgestellnummer", "seriennummer", "flugnummer", "umsatzsteuernummer",
     "fuehrerscheinnummer", "krankenversicherungsnummer", "sortcode", "wkn", "isin"]
)  # fmt: skip
"""Words that name one, at the end or before a word for number."""

_TOGETHER: Final = frozenset(
    ["postal_code", "post_code", "zip_code", "area_code", "dialling_code", "dialing_code", "sort_code", "bank_code",
     "account_number", "bank_account", "card_number", "credit_card", "licence_plate", "license_plate", "number_plate",
     "plate_number", "tax_id", "tax_number", "vat_id", "vat_number", "insurance_number", "social_security",
     "security_number", "passport_number", "passport_no", "passport", "id_card", "identity_card",
     "driving_licence", "drivers_license", "drivers_licence", "licence_number", "license_number", "house_number",
     "street_number", "serial_number", "routing_number", "tracking_number", "flight_number", "chassis_number",
     "national_id", "steuer_id", "ust_id", "article_ean", "contact_number", "whatsapp_number", "emergency_number"]
)  # fmt: skip
_NUMBERS: Final = frozenset(["number", "numbers", "no", "nr", "num", "nummer", "code"])


_GIVEN: Final = frozenset(
    ["customs", "matriculation", "payroll", "insurer", "insured", "licence", "license", "certificate", "diploma",
     "patent", "visa", "permit", "identification", "identity", "tariff", "commodity", "pharmacy", "drug",
     "airline", "airport", "vessel", "container", "wagon", "aircraft", "vehicle", "engine", "meter", "chip", "eartag",
     "sim", "bank", "branch", "clearing", "creditor", "company", "trade", "court", "vat", "tax", "social", "pension",
     "military", "contact", "authority", "health", "doctor", "physician", "matrikel", "zoll",
     "handelsregister", "steuer"]
)  # fmt: skip
"""What has a number that somebody outside gave out: it is written down as given, zeros and all."""

_OF_CALLS: Final = frozenset(
    ["status", "error", "http", "result", "response", "return", "exit", "reason", "color", "colour", "qr", "unicode",
     "event", "op", "type", "state", "failure"]
)  # fmt: skip
"""Codes that programs count out."""


def is_identifier(name: str) -> bool:
    """Whether a value of this name only tells one from another, though it is written in digits."""
    found = tuple(word.casefold() for word in words(name))
    while len(found) > 1 and found[-1] in ("1", "2", "3", "e164", "raw"):
        found = found[:-1]
    if not found:
        return False
    ends = {found[-1], found[-2] if len(found) > 1 and found[-1] in _NUMBERS else ""}
    pairs = {"_".join(found[-2:]), "_".join(found[-3:-1]) if found[-1] in _NUMBERS else ""}
    coded = len(found) > 1 and found[-1] == "code" and found[-2] not in _OF_CALLS
    given = len(found) > 1 and found[-1] in _NUMBERS and found[-2] in _GIVEN
    return coded or given or bool(ends & _ALONE or pairs & _TOGETHER)
