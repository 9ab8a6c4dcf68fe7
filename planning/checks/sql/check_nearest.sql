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
DECLARE
    edge geometry[] := check_edge(zone);
BEGIN
    RETURN QUERY
    WITH found AS (
        SELECT DISTINCT ON (part.edition_id, feature.class_code)
               part.edition_id AS edition_id, part.feature_id AS feature_id, part.geom AS geom, part.near AS near,
               part.distance_m AS distance_m
        FROM unnest(editions) AS asked(id)
        CROSS JOIN LATERAL (
            SELECT p.edition_id, p.feature_id, p.geom, far.distance_m, far.near
            FROM layers_featurepart p
            CROSS JOIN LATERAL check_distance(p.geom, zone, edge, reach) AS far
            WHERE p.edition_id = asked.id
              AND layers_sheet(p.edition_id, p.geom) && layers_sheet(asked.id, ST_Expand(zone, reach))
            OFFSET 0
        ) AS part
        JOIN layers_feature feature ON feature.id = part.feature_id
        WHERE part.distance_m <= reach
        ORDER BY part.edition_id, feature.class_code, part.distance_m, feature.geom_hash, feature.source_id,
                 feature.name, part.geom
    )
    SELECT found.edition_id, found.feature_id, found.distance_m,
           CASE WHEN found.distance_m > 0 THEN ST_ShortestLine(found.near, found.geom) END
    FROM found;
END
$$;
