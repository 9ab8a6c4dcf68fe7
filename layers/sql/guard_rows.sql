-- in:  parts as they come and change, editions as they go; one statement's rows at a time (features: guard_editions)
-- out: an error where a foreign key would give one: a part without its feature in its edition, an edition that goes
--      before its features or takes another number
-- why: a foreign key asks row by row when the transaction ends: of 100,000 rows 0.4 s for each of three keys, and a lock is
--      written into each feature. One question for all rows of a statement promises the same: the editions meant are
--      locked as a key would lock them (FOR KEY SHARE), so that none can go meanwhile; whoever takes features away
--      locks their edition against parts that come.
CREATE OR REPLACE FUNCTION layers_parts_have_their_feature() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
BEGIN
    PERFORM FROM layers_edition e WHERE e.id IN (SELECT DISTINCT edition_id FROM touched) FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM touched t
        WHERE NOT EXISTS (SELECT FROM layers_feature f WHERE f.id = t.feature_id AND f.edition_id + 0 = t.edition_id)
    ) THEN
        RAISE EXCEPTION 'a part without its feature in its edition' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION layers_edition_is_empty() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'an edition keeps its id' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM touched t JOIN layers_feature f ON f.edition_id = t.id) THEN
        RAISE EXCEPTION 'an edition still has its features' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS part_insert_of_feature ON layers_featurepart;
CREATE TRIGGER part_insert_of_feature AFTER INSERT ON layers_featurepart
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION layers_parts_have_their_feature();
DROP TRIGGER IF EXISTS part_update_of_feature ON layers_featurepart;
CREATE TRIGGER part_update_of_feature AFTER UPDATE ON layers_featurepart
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION layers_parts_have_their_feature();
DROP TRIGGER IF EXISTS edition_delete_empty ON layers_edition;
CREATE TRIGGER edition_delete_empty AFTER DELETE ON layers_edition
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION layers_edition_is_empty();
DROP TRIGGER IF EXISTS edition_id_stays ON layers_edition;
CREATE TRIGGER edition_id_stays BEFORE UPDATE OF id ON layers_edition
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION layers_edition_is_empty();
