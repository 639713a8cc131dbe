"""What surrounds the code: README, packaging, container, compose, CI, settings by example."""

from __future__ import annotations

from bot.roles.backend_developer.renderers.service.design import crons, key_types, slug
from bot.roles.backend_developer.renderers.service.naming import words
from bot.roles.backend_developer.renderers.service.plan import Plan

_PYPROJECT = """[project]
name = "{slug}"
version = "{version}"
requires-python = ">=3.11"
dependencies = [
    "croniter>=6,<8",
    "fastapi>=0.115,<1",
    "httpx>=0.27,<1",
    "prometheus-client>=0.21,<1",
    "psycopg[binary,pool]>=3.2,<4",
    "pydantic>=2.10,<3",
    "pydantic-settings>=2.6,<3",
    "pyjwt[crypto]>=2.10,<3",
    "uvicorn>=0.32,<1",
]

[project.optional-dependencies]
traces = ["opentelemetry-sdk>=1.28,<2", "opentelemetry-exporter-otlp-proto-http>=1.28,<2"]
dev = ["mypy>=1.13", "pytest>=8.3", "pyyaml>=6", "ruff>=0.8", "types-croniter", "types-pyyaml"]

[build-system]
requires = ["setuptools>=75"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
packages = ["app", "app.core", "app.models", "app.routers"]

[tool.mypy]
strict = true
packages = ["app", "tests"]
plugins = ["pydantic.mypy"]

[tool.pytest.ini_options]
testpaths = ["tests"]
addopts = "-q -p no:cacheprovider"
"""
_MAKEFILE = """.PHONY: run test lint seed

run: ## The service with its database, at http://localhost:8000
\tdocker compose up --build

test: ## Every test, against a real PostgreSQL (TEST_DATABASE_URL, or the one of compose.yaml)
\tpython -m pytest

seed: ## Rows to look at, in the database of compose.yaml
\tMIGRATION_URL=$${MIGRATION_URL:-postgresql://postgres:postgres@localhost:5432/postgres} python -m tests.seed

lint:
\truff check .
\truff format --check .
\tmypy
"""
_DOCKERFILE = """FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv
COPY pyproject.toml ./
COPY app ./app
RUN pip install --no-cache-dir . && useradd --system --no-create-home service
COPY migrations ./migrations
COPY openapi.yaml ./
USER service
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez')"]
CMD ["uvicorn", "--factory", "app.main:create_app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", \
"--timeout-graceful-shutdown", "20"]
"""
_COMPOSE = """services:
  database:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: postgres
    ports: ["127.0.0.1:5432:5432"]
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U postgres"]
      interval: 2s
      retries: 30
  migrations:
    build: .
    command: ["python", "-m", "app.migrate"]
    environment:
      MIGRATION_URL: postgresql://postgres:postgres@database/postgres
    depends_on:
      database: {condition: service_healthy}
  service:
    build: .
    env_file: [{path: .env, required: false}]
    environment:
      # For trying out only: in production a login that is a member of service_app and owns nothing.
      DATABASE_URL: postgresql://postgres:postgres@database/postgres
    ports: ["127.0.0.1:8000:8000"]
    depends_on:
      migrations: {condition: service_completed_successfully}
"""
_CI = """name: ci
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    services:
      postgres:
        image: postgres:17
        env:
          POSTGRES_PASSWORD: postgres
        ports: ["5432:5432"]
        options: --health-cmd pg_isready --health-interval 2s --health-retries 30
    env:
      TEST_DATABASE_URL: postgresql://postgres:postgres@localhost:5432/postgres
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install -e .[dev]
      - run: make lint
      - run: make test
"""
_ENV = """# Every setting of app/core/settings.py. Copy to .env; nothing secret belongs into the repository.
DATABASE_URL=postgresql://service@localhost/service
DATABASE_ROLE=service_app
TOKEN_ISSUER=https://identity.example.com
TOKEN_AUDIENCE={slug}
# The issuer's keys; empty: <issuer>/.well-known/jwks.json
TOKEN_JWKS_URL=
# A PEM file instead, for tests
TOKEN_PUBLIC_KEY_FILE=
# A PEM file (RSA) that signs what POST /sign-in gives, where people sign in with a password or have a session
TOKEN_PRIVATE_KEY_FILE=
CLAIM_USER=sub
CLAIM_TENANT=tenant_id
CLAIM_ROLES=roles
# Header in which the proxy that ends TLS names the client certificate's subject
CLIENT_CERTIFICATE_HEADER=
RATE_LIMIT_PER_MINUTE={rate}
MAX_BODY_BYTES=2000000
CORS_ORIGINS=[]
# Operation -> tenant (or "*") -> secret shared with the sender
WEBHOOK_SECRETS={{}}
WORKER=true
LOG_LEVEL=INFO
"""


def project_files(plan: Plan) -> dict[str, str]:
    """Return the files around the code."""
    blueprint = plan.blueprint
    name = slug(blueprint.title)
    return {
        "pyproject.toml": _PYPROJECT.format(slug=name, version=blueprint.version),
        "Makefile": _MAKEFILE,
        "Dockerfile": _DOCKERFILE,
        "compose.yaml": _COMPOSE,
        ".dockerignore": ".eipas\n.git\n.env\n.venv\ntests\n",
        ".gitattributes": ".eipas/rendered.zip binary linguist-generated\n",
        ".gitignore": ".env\n.venv/\n__pycache__/\n*.egg-info/\n",
        ".github/workflows/ci.yaml": _CI,
        ".env.example": _ENV.format(slug=name, rate=blueprint.auth.rate_limit_per_minute),
        "README.md": _readme(plan),
    }


def _readme(plan: Plan) -> str:
    blueprint = plan.blueprint
    team = [route for route in plan.routes if route.by_actions]
    tenant, _user = key_types(plan)
    tenants = (
        "Rows belong to tenants: row level security shows a caller those of the token's tenant only.\n"
        if tenant
        else ""
    )
    todo = "".join(f"- `{words(r.operation.id)}`: {_md(r.operation.summary)}\n" for r in team)
    unread = "".join(f"- `{words(name)}`: {_md(said)}\n" for name, said in crons(blueprint)[1])
    return f"""# {_md(blueprint.title)}

{_md(blueprint.summary, width=600)}

Run it: `make run`, then <http://localhost:8000/readyz>. Without Docker, beside a PostgreSQL:

```sh
pip install -e '.[dev]'
export DATABASE_URL="${{DATABASE_URL:-postgresql://postgres:postgres@localhost:5432/postgres}}"
python -m app.migrate
python -m uvicorn --factory app.main:create_app --port "${{PORT:-8000}}"
```

Test it: `make test` (a PostgreSQL in `TEST_DATABASE_URL`, or `docker compose up -d database`). Lint it: `make lint`.
Rows to look at: `make seed`.

## Where to look
| what | where |
|---|---|
| the contract | `openapi.yaml` |
| an operation: who may, what it does | `app/routers/` |
| a body's or a result's fields and bounds | `app/models/` |
| what the design could not say | `app/actions.py`, yours |
| sign-ins, schedules, limits as designed | `app/design.py` |
| rules, states, overlaps, tenants, own rows | `migrations/`, `app/core/states.py` |
| sign-in, roles, signatures | `app/core/auth.py`, `app/core/credentials.py`, `app/core/sign_in.py` |
| keys and passwords: making, revoking | `python -m app.accounts --help` |
| pages, filters, order | `app/core/pages.py` |
| repeated requests | `app/core/idempotency.py` |
| versions (ETag), bodies, replies | `app/core/requests.py` |
| limits per minute | `app/core/rate_limits.py` |
| errors | `app/core/problems.py` |
| operations that will go | `DEPRECATED` in `app/design.py`, `app/core/deprecation.py` |
| log, metrics (`/metrics`), traces | `app/core/middleware.py`, `app/core/tracing.py` |
| jobs, schedules, webhooks | `app/core/jobs.py`, `app/core/worker.py`, `app/core/outbox.py`, `app/core/inbox.py` |
| settings | `app/core/settings.py`, `.env.example` |

{tenants}Every connection takes on the role `service_app`, which owns nothing; the login must be a member of it.

## Later iterations
`app/actions.py` is yours: functions are only added behind yours. Every other file may be edited, too: the next
iteration is merged into what you made of this one, line by line. Where both changed the same lines, both stand there
in marks, and `MERGE.md` lists the places. Migrations that were handed over stay as they are; a change of the design is
the next one. `.eipas/rendered.zip` is what was rendered, which that needs: keep it beside the code.

## Yours to write
{todo or "Nothing: the design says all of it."}
{f"Schedules that could not be read:{chr(10)}{unread}" if unread else ""}"""


def _md(said: str, *, width: int = 200) -> str:
    """Return a text that Markdown takes as a text."""
    plain = words(said, width=width)
    return "".join(f"\\{char}" if char in "`*_[]<>#|" else char for char in plain)
