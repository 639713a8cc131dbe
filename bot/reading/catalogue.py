"""Names of languages, frameworks, databases and services that teams use, as data.

A name that is not here is still read where its place says what it is ("integrate with Foo", an answer that lists
integrations).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Part: TypeAlias = Literal["language", "framework", "database", "cache", "messaging", "search", "storage", "deployment"]


def _rows(part: Part, text: str) -> dict[str, tuple[Part, str]]:
    """Rows ``Name`` or ``Name=spelling,spelling``, parted by ``;``."""
    found: dict[str, tuple[Part, str]] = {}
    for row in text.split(";"):
        name, _, spellings = row.strip().partition("=")
        for said in (name, *spellings.split(",")):
            if said.strip():
                found[said.strip().lower()] = (part, name.strip())
    return found


STACK: Final[dict[str, tuple[Part, str]]] = {
    **_rows(
        "language",
        "Python=python3,py;Java;Kotlin;Go=golang;Ruby;PHP;TypeScript=ts;JavaScript=js;Rust;"
        "C#=csharp,c-sharp;Elixir;Scala;Swift;Clojure;Dart;Perl;Haskell;Erlang;C++=cpp;F#",
    ),
    **_rows(
        "framework",
        (
            "Django;Flask;FastAPI=fast api;Spring Boot=springboot,spring;Quarkus;Micronaut;Ktor;"
            "Ruby on Rails=rails,ror;Sinatra;Laravel;Symfony;Express=express.js,expressjs;"
            "NestJS=nest,nest.js;Node.js=node,nodejs;Next.js=nextjs;Fastify;Koa;Hono;Gin;Echo;Fiber;"
            "Chi;Actix=actix-web;Axum;Rocket;Phoenix;"
            "ASP.NET Core=asp.net,.net,dotnet,.net core,aspnet,net;Prisma;Django REST Framework=drf;"
            "Starlette;Litestar;Sanic;AdonisJS=adonis;Vapor;Play Framework;Deno;Bun;SQLAlchemy;"
            "Hibernate;Sidekiq;Celery;Helidon;Vert.x=vertx;Dropwizard;Javalin;Grails"
        ),
    ),
    **_rows(
        "database",
        (
            "PostgreSQL=postgres,postgre,psql,pg,postgresdb;MySQL;MariaDB;SQLite;MongoDB=mongo;"
            "Oracle=oracle db;SQL Server=mssql,ms sql,microsoft sql server,sqlserver;"
            "CockroachDB=cockroach;DynamoDB=dynamo;Cassandra;ScyllaDB=scylla;ClickHouse;"
            "TimescaleDB=timescale;InfluxDB=influx;Neo4j;Firestore;Couchbase;CouchDB;Db2;DuckDB;"
            "YugabyteDB=yugabyte;Spanner;Aurora;Supabase;Redshift;Snowflake;BigQuery;FaunaDB;Firebird;"
            "H2;PostGIS;QuestDB"
        ),
    ),
    **_rows("cache", "Redis;Memcached;Valkey;Hazelcast;Varnish;KeyDB;Dragonfly"),
    **_rows(
        "messaging",
        "Kafka=apache kafka;RabbitMQ=rabbit;NATS;ActiveMQ;Pulsar;SQS=amazon sqs;Azure Service Bus;"
        "Google Pub/Sub=pubsub,pub/sub;Redpanda;ZeroMQ;Kinesis;EventBridge",
    ),
    **_rows("search", "Elasticsearch=elastic,elastic search;OpenSearch;Meilisearch;Typesense;Solr;Algolia"),
    **_rows(
        "storage",
        "S3=amazon s3,aws s3;MinIO;Google Cloud Storage=gcs;Azure Blob Storage=azure blob;Ceph;"
        "Backblaze B2;Cloudflare R2=r2",
    ),
    **_rows(
        "deployment",
        "Kubernetes=k8s;Docker;AWS;Azure;GCP=google cloud;Heroku;Fly.io;Hetzner;"
        "Docker Compose=docker-compose;OpenShift;Lambda=aws lambda;ECS;Nomad;Cloud Run;Render;"
        "DigitalOcean",
    ),
}

LANGUAGE_OF: Final = {
    "Django": "Python",
    "Flask": "Python",
    "FastAPI": "Python",
    "Starlette": "Python",
    "Litestar": "Python",
    "Sanic": "Python",
    "Celery": "Python",
    "SQLAlchemy": "Python",
    "Django REST Framework": "Python",
    "Spring Boot": "Java",
    "Quarkus": "Java",
    "Micronaut": "Java",
    "Hibernate": "Java",
    "Ktor": "Kotlin",
    "Ruby on Rails": "Ruby",
    "Sinatra": "Ruby",
    "Sidekiq": "Ruby",
    "Laravel": "PHP",
    "Symfony": "PHP",
    "Express": "JavaScript",
    "NestJS": "TypeScript",
    "Node.js": "JavaScript",
    "Fastify": "JavaScript",
    "Koa": "JavaScript",
    "Gin": "Go",
    "Echo": "Go",
    "Fiber": "Go",
    "Chi": "Go",
    "Actix": "Rust",
    "Axum": "Rust",
    "Rocket": "Rust",
    "Phoenix": "Elixir",
    "ASP.NET Core": "C#",
    "Vapor": "Swift",
    "Next.js": "TypeScript",
    "AdonisJS": "TypeScript",
}
"""The language that a framework is written for; it says the language only where none was said."""

AMBIGUOUS_STACK: Final = frozenset(
    {
        "go",
        "express",
        "echo",
        "fiber",
        "chi",
        "spring",
        "rocket",
        "play framework",
        "phoenix",
        "nest",
        "node",
        "render",
        "aurora",
        "dart",
        "swift",
        "net",
        "ts",
        "js",
        "py",
        "pg",
        "rabbit",
        "elastic",
        "oracle",
        "influx",
        "dynamo",
        "dragonfly",
        "lambda",
        "spanner",
        "hono",
        "vapor",
        "azure",
        "pulsar",
        "solr",
        "gin",
        "bun",
        "koa",
        "rust",
        "h2",
        "ruby",
        "r2",
        "mongo",
    }
)
"""Names that are common words, too: read only in capitals or where the stack is asked for."""

SERVICES: Final[dict[str, str]] = {
    name.strip().lower(): purpose
    for purpose, names in {
        "payments": "Stripe|Adyen|PayPal|Braintree|GoCardless|Mollie|Klarna|Square|Razorpay|Paddle|Worldpay|"
        "Checkout.com|Apple Pay|Google Pay|SumUp|Twint|Datatrans|Payone|Unzer|Saferpay|"
        "Authorize.net|Wise|Plaid",
        "messaging": "Twilio|Sinch|Vonage|MessageBird|Bird|Nexmo|WhatsApp|Plivo|Telnyx|Infobip|Slack|Teams|"
        "Microsoft Teams|Discord|Telegram|OneSignal|Pusher|Firebase|FCM|APNs|Expo Push|seven.io",
        "mail": "SendGrid|Mailgun|Postmark|Amazon SES|SES|Mailchimp|Brevo|Mailjet|SMTP|IMAP|Resend|"
        "SparkPost|Outlook|Gmail|Exchange",
        "sign-in": "Keycloak|Auth0|Okta|Cognito|Azure AD|Entra ID|Entra|LDAP|Active Directory|"
        "Google Workspace|Firebase Auth|Clerk|OneLogin|Ping|PingFederate|Zitadel|Authentik|"
        "SURFconext|BundID",
        "accounting": "NetSuite|Xero|QuickBooks|DATEV|Lexoffice|Lexware|sevDesk|SAP|SAP IS-U|SAP S/4HANA|Sage|"
        "Bexio|Exact|Abacus|Dynamics|Odoo|ERP|Navision",
        "tax": "Anrok|Avalara|TaxJar|Vertex",
        "crm": "Salesforce|HubSpot|Zoho|Pipedrive|Intercom|Zendesk|Freshdesk|CRM",
        "shipping": "DHL|UPS|FedEx|DPD|GLS|Hermes|Shippo|EasyPost|Sendcloud|Royal Mail|USPS|La Poste|PostNL",
        "maps": "Google Maps|Mapbox|OpenStreetMap|HERE|TomTom|Nominatim",
        "monitoring": "Grafana|Prometheus|Datadog|Sentry|New Relic|PagerDuty|Opsgenie|Splunk|Loki|Jaeger|"
        "OpenTelemetry|Kibana|Elastic APM",
        "calendar": "Google Calendar|Calendly|Outlook Calendar|CalDAV|Microsoft Graph",
        "video": "Zoom|Jitsi|Vimeo|YouTube|Mux|Daily|Agora",
        "commerce": "Shopify|WooCommerce|Magento|Amazon|eBay|Etsy|Shopware",
        "devices": "EMQX|Mosquitto|HiveMQ|AWS IoT|LoRaWAN|The Things Network|Modbus|OPC UA",
        "documents": "DocuSign|Adobe Sign|Dropbox|Google Drive|SharePoint|OneDrive|Box",
        "models": "OpenAI|Anthropic|Hugging Face|Mistral",
        "telephony": "CTI|Asterisk|3CX|Aircall",
        "jobs": "Jira|GitHub|GitLab|Linear|Asana|Trello|Notion|Airtable|Zapier|Segment|Contentful|Strapi",
        "storage": "Cloudinary|Imgix|Cloudflare",
    }.items()
    for name in names.split("|")
}
"""Known services by their names in lower case, and what they are mostly for."""

PROTOCOLS: Final = (
    "REST",
    "SOAP",
    "GraphQL",
    "gRPC",
    "SFTP",
    "FTP",
    "FTPS",
    "MQTT",
    "AMQP",
    "HL7",
    "FHIR",
    "MLLP",
    "EDI",
    "EDIFACT",
    "AS2",
    "OData",
    "webhook",
    "webhooks",
    "CSV",
    "XML",
    "IMAP",
    "SMTP",
    "LDAP",
    "DICOM",
    "OPC UA",
    "Modbus",
    "websocket",
    "X12",
    "SNMP",
    "ICS",
    "iCal",
    "CalDAV",
    "CTI",
    "RFC",
    "IDoc",
    "OCPP",
    "GTFS",
)
