"""Right designs that a careful person would pass: the shapes of public APIs, and what backends are like beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.design import Brief, Reply
from tests.judge.plans import (
    HEALTH,
    SERVICES,
    Plan,
    auth,
    budgets,
    call,
    calls,
    entity,
    field,
    fields,
    relation,
    roles,
    services,
)
from tests.judge.variations import variations


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right design and what was said of it, by the question's key."""

    name: str
    said: dict[str, str]
    plan: Plan

    def brief(self) -> Brief:
        """What the team said, as a run is given it."""
        replies = tuple(Reply(key=key, question=key, text=text, by="U1") for key, text in self.said.items() if text)
        return Brief(
            evaluation_id="e", role="backend-developer", title=self.plan["title"], description="", iteration=1, goal="",
            sources=(), replies=replies,
        )  # fmt: skip


def _things(lines: Sequence[str], scoped: Sequence[str]) -> list[Plan]:
    """Entities from lines such as ``Pet pets: name string; status enum=free|sold``."""
    made = []
    for line in lines:
        head, _, body = line.partition(":")
        name, plural = head.split()
        made.append(
            entity(name, plural, body, tenant_scoped=name in scoped) if name in scoped else entity(name, plural, body)
        )
    return made


def _right(
    name: str,
    things: Sequence[str],
    joins: Sequence[str],
    operations: Sequence[Plan],
    said: dict[str, str],
    *,
    who: Sequence[str] = ("admin", "staff"),
    scoped: Sequence[str] = (),
    scheme: str = "oidc",
    stack: Plan | None = None,
    numbers: Sequence[str] = ("latency_p95 300 ms",),
    outside: Sequence[str] = (),
    sign: Plan | None = None,
    **more: Any,
) -> Right:
    told = {
        "performance_requirements": "p95 under 300 ms.",
        "opening_1": "Python, FastAPI, PostgreSQL.",
        "api_design": "\n".join(f"{o['method']} {o['path']}{' is public.' if o.get('public') and not o.get('signed') else ''}"
                                for o in operations),
        "database_schema": "\n".join(_columns(line) for line in things),
        "security_controls": "OIDC.",
    }  # fmt: skip
    plan: Plan = {
        "title": "A backend", "summary": f"Backend: {name}.",
        "stack": stack or {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL"},
        "entities": _things(things, scoped), "relations": [relation(line) for line in joins],
        "operations": [*operations, HEALTH], "auth": auth(scheme, **(sign or {})), "roles": roles(*who),
        "integrations": services(*outside), "budgets": budgets(*numbers),
        "services": {**SERVICES, "boundaries": ["One", "Two"]}, **more,
    }  # fmt: skip
    return Right(name=name, said={**told, **said}, plan=plan)


def _columns(line: str) -> str:
    """The line as people would say it: ``Pets: name, status``."""
    head, _, body = line.partition(":")
    return f"{head.split()[1].capitalize()}: {', '.join(part.split()[0] for part in body.split(';'))}"


_A: Final = ("admin",)
_S: Final = ("staff",)
_AS: Final = ("admin", "staff")
_READS: Final = "list read"
_WRITES: Final = "create update delete"


def _shop() -> list[Right]:
    return [
        _right(
            "pet store",
            ["Pet pets: name string; status enum=available|pending|sold; photo_url url?", "Category categories: name string",
             "Tag tags: name string", "Order orders: quantity integer; shipped_on date?; complete boolean default=false",
             "User users: username string unique; first_name string?; last_name string?; email email sensitive;"
             "phone string? sensitive"],
            ["Pet.category -> Category?", "Pet.tags -> Tag? many_to_many", "Order.pet -> Pet"],
            [*calls("Pet", "/pets", _AS), call("GET /pets/findByStatus", "query", "Pet", _AS, parameters=[field("status string?")],
             response_entity="Pet", paginated=True), *calls("Category", "/categories", _AS, "list"),
             *calls("Tag", "/tags", _AS, "list"), *calls("Order", "/orders", _AS, "list read create"),
             *calls("Order", "/orders", _A, "delete"), *calls("User", "/users", _A)],
            {"security_controls": "OIDC."},
        ),
        _right(
            "train travel",
            ["Station stations: name string; address string; country_code string; timezone string",
             "Trip trips: departs_at timestamp; arrives_at timestamp; operator string; price decimal; bicycles_allowed boolean",
             "Booking bookings: passenger_name string sensitive; has_bicycle boolean; has_dog boolean",
             "Payment payments: amount decimal; currency string; status enum=pending|succeeded|failed read_only default=pending"],
            ["Trip.origin -> Station", "Trip.destination -> Station", "Booking.trip -> Trip", "Payment.booking -> Booking"],
            [*calls("Station", "/stations", (), "list", public=True), *calls("Trip", "/trips", (), "list", public=True),
             *calls("Booking", "/bookings", _AS, "list create read delete"),
             call("POST /bookings/{id}/payment", "create", "Payment", _AS, idempotent=True, id="pay_booking"),
             *calls("Payment", "/payments", _AS, "read")],
            {"api_design": "GET /stations is public.\nGET /trips is public.\nGET /bookings\nPOST /bookings\n"
             "GET /bookings/{id}\nDELETE /bookings/{id}\nPOST /bookings/{id}/payment", "security_controls": "OAuth2."},
            scheme="oauth2",
        ),
        _right(
            "guest checkout",
            ["Product products: title string; price decimal; stock integer", "Cart carts: currency string",
             "CartLine cart_lines: quantity integer", "Order orders: number string unique; total decimal read_only;"
             "contact_email email sensitive"],
            ["CartLine.cart -> Cart cascade", "CartLine.product -> Product", "Order.cart -> Cart"],
            [*calls("Product", "/products", (), _READS, public=True), *calls("Product", "/products", _A, _WRITES),
             *calls("Cart", "/carts", (), "create", public=True),
             call("POST /carts/{id}/lines", "create", "CartLine", (), public=True, idempotent=True),
             *calls("Order", "/orders", (), "create", public=True), *calls("Order", "/orders", _AS, _READS)],
            {"api_design": "GET /products is public.\nGET /products/{id} is public.\nPOST /carts is public.\n"
             "POST /carts/{id}/lines is public.\nPOST /orders is public.",
             "security_controls": "OIDC. Roles: admin, staff.\nGuests may create orders without signing in."},
        ),
        _right(
            "public catalogue",
            ["Book books: title string; isbn string unique; published_on date?", "Author authors: name string"],
            ["Book.author -> Author"],
            [*calls("Book", "/books", (), _READS, public=True), *calls("Author", "/authors", (), _READS, public=True),
             *calls("Book", "/books", _A, _WRITES), *calls("Author", "/authors", _A, "create update")],
            {"security_controls": "OIDC."},
            who=_A,
        ),
        _right(
            "payments like a card processor",
            ["Customer customers: email email sensitive; description string?", "Charge charges: amount integer; currency string;"
             "status enum=pending|succeeded|failed read_only default=pending; captured boolean default=false",
             "Refund refunds: amount integer; currency string; reason string?"],
            ["Charge.customer -> Customer?", "Refund.charge -> Charge"],
            [*calls("Customer", "/customers", _AS), *calls("Charge", "/charges", _AS, "list create read"),
             call("POST /charges/{id}/capture", "action", "Charge", _AS, idempotent=True),
             *calls("Refund", "/refunds", _AS, "list create read")],
            {"api_design": "GET /charges\nPOST /charges\nPOST /charges/{id}/capture\nPOST /refunds",
             "security_controls": "API keys."},
            scheme="api_key",
        ),
    ]  # fmt: skip


def _entrances() -> list[Right]:
    return [
        _right(
            "sign-in by password",
            ["User users: email email unique sensitive; display_name string; password_hash string write_only",
             "Note notes: title string; body text"],
            ["Note.author -> User"],
            [call("POST /sessions", "action", None, (), public=True,
                  request=[field("email email"), field("password string write_only")],
                  response=fields("access_token string; expires_in integer")),
             call("POST /users/register", "create", "User", (), public=True, idempotent=True, id="register",
                  request=[field("email email"), field("display_name string"), field("password string write_only")]),
             *calls("User", "/users", _A, _READS), *calls("Note", "/notes", _AS)],
            {"database_schema": "", "security_controls": "Sign-in by password.", "api_design": "POST /sessions\nGET /notes\nPOST /notes"},
            scheme="password",
        ),
        _right(
            "keys shown once",
            ["ApiKey api_keys: label string; prefix string; key_hash string write_only; revoked_at timestamp? read_only",
             "Metric metrics: name string; value float; taken_at timestamp"],
            ["Metric.api_key -> ApiKey"],
            [call("POST /api-keys", "create", "ApiKey", _A, idempotent=True, request=[field("label string")],
                  response=fields("id uuid; label string; api_key string")),
             *calls("ApiKey", "/api-keys", _A, "list delete"), *calls("Metric", "/metrics", _AS, "list create")],
            {"security_controls": "API keys.", "api_design": "POST /api-keys\nGET /api-keys\nDELETE /api-keys/{id}\n"
             "POST /metrics\nGET /metrics"},
            scheme="api_key",
        ),
        _right(
            "settings of sign-in",
            ["Policy policies: name string; password_min_length integer; otp_enabled boolean; session_minutes integer;"
             "password_expires boolean", "Group groups: name string unique"],
            ["Group.policy -> Policy"],
            [*calls("Policy", "/policies", _A), *calls("Group", "/groups", _AS, _READS), *calls("Group", "/groups", _A, _WRITES)],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "machines with certificates",
            ["Machine machines: serial string unique; model string", "Reading readings: taken_at timestamp; celsius float"],
            ["Reading.machine -> Machine"],
            [*calls("Machine", "/machines", _AS, _READS), *calls("Reading", "/readings", _S, "list create"),
             *calls("Machine", "/machines", _A, _WRITES)],
            {"security_controls": "Machines sign in by mTLS.", "api_design": "GET /machines\nPOST /readings\nGET /readings"},
            scheme="mtls",
        ),
        _right(
            "invitations that are accepted by a link",
            ["Team teams: name string", "Invitation invitations: email email sensitive; token_hash string write_only;"
             "accepted_at timestamp? read_only; status enum=sent|accepted|expired read_only default=sent"],
            ["Invitation.team -> Team"],
            [*calls("Team", "/teams", _AS, "list read create"), *calls("Team", "/teams", _A, "delete"),
             *calls("Invitation", "/invitations", _A, "list create delete"),
             call("POST /invitations/{token}/accept", "action", "Invitation", (), public=True)],
            {"database_schema": "", "security_controls": "Magic links.", },
            scheme="magic_link",
        ),
        _right(
            "a newsletter with an open form",
            ["Subscriber subscribers: email email unique sensitive; confirmed_at timestamp? read_only",
             "Issue issues: subject string; body text; sent_at timestamp? read_only"],
            [],
            [call("POST /newsletter-subscriptions", "create", "Subscriber", (), public=True, idempotent=True),
             *calls("Subscriber", "/subscribers", _A, "list delete"), *calls("Issue", "/issues", _AS, "list read create"),
             call("POST /issues/{id}/send", "action", "Issue", _A, asynchronous=True, idempotent=True, assumed=True)],
            {"security_controls": "OIDC.", "api_design": "POST /newsletter-subscriptions is public.\nGET /issues\nPOST /issues"},
        ),
        _right(
            "incoming and outgoing webhooks",
            ["Endpoint endpoints: url url; active boolean", "Delivery deliveries: attempted_at timestamp; succeeded boolean"],
            ["Delivery.endpoint -> Endpoint cascade"],
            [*calls("Endpoint", "/endpoints", _AS), *calls("Delivery", "/deliveries", _AS, "list"),
             call("POST /webhooks/payments", "action", None, (), public=True, signed=True, request=[field("event string")])],
            {"database_schema": "", "security_controls": "JWT.", },
            scheme="jwt",
            events=[{"kind": "webhook_out", "name": "payment_made", "payload": fields("id uuid; amount decimal")}],
        ),
    ]  # fmt: skip


def _said() -> list[Right]:
    plain = [
        "Part parts: sku string unique; title string; stock integer",
        "Supplier suppliers: name string; city string",
    ]
    joins = ["Part.supplier -> Supplier"]
    operations = [*calls("Part", "/parts", _AS, _READS), *calls("Part", "/parts", _A, _WRITES),
                  *calls("Supplier", "/suppliers", _AS, _READS), *calls("Supplier", "/suppliers", _A, "create")]  # fmt: skip
    return [
        _right("a service that was dropped", plain, joins, operations,
               {"integration_needs": "Stripe was considered and dropped; Adyen it is.", "security_controls": "OIDC."},
               outside=("Adyen",)),
        _right("numbers of today and of tomorrow", plain, joins, operations,
               {"performance_requirements": "Today p95 is 900 ms, we want 300 ms.", "security_controls": "OIDC."}),
        _right("a latency in seconds", plain, joins, operations,
               {"performance_requirements": "p95 0.3 s.", "security_controls": "OIDC."}),
        _right("a wide limit that was asked for", plain, joins, operations,
               {"performance_requirements": "p95 under 300 ms.\nRate limit: 30000 requests per minute.",
                "security_controls": "OIDC."},
               sign={"rate_limit_per_minute": 30000}, numbers=("latency_p95 300 ms", "rate_limit 30000 per_minute")),
        _right("nothing but the numbers said", plain, joins, operations, {"security_controls": "OIDC."}),
        _right("refusals that are kept", plain, joins, operations,
               {"security_controls": "OIDC. Roles: admin, staff.\nStaff must not delete parts.\nOnly admins may create parts.",
                "integration_needs": "No Kafka."}),
        _right("what waits for later", plain, joins, operations,
               {"integration_needs": "Slack in Q3, not yet.", "security_controls": "OIDC.",
                "database_schema": "Suppliers: name, city."}),
    ]  # fmt: skip


def _kept() -> list[Right]:
    return [
        _right(
            "a ledger of double entries",
            ["Account accounts: code string unique; title string; kind enum=asset|liability|income|expense",
             "Entry entries: posted_on date; memo string?", "Line lines: amount decimal; side enum=debit|credit"],
            ["Line.entry -> Entry", "Line.account -> Account", "Account.parent -> Account?"],
            [*calls("Account", "/accounts", _AS, "list read create"), *calls("Entry", "/entries", _AS, "list read create"),
             call("GET /entries/{id}/lines", "list", "Line", _AS, paginated=True),
             call("POST /entries/{id}/lines", "create", "Line", _A, idempotent=True)],
            {"security_controls": "OIDC."},
            rules=[{"entity": "Entry", "kind": "immutable"}, {"entity": "Entry", "kind": "audit"}],
        ),
        _right(
            "rooms that are not booked twice",
            ["Room rooms: name string unique; beds integer", "Stay stays: starts_on date; ends_on date; guest_name string sensitive;"
             "cancelled_at timestamp? read_only"],
            ["Stay.room -> Room"],
            [*calls("Room", "/rooms", _AS), *calls("Stay", "/stays", _AS, "list read create"),
             call("POST /stays/{id}/cancel", "action", "Stay", _AS, idempotent=True),
             *calls("Stay", "/stays", _A, "delete")],
            {"security_controls": "OIDC."},
            rules=[{"entity": "Stay", "kind": "no_overlap", "fields": ["room_id", "starts_on", "ends_on"],
                    "condition": "cancelled_at IS NULL"},
                   {"entity": "Stay", "kind": "compare", "expression": "starts_on < ends_on"}],
        ),
        _right(
            "code tables and natural keys",
            ["Shipment shipments: tracking_number string unique; weight_grams integer"],
            ["Shipment.carrier -> Carrier"],
            [*calls("Shipment", "/shipments", _AS), call("GET /carriers", "list", "Carrier", _AS, paginated=True)],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "files and long work",
            ["Document documents: title string; file file", "Import imports: source string; rows_read integer default=0 read_only;"
             "status enum=waiting|running|done|failed default=waiting read_only; finished_at timestamp? read_only"],
            ["Document.import -> Import?"],
            [*calls("Document", "/documents", _AS), *calls("Import", "/imports", _AS, _READS),
             call("POST /documents/import", "action", "Document", _A, asynchronous=True, idempotent=True)],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "a table of settings in JSON beside columns",
            ["Dashboard dashboards: title string; layout json; shared boolean", "Widget widgets: kind string; options json?"],
            ["Widget.dashboard -> Dashboard cascade"],
            [*calls("Dashboard", "/dashboards", _AS), *calls("Widget", "/widgets", _AS, "list create update"),
             *calls("Widget", "/widgets", _A, "delete")],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "payments that record when they were made",
            ["Loan loans: principal decimal; opened_on date", "Instalment instalments: amount decimal; paid_at timestamp"],
            ["Instalment.loan -> Loan"],
            [*calls("Loan", "/loans", _AS, "list read create"), *calls("Instalment", "/instalments", _AS, "list create"),
             *calls("Loan", "/loans", _A, "delete")],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "quotas, totals and counts that are no money",
            ["Quota quotas: total_count integer; price_list string; discount_percent integer; balance_points integer",
             "Usage usages: used integer; measured_at timestamp"],
            ["Usage.quota -> Quota"],
            [*calls("Quota", "/quotas", _AS, _READS), *calls("Quota", "/quotas", _A, _WRITES),
             *calls("Usage", "/usages", _AS, "list create")],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "amounts in cents",
            ["Fare fares: zone string; price_cents integer; valid_from date", "Ticket tickets: code string unique; sold_at timestamp"],
            ["Ticket.fare -> Fare"],
            [*calls("Fare", "/fares", _AS, _READS), *calls("Fare", "/fares", _A, _WRITES),
             *calls("Ticket", "/tickets", _AS, "list read create")],
            {"security_controls": "OIDC.", },
        ),
        _right(
            "an append-only log of readings with bigint keys",
            ["Sensor sensors: serial string unique; x float; y float; z float", "Sample samples: taken_at timestamp; lux float"],
            ["Sample.sensor -> Sensor"],
            [*calls("Sensor", "/sensors", _AS), *calls("Sample", "/samples", _AS, "list create")],
            {"security_controls": "OIDC.", },
        ),
    ]  # fmt: skip


def _apart() -> list[Right]:
    scoped = ("Contact", "Deal", "Task")
    crm = ["Company companies: name string", "Contact contacts: full_name string sensitive; email email sensitive",
           "Deal deals: title string; value decimal; stage enum=lead|won|lost", "Task tasks: title string; due_on date?"]  # fmt: skip
    joins = [f"{name}.company -> Company" for name in scoped] + ["Deal.contact -> Contact", "Task.deal -> Deal? "]
    return [
        _right(
            "customers of many companies",
            crm, joins,
            [*calls("Company", "/companies", _AS, _READS), *calls("Contact", "/contacts", _AS), *calls("Deal", "/deals", _AS, "list read create update"),
             *calls("Deal", "/deals", _A, "delete"), *calls("Task", "/tasks", _AS)],
            {"security_controls": "OIDC. Multi-tenant, one tenant per company.", },
            scoped=scoped, tenant="Company",
        ),
        _right(
            "what is one's own",
            ["Runner runners: nickname string unique", "Run runs: metres integer; ran_at timestamp"],
            ["Run.runner -> Runner"],
            [*calls("Runner", "/runners", _A, "list read"), *calls("Run", "/runs", ("admin", "runner"), "list read create update")],
            {"security_controls": "OIDC. Roles: admin, runner.\nRunners may read their own runs only.",
             },
            who=("admin", "runner"),
            permissions=[{"role": "runner", "verbs": ["read", "update"], "entity": "Run", "own": True}],
        ),
        _right(
            "plans for all tenants beside rows of each",
            ["Plan plans: name string unique; seats integer", "Organization organizations: name string",
             "Project projects: title string; archived_at timestamp? read_only"],
            ["Organization.plan -> Plan", "Project.organization -> Organization"],
            [*calls("Plan", "/plans", _AS, _READS), *calls("Organization", "/organizations", _A, _READS),
             *calls("Project", "/projects", _AS), call("POST /projects/{id}/archive", "action", "Project", _A)],
            {"security_controls": "OIDC.", },
            scoped=("Project",), tenant="Organization",
        ),
    ]  # fmt: skip


_SMALL: Final = (
    ("articles", "Article articles: title string; slug string unique; body text; published boolean", "Comment comments: body text; approved boolean", "Comment.article -> Article cascade"),
    ("repositories", "Repository repositories: name string; private boolean; default_branch string", "Issue issues: title string; state enum=open|closed", "Issue.repository -> Repository"),
    ("channels", "Channel channels: name string unique; topic string?", "Message messages: body text; posted_at timestamp", "Message.channel -> Channel"),
    ("tickets", "Inbox inboxes: name string; address email", "Ticket tickets: subject string; priority enum=low|normal|high; solved boolean", "Ticket.inbox -> Inbox"),
    ("boards", "Board boards: title string", "Card cards: title string; position integer; due_on date?", "Card.board -> Board cascade"),
    ("devices", "Device devices: serial string unique; firmware string", "Alarm alarms: severity enum=info|warning|critical; raised_at timestamp", "Alarm.device -> Device"),
    ("surveys", "Survey surveys: title string; opens_on date; closes_on date", "Reply replies: text text; rating integer minimum=1 maximum=5", "Reply.survey -> Survey"),
    ("flags", "Flag flags: key string unique; enabled boolean", "Rollout rollouts: percent integer minimum=0 maximum=100; environment string", "Rollout.flag -> Flag cascade"),
    ("recipes", "Recipe recipes: title string; servings integer", "Ingredient ingredients: name string; amount float; unit string", "Ingredient.recipe -> Recipe cascade"),
    ("absences", "Employee employees: full_name string sensitive; email email sensitive; hired_on date", "Absence absences: starts_on date; ends_on date; kind enum=holiday|sick", "Absence.employee -> Employee"),
    ("stocks", "Warehouse warehouses: code string unique; address string", "Item items: sku string unique; quantity integer", "Item.warehouse -> Warehouse"),
    ("episodes", "Podcast podcasts: title string; feed_url url", "Episode episodes: title string; seconds integer; published_at timestamp?", "Episode.podcast -> Podcast"),
    ("matches", "League leagues: name string; season string", "Match matches: kickoff_at timestamp; home_goals integer?; away_goals integer?", "Match.league -> League"),
    ("wines", "Winery wineries: name string; region string", "Wine wines: label string; vintage integer; price decimal", "Wine.winery -> Winery"),
    ("parcels by place", "Depot depots: name string; location point", "Van vans: plate string unique; capacity_kg integer", "Van.depot -> Depot"),
    ("kurse", "Kurs kurse: titel string; beginn date; plaetze integer", "Anmeldung anmeldungen: angemeldet_am timestamp; bezahlt boolean", "Anmeldung.kurs -> Kurs"),
)  # fmt: skip
"""Two things and how they are joined: the smallest designs that are whole."""


def _two() -> list[Right]:
    made = []
    for name, first, second, join in _SMALL:
        one, other = first.split()[:2], second.split()[:2]
        parent, child = (one[0], one[1].rstrip(":")), (other[0], other[1].rstrip(":"))
        operations = [
            *calls(parent[0], f"/{parent[1]}", _AS, _READS), *calls(parent[0], f"/{parent[1]}", _A, _WRITES),
            call(f"GET /{parent[1]}/{{id}}/{child[1]}", "list", child[0], _AS, paginated=True),
            *calls(child[0], f"/{child[1]}", _AS, "create read update"), *calls(child[0], f"/{child[1]}", _A, "delete"),
        ]  # fmt: skip
        listed = "\n".join(f"{o['method']} {o['path']}" for o in operations)
        made.append(
            _right(name, [first, second], [join], operations, {"api_design": listed, "security_controls": "OIDC."})
        )
    return made


def _finished() -> tuple[Right, ...]:
    made = [*_shop(), *_entrances(), *_said(), *_kept(), *_apart(), *_two(), *variations(_right)]
    for one in made:
        if one.name == "code tables and natural keys":
            one.plan["entities"].append(
                entity("Carrier", "carriers", "code string", key=["code"], codes=["dhl", "ups", "post"])
            )
        if one.name == "an append-only log of readings with bigint keys":
            for thing in one.plan["entities"]:
                thing["identity"] = "bigint"
        if one.name == "what is one's own":
            next(e for e in one.plan["entities"] if e["name"] == "Run")["owner"] = "runner"
    return tuple(made)


RIGHTS: Final = _finished()
"""Designs in which no check may fail."""
