"""Outside services in free text: ``Stripe for payments via webhooks``; their kind says how they fail."""

from __future__ import annotations

import re

from bot.roles.backend_developer.blueprint import Integration
from bot.roles.backend_developer.designers.offline.nouns import quote

MAX_INTEGRATIONS = 20
ACRONYM = 3
"""Names that short are taken for acronyms: "SES" is a service, "ses" is not."""
_KINDS: dict[str, tuple[str, str, str]] = {
    # kind: purpose, method, what happens when it is down
    "payment": (
        "Payments",
        "REST API with idempotency keys; signed webhooks",
        "The payment stays pending and is retried with the same idempotency key for up to 24 hours; webhooks arriving "
        "late settle it; nothing is charged twice.",
    ),
    "mail": (
        "E-mail",
        "REST API",
        "Mails wait in a queue and are retried with growing pauses for up to 24 hours; callers are not kept waiting.",
    ),
    "message": (
        "Text and chat messages",
        "REST API; signed webhooks",
        "Messages wait in a queue for up to an hour, then are marked failed and shown to the sender.",
    ),
    "identity": (
        "Sign-in",
        "OpenID Connect",
        "Signed-in callers go on, as tokens are verified with cached keys; new sign-ins get 503 with Retry-After.",
    ),
    "storage": (
        "Files",
        "S3-compatible API with signed URLs",
        "Uploads and downloads get 503 with Retry-After; everything that needs no file goes on.",
    ),
    "business": (
        "Business records",
        "REST API",
        "Changes wait in an outbox and are delivered in order once it is back; reads show the last known values with "
        "their age.",
    ),
    "model": (
        "Predictions and generated text",
        "REST API",
        "The work is queued and retried; after 15 minutes it is handed to a person; a circuit breaker stops calls.",
    ),
    "events": (
        "Events between services",
        "Publish and subscribe",
        "Events wait in the outbox table and are published in order once it is back; nothing that callers see stops.",
    ),
    "other": (
        "Exchange of data",
        "REST API",
        "Calls time out after 5 seconds and are retried with growing pauses; a circuit breaker opens after 5 "
        "failures; what could not be delivered waits in an outbox.",
    ),
}
_SERVICES: dict[str, tuple[str, str]] = {
    "stripe": ("Stripe", "payment"), "adyen": ("Adyen", "payment"), "paypal": ("PayPal", "payment"),
    "braintree": ("Braintree", "payment"), "sendgrid": ("SendGrid", "mail"), "mailgun": ("Mailgun", "mail"),
    "postmark": ("Postmark", "mail"), "ses": ("Amazon SES", "mail"), "smtp": ("SMTP relay", "mail"),
    "twilio": ("Twilio", "message"), "slack": ("Slack", "message"), "whatsapp": ("WhatsApp", "message"),
    "microsoft teams": ("Microsoft Teams", "message"), "okta": ("Okta", "identity"), "auth0": ("Auth0", "identity"),
    "keycloak": ("Keycloak", "identity"), "cognito": ("Amazon Cognito", "identity"), "s3": ("Amazon S3", "storage"),
    "google drive": ("Google Drive", "storage"), "salesforce": ("Salesforce", "business"),
    "hubspot": ("HubSpot", "business"), "sap": ("SAP", "business"), "netsuite": ("NetSuite", "business"),
    "crm": ("CRM", "business"), "erp": ("ERP", "business"),
    "jira": ("Jira", "business"), "github": ("GitHub", "business"),
    "quickbooks": ("QuickBooks", "business"), "xero": ("Xero", "business"), "zapier": ("Zapier", "business"),
    "google calendar": ("Google Calendar", "business"), "outlook": ("Outlook", "business"),
    "shopify": ("Shopify", "business"), "openai": ("OpenAI", "model"), "anthropic": ("Anthropic", "model"),
    "bedrock": ("Amazon Bedrock", "model"), "segment": ("Segment", "other"), "mixpanel": ("Mixpanel", "other"),
    "snowflake": ("Snowflake", "other"), "bigquery": ("BigQuery", "other"), "datadog": ("Datadog", "other"),
    "kafka": ("Kafka", "events"), "rabbitmq": ("RabbitMQ", "events"),
    "algolia": ("Algolia", "other"), "elasticsearch": ("Elasticsearch", "other"), "mapbox": ("Mapbox", "other"),
    "google maps": ("Google Maps", "other"),
}  # fmt: skip
_GENERIC = re.compile(
    r"(?<![\w/])([A-Z][\w.&-]{1,30}(?: [A-Z][\w.&-]{1,30}){0,2}) for ([a-z][\w ,/-]{2,60}?)"
    r"(?: (?:via|through|using|over|by) ([\w /-]{2,40}?))?(?=[.,;()\n]|$| and )"
)
_VIA = re.compile(
    r"(?:via|through|using|over(?: its)?)\s+((?:signed )?(?:webhooks?|rest(?: api)?s?|graphql|grpc|sftp|smtp|soap|"
    r"kafka|events?|batch\w*|etl|api|csv)[\w /-]{0,30})",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\bfor (?:the )?([a-z][\w -]{2,50}?)(?= via| through| using| over|[.,;()\n]|$| and )")
_STACK_NAMES = re.compile(
    r"^(?:python|java|go|rust|node|postgres|mysql|mongo|redis|kafka|kubernetes|docker|aws|api|oidc|oauth|jwt|mfa|fastapi|we|the|get|post)",
    re.IGNORECASE,
)


def parse_integrations(text: str, source: str, *, generic: bool = False) -> tuple[Integration, ...]:
    """Return the services that a text names.

    Well-known ones are found anywhere; with `generic`, for answers about integrations, also ``<Name> for <purpose>``.
    """
    found: dict[str, tuple[int, Integration]] = {}
    for word, (name, kind) in _SERVICES.items():
        match = re.search(
            rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE if len(word) > ACRONYM else 0
        ) or (re.search(rf"(?<![\w-]){re.escape(word.upper())}(?![\w-])", text) if len(word) <= ACRONYM else None)
        if match:
            clause = _clause(text, match.start())
            found[name.lower()] = (match.start(), _make(name, kind, clause, source))
    if generic:
        for match in _GENERIC.finditer(text):
            name = _SERVICES.get(match[1].strip().lower(), (match[1].strip(), ""))[0]
            if name.lower() not in found and not _STACK_NAMES.match(name):
                found[name.lower()] = (match.start(), _make(name, kind_of(f"{name} {match[2]}"), match[0], source))
    return tuple(item for _place, item in sorted(found.values(), key=lambda pair: pair[0]))[:MAX_INTEGRATIONS]


def integration(name: str, method: str, purpose: str, source: str) -> Integration | None:
    """Return an integration that a document names field by field, or None without a name."""
    service = quote(name, 80)
    if not service:
        return None
    usual = _KINDS[kind_of(f"{name} {purpose}")]
    return Integration(
        service=service,
        purpose=quote(purpose, 300) or usual[0],
        method=quote(method, 80) or usual[1],
        direction=_direction(f"{method} {purpose}"),
        on_failure=usual[2],
        source=source[:200],
    )


def kind_of(text: str) -> str:
    """Return which kind of service a few words speak of."""
    known = next((kind for word, (_n, kind) in _SERVICES.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)), "")
    if known:
        return known
    for pattern, kind in (
        (r"pay|billing|checkout|card", "payment"),
        (r"e?-?mail|newsletter", "mail"),
        (r"sms|push|chat|notif|messag", "message"),
        (r"sign[- ]?in|login|identity|sso|auth", "identity"),
        (r"file|storage|upload|media|document", "storage"),
        (r"crm|erp|customer|account|inventory|calendar|registry|marketing", "business"),
        (r"\bai\b|\bml\b|model|predict|llm", "model"),
    ):
        if re.search(pattern, text, re.IGNORECASE):
            return kind
    return "other"


def _make(name: str, kind: str, clause: str, source: str) -> Integration:
    purpose, method, failure = _KINDS[kind]
    via, said = _VIA.search(clause), _PURPOSE.search(clause)
    return Integration(
        service=quote(name, 80),
        purpose=quote(said[1] if said else purpose, 200).capitalize(),
        method=quote(via[1].strip() if via else method, 80),
        direction=_direction(clause if via else method),
        on_failure=failure,
        source=source[:200],
    )


def _direction(text: str) -> str:
    if re.search(r"webhook|callback|events?\b", text, re.IGNORECASE):
        return "both"
    return "inbound" if re.search(r"\bwe (?:receive|import|read|pull)|inbound\b", text, re.IGNORECASE) else "outbound"


def _clause(text: str, place: int) -> str:
    start = max(text.rfind(sign, 0, place) for sign in ".;,\n") + 1
    ends = [end for sign in ".;,\n" if (end := text.find(sign, place)) >= 0]
    return text[start : min(ends, default=len(text))]
