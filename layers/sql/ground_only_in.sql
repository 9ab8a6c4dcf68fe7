-- How much ground does one edition hold that another one lacks?
-- in:  an edition, the other one, the layer's kind of geometry (polygon, line, point)
-- out: m² for areas, m for lines, 0 for points; overlapping features of the other edition count once
-- why: hectares gained and lost are two questions of one kind. Only features whose ground the other edition does not
--      have as it is are looked at, part by part; these are found by hash, whatever the planner expects.
CREATE OR REPLACE FUNCTION layers_ground_only_in(edition_in bigint, other_in bigint, kind_in text) RETURNS double precision
LANGUAGE sql STABLE
SET search_path = public, pg_temp
SET enable_nestloop = off
AS $$
SELECT coalesce(sum(CASE kind_in WHEN 'polygon' THEN ST_Area(alone.geom) ELSE ST_Length(alone.geom) END), 0)
FROM layers_feature f
JOIN layers_featurepart part ON part.feature_id = f.id AND part.edition_id = edition_in
LEFT JOIN LATERAL (
    SELECT ST_Union(other.geom) AS geom FROM layers_featurepart other
    WHERE other.edition_id = other_in
      AND layers_sheet(other.edition_id, other.geom) && layers_sheet(other_in, part.geom)
      AND ST_Intersects(other.geom, part.geom)
) AS there ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN there.geom IS NULL THEN part.geom ELSE ST_Difference(part.geom, there.geom) END AS geom
) AS alone
WHERE f.edition_id = edition_in AND kind_in <> 'point'
  AND NOT EXISTS (SELECT FROM layers_feature o WHERE o.edition_id = other_in AND o.geom_hash = f.geom_hash)
$$;
