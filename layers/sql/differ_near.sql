-- Do two editions of a layer say anything different near a zone?
-- in:  two editions · zone (storage CRS) · reach in metres
-- out: whether a feature whose parts touch the zone's box, grown by reach, is in one of them only; the same feature has the
--      same ground, class, name, identifier and attributes
-- why: most new editions change little, and a question that reads the same rows gets the same answer. Asking this costs
--      two searches of the index; asking the whole check costs a hundred times as much. The box errs on the safe side.
CREATE OR REPLACE FUNCTION layers_differ_near(one bigint, other bigint, zone geometry, reach double precision)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    box geometry := ST_Expand(ST_Envelope(zone), reach);
    ones bigint[];
    others bigint[];
BEGIN
    SELECT array_agg(DISTINCT part.feature_id) INTO ones
    FROM layers_featurepart part WHERE part.edition_id = one
      AND layers_sheet(part.edition_id, part.geom) && layers_sheet(one, box);
    SELECT array_agg(DISTINCT part.feature_id) INTO others
    FROM layers_featurepart part WHERE part.edition_id = other
      AND layers_sheet(part.edition_id, part.geom) && layers_sheet(other, box);
    IF coalesce(cardinality(ones), 0) <> coalesce(cardinality(others), 0) THEN
        RETURN true;
    END IF;
    RETURN EXISTS (
        SELECT FROM (
            SELECT f.geom_hash, f.class_code, f.name, f.source_id, f.attributes, 1 AS side
            FROM layers_feature f WHERE f.id = ANY (ones)
            UNION ALL
            SELECT f.geom_hash, f.class_code, f.name, f.source_id, f.attributes, -1
            FROM layers_feature f WHERE f.id = ANY (others)
        ) AS both_sides
        GROUP BY geom_hash, class_code, name, source_id, attributes
        HAVING sum(side) <> 0
    );
END
$$;
