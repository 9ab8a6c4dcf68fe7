-- Which feature of each edition and class lies nearest outside the zone?
-- in:  zone · editions · reach: metres to look
-- out: one row per edition and class that has a feature within reach: distance and the line between the nearest points
-- why: "clear" is worth more with a distance; a planner moves a boundary differently at 4 m and at 400 m
CREATE OR REPLACE FUNCTION check_nearest(zone geometry, editions bigint[], reach double precision)
RETURNS TABLE (edition_id bigint, feature_id bigint, distance_m double precision, line geometry)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH near AS (
        SELECT DISTINCT ON (part.edition_id, feature.class_code)
               part.edition_id AS edition_id, part.feature_id AS feature_id, part.geom AS geom,
               ST_Distance(part.geom, zone) AS distance_m
        FROM unnest(editions) AS asked(id)
        JOIN layers_featurepart part ON part.edition_id = asked.id AND ST_DWithin(part.geom, zone, reach)
        JOIN layers_feature feature ON feature.id = part.feature_id
        ORDER BY part.edition_id, feature.class_code, ST_Distance(part.geom, zone), part.feature_id
    )
    SELECT near.edition_id, near.feature_id, near.distance_m, ST_ShortestLine(zone, near.geom) FROM near;
END
$$;
