-- The second factor of who signs in with a password: the secret that an authenticator app shares (RFC 6238), and the last
-- half minute of which a code was taken, so that none is taken twice.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

ALTER TABLE service.credentials ADD COLUMN factor TEXT;
ALTER TABLE service.credentials ADD COLUMN factor_used BIGINT DEFAULT 0 NOT NULL;
GRANT UPDATE (factor_used) ON service.credentials TO service_app;
