-- What does every database of the project contain before its first migration? Extensions (they need a superuser) and
-- default rights. No table of ours. Run by a superuser inside the database.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pgcrypto;

GRANT ALL ON SCHEMA public TO datnghe_owner;
GRANT USAGE ON SCHEMA public TO datnghe_app;
-- the first migration adds the VN-2000 zones that PostGIS may lack
GRANT SELECT, INSERT, UPDATE ON spatial_ref_sys TO datnghe_owner;

-- what the owner creates later, the application may use; append-only tables take rights away in their migrations
ALTER DEFAULT PRIVILEGES FOR ROLE datnghe_owner GRANT USAGE ON SCHEMAS TO datnghe_app;
ALTER DEFAULT PRIVILEGES FOR ROLE datnghe_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO datnghe_app;
ALTER DEFAULT PRIVILEGES FOR ROLE datnghe_owner GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO datnghe_app;
ALTER DEFAULT PRIVILEGES FOR ROLE datnghe_owner GRANT EXECUTE ON FUNCTIONS TO datnghe_app;
