-- in:  view (storage CRS), codes of the layers this person may see, largest number of rows
-- out: layer code, label, WKB of lines or points inside the view (outlines of areas, clipped to the view)
-- why: exact edges for the drawing board; clipping by the view's box keeps a forest of 24,000 corners out of the answer.
--      ST_ClipByBox2D works on lines here, so it cannot create false polygon edges to snap to.
CREATE OR REPLACE FUNCTION glass_snap_targets(view geometry, codes text[], max_rows integer)
RETURNS TABLE (layer text, label text, geom bytea)
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
WITH shapes AS (
    SELECT 0 AS rank, u.level_id::text AS layer, u.kind_name || ' ' || u.name AS label, u.geom
    FROM layers_adminunit u
    WHERE u.geom && view AND u.level_id = 'commune'
      AND u.valid_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
      AND (u.valid_to IS NULL OR u.valid_to >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
    UNION ALL
    SELECT CASE WHEN l.geometry_kind = 'polygon' THEN 1 ELSE 2 END, l.code, coalesce(nullif(f.name, ''), l.name_vi), f.geom
    FROM layers_layer l
    JOIN layers_edition e ON e.layer_id = l.id AND e.status = 'current'
    CROSS JOIN LATERAL layers_features_near(ARRAY[e.id], view) AS near (id)
    JOIN layers_feature f ON f.id = near.id
    WHERE l.code = ANY (codes) AND l.is_constraint
), clipped AS (
    SELECT rank, layer, label,
           ST_ClipByBox2D(CASE WHEN ST_Dimension(geom) = 2 THEN ST_Boundary(geom) ELSE geom END, box2d(view)) AS geom
    FROM shapes
    ORDER BY rank
    LIMIT max_rows
)
SELECT layer, label, ST_AsBinary(geom, 'NDR')
FROM clipped
WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom) AND ST_Dimension(geom) < 2
$$;
