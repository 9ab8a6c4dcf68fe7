-- Which features of these editions lie in the zone, and with how much?
-- in:  zone: valid (multi)polygon in the storage CRS, on the grid · editions · verified: test every overlay
-- out: one row per feature that meets the zone: dims of the feature (2 area, 1 line, 0 point), overlap in m²
--      (0 for lines and points), the piece, sound; then, per edition whose features overlap one another there, one row
--      with feature_id NULL, overlap_m2 = what is counted twice at most (what each pair has in common)
-- why: runs on parts of at most 256 vertices; a part wholly inside is not overlaid (ST_Contains is prepared on the
--      zone); above 300 zone vertices the zone is clipped to the box of the part first.
--      Uniting the pieces of 40 parcels costs more than cutting them, so the parts are asked first whether they overlap;
--      where the edition is marked, that was asked of all its parts when they were built.
--      Most features have one part: their pieces are measured once, after they were gathered, not summed and sorted.
--      Sums are taken as numeric: exact in any order, so the same in whatever order parts were made and rows lie
CREATE OR REPLACE FUNCTION check_overlap(zone geometry, editions bigint[], verified boolean DEFAULT false)
RETURNS TABLE (
    edition_id bigint, feature_id bigint, dims integer, overlap_m2 double precision, perimeter_m double precision,
    piece geometry, sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 40
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
SET enable_memoize = off
AS $$
#variable_conflict use_column
DECLARE
    many boolean := ST_NPoints(zone) > 300;
    -- editions of which it is not known that their features lie apart (layers_features_apart)
    mixed bigint[] := ARRAY(
        SELECT id FROM public.layers_edition WHERE id = ANY (editions) AND features_apart IS NOT TRUE
    );
BEGIN
    RETURN QUERY
    WITH cut AS MATERIALIZED (
        SELECT part.edition_id AS edition_id, part.feature_id AS feature_id, part.geom AS geom,
               ST_Dimension(part.geom) AS dims, found.piece AS piece, found.sound AS sound
        FROM unnest(editions) AS asked(id)
        CROSS JOIN LATERAL (
            SELECT p.edition_id, p.feature_id, p.geom FROM layers_featurepart p
            WHERE p.edition_id = asked.id
              AND layers_sheet(p.edition_id, p.geom) && layers_sheet(asked.id, zone) AND ST_Intersects(zone, p.geom)
            OFFSET 0  -- one search per edition: else the planner searches all editions at once and filters
        ) AS part
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN ST_Contains(zone, part.geom) THEN part.geom
                WHEN many THEN ST_CollectionExtract(
                    ST_Intersection(part.geom, ST_ClipByBox2D(zone, box2d(part.geom))), ST_Dimension(part.geom) + 1
                )
                ELSE ST_CollectionExtract(ST_Intersection(part.geom, zone), ST_Dimension(part.geom) + 1)
            END AS piece, true AS sound
            WHERE NOT verified OR ST_Dimension(part.geom) < 2
            UNION ALL
            SELECT ST_CollectionExtract(checked.piece, 3), checked.sound
            FROM check_verified(part.geom, zone) checked
            WHERE verified AND ST_Dimension(part.geom) = 2
            OFFSET 0
        ) AS found
    ),
    grouped AS (
        SELECT edition_id, feature_id, max(dims) AS dims, array_agg(piece) AS pieces, bool_and(sound) AS sound,
               count(*) AS parts
        FROM cut GROUP BY edition_id, feature_id
        OFFSET 0  -- else the pieces are gathered anew for each use
    ),
    whole AS MATERIALIZED (
        SELECT edition_id, feature_id, dims, sound, parts,
               CASE WHEN parts = 1 THEN coalesce(ST_Area(pieces[1]), 0)
                    ELSE (SELECT coalesce(sum(ST_Area(one)::numeric), 0)::double precision FROM unnest(pieces) AS one)
               END AS overlap_m2,
               CASE WHEN parts = 1 THEN pieces[1]
                    ELSE (SELECT ST_Union(array_agg(one ORDER BY one)) FROM unnest(pieces) AS one) END AS piece
        FROM grouped
    ),
    doubled AS MATERIALIZED (
        SELECT DISTINCT one.edition_id, one.feature_id AS one_id, other.feature_id AS other_id
        FROM cut one
        JOIN cut other ON other.edition_id = one.edition_id AND other.feature_id > one.feature_id
                      AND other.geom && one.geom AND ST_Relate(one.geom, other.geom, '2********')
        WHERE one.edition_id = ANY (mixed)
    )
    SELECT edition_id, feature_id, dims, overlap_m2, ST_Perimeter(piece), piece,
           -- the parts of one feature tile it: put together they have the area of their sum
           sound AND (NOT verified OR parts = 1 OR dims < 2 OR abs(ST_Area(piece) - overlap_m2) <= 0.1)
    FROM whole
    UNION ALL
    SELECT doubled.edition_id, NULL, 2, sum(coalesce(ST_Area(common.piece), 0)::numeric)::double precision, NULL, NULL,
           bool_and(common.sound)
    FROM doubled
    JOIN whole one ON one.edition_id = doubled.edition_id AND one.feature_id = one_id AND one.overlap_m2 > 0
    JOIN whole other ON other.edition_id = doubled.edition_id AND other.feature_id = other_id AND other.overlap_m2 > 0
    CROSS JOIN LATERAL check_common(one.piece, other.piece, verified) AS common
    GROUP BY doubled.edition_id;
END
$$;
