"""What is kept or given away that must not be: secrets, cards, personal data."""

from __future__ import annotations

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import many
from tests.judge.plans import Plan, call, field, fields
from tests.judge.spoil import ent, fld, op


def _add(lines: str, which: str = "person") -> object:
    def plant(plan: Plan, base: Base) -> None:
        ent(plan, getattr(base, which))["fields"] += [f | {"required": False} for f in fields(lines)]

    return plant


def _unmark(plan: Plan, base: Base) -> None:
    for one in ent(plan, base.person)["fields"]:
        one.pop("sensitive", None)


def _unmark_one(plan: Plan, base: Base) -> None:
    fld(plan, base.person, base.personal).pop("sensitive")


def _returns(lines: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        op(plan, base.read)["response"] = [field("id uuid"), *fields(lines)]

    return plant


def _action_returns(lines: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        op(plan, base.asked)["response"] = [field("id uuid"), *fields(lines)]

    return plant


def _hash_shown(plan: Plan, base: Base) -> None:
    plan["operations"].append(
        call("GET /people/{id}/account", "query", None, ("" or plan["roles"][0]["name"],),
             response=fields("email email sensitive; password_hash string"))
    )  # fmt: skip


def _in_path(plan: Plan, base: Base) -> None:
    plan["operations"].append(
        call("GET /people/by-email/{email}/token/{access_token}", "query", None, (plan["roles"][0]["name"],),
             response=fields("ok boolean"))
    )  # fmt: skip


def _in_query(plan: Plan, base: Base) -> None:
    op(plan, base.list)["parameters"] = [field("api_key string")]


def _text_secret(words: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        op(plan, base.asked)["description"] = words

    return plant


def _listed(plan: Plan, base: Base) -> None:
    """A list gives all of a person, as a field of the result that is not marked."""
    kept = [f | {"sensitive": False} for f in ent(plan, base.person)["fields"]]
    op(plan, base.person_list).update(response=kept, response_list=True, paginated=False, kind="query", entity=None)


def _events_tell(plan: Plan, base: Base) -> None:
    plan.setdefault("events", []).append(
        {"kind": "webhook_out", "name": "person_changed", "payload": fields("email email; access_token string")}
    )


def _webhook_plain(plan: Plan, base: Base) -> None:
    plan.setdefault("events", []).append(
        {"kind": "webhook_out", "name": "thing_changed", "signed": False, "payload": fields("id uuid")}
    )


def _default_secret(plan: Plan, base: Base) -> None:
    ent(plan, base.person)["fields"].append(field("role string default=admin"))
    ent(plan, base.person)["fields"].append(
        {"name": "webhook_secret", "type": "string", "default": "changeme123", "required": False, "sensitive": True}
    )


def _read_only_gone(plan: Plan, base: Base) -> None:
    for entity in plan["entities"]:
        for one in entity["fields"]:
            one.pop("read_only", None)


def _state_writable(plan: Plan, base: Base) -> None:
    name, field_, _ = base.state
    fld(plan, name, field_).pop("read_only")
    writing = next(o for o in plan["operations"] if o.get("entity") == name and o["kind"] in ("update", "create"))
    writing["request"] = [f for f in ent(plan, name)["fields"] if not f.get("read_only")]  # of itself it is kept out


def _later_writable(plan: Plan, base: Base) -> None:
    fld(plan, *base.later).pop("read_only")


def _owner_writable(plan: Plan, base: Base) -> None:
    _need(base.owned)
    label = next(o for o in plan["operations"] if o.get("entity") == base.owned and o["method"] == "POST")
    label["request"] = [*ent(plan, base.owned)["fields"], field("pupil_id uuid"), field("is_admin boolean")]


def _role_writable(plan: Plan, base: Base) -> None:
    op(plan, base.create)["request"] = [
        *fields("full_name string; email email"),
        field("role string"),
        field("is_admin boolean"),
    ]


KEPT = many(
    "design",
    ("a password is kept as it is", _add("password string sensitive"), "database.passwords_hashed"),
    ("a password is kept under another name", _add("passphrase_plain string sensitive"), "database.passwords_hashed"),
    ("a PIN is kept as it is", _add("pin string sensitive"), "database.passwords_hashed"),
    (
        "card data is kept under other names",
        _add("pan string; card_no string; cvc string; card_expiry date"),
        "database.passwords_hashed",
    ),
    ("a card's number is kept", _add("credit_card_number string sensitive"), "database.passwords_hashed"),
    ("a security code is kept", _add("cvv2 string sensitive"), "database.passwords_hashed"),
    (
        "tokens are kept and returned",
        _add("access_token string; session_token string; stripe_secret_key string", "core"),
        "api.secrets_kept database.passwords_hashed",
    ),
    (
        "a private key is kept and returned",
        _add("private_key text", "core"),
        "api.secrets_kept database.passwords_hashed",
    ),
    (
        "an answer to a secret question is kept",
        _add("security_answer string"),
        "database.passwords_hashed api.secrets_kept",
    ),
    (
        "one-time codes are kept as they are",
        _add("otp_code string; totp_seed string"),
        "database.passwords_hashed api.secrets_kept",
    ),
    ("a read returns a token", _returns("refresh_token string"), "api.secrets_kept"),
    ("a read returns a password", _returns("temporary_password string"), "api.secrets_kept"),
    ("a read returns a client's secret", _returns("client_secret string"), "api.secrets_kept"),
    ("an action returns a key", _action_returns("signing_key string"), "api.secrets_kept"),
    ("a hash of a password is shown", _hash_shown, "api.secrets_kept"),
    ("a secret stands in a path", _in_path, "api.secrets_kept security.secrets_unlogged"),
    ("a secret stands in a query", _in_query, "security.secrets_unlogged"),
    ("personal fields are not marked", _unmark, "security.personal_marked security.said_kept"),
    ("one personal field is not marked", _unmark_one, "security.personal_marked security.said_kept"),
    ("health is kept unmarked", _add("diagnosis text; allergies text; blood_type string"), "security.personal_marked"),
    (
        "papers are kept unmarked",
        _add("passport_no string; national_id string; drivers_licence string"),
        "security.personal_marked",
    ),
    ("money of people is kept unmarked", _add("salary decimal; bank_account string"), "security.personal_marked"),
    (
        "where people are is kept unmarked",
        _add("home_address string; last_ip string; gps_location point"),
        "security.personal_marked",
    ),
    (
        "what people believe is kept unmarked",
        _add("religion string; ethnicity string; sexual_orientation string"),
        "security.personal_marked",
    ),
    ("a list gives all of people", _listed, "security.personal_unlisted security.personal_marked"),
    ("a webhook tells a token", _events_tell, "api.secrets_kept"),
    ("an outgoing webhook is not signed", _webhook_plain, "security.webhooks_signed"),
    ("a secret has a default", _default_secret, "security.no_secrets database.passwords_hashed"),
    (
        "a provider's key stands in a description",
        _text_secret("For tests use sk_live_4eC39HqLyjWDarjtT1zdp7dc."),
        "security.no_secrets",
    ),
    (
        "a cloud's key stands in a description",
        _text_secret("Key AKIAIOSFODNN7EXAMPLE opens the bucket."),
        "security.no_secrets",
    ),
    (
        "a password stands in a URL",
        _text_secret("See postgres://app:S3cretPass@db.internal/prod."),
        "security.no_secrets",
    ),
    (
        "a password stands in a sentence",
        _text_secret("The admin's password is Winter2026! until launch."),
        "security.no_secrets",
    ),
    (
        "a bearer token stands in a description",
        _text_secret("Try eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
        "security.no_secrets",
    ),
    ("callers write what the service alone knows", _read_only_gone, "api.writes_meant"),
    ("callers write the state", _state_writable, "api.writes_meant"),
    ("callers write when it ended", _later_writable, "api.writes_meant"),
    ("callers write whose it is", _owner_writable, "api.writes_meant"),
    ("callers write their own role", _role_writable, "api.writes_meant"),
)  # type: ignore[arg-type]
"""What is kept and given."""
