-- in:  edition
-- out: number of parts written (at most 256 vertices each)
-- why: overlays run on parts only: a forest of 24,000 vertices costs what its pieces near the zone cost. One statement,
--      so an edition has all its parts or none.
CREATE OR REPLACE FUNCTION layers_build_parts(edition_in bigint) RETURNS bigint
LANGUAGE sql VOLATILE
SET search_path = public, pg_temp
AS $$
WITH gone AS (
    DELETE FROM layers_featurepart p USING layers_feature f WHERE f.edition_id = edition_in AND p.feature_id = f.id
), pieces AS (
    SELECT f.id AS feature_id, ST_Subdivide(f.geom, 256) AS geom
    FROM layers_feature f
    WHERE f.edition_id = edition_in AND ST_NPoints(f.geom) > 256
    UNION ALL
    SELECT f.id, (ST_Dump(f.geom)).geom
    FROM layers_feature f
    WHERE f.edition_id = edition_in AND ST_NPoints(f.geom) <= 256
), written AS (
    INSERT INTO layers_featurepart (edition_id, feature_id, geom)
    SELECT edition_in, feature_id, geom FROM pieces
    WHERE NOT ST_IsEmpty(geom)
    RETURNING 1
)
SELECT count(*) FROM written
$$;
