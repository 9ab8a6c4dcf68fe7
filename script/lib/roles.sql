-- Which rights does the database start with? Roles of a cluster: the owner migrates, the application serves.
-- Run by a superuser, again and again without harm; passwords come from OWNER_PASSWORD and APP_PASSWORD.
-- For a server of your own: psql -f roles.sql, then template.sql in each new database.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
SET log_min_error_statement = panic;
SET log_min_duration_statement = -1;
SET password_encryption = 'scram-sha-256';

SELECT 'CREATE ROLE datnghe_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'datnghe_owner') \gexec
SELECT 'CREATE ROLE datnghe_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'datnghe_app') \gexec

-- CREATEDB: test and demo databases are copies of a template
ALTER ROLE datnghe_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE datnghe_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';

-- compiling a query costs more than running it here; a request never waits long for a row somebody else holds
ALTER ROLE datnghe_owner SET jit = off;
ALTER ROLE datnghe_owner SET lock_timeout = '3s';
ALTER ROLE datnghe_app SET jit = off;
ALTER ROLE datnghe_app SET lock_timeout = '3s';
ALTER ROLE datnghe_app SET statement_timeout = '5s';
ALTER ROLE datnghe_app SET idle_in_transaction_session_timeout = '30s';
