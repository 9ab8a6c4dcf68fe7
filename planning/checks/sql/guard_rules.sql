-- May a rule still be changed? Only while its set is a draft.
-- in:  rows of checks_ruleset and checks_rule
-- out: a refusal (restrict_violation) of every change to a published set, and to the rules of one
-- why: a stored run names the version it was asked against; that version must read the same for ever. Privileges cannot
--      say this, because drafts live in the same tables and are edited by the application
CREATE OR REPLACE FUNCTION guard_ruleset() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public
AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'published rules are never changed or removed (rule set %)', OLD.version
            USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version.';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION guard_rule() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public
AS $$
DECLARE
    closed integer;
BEGIN
    -- The lock makes a publication wait for a rule being written, and the writing see a publication that came first.
    SELECT version INTO closed
    FROM (
        SELECT version, published_at FROM checks_ruleset
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.rule_set_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.rule_set_id END)
        FOR SHARE
    ) AS sets
    WHERE published_at IS NOT NULL
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'published rules are never changed or removed (rule set %)', closed
            USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version.';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS guard_ruleset ON checks_ruleset;
CREATE TRIGGER guard_ruleset BEFORE UPDATE OR DELETE ON checks_ruleset
FOR EACH ROW EXECUTE FUNCTION guard_ruleset();

DROP TRIGGER IF EXISTS guard_rule ON checks_rule;
CREATE TRIGGER guard_rule BEFORE INSERT OR UPDATE OR DELETE ON checks_rule
FOR EACH ROW EXECUTE FUNCTION guard_rule();
