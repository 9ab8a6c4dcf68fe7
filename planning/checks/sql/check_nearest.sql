-- Which feature of each edition and class lies nearest outside the zone?
-- in:  zone · editions · reach: metres to look
-- out: one row per edition and class that has a feature within reach: distance and the line between the nearest points
-- why: "clear" is worth more with a distance; a planner moves a boundary differently at 4 m and at 400 m
CREATE OR REPLACE FUNCTION check_nearest(zone geometry, editions bigint[], reach double precision)
RETURNS TABLE (edition_id bigint, feature_id bigint, distance_m double precision, line geometry)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH near AS (
        SELECT DISTINCT ON (part.edition_id, feature.class_code)
               part.edition_id AS edition_id, part.feature_id AS feature_id, part.geom AS geom,
               part.distance_m AS distance_m
        FROM unnest(editions) AS asked(id)
        CROSS JOIN LATERAL (
            SELECT p.edition_id, p.feature_id, p.geom, ST_Distance(p.geom, zone) AS distance_m
            FROM layers_featurepart p
            WHERE p.edition_id = asked.id AND p.geom && ST_Expand(zone, reach)
            OFFSET 0
        ) AS part
        JOIN layers_feature feature ON feature.id = part.feature_id
        WHERE part.distance_m <= reach
        ORDER BY part.edition_id, feature.class_code, part.distance_m, feature.geom_hash
    )
    SELECT near.edition_id, near.feature_id, near.distance_m, ST_ShortestLine(zone, near.geom) FROM near;
END
$$;
