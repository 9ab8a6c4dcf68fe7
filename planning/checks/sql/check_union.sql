-- How much of the zone do these features touch, each square metre once, class by class?
-- in:  zone · edition · classes (NULL: all) · verified: test every overlay
-- out: per class, in the order of class codes: m² that no earlier class has taken, number of features, sound
-- why: only needed when features of an edition overlap one another; a second question, asked rarely
CREATE OR REPLACE FUNCTION check_union(zone geometry, edition bigint, classes text[], verified boolean DEFAULT false)
RETURNS TABLE (class_code text, area_m2 double precision, features bigint, sound boolean)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 10
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    codes text[];
    pieces geometry[];
    cut_sound boolean;
BEGIN
    SELECT array_agg(feature.class_code::text ORDER BY feature.class_code, feature.geom_hash),
           array_agg(found.piece ORDER BY feature.class_code, feature.geom_hash),
           bool_and(found.sound)
    INTO codes, pieces, cut_sound
    FROM check_overlap(zone, ARRAY[edition], verified) found
    JOIN layers_feature feature ON feature.id = found.feature_id
    WHERE found.dims = 2 AND (found.overlap_m2 > 0 OR NOT found.sound)
      AND (classes IS NULL OR feature.class_code = ANY (classes));

    RETURN QUERY
    SELECT codes[added.place], sum(added.fresh_m2::numeric)::double precision, count(*),
           bool_and(added.sound) AND cut_sound
    FROM check_once(pieces, verified) AS added
    GROUP BY codes[added.place] ORDER BY codes[added.place];
END
$$;
