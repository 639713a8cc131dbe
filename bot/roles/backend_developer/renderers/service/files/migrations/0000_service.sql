-- What the service itself needs, whatever the design is: its role, limits, jobs, events, credentials, audit.
-- Runs in one transaction: psql --single-transaction --file <this file>
SET lock_timeout = '5s';
SET statement_timeout = '60s';

-- The role that every connection of the service takes on. It owns nothing, so row level security holds for it.
DO $$
BEGIN
    CREATE ROLE service_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

CREATE SCHEMA service;
GRANT USAGE ON SCHEMA service TO service_app;
GRANT USAGE ON SCHEMA public TO service_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO service_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO service_app;

-- Unlogged: after a crash of the database the minute begins anew.
CREATE UNLOGGED TABLE service.rate_windows (
    caller TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used BIGINT NOT NULL,
    CONSTRAINT pk_rate_windows PRIMARY KEY (caller, starts_at)
);

CREATE TABLE service.jobs (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,
    caller TEXT NOT NULL,
    caller_role TEXT NOT NULL,
    user_id TEXT NOT NULL,
    input JSONB NOT NULL,
    trace TEXT DEFAULT '' NOT NULL,
    status TEXT DEFAULT 'queued' NOT NULL,
    attempts BIGINT DEFAULT 0 NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    result JSONB,
    failure TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_jobs PRIMARY KEY (id),
    CONSTRAINT ck_jobs_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
);
CREATE INDEX ix_jobs_waiting ON service.jobs (next_attempt_at) WHERE status IN ('queued', 'running');

CREATE TABLE service.schedule_runs (
    name TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_schedule_runs PRIMARY KEY (name, due_at)
);

CREATE TABLE service.outbox (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    event TEXT NOT NULL,
    tenant TEXT NOT NULL,
    payload JSONB NOT NULL,
    trace TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    fanned_out_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_waiting ON service.outbox (created_at) WHERE fanned_out_at IS NULL;

CREATE TABLE service.webhook_subscriptions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    tenant TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    events TEXT[] DEFAULT '{}' NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webhook_subscriptions PRIMARY KEY (id),
    CONSTRAINT ck_webhook_subscriptions_url CHECK (url ~ '^https?://')
);
CREATE INDEX ix_webhook_subscriptions_tenant ON service.webhook_subscriptions (tenant);

CREATE TABLE service.deliveries (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    event_id UUID NOT NULL,
    subscription_id UUID NOT NULL,
    attempts BIGINT DEFAULT 0 NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    given_up_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_deliveries PRIMARY KEY (id),
    CONSTRAINT fk_deliveries_event FOREIGN KEY (event_id) REFERENCES service.outbox (id) ON DELETE CASCADE,
    CONSTRAINT fk_deliveries_subscription
        FOREIGN KEY (subscription_id) REFERENCES service.webhook_subscriptions (id) ON DELETE CASCADE
);
CREATE INDEX ix_deliveries_event_id ON service.deliveries (event_id);
CREATE INDEX ix_deliveries_subscription_id ON service.deliveries (subscription_id);
CREATE INDEX ix_deliveries_waiting ON service.deliveries (next_attempt_at)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;

-- Signed calls that were received, so that the same call is taken once.
CREATE TABLE service.inbox (
    operation TEXT NOT NULL,
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    body JSONB NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (operation, tenant, digest)
);

CREATE TABLE service.credentials (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    scheme TEXT NOT NULL,
    identity TEXT NOT NULL,
    secret TEXT,
    name TEXT NOT NULL,
    user_id TEXT,
    tenant_id TEXT,
    roles TEXT[] DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_credentials PRIMARY KEY (id),
    CONSTRAINT uq_credentials_identity UNIQUE (scheme, identity),
    CONSTRAINT ck_credentials_scheme CHECK (scheme IN ('api_key', 'basic', 'mtls')),
    CONSTRAINT ck_credentials_secret CHECK (scheme <> 'basic' OR secret IS NOT NULL)
);

CREATE TABLE service.audit_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    happened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    caller TEXT NOT NULL,
    role TEXT NOT NULL,
    tenant TEXT NOT NULL,
    operation TEXT NOT NULL,
    changed_table TEXT NOT NULL,
    changed_key TEXT NOT NULL,
    request_id TEXT NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA service TO service_app;
REVOKE UPDATE, DELETE ON service.audit_log FROM service_app;
REVOKE INSERT, UPDATE, DELETE ON service.credentials FROM service_app;
