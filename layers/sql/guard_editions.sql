-- in:  changes to editions and their features
-- out: an error when a promoted edition or its features would be edited; and, where a foreign key would give one, when a
--      feature comes without its edition or goes before its parts (guard_rows says why)
-- why: a kept check names its edition; it must find the same rows again. Parts and flags are derived and stay free.
CREATE OR REPLACE FUNCTION layers_features_are_closed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    editions bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'features are never edited: load a new edition' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT array_agg(DISTINCT edition_id) INTO editions FROM touched;
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM layers_edition e WHERE e.id = ANY (editions) FOR KEY SHARE;
        IF cardinality(editions) > (SELECT count(*) FROM layers_edition e WHERE e.id = ANY (editions)) THEN
            RAISE EXCEPTION 'a feature without its edition' USING ERRCODE = 'foreign_key_violation';
        END IF;
    ELSE
        PERFORM FROM layers_edition e WHERE e.id = ANY (editions) FOR UPDATE;
    END IF;
    IF EXISTS (SELECT FROM layers_edition e WHERE e.status <> 'staged' AND e.id = ANY (editions)) THEN
        RAISE EXCEPTION 'the edition is promoted and closed: load a new edition' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM touched t JOIN layers_featurepart p ON p.feature_id = t.id
    ) THEN
        RAISE EXCEPTION 'a feature still has its parts' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION layers_edition_is_closed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'edition % is promoted and is kept', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status = 'staged' OR (OLD.status = 'retired' AND NEW.status <> 'retired')
       OR (OLD.layer_id, OLD.number, OLD.effective_from, OLD.looked_on, OLD.source, OLD.licence, OLD.sha256, OLD.schematic,
           OLD.feature_count)
          IS DISTINCT FROM
          (NEW.layer_id, NEW.number, NEW.effective_from, NEW.looked_on, NEW.source, NEW.licence, NEW.sha256, NEW.schematic,
           NEW.feature_count)
       OR ST_AsBinary(OLD.coverage) IS DISTINCT FROM ST_AsBinary(NEW.coverage) THEN
        RAISE EXCEPTION 'edition % is promoted: it can only retire', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS feature_insert_closed ON layers_feature;
CREATE TRIGGER feature_insert_closed AFTER INSERT ON layers_feature
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION layers_features_are_closed();
DROP TRIGGER IF EXISTS feature_delete_closed ON layers_feature;
CREATE TRIGGER feature_delete_closed AFTER DELETE ON layers_feature
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION layers_features_are_closed();
DROP TRIGGER IF EXISTS feature_update_closed ON layers_feature;
CREATE TRIGGER feature_update_closed BEFORE UPDATE ON layers_feature
    FOR EACH STATEMENT EXECUTE FUNCTION layers_features_are_closed();
DROP TRIGGER IF EXISTS edition_closed ON layers_edition;
CREATE TRIGGER edition_closed BEFORE UPDATE OR DELETE ON layers_edition
    FOR EACH ROW WHEN (OLD.status <> 'staged') EXECUTE FUNCTION layers_edition_is_closed();
