-- in:  an edition and the one it is compared with
-- out: unchanged, added and removed features (by geometry hash and class), relabelled ones (same geometry, other class or
--      name), and how much ground (m²) or line (m) only one of the two has
-- why: the appraiser confirms a promotion by these figures. Runs on parts of changed features only, in jobs.
CREATE OR REPLACE FUNCTION layers_edition_changes(new_in bigint, old_in bigint)
RETURNS TABLE (
    unchanged bigint, added bigint, removed bigint, relabelled bigint,
    gained double precision, lost double precision, gained_box box2d
)
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
WITH news AS (
    SELECT f.id, f.geom_hash, f.class_code, f.name FROM layers_feature f WHERE f.edition_id = new_in
), olds AS (
    SELECT f.id, f.geom_hash, f.class_code, f.name FROM layers_feature f WHERE f.edition_id = old_in
), moved_new AS (
    SELECT n.id FROM news n WHERE NOT EXISTS (SELECT 1 FROM olds o WHERE o.geom_hash = n.geom_hash)
), moved_old AS (
    SELECT o.id FROM olds o WHERE NOT EXISTS (SELECT 1 FROM news n WHERE n.geom_hash = o.geom_hash)
), grown AS (
    SELECT p.geom, CASE
        WHEN ST_Dimension(p.geom) = 0 THEN 0
        WHEN near.geom IS NULL THEN CASE ST_Dimension(p.geom) WHEN 2 THEN ST_Area(p.geom) ELSE ST_Length(p.geom) END
        ELSE CASE ST_Dimension(p.geom)
             WHEN 2 THEN ST_Area(ST_Difference(p.geom, near.geom)) ELSE ST_Length(ST_Difference(p.geom, near.geom)) END
        END AS size
    FROM layers_featurepart p
    JOIN moved_new m ON m.id = p.feature_id
    LEFT JOIN LATERAL (
        SELECT ST_Union(o.geom) AS geom FROM layers_featurepart o
        WHERE o.edition_id = old_in AND ST_Intersects(o.geom, p.geom)
    ) near ON true
    WHERE p.edition_id = new_in
), shrunk AS (
    SELECT CASE
        WHEN ST_Dimension(p.geom) = 0 THEN 0
        WHEN near.geom IS NULL THEN CASE ST_Dimension(p.geom) WHEN 2 THEN ST_Area(p.geom) ELSE ST_Length(p.geom) END
        ELSE CASE ST_Dimension(p.geom)
             WHEN 2 THEN ST_Area(ST_Difference(p.geom, near.geom)) ELSE ST_Length(ST_Difference(p.geom, near.geom)) END
        END AS size
    FROM layers_featurepart p
    JOIN moved_old m ON m.id = p.feature_id
    LEFT JOIN LATERAL (
        SELECT ST_Union(o.geom) AS geom FROM layers_featurepart o
        WHERE o.edition_id = new_in AND ST_Intersects(o.geom, p.geom)
    ) near ON true
    WHERE p.edition_id = old_in
)
SELECT
    (SELECT count(*) FROM news) - (SELECT count(*) FROM moved_new),
    (SELECT count(*) FROM moved_new),
    (SELECT count(*) FROM moved_old),
    (SELECT count(*) FROM news n
     WHERE EXISTS (SELECT 1 FROM olds o WHERE o.geom_hash = n.geom_hash)
       AND NOT EXISTS (SELECT 1 FROM olds o
                       WHERE o.geom_hash = n.geom_hash AND o.class_code = n.class_code AND o.name = n.name)),
    coalesce((SELECT sum(size) FROM grown), 0),
    coalesce((SELECT sum(size) FROM shrunk), 0),
    (SELECT ST_Extent(geom)::box2d FROM grown WHERE size > 0)
$$;
