"""Tables that no entity asks for but the service needs: repeated requests, messages to send, the history of rows.

They are assumed, and say so in their comments.
"""

# ruff: noqa: S608 - the statements are put together from quoted names and literals, and are a file for people

from __future__ import annotations

from dataclasses import dataclass

from bot.roles.backend_developer.blueprint import Blueprint, RuleKind
from bot.roles.backend_developer.renderers.names import body, identifier, literal, quoted
from bot.roles.backend_developer.renderers.tables import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportTable:
    """One of them: the statements that make it and those that take it away."""

    name: str
    create: str
    drop: str


def support_tables(blueprint: Blueprint) -> tuple[SupportTable, ...]:
    """Return those that the blueprint needs."""
    found = []
    if any(op.idempotent for op in blueprint.operations):
        found.append(_idempotency(free_name(blueprint, "idempotency_keys")))
    if blueprint.events:
        found.append(_outbox(free_name(blueprint, "outbox")))
    if any(rule.kind is RuleKind.AUDIT for rule in blueprint.rules):
        found.append(_history(history_name(blueprint)))
    return tuple(found)


def history_name(blueprint: Blueprint) -> str:
    """Return the name of the table that keeps what was changed."""
    return free_name(blueprint, "row_history")


def free_name(blueprint: Blueprint, name: str) -> str:
    """Return a table's name that no entity and no link has taken."""
    taken = {shape.name.lower() for shape in tables(blueprint)}
    while name in taken:
        name = f"service_{name}"
    return name


def _idempotency(name: str) -> SupportTable:
    own = quoted(name)
    words = "Assumed: first responses of requests with an Idempotency-Key, kept for 24 hours."
    create = f"""CREATE TABLE {own} (
    caller TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    request_digest BYTEA NOT NULL,
    status BIGINT,
    response JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() + interval '24 hours' NOT NULL,
    CONSTRAINT {quoted(identifier("pk", name))} PRIMARY KEY (caller, operation, key),
    CONSTRAINT {quoted(identifier("ck", name, "key"))} CHECK (char_length(key) <= 255)
);
CREATE INDEX {quoted(identifier("ix", name, "expires_at"))} ON {own} (expires_at);
COMMENT ON TABLE {own} IS {literal(words)};
"""
    return SupportTable(name=name, create=create, drop=f"DROP TABLE IF EXISTS {own};\n")


def _outbox(name: str) -> SupportTable:
    own = quoted(name)
    words = "Assumed: events to deliver, written in the transaction that causes them, delivered at least once in order."
    create = f"""CREATE TABLE {own} (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload JSONB NOT NULL,
    attempts BIGINT DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT {quoted(identifier("pk", name))} PRIMARY KEY (id)
);
CREATE INDEX {quoted(identifier("ix", name, "waiting"))} ON {own} (next_attempt_at, id) WHERE delivered_at IS NULL;
COMMENT ON TABLE {own} IS {literal(words)};
"""
    return SupportTable(name=name, create=create, drop=f"DROP TABLE IF EXISTS {own};\n")


def _history(name: str) -> SupportTable:
    own, keep, fixed = quoted(name), quoted(identifier("keep", name)), quoted(identifier("fix", name))
    words = "Assumed: every change of the audited tables, with who made it; only appended."
    kept = f"""DECLARE secret text[] = COALESCE(TG_ARGV::text[], ARRAY[]::text[]);
BEGIN
    INSERT INTO {own} (actor, role, tenant, changed_table, change, old_row, new_row)
    VALUES (
        current_setting('app.user_id', true), current_setting('app.role', true),
        current_setting('app.tenant_id', true), TG_TABLE_NAME, TG_OP,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - secret END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - secret END
    );
    RETURN NULL;
END"""
    refused = "BEGIN\n    RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = 'History is only appended.';\nEND"
    create = f"""CREATE TABLE {own} (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    happened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    actor TEXT,
    role TEXT,
    tenant TEXT,
    changed_table TEXT NOT NULL,
    change TEXT NOT NULL,
    old_row JSONB,
    new_row JSONB,
    CONSTRAINT {quoted(identifier("pk", name))} PRIMARY KEY (id)
);
CREATE INDEX {quoted(identifier("ix", name, "changed_table"))} ON {own} (changed_table, happened_at);
COMMENT ON TABLE {own} IS {literal(words)};
CREATE FUNCTION {keep}() RETURNS trigger
LANGUAGE plpgsql
AS {body(kept)};
CREATE FUNCTION {fixed}() RETURNS trigger
LANGUAGE plpgsql
AS {body(refused)};
CREATE TRIGGER {fixed} BEFORE UPDATE OR DELETE ON {own} FOR EACH ROW EXECUTE FUNCTION {fixed}();
"""
    drop = f"DROP TABLE IF EXISTS {own};\nDROP FUNCTION IF EXISTS {keep}();\nDROP FUNCTION IF EXISTS {fixed}();\n"
    return SupportTable(name=name, create=create, drop=drop)
