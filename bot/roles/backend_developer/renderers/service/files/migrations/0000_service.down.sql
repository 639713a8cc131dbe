-- Takes 0000_service.sql back. Destroys every row: take a backup first. The role stays: other databases may have it.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM service_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE USAGE ON SEQUENCES FROM service_app;
REVOKE USAGE ON SCHEMA public FROM service_app;
DROP SCHEMA service CASCADE;
