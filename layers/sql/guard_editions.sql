-- in:  changes to editions and their features
-- out: an error when a promoted edition or its features would be edited
-- why: a kept check names its edition; it must find the same rows again. Parts and flags are derived and stay free.
CREATE OR REPLACE FUNCTION layers_features_are_closed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'features are never edited: load a new edition' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM layers_edition e
        WHERE e.status <> 'staged' AND e.id IN (SELECT DISTINCT edition_id FROM touched)
    ) THEN
        RAISE EXCEPTION 'the edition is promoted and closed: load a new edition' USING ERRCODE = 'restrict_violation';
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
