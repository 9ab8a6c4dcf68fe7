-- How much of the ground that a distance is asked within did the publisher of an edition not look at?
-- in:  looked: [{"rules": [codes it is asked for], "edition", "geom": the zone or its parts, widened by the distance,
--      WKB in hex}] · srid of these areas · verified: test every overlay
-- out: per rule: m² of that ground, m² of it outside the coverage and their perimeter; sound
-- why: what is too near may lie just beyond the coverage. Asked only where the process found that the coverage ends
--      within the distance (planning.checks.looked), so that a zone far from its edge pays nothing; widened by the child,
--      because it can be stopped
CREATE OR REPLACE FUNCTION check_looked(looked jsonb, srid integer, verified boolean DEFAULT false)
RETURNS TABLE (
    rule text, edition_id bigint, looked_m2 double precision, uncovered_m2 double precision,
    perimeter_m double precision, sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 4
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT code.rule, outside.edition_id, ST_Area(given.ground), outside.uncovered_m2, outside.perimeter_m,
           outside.sound
    FROM (
        SELECT ask.rules, ask.edition, ST_GeomFromWKB(decode(ask.geom, 'hex'), srid) AS ground
        FROM jsonb_to_recordset(looked) AS ask(rules jsonb, edition bigint, geom text)
        OFFSET 0
    ) AS given
    CROSS JOIN LATERAL check_coverage(given.ground, ARRAY[given.edition], verified) AS outside
    CROSS JOIN LATERAL jsonb_array_elements_text(given.rules) AS code(rule);
END
$$;
