"""Right designs that are close to what a check looks for: each stands beside a fault and must trip nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from tests.judge.plans import SERVICES, call, calls, field, fields

_A: Final = ("admin",)
_AS: Final = ("admin", "staff")
_OIDC: Final = {"security_controls": "OIDC."}


def variations(make: Callable[..., Any]) -> Sequence[Any]:
    """All of them; `make` makes a right design of its parts."""
    return [*_lives(make), *_bounds(make), *_kept_apart(make), *_shown(make), *_told(make), *_worded(make)]


def _lives(make: Callable[..., Any]) -> list[Any]:
    return [
        make(
            "orders that live as was said, with a way more that is assumed",
            ["Order orders: number string unique read_only; total decimal read_only; item_count integer read_only;"
             "status enum=draft|placed|paid|cancelled default=draft read_only; placed_at timestamp? read_only"],
            [],
            [*calls("Order", "/orders", _AS, "list read create"), call("POST /orders/{id}/place", "action", "Order", _AS),
             call("POST /orders/{id}/pay", "action", "Order", _AS, idempotent=True),
             call("POST /orders/{id}/cancel", "action", "Order", _AS)],
            {**_OIDC, "database_schema": "Orders: number, total, item_count, status, placed_at.\n"
             "Orders: draft -> placed -> paid; placed -> cancelled."},
            state_machines=[{"entity": "Order", "field": "status", "initial": "draft", "transitions": [
                {"sources": ["draft"], "target": "placed", "operation": "post_orders_place"},
                {"sources": ["placed"], "target": "paid", "operation": "post_orders_pay"},
                {"sources": ["placed"], "target": "cancelled", "operation": "post_orders_cancel"},
                {"sources": ["draft"], "target": "cancelled", "operation": "post_orders_cancel", "assumed": True}]}],
        ),
        make(
            "an appended ledger beside rows that are kept when deleted",
            ["Account accounts: label string; opened_on date", "Entry entries: amount decimal; balance decimal read_only;"
             "booked_on date"],
            ["Entry.account -> Account"],
            [*calls("Account", "/accounts", _AS, "list read create update"), *calls("Account", "/accounts", _A, "delete"),
             *calls("Entry", "/entries", _AS, "list read create")],
            _OIDC,
            rules=[{"entity": "Entry", "kind": "immutable"}, {"entity": "Account", "kind": "soft_delete"}],
        ),
        make(
            "a removal that removes no thing, for who must not delete",
            ["Parcel parcels: barcode string unique; label string?; weight_grams integer unit=g"],
            [],
            [*calls("Parcel", "/parcels", _AS, "list read create update"), *calls("Parcel", "/parcels", _A, "delete"),
             call("POST /parcels/{id}/remove-label", "action", "Parcel", _AS)],
            {"security_controls": "OIDC. Roles: admin, staff.\nStaff must not delete parcels."},
        ),
    ]  # fmt: skip


def _bounds(make: Callable[..., Any]) -> list[Any]:
    return [
        make(
            "once together, and equal days",
            ["Course courses: title string; starts_on date; ends_on date", "Pupil pupils: nickname string unique",
             "Enrolment enrolments: noted_on date"],
            ["Enrolment.course -> Course", "Enrolment.pupil -> Pupil"],
            [*calls("Course", "/courses", _AS), *calls("Pupil", "/pupils", _AS, "list read create"),
             *calls("Enrolment", "/enrolments", _AS, "list create delete")],
            {**_OIDC, "database_schema": "```sql\nCREATE TABLE courses (id uuid PRIMARY KEY, title text NOT NULL,\n"
             "  starts_on date NOT NULL, ends_on date NOT NULL, CHECK (starts_on <= ends_on));\n"
             "CREATE TABLE pupils (id uuid PRIMARY KEY, nickname text NOT NULL UNIQUE);\n"
             "CREATE TABLE enrolments (id uuid PRIMARY KEY, course_id uuid NOT NULL REFERENCES courses (id),\n"
             "  pupil_id uuid NOT NULL REFERENCES pupils (id), noted_on date NOT NULL, UNIQUE (course_id, pupil_id));\n```"},
            rules=[{"entity": "Course", "kind": "compare", "expression": "starts_on <= ends_on"},
                   {"entity": "Enrolment", "kind": "unique", "fields": ["course_id", "pupil_id"]}],
        ),
        make(
            "numbers with units, a rate for each day, and a limit that was said",
            ["Route routes: length_km float unit=km; duration_minutes integer unit=min; height_min integer unit=cm",
             "Rate rates: day date unique; factor float"],
            [],
            [*calls("Route", "/routes", _AS), *calls("Rate", "/rates", _AS, "list create")],
            {**_OIDC, "database_schema": "", "performance_requirements": "p95 under 300 ms.\nRate limit: 5 requests per minute."},
            sign={"rate_limit_per_minute": 5}, numbers=("latency_p95 300 ms", "rate_limit 5 per_minute"),
        ),
        make(
            "one row for one other, as was said",
            ["Patient patients: nickname string", "Card cards: colour string"],
            ["Card.patient -> Patient one_to_one"],
            [*calls("Patient", "/patients", _AS), *calls("Card", "/cards", _AS, "list create")],
            {**_OIDC, "database_schema": "```sql\nCREATE TABLE patients (id uuid PRIMARY KEY, nickname text NOT NULL);\n"
             "CREATE TABLE cards (id uuid PRIMARY KEY, colour text NOT NULL,\n"
             "  patient_id uuid NOT NULL UNIQUE REFERENCES patients (id));\n```"},
        ),
    ]  # fmt: skip


def _kept_apart(make: Callable[..., Any]) -> list[Any]:
    return [
        make(
            "bookings apart by room, short codes, an archive that is read, and a slower last percentile",
            ["Room rooms: title string; country_code string max_length=2", "Booking bookings: starts_at timestamp;"
             "ends_at timestamp; calendar_id uuid?; newsletter_consent boolean default=false"],
            ["Booking.room -> Room"],
            [*calls("Room", "/rooms", _AS), *calls("Booking", "/bookings", _AS, "list read create"),
             call("GET /rooms/{id}/archive", "query", "Room", _AS, response_entity="Booking", response_list=True, paginated=True)],
            {**_OIDC, "performance_requirements": "p95 under 300 ms. p99 under 800 ms."},
            numbers=("latency_p95 300 ms", "latency_p99 800 ms"),
            rules=[{"entity": "Booking", "kind": "no_overlap", "fields": ["room_id", "starts_at", "ends_at"]}],
        )
    ]  # fmt: skip


def _shown(make: Callable[..., Any]) -> list[Any]:
    return [
        make(
            "own orders by the list and by oneself",
            ["Buyer buyers: nickname string unique", "Order orders: note string; placed_at timestamp"],
            ["Order.buyer -> Buyer"],
            [*calls("Buyer", "/buyers", _A, "list read"), *calls("Order", "/orders", ("admin", "buyer"), "list read create"),
             call("GET /me/orders", "query", None, ("buyer",), response_entity="Order", response_list=True, paginated=True)],
            {"security_controls": "OIDC. Roles: admin, buyer.\nBuyers may read their own orders only."},
            who=("admin", "buyer"),
            permissions=[{"role": "buyer", "verbs": ["read"], "entity": "Order", "own": True}],
        ),
        make(
            "an overview for who must not read invoices",
            ["Visit visits: starts_at timestamp; room string", "Invoice invoices: number string unique; total decimal;"
             "due_on date; state enum=open|paid"],
            ["Invoice.visit -> Visit"],
            [*calls("Visit", "/visits", _AS), *calls("Invoice", "/invoices", _A, "list read create"),
             call("GET /desk/today", "query", None, _AS, response=fields("starts_at timestamp; room string; state string;"
                                                                         "waiting_count integer"))],
            {"security_controls": "OIDC. Roles: admin, staff.\nStaff must not read invoices."},
        ),
        make(
            "what is open by a link, by its number, and a directory that was wanted open",
            ["Doctor doctors: full_name string sensitive; speciality string", "Application applications: email email sensitive;"
             "received_on date", "Article articles: title string; body text"],
            ["Application.doctor -> Doctor"],
            [*calls("Doctor", "/doctors", (), "list read", public=True), *calls("Doctor", "/doctors", _A, "create update"),
             *calls("Application", "/applications", _AS, "list create"), *calls("Article", "/articles", (), "list read", public=True),
             *calls("Article", "/articles", _A, "create"),
             call("GET /status/{token}", "query", None, (), public=True, response=fields("email email; received_on date"))],
            {"api_design": "GET /doctors is public.\nGET /doctors/{id} is public.\nGET /articles is public.\n"
             "GET /articles/{id} is public.\nGET /status/{token} is public.\nPOST /applications\nGET /applications", **_OIDC},
        ),
        make(
            "a list below what leads to it by way of another",
            ["Author authors: pen_name string", "Book books: title string", "Review reviews: stars integer minimum=1 maximum=5"],
            ["Book.author -> Author", "Review.book -> Book cascade"],
            [*calls("Author", "/authors", _AS), *calls("Book", "/books", _AS), *calls("Review", "/reviews", _AS, "list create"),
             call("GET /authors/{id}/reviews", "list", "Review", _AS, paginated=True)],
            _OIDC,
        ),
    ]  # fmt: skip


def _told(make: Callable[..., Any]) -> list[Any]:
    found = calls("Trip", "/trips", _AS)
    found[0] |= {"parameters": fields("from string?; to string?; departs_after timestamp?"), "sort": ["departs_at"]}
    people = calls("Person", "/people", _AS)
    people[0]["filters"] = ["email", "phone"]
    return [
        make(
            "trips from town to town, people found by address, and a provider that may be down",
            ["Town towns: name string unique", "Trip trips: departs_at timestamp; price decimal; discount integer",
             "Person people: email email unique sensitive; phone string? sensitive"],
            ["Trip.origin -> Town", "Trip.destination -> Town"],
            [*calls("Town", "/towns", _AS, "list read"), *found, *people,
             call("POST /trips/{id}/quote", "action", "Trip", _AS, response=fields("price decimal; valid_until timestamp"),
                  request=[field("seats integer")], problems=[{"status": 502, "code": "provider_down"},
                                                              {"status": 409, "code": "sold_out"}])],
            {**_OIDC, "database_schema": ""},
        ),
        make(
            "a webhook that tells what changed",
            ["Subscriber subscribers: url url", "Sale sales: amount decimal; sold_at timestamp; buyer_email email sensitive"],
            ["Sale.subscriber -> Subscriber"],
            [*calls("Subscriber", "/subscribers", _AS), *calls("Sale", "/sales", _AS, "list create")],
            _OIDC,
            events=[{"kind": "webhook_out", "name": "sale_made", "payload": fields("id uuid; amount decimal; sold_at timestamp;"
                                                                                   "buyer_email email")}],
        ),
    ]  # fmt: skip


def _worded(make: Callable[..., Any]) -> list[Any]:
    whole = calls("Order", "/orders", _AS, "list read create")
    whole += calls("Order", "/orders", _AS, "update", method="PUT")
    return [
        make(
            "locked once it is paid, replaced as a whole, with papers, pictures and what is noted at once",
            ["Order orders: number string unique; phone string? sensitive; postcode string; row_number integer;"
             "noted_at timestamp? default=now read_only; paid_at timestamp? read_only;"
             "status enum=open|paid default=open read_only; check enum=open|passed|failed default=open",
             "Photo photos: picture file; picture_url url?; caption text"],
            ["Photo.order -> Order"],
            [*whole, *calls("Photo", "/photos", _AS, "list read create"),
             call("POST /orders/{id}/pay", "action", "Order", _AS, idempotent=True)],
            _OIDC,
            rules=[{"entity": "Order", "kind": "immutable", "condition": "status = 'paid'", "assumed": True}],
            state_machines=[{"entity": "Order", "field": "status", "initial": "open", "assumed": True, "transitions": [
                {"sources": ["open"], "target": "paid", "operation": "post_orders_pay", "assumed": True}]}],
            events=[{"kind": "event", "name": "order_paid", "payload": fields("order_id uuid; page_token string")}],
        ),
        make(
            "words that refuse what others let in",
            ["Seat seats: label string", "Booking bookings: starts_at timestamp; note string?",
             "Invoice invoices: number string unique; due_on date"],
            ["Booking.seat -> Seat", "Invoice.booking -> Booking"],
            [*calls("Seat", "/seats", _AS, "list read"), *calls("Booking", "/bookings", _AS, "list read"),
             call("POST /bookings", "create", "Booking", _AS, idempotent=True, id="create_bookings", problems=[
                 {"status": 409, "code": "seat_taken", "description": "Says that the seat is taken, and names no booking."},
                 {"status": 409, "code": "unpaid", "description": "Tells that an invoice is open, without its number."}]),
             *calls("Invoice", "/invoices", _A, "list read create")],
            {"security_controls": "OIDC. Roles: admin, staff.\nStaff must not read invoices."},
            sign={"authorization": "By the role in the verified token; what a client names in X-Role is ignored.",
                  "description": "OIDC; no key is shared by partners, and no token stands in the URL."},
            permissions=[{"role": "staff", "verbs": ["read"], "allowed": False, "entity": "Invoice"}],
            services={**SERVICES, "caching": "Public reads are cached by URL, all else by URL and user.",
                      "monitoring": "Requests are logged with method and status, never with bodies or tokens."},
        ),
    ]  # fmt: skip
