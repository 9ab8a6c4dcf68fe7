-- How much of the zone did the publisher of an edition not look at?
-- in:  zone · editions (one per distinct coverage is enough)
-- out: square metres of the zone outside the coverage, 0 when it is covered; sound
-- why: outside its coverage an edition says nothing, so the check must not say "clear" there
CREATE OR REPLACE FUNCTION check_coverage(zone geometry, editions bigint[])
RETURNS TABLE (edition_id bigint, uncovered_m2 double precision, piece geometry)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT edition.id, coalesce(ST_Area(beyond.piece), 0), beyond.piece
    FROM layers_edition edition
    LEFT JOIN LATERAL (
        SELECT ST_CollectionExtract(ST_Difference(zone, edition.coverage), 3) AS piece
        WHERE NOT ST_Covers(edition.coverage, zone)
    ) AS beyond ON true
    WHERE edition.id = ANY (editions);
END
$$;
