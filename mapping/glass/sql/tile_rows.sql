-- in:  edition, bands of zooms with their tolerance in Web Mercator metres (0: as published), attribute keys to show
-- out: number of display rows written
-- why: one statement while the edition is staged: every feature is transformed once and generalised per band; what is
--      below a band's tolerance cannot be seen and is left out. Sorted along the Hilbert curve, so that a tile reads few
--      pages: once, before each band takes its rows in that order (300,000 rows sorted by band and curve: 1.5 s more).
--      Transforming in SQL is allowed here only: no figure is ever computed from a tile.
CREATE OR REPLACE FUNCTION glass_build_tiles(
    edition_in bigint, min_zooms integer[], max_zooms integer[], tolerances double precision[], keys text[]
) RETURNS bigint
LANGUAGE sql VOLATILE
SET search_path = public, pg_temp
AS $$
WITH moved AS MATERIALIZED (
    SELECT f.id, f.name, f.class_code, m.geom, ST_Dimension(m.geom) AS dims,
           CASE WHEN f.attributes ?| keys
                THEN (SELECT jsonb_object_agg(k, f.attributes -> k) FROM unnest(keys) k WHERE f.attributes ? k)
                ELSE '{}'::jsonb END AS props,
           CASE ST_Dimension(m.geom) WHEN 2 THEN ST_Area(m.geom) WHEN 1 THEN ST_Length(m.geom) ELSE 0 END AS weight
    FROM layers_feature f
    CROSS JOIN LATERAL (SELECT CASE WHEN ST_Dimension(f.geom) = 2
                               THEN ST_ForcePolygonCW(ST_Transform(f.geom, 3857)) ELSE ST_Transform(f.geom, 3857) END AS geom
                        OFFSET 0) m
    WHERE f.edition_id = edition_in
    ORDER BY m.geom
), drawn AS (
    SELECT w.id, w.name, w.class_code, w.props, w.weight, b.low, b.high, w.geom
    FROM unnest(min_zooms, max_zooms, tolerances) AS b (low, high, tolerance)
    CROSS JOIN LATERAL (
        SELECT m.id, m.name, m.class_code, m.props, m.weight,
               CASE WHEN b.tolerance > 0 AND m.dims > 0 THEN ST_Simplify(m.geom, b.tolerance) ELSE m.geom END AS geom
        FROM moved m
        WHERE m.dims = 0 OR m.weight >= CASE m.dims WHEN 2 THEN b.tolerance * b.tolerance ELSE b.tolerance END
        OFFSET 0
    ) w
), written AS (
    INSERT INTO mapping_tilefeature (edition_id, feature_id_at, min_zoom, max_zoom, name, class_code, props, weight, geom)
    SELECT edition_in, id, low, high, name, class_code, props, weight, geom
    FROM drawn
    WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom)
    RETURNING 1
)
SELECT count(*) FROM written
$$;
