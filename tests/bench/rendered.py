"""Goal 8: a rendered service beside a hand-written one over the same tables, and raw ASGI as the limit of both."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from psycopg.conninfo import make_conninfo

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.service import render_service
from tests.bench.plan import Plan
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding
from tests.service.samples import crud, plain

SIDES = Path(__file__).parent / "service_sides"
CONNECTIONS = 16
ROWS = 20_000
KINDS = ("list", "read", "create")
BUDGETS = {"p95 of a write, ms": 300.0, "writes per second": 200.0}
"""What the sample's people ask for: a scan within 300 ms, 200 scans a second."""


def shop() -> Blueprint:
    """Return a design with tenants and one entity."""
    fields = [
        {"name": "name", "type": "string"}, {"name": "price", "type": "integer"},
        {"name": "notes", "type": "string", "required": False},
    ]  # fmt: skip
    return plain(
        title="Shop",
        tenant="Tenant",
        entities=[
            {"name": "Tenant", "plural": "tenants", "fields": [{"name": "name", "type": "string"}]},
            {"name": "Item", "plural": "items", "tenant_scoped": True, "fields": fields},
        ],
        operations=[{**one, "roles": ["admin", "guest"]} for one in crud("Item", "/items")],
    )


@dataclass(slots=True)
class Stage:
    """The database, who calls, and the servers, of which one runs at a time."""

    url: str
    tenant: str
    items: list[str]
    token: str
    servers: dict[str, tuple[subprocess.Popen[bytes], int]] = field(default_factory=dict)


async def measure(_seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Load each side in turn with lists, reads and creates, and compare them round by round."""
    python = await asyncio.to_thread(_python, folder)
    async with AsyncExitStack() as stack:
        server = PostgresServer(max_connections=60)
        await asyncio.to_thread(server.start)
        stack.callback(server.stop)
        stage = await asyncio.to_thread(_set_up, server.url, folder)
        for side in ("rendered", "handwritten", "raw"):
            _start(stage, side, python, folder)
            stack.callback(_stop, stage.servers[side][0])
        rates: dict[tuple[str, str], list[float]] = {}
        slowest: dict[tuple[str, str], list[float]] = {}
        for turn in range(plan.rounds + 1):
            for kind in KINDS:
                for side in stage.servers:
                    rate, p95 = await _loaded(stage, side, kind, max(1.5, plan.seconds))
                    if turn:  # the first round warms up
                        rates.setdefault((kind, side), []).append(rate)
                        slowest.setdefault((kind, side), []).append(p95)
    return _said(rates, slowest)


def _said(
    rates: Mapping[tuple[str, str], list[float]], slowest: Mapping[tuple[str, str], list[float]]
) -> tuple[list[Goal], list[Section]]:
    goals = []
    for kind in KINDS:
        pairs = zip(rates[kind, "rendered"], rates[kind, "handwritten"], strict=True)
        share = Spread([ours / theirs for ours, theirs in pairs])
        what = f"rendered service, {kind}: requests per second, of the hand-written one's"
        goals.append(Goal(number=8, what=what, found=share, unit="x", least=0.9))
    p95, rate = slowest["create", "rendered"], rates["create", "rendered"]
    goals.append(Goal(number=8, what="rendered service, create: p95", found=Spread(p95), unit="ms",
                      most=BUDGETS["p95 of a write, ms"]))  # fmt: skip
    goals.append(Goal(number=8, what="rendered service, create: per second", found=Spread(rate), unit="/s",
                      least=BUDGETS["writes per second"]))  # fmt: skip
    rows = [
        [kind, side, Spread(rates[kind, side]).words(0), Spread(slowest[kind, side]).words(1)]
        for kind in KINDS
        for side in ("rendered", "handwritten", "raw")
    ]
    note = (
        f"{CONNECTIONS} connections, one process, {ROWS:,} rows of the tenant; client, server and PostgreSQL share the "
        "machine. The hand-written service keeps the same contract; the raw one only runs the queries."
    )
    head = ["what", "server", "requests per second", "p95, ms"]
    return goals, [Section(title="A rendered service", head=head, rows=rows, note=note)]


# -- the load ------------------------------------------------------------------------------------------------------


async def _loaded(stage: Stage, side: str, kind: str, seconds: float) -> tuple[float, float]:
    """Return requests per second and p95 in milliseconds of one side under one kind of load."""
    process, port = stage.servers[side]
    process.send_signal(signal.SIGCONT)
    try:
        took: list[float] = []
        until = time.perf_counter() + seconds
        make = _requests(stage, kind)
        began = time.perf_counter()
        await asyncio.gather(*(_client(port, make, until, took) for _ in range(CONNECTIONS)))
        elapsed = time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGSTOP)
    return len(took) / elapsed, quantiles(took, n=20)[-1] * 1000


def _requests(stage: Stage, kind: str) -> Callable[[], bytes]:
    head = f"Host: bench\r\nAuthorization: Bearer {stage.token}\r\n"
    numbers = iter(range(10**9))
    if kind == "list":
        return lambda: f"GET /api/v1/items HTTP/1.1\r\n{head}\r\n".encode()
    if kind == "read":
        return lambda: (
            f"GET /api/v1/items/{stage.items[next(numbers) % len(stage.items)]} HTTP/1.1\r\n{head}\r\n".encode()
        )
    body = json.dumps({"name": "A kettle", "price": 4990, "notes": "red"})
    more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return lambda: f"POST /api/v1/items HTTP/1.1\r\n{head}{more}Idempotency-Key: {uuid.uuid4()}\r\n\r\n{body}".encode()


async def _client(port: int, make: Callable[[], bytes], until: float, took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(make())
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            if status not in (200, 201):
                raise RuntimeError(f"answered {head[:200]!r}")
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            if length:
                await reader.readexactly(int(length))
            else:
                await _chunks(reader)
            took.append(time.perf_counter() - began)
    finally:
        writer.close()


async def _chunks(reader: asyncio.StreamReader) -> None:
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)


# -- the stage -----------------------------------------------------------------------------------------------------


def _python(folder: Path) -> Path:
    """Return a Python that has a service's packages: `EIPAS_SERVICE_PYTHON`, or one made here."""
    given = os.environ.get("EIPAS_SERVICE_PYTHON")
    if given:
        return Path(given)
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    project = tomllib.loads(render_service(shop())["pyproject.toml"])["project"]
    pip = [folder / "env" / "bin" / "pip", "install", "--quiet", *project["dependencies"]]
    subprocess.run(pip, check=True)
    return folder / "env" / "bin" / "python"


def _set_up(server: str, folder: Path) -> Stage:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench")
    url = make_conninfo(server, dbname="bench")
    for name, text in render_service(shop()).items():
        (folder / "service" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "service" / name).write_text(text, "utf-8")
    with psycopg.connect(url) as connection:
        for file in sorted((folder / "service" / "migrations").glob("*.sql")):
            if not file.name.endswith(".down.sql"):
                connection.execute(file.read_bytes())
    with psycopg.connect(url) as connection:
        made = connection.execute("INSERT INTO tenants (name) VALUES ('a'), ('b') RETURNING id").fetchall()
        seed = (
            "INSERT INTO items (tenant_id, name, price, created_at) SELECT %s, 'Item ' || n, n,"
            " now() - n * interval '1 second' FROM generate_series(1, %s) n"
        )
        for (tenant,) in made:
            connection.execute(seed, (tenant, ROWS))
        tenant = str(made[0][0])
        found = connection.execute("SELECT id FROM items WHERE tenant_id = %s LIMIT 500", (tenant,)).fetchall()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    (folder / "public.pem").write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))
    return Stage(url, tenant, [str(row[0]) for row in found], _token(key, tenant))


def _token(key: rsa.RSAPrivateKey, tenant: str) -> str:
    from base64 import urlsafe_b64encode

    now = int(time.time())
    claims = {
        "iss": "https://identity.example.com", "aud": "shop", "sub": "ada", "iat": now, "exp": now + 890,
        "roles": ["admin"], "tenant_id": tenant, "amr": ["mfa"],
    }  # fmt: skip
    parts = [json.dumps(one).encode() for one in ({"alg": "RS256", "typ": "JWT"}, claims)]
    said = ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    signed = key.sign(said.encode(), padding.PKCS1v15(), SHA256())
    return f"{said}.{urlsafe_b64encode(signed).decode().rstrip('=')}"


def _start(stage: Stage, side: str, python: Path, folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment: dict[str, Any] = {
        **os.environ, "DATABASE_URL": stage.url, "TOKEN_PUBLIC_KEY_FILE": str(folder / "public.pem"),
        "TENANT": stage.tenant, "AUDIENCE": "shop", "RATE_LIMIT_PER_MINUTE": "1000000000", "LOG_LEVEL": "WARNING",
        "WORKER": "false", "PYTHONPATH": "", "TOKEN_AUDIENCE": "shop", "SECRET": secrets.token_hex(4),
    }  # fmt: skip
    app = {"rendered": ["--factory", "app.main:create_app"]}.get(side, [f"{side}:app"])
    command = [python, "-m", "uvicorn", *app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    place = folder / "service" if side == "rendered" else SIDES
    log = (folder / f"{side}.log").open("wb")
    process = subprocess.Popen(command, cwd=place, env=environment, stdout=log, stderr=log)
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError((folder / f"{side}.log").read_text()[-2000:])
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                break
        except OSError:
            time.sleep(0.1)
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/items/{stage.items[0]}")
    request.add_header("Authorization", f"Bearer {stage.token}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["id"] == stage.items[0], side
    process.send_signal(signal.SIGSTOP)
    stage.servers[side] = (process, port)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
