"""A parcel depot without tenants: partners with API keys beside staff with tokens, said in DBML and in prose."""

from __future__ import annotations

from typing import Final

from tests.judge.plans import (
    HEALTH,
    SERVICES,
    Plan,
    auth,
    budgets,
    call,
    calls,
    entity,
    fields,
    relation,
    roles,
    services,
)

SAID: Final = {
    "opening_1": "Kotlin on PostgreSQL.",
    "opening_3": "DHL for labels.",
    "database_schema": (
        "```dbml\n"
        "Table senders {\n  id uuid [pk]\n  company varchar [not null]\n  email varchar [not null, unique]\n"
        "  iban varchar\n}\n"
        "Table hubs {\n  id uuid [pk]\n  code varchar [not null, unique]\n  town varchar [not null]\n"
        "  capacity integer [not null]\n}\n"
        "Table parcels {\n  id uuid [pk]\n  sender_id uuid [not null, ref: > senders.id]\n"
        "  hub_id uuid [not null, ref: > hubs.id]\n  barcode varchar [not null, unique]\n"
        "  weight_grams integer [not null]\n  declared_value decimal [not null]\n  fragile boolean [not null]\n"
        "  size parcel_size [not null]\n  delivered_at timestamp\n  recipient_name varchar [not null]\n"
        "  recipient_phone varchar\n}\n"
        "Enum parcel_size {\n  small\n  medium\n  large\n}\n"
        "Table scans {\n  id uuid [pk]\n  parcel_id uuid [not null, ref: > parcels.id]\n"
        "  hub_id uuid [not null, ref: > hubs.id]\n  scanned_at timestamp [not null]\n  note text\n}\n"
        "Table routes {\n  id uuid [pk]\n  name varchar [not null]\n  leaves_at time [not null]\n  active boolean [not null]\n}\n"
        "Table claims {\n  id uuid [pk]\n  parcel_id uuid [not null, unique, ref: - parcels.id]\n"
        "  amount decimal [not null]\n  filed_on date [not null]\n  settled_at timestamp\n  status claim_status [not null]\n}\n"
        "Enum claim_status {\n  open\n  accepted\n  refused\n}\n"
        "Ref: routes.id <> hubs.id\n"
        "```"
    ),
    "api_design": (
        "GET /senders\nPOST /senders\nGET /senders/{id}\nPATCH /senders/{id}\n"
        "GET /hubs\nPOST /hubs\nPATCH /hubs/{id}\n"
        "GET /parcels?barcode=&hub_id=\nPOST /parcels\nGET /parcels/{id}\nDELETE /parcels/{id}\n"
        "GET /parcels/{id}/scans\nPOST /scans\n"
        "GET /routes\nPOST /routes\nPUT /routes/{id}\n"
        "GET /claims\nPOST /claims\nGET /claims/{id}\nPOST /claims/{id}/settle\n"
        "POST /parcels/import (async, 202)\n"
        "GET /tracking/{barcode} is public.\n"
        "Claims: open -> accepted; open -> refused.\n"
    ),
    "performance_requirements": "p95 under 300 ms. 99.5 % availability. 120 requests per second.\nRate limit: 600 requests per minute.",
    "security_controls": (
        "Partners sign in by API keys. Staff sign in by JWT.\nRoles: manager, sorter, partner.\n"
        "Sorters must not delete parcels.\nPartners must not read claims.\nOnly managers may create hubs.\n"
    ),
}
_ALL: Final = ("manager", "sorter", "partner")
_STAFF: Final = ("manager", "sorter")
_HEAD: Final = ("manager",)


def design() -> Plan:
    """The right design."""
    return {
        "title": "Parcel depot",
        "summary": "Follows parcels through the hubs.",
        "stack": {"language": "Kotlin", "framework": "Ktor", "database": "PostgreSQL"},
        "entities": _entities(),
        "relations": [
            relation("Parcel.sender -> Sender"),
            relation("Parcel.hub -> Hub"),
            relation("Scan.parcel -> Parcel"),
            relation("Scan.hub -> Hub"),
            relation("Claim.parcel -> Parcel one_to_one"),
            relation("Route.hubs -> Hub many_to_many", required=False),
        ],
        "state_machines": [
            {
                "entity": "Claim", "field": "status", "initial": "open",
                "transitions": [
                    {"sources": ["open"], "target": "accepted", "operation": "post_claims_settle"},
                    {"sources": ["open"], "target": "refused", "operation": "post_claims_refuse"},
                ],
            }
        ],
        "operations": _operations(),
        "auth": auth("jwt", rate_limit_per_minute=600),
        "sign_ins": [
            {"name": "partners", "scheme": "api_key", "audience": "partners", "roles": ["partner"]},
            {"name": "staff", "scheme": "jwt", "audience": "staff", "roles": ["manager", "sorter"]},
        ],
        "roles": roles(*_ALL),
        "permissions": [
            {"role": "sorter", "verbs": ["delete"], "allowed": False, "entity": "Parcel"},
            {"role": "partner", "verbs": ["read"], "allowed": False, "entity": "Claim"},
        ],
        "integrations": services("DHL"),
        "budgets": budgets("latency_p95 300 ms", "availability 99.5 %", "throughput 120 rps", "rate_limit 600 per_minute"),
        "services": {**SERVICES, "boundaries": ["Sorting", "Claims"]},
    }  # fmt: skip


def _entities() -> list[Plan]:
    return [
        entity("Sender", "senders", "company string; email email unique sensitive; iban string? sensitive"),
        entity("Hub", "hubs", "code string unique; town string; capacity integer"),
        entity("Parcel", "parcels", "barcode string unique; weight_grams integer; declared_value decimal;"
               "fragile boolean; size enum=small|medium|large; delivered_at timestamp? read_only;"
               "recipient_name string sensitive; recipient_phone string? sensitive"),
        entity("Scan", "scans", "scanned_at timestamp; note text?"),
        entity("Route", "routes", "name string; leaves_at time; active boolean"),
        entity("Claim", "claims", "amount decimal; filed_on date; settled_at timestamp? read_only;"
               "status enum=open|accepted|refused default=open read_only"),
    ]  # fmt: skip


def _operations() -> list[Plan]:
    parcels = calls("Parcel", "/parcels", _ALL, "list create read")
    parcels[0] |= {"filters": ["barcode", "hub_id"]}
    scans = calls("Scan", "/parcels/{id}/scans", _ALL, "list")
    return [
        *calls("Sender", "/senders", _STAFF, "list read"),
        *calls("Sender", "/senders", _HEAD, "create update"),
        *calls("Hub", "/hubs", _ALL, "list"),
        *calls("Hub", "/hubs", _HEAD, "create update"),
        *parcels,
        *calls("Parcel", "/parcels", _HEAD, "delete"),
        *scans,
        *calls("Scan", "/scans", _STAFF, "create"),
        *calls("Route", "/routes", _STAFF, "list"),
        *calls("Route", "/routes", _HEAD, "create"),
        *calls("Route", "/routes", _HEAD, "update", method="PUT"),
        *calls("Claim", "/claims", _STAFF, "list read"),
        *calls("Claim", "/claims", _ALL, "create"),
        call("POST /claims/{id}/settle", "action", "Claim", _HEAD),
        call("POST /claims/{id}/refuse", "action", "Claim", _HEAD, assumed=True),
        call("POST /parcels/import", "action", "Parcel", _HEAD, asynchronous=True, idempotent=True),
        call("GET /tracking/{barcode}", "query", None, (), public=True, response=_tracking()),
        HEALTH,
    ]  # fmt: skip


def _tracking() -> list[Plan]:
    return fields("barcode string; delivered_at timestamp?; size enum=small|medium|large")
