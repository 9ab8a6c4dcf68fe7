-- How much of the zone did the publisher of an edition not look at?
-- in:  zone · editions (one per distinct coverage is enough) · verified: test the overlay
-- out: square metres of the zone outside the coverage, 0 when it is covered, and their perimeter; sound
-- why: outside its coverage an edition says nothing, so the check must not say "clear" there
CREATE OR REPLACE FUNCTION check_coverage(zone geometry, editions bigint[], verified boolean DEFAULT false)
RETURNS TABLE (edition_id bigint, uncovered_m2 double precision, perimeter_m double precision, piece geometry, sound boolean)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 2
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT edition.id, coalesce(ST_Area(outside.piece), 0), ST_Perimeter(outside.piece), outside.piece, outside.sound
    FROM layers_edition edition
    CROSS JOIN LATERAL check_beyond(zone, edition.coverage, verified) AS outside
    WHERE edition.id = ANY (editions);
END
$$;
