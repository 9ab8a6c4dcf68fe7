-- in:  edition, band of zooms, tolerance and smallest extent in Web Mercator metres, attribute keys to show
-- out: number of display rows written for this band
-- why: one statement per band while the edition is staged; below its tolerance nothing can be seen, so it is left out.
--      Transforming in SQL is allowed here only: no figure is ever computed from a tile.
CREATE OR REPLACE FUNCTION glass_build_band(
    edition_in bigint, min_zoom_in integer, max_zoom_in integer, tolerance double precision, keys text[]
) RETURNS bigint
LANGUAGE sql VOLATILE
SET search_path = public, pg_temp
AS $$
WITH moved AS (
    SELECT f.id, f.name, f.class_code, f.attributes, ST_Transform(f.geom, 3857) AS geom
    FROM layers_feature f
    WHERE f.edition_id = edition_in
), drawn AS (
    SELECT id, name, class_code, attributes,
           CASE WHEN tolerance > 0 AND ST_Dimension(geom) > 0 THEN ST_Simplify(geom, tolerance) ELSE geom END AS geom,
           CASE ST_Dimension(geom) WHEN 2 THEN ST_Area(geom) WHEN 1 THEN ST_Length(geom) ELSE 0 END AS weight,
           ST_Dimension(geom) AS dimension
    FROM moved
), kept AS (
    INSERT INTO mapping_tilefeature (edition_id, feature_id_at, min_zoom, max_zoom, name, class_code, props, weight, geom)
    SELECT edition_in, id, min_zoom_in, max_zoom_in, name, class_code,
           coalesce((SELECT jsonb_object_agg(k, attributes -> k) FROM unnest(keys) k WHERE attributes ? k), '{}'::jsonb),
           weight,
           CASE WHEN dimension = 2 THEN ST_ForcePolygonCW(geom) ELSE geom END
    FROM drawn
    WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom)
      AND (dimension < 2 OR weight >= tolerance * tolerance)
      AND (dimension <> 1 OR weight >= tolerance)
    ORDER BY ST_GeoHash(ST_Transform(ST_PointOnSurface(geom), 4326), 8)
    RETURNING 1
)
SELECT count(*) FROM kept
$$;
