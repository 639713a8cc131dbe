"""A world for the tests: two tenants, rows that fit, and people who sign in by whatever way the design has."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
import jwt
import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg import sql
from psycopg.rows import dict_row

from app import design
from app.core.credentials import hashed
from app.core.settings import Settings
from tests.data import Entity, Trial
from tests.trials import ENTITIES, ROLES, TENANT_ENTITY, USER_ENTITY

CERTIFICATE_HEADER = "X-Client-Subject"
SECRET = "a secret of the tests"
_counter = itertools.count(1)


class CannotMake(Exception):
    """No row of the entity can be made up: its columns have patterns, or its keys run in circles."""


@dataclass
class World:
    """What the tests share: an owner's connection, a client, a key that tokens are signed with."""

    url: str
    http: httpx.Client
    key: rsa.RSAPrivateKey
    tenants: list[str] = field(default_factory=list)
    users: dict[tuple[str, int], str] = field(default_factory=dict)
    issued: dict[tuple[str, str, int], dict[str, str]] = field(default_factory=dict)
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def connect(self) -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(self.url, row_factory=dict_row, autocommit=True)

    def settle(self) -> None:
        """Make two tenants, and a user for every role in each."""
        self._count_on()
        for number in range(2):
            if TENANT_ENTITY:
                entity = ENTITIES[TENANT_ENTITY]
                self.tenants.append(str(self.row(TENANT_ENTITY, number)[entity.key[0]]))
            else:
                self.tenants.append(_new_id(design.TENANT_TYPE) if design.TENANT_TYPE else "")
        for role in ("", *ROLES):
            for number in range(2):
                self.users[role, number] = self._user(number)

    def _count_on(self) -> None:
        """Go on where rows that are there already ended, so that what differs from row to row still does."""
        union = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT count(*) AS rows FROM {}").format(sql.Identifier(entity.table))
            for entity in ENTITIES.values()
        )
        with self.connect() as connection:
            there = [row["rows"] for row in connection.execute(union).fetchall()] if ENTITIES else []
        self.counter = itertools.count(sum(there) + 1)

    def _user(self, tenant: int) -> str:
        if not USER_ENTITY:
            return _new_id(design.USER_TYPE)
        try:
            return str(self.row(USER_ENTITY, tenant)[ENTITIES[USER_ENTITY].key[0]])
        except CannotMake:  # only rows that have to point at somebody cannot be made then
            return _new_id(design.USER_TYPE)

    def row(self, name: str, tenant: int, values: Mapping[str, str] | None = None, depth: int = 0) -> dict[str, Any]:
        """Put a row that fits into the database, with all that it points at, and return it."""
        values = values or {}
        entity = ENTITIES[name]
        if entity.missing or depth > 8:
            raise CannotMake(f"{name}: {', '.join(entity.missing) or 'its keys run in circles'}")
        number = next(self.counter)
        said = {c: _varied(entity, c, value, number) for c, value in entity.stored.items()}
        if entity.tenant and tenant < len(self.tenants):
            said[entity.tenant] = self.tenants[tenant]
        for key in entity.keys:
            wanted = [c for c in key.columns if c != entity.tenant]
            if not wanted or not key.required or key.entity == name or set(wanted) <= set(values):
                continue
            parent = self.row(key.entity, tenant, depth=depth + 1)
            said |= {c: str(parent[t]) for c, t in zip(key.columns, key.target, strict=True) if c != entity.tenant}
        said |= values
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING *").format(
            sql.Identifier(entity.table),
            sql.SQL(", ").join(map(sql.Identifier, said)),
            sql.SQL(", ").join([sql.Placeholder()] * len(said)),
        )
        if not said:
            statement = sql.SQL("INSERT INTO {} DEFAULT VALUES RETURNING *").format(sql.Identifier(entity.table))
        with self.connect() as connection:
            try:
                made = connection.execute(statement, list(said.values())).fetchone()
            except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
                raise CannotMake(f"{name}: {error.diag.message_primary}") from error
        assert made is not None
        return made

    def body(self, name: str, tenant: int) -> dict[str, Any]:
        """Return what a new row needs, as callers send it, with all that it points at."""
        row = self.row(name, tenant)
        entity = ENTITIES[name]
        with self.connect() as connection:
            keys = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(c)) for c in entity.key)
            table = sql.Identifier(entity.table)
            statement = sql.SQL("DELETE FROM {} WHERE {}").format(table, keys)
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement, [row[c] for c in entity.key])
        pointed = {c for key in entity.keys for c in key.columns if key.required} & set(entity.writable)
        varied = {*entity.free, *entity.counted, *entity.days}
        sent = {c: _sent(row[c]) if c in varied else v for c, v in entity.sent.items()}
        return {**sent, **{c: row[c] if isinstance(row[c], int) else str(row[c]) for c in pointed}}

    def path(self, trial: Trial, row: dict[str, Any] | None) -> str:
        """Return the operation's path for a row, or for one that nobody has."""
        said = {}
        for name, column, kind in trial.parameters:
            known = row is not None and column in row
            said[name] = str(row[column]) if known and row is not None else _new_id(kind)
        return trial.path.format(**said)

    def headers(self, trial: Trial, role: str, tenant: int = 0) -> dict[str, str]:
        """Return the headers with which somebody of the role calls the operation."""
        base = {"Idempotency-Key": uuid.uuid4().hex} if trial.keyed else {}
        ways = [w for w in design.SIGN_INS if not trial.ways or w.name in trial.ways]
        way = next((w for w in ways if not w.roles or not role or role in w.roles), None)
        if way is None or way.scheme == "none":
            return base
        if way.scheme in ("api_key", "basic", "mtls"):
            return base | self._credential(way.scheme, role, tenant)
        token = self.token(role, tenant)
        if way.scheme == "session":
            return base | {"Cookie": f"session={token}; csrf=c", "X-CSRF-Token": "c"}
        return base | {"Authorization": f"Bearer {token}"}

    def can_sign_in(self, trial: Trial, role: str) -> bool:
        """Whether one of the operation's ways to sign in is for the role."""
        ways = [w for w in design.SIGN_INS if not trial.ways or w.name in trial.ways]
        return any(not w.roles or role in w.roles for w in ways)

    def token(self, role: str, tenant: int = 0, claims: Mapping[str, object] | None = None) -> str:
        now, config = int(time.time()), Settings()
        said: dict[str, object] = {
            "iss": config.token_issuer,
            "aud": config.token_audience,
            "sub": self.users[role, tenant],
            "iat": now,
            "exp": now + 60,
            "roles": [role] if role else [],
            "amr": ["mfa"],
            "tenant_id": self.tenants[tenant],
        }
        return jwt.encode(said | dict(claims or {}), self.key, "RS256")

    def _credential(self, scheme: str, role: str, tenant: int) -> dict[str, str]:
        found = self.issued.get((scheme, role, tenant))
        if found is not None:
            return found
        given = secrets.token_urlsafe(32)
        identity = {"api_key": hashlib.sha256(given.encode()).hexdigest(), "mtls": f"CN={given}"}.get(scheme, given)
        kept = hashed(given) if scheme == "basic" else None
        with self.connect() as connection:
            connection.execute(
                "INSERT INTO service.credentials (scheme, identity, secret, name, user_id, tenant_id, roles)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (scheme, identity, kept, given, self.users[role, tenant], self.tenants[tenant], [role] if role else []),
            )
        pair = base64.b64encode(f"{given}:{given}".encode()).decode()
        headers = {
            "api_key": {"X-API-Key": given},
            "mtls": {CERTIFICATE_HEADER: f"CN={given}"},
            "basic": {"Authorization": f"Basic {pair}"},
        }[scheme]
        self.issued[scheme, role, tenant] = headers
        return headers

    def private_key(self) -> bytes:
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    def public_key(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form)


def _varied(entity: Entity, column: str, value: str, number: int) -> str:
    """Return a column's value for the row of this number: another one where rows must or may differ."""
    if column in entity.counted:
        low, high = entity.counted[column]
        return str(low + number % (high - low + 1))
    if column in entity.days:
        return f"{date(2026, 1, 15) + timedelta(days=number)}{value[10:]}"
    if column not in entity.free:
        return value
    return f"{number}{value}" if "@" in value else f"{number} {value}"[: entity.free[column]]


def _sent(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _new_id(kind: str) -> str:
    if kind in ("integer", "bigint"):
        return str(1_000_000_000 + next(_counter))
    if kind in ("uuid", ""):
        return str(uuid.uuid4())
    if kind == "date":
        return "2026-01-15"
    return f"x{next(_counter)}"
