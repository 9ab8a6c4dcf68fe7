-- How is a table closed to change? One guard for every append-only table of the house.
-- in:  append_only_close(table): the table to close
-- out: a row trigger that refuses UPDATE and DELETE, and no UPDATE, DELETE or TRUNCATE right for anybody but the owner
-- why: an act that happened is corrected by another act, never edited; privilege stops the application, the trigger
--      stops everybody who is not allowed to drop it
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public
AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Record a new row that refers to the old one.';
END
$$;

CREATE OR REPLACE FUNCTION append_only_close(closed regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public
AS $$
DECLARE
    other text;
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS append_only ON %s', closed);
    EXECUTE format(
        'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION append_only_refuse()',
        closed
    );
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM PUBLIC', closed);
    FOR other IN
        SELECT DISTINCT quote_ident(pg_get_userbyid(acl.grantee))
        FROM pg_class c, LATERAL aclexplode(c.relacl) AS acl
        WHERE c.oid = closed AND acl.grantee <> 0 AND acl.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %s', closed, other);
    END LOOP;
END
$$;
