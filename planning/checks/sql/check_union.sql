-- How much of the zone do these features touch, each square metre once, class by class?
-- in:  zone · edition · classes (NULL: all)
-- out: per class, in the order of class codes: m² that no earlier class has taken, number of features
-- why: only needed when features of an edition overlap one another; a second question, asked rarely
CREATE OR REPLACE FUNCTION check_union(zone geometry, edition bigint, classes text[])
RETURNS TABLE (class_code text, area_m2 double precision, features bigint)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 10
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    taken geometry := NULL;
    class record;
    joined geometry;
BEGIN
    FOR class IN
        SELECT feature.class_code::text AS code, count(*) AS features, ST_Union(found.piece) AS piece
        FROM check_overlap(zone, ARRAY[edition]) found
        JOIN layers_feature feature ON feature.id = found.feature_id
        WHERE found.dims = 2 AND found.overlap_m2 > 0 AND (classes IS NULL OR feature.class_code = ANY (classes))
        GROUP BY feature.class_code ORDER BY feature.class_code
    LOOP
        joined := CASE WHEN taken IS NULL THEN class.piece ELSE ST_Union(taken, class.piece) END;
        class_code := class.code;
        features := class.features;
        area_m2 := ST_Area(joined) - coalesce(ST_Area(taken), 0);
        taken := joined;
        RETURN NEXT;
    END LOOP;
END
$$;
