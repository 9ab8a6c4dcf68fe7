-- What became of each feature when one edition replaces another?
-- in:  an edition, the one it is compared with, the layer's kind of geometry (polygon, line, point)
-- out: one row per feature that is not the same: kind (added, removed, moved, relabelled), both row numbers, size (m² or
--      m, 0 for points) before and after, and how much of it lies outside the other
-- why: the appraiser confirms a promotion by these rows. The same object is found by equal ground (hash), then by the
--      publisher's identifier where the ground still meets or the name is the same (files without identifiers are
--      numbered by row), then by the most common ground, each the other's best and at least 30 % of the smaller one;
--      points by the nearest of their class within 200 m. Runs on parts, in jobs. Everything but the search of the index
--      (LATERAL) is joined by hash: the planner expects one row of each step, and row by row 10,000 features beside
--      100,000 took more than five minutes.
DROP FUNCTION IF EXISTS layers_edition_changes(bigint, bigint);
CREATE OR REPLACE FUNCTION layers_edition_changes(new_in bigint, old_in bigint, kind_in text)
RETURNS TABLE (
    kind text, new_id bigint, old_id bigint,
    size_before double precision, size_after double precision, gained double precision, lost double precision
)
LANGUAGE sql STABLE
SET search_path = public, pg_temp
SET enable_nestloop = off
AS $$
WITH news AS (
    SELECT f.id, f.geom_hash, f.class_code, f.name, f.source_id,
           row_number() OVER (PARTITION BY f.geom_hash, f.class_code, f.name ORDER BY f.id) AS turn
    FROM layers_feature f WHERE f.edition_id = new_in
), olds AS (
    SELECT f.id, f.geom_hash, f.class_code, f.name, f.source_id,
           row_number() OVER (PARTITION BY f.geom_hash, f.class_code, f.name ORDER BY f.id) AS turn
    FROM layers_feature f WHERE f.edition_id = old_in
), same AS (
    SELECT n.id AS new_id, o.id AS old_id FROM news n JOIN olds o USING (geom_hash, class_code, name, turn)
), new_left AS (
    SELECT n.id, n.geom_hash, row_number() OVER (PARTITION BY n.geom_hash ORDER BY n.id) AS turn
    FROM news n WHERE NOT EXISTS (SELECT FROM same s WHERE s.new_id = n.id)
), old_left AS (
    SELECT o.id, o.geom_hash, row_number() OVER (PARTITION BY o.geom_hash ORDER BY o.id) AS turn
    FROM olds o WHERE NOT EXISTS (SELECT FROM same s WHERE s.old_id = o.id)
), relabelled AS (
    SELECT n.id AS new_id, o.id AS old_id FROM new_left n JOIN old_left o USING (geom_hash, turn)
), new_open AS (
    SELECT f.id, f.source_id, f.name, f.class_code, count(*) OVER (PARTITION BY f.source_id) AS named_so, size.*
    FROM new_left l JOIN layers_feature f ON f.id = l.id AND f.edition_id = new_in
    CROSS JOIN LATERAL (SELECT CASE kind_in WHEN 'polygon' THEN f.area_m2 ELSE ST_Length(f.geom) END AS size) size
    WHERE NOT EXISTS (SELECT FROM relabelled r WHERE r.new_id = l.id)
), old_open AS (
    SELECT f.id, f.source_id, f.name, f.class_code, count(*) OVER (PARTITION BY f.source_id) AS named_so, size.*
    FROM old_left l JOIN layers_feature f ON f.id = l.id AND f.edition_id = old_in
    CROSS JOIN LATERAL (SELECT CASE kind_in WHEN 'polygon' THEN f.area_m2 ELSE ST_Length(f.geom) END AS size) size
    WHERE NOT EXISTS (SELECT FROM relabelled r WHERE r.old_id = l.id)
), common AS (
    SELECT n.id AS new_id, near.feature_id AS old_id, sum(near.size) AS size
    FROM new_open n
    JOIN layers_featurepart part ON part.feature_id = n.id AND part.edition_id = new_in
    CROSS JOIN LATERAL (
        SELECT other.feature_id, CASE kind_in
               WHEN 'polygon' THEN ST_Area(ST_Intersection(part.geom, other.geom))
               ELSE ST_Length(ST_Intersection(part.geom, other.geom)) END AS size
        FROM layers_featurepart other
        WHERE other.edition_id = old_in
          AND layers_sheet(other.edition_id, other.geom) && layers_sheet(old_in, part.geom)
          AND ST_Intersects(other.geom, part.geom)
        OFFSET 0
    ) near
    WHERE kind_in <> 'point' AND EXISTS (SELECT FROM old_open o WHERE o.id = near.feature_id)
    GROUP BY n.id, near.feature_id
    HAVING sum(near.size) > 0
), by_identifier AS (
    SELECT n.id AS new_id, o.id AS old_id
    FROM new_open n JOIN old_open o USING (source_id)
    LEFT JOIN common c ON c.new_id = n.id AND c.old_id = o.id
    WHERE source_id <> '' AND n.named_so = 1 AND o.named_so = 1
      AND ((n.name = o.name AND n.name <> '') OR c.new_id IS NOT NULL)
), candidates AS (
    SELECT c.new_id, c.old_id, c.size AS goodness
    FROM common c JOIN new_open n ON n.id = c.new_id JOIN old_open o ON o.id = c.old_id
    WHERE c.size >= 0.3 * least(n.size, o.size)
    UNION ALL
    SELECT n.id, o.id, -near.distance
    FROM new_open n JOIN layers_feature fn ON fn.id = n.id AND fn.edition_id = new_in
    CROSS JOIN LATERAL (
        SELECT other.feature_id AS id, min(ST_Distance(fn.geom, other.geom)) AS distance
        FROM layers_featurepart other
        WHERE other.edition_id = old_in
          AND layers_sheet(other.edition_id, other.geom) && layers_sheet(old_in, ST_Expand(fn.geom, 200))
          AND ST_DWithin(other.geom, fn.geom, 200)
        GROUP BY other.feature_id
        OFFSET 0
    ) near
    JOIN old_open o ON o.id = near.id AND o.class_code = n.class_code
    WHERE kind_in = 'point'
), ranked AS (
    SELECT c.new_id, c.old_id,
           row_number() OVER (PARTITION BY c.new_id ORDER BY c.goodness DESC, c.old_id) AS of_new,
           row_number() OVER (PARTITION BY c.old_id ORDER BY c.goodness DESC, c.new_id) AS of_old
    FROM candidates c
    WHERE NOT EXISTS (SELECT FROM by_identifier i WHERE i.new_id = c.new_id)
      AND NOT EXISTS (SELECT FROM by_identifier i WHERE i.old_id = c.old_id)
), moved AS (
    SELECT i.new_id, i.old_id FROM by_identifier i
    UNION ALL
    SELECT r.new_id, r.old_id FROM ranked r WHERE r.of_new = 1 AND r.of_old = 1
)
SELECT 'relabelled', r.new_id, r.old_id, NULL::double precision, NULL::double precision, 0::double precision, 0::double precision
FROM relabelled r
UNION ALL
SELECT 'moved', m.new_id, m.old_id, o.size, n.size,
       greatest(0, n.size - coalesce(c.size, 0)), greatest(0, o.size - coalesce(c.size, 0))
FROM moved m
JOIN new_open n ON n.id = m.new_id
JOIN old_open o ON o.id = m.old_id
LEFT JOIN common c ON c.new_id = m.new_id AND c.old_id = m.old_id
UNION ALL
SELECT 'added', n.id, NULL, NULL, n.size, n.size, 0
FROM new_open n WHERE NOT EXISTS (SELECT FROM moved m WHERE m.new_id = n.id)
UNION ALL
SELECT 'removed', NULL, o.id, o.size, NULL, 0, o.size
FROM old_open o WHERE NOT EXISTS (SELECT FROM moved m WHERE m.old_id = o.id)
$$;
