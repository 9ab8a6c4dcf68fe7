-- What are all the facts that the rules judge a zone by?
-- in:  zone: valid (multi)polygon, storage CRS, on the grid · asks: what to look at, built from the rules:
--      {"day", "unit", "entry", "clusters": [..], "proposals": [..], "scope", "overlap": [edition ..],
--       "coverage": [edition ..], "looked": [see check_looked], "reach": m,
--       and what check_around takes, unless it is asked beside,
--       "detailed": [editions whose features come with area and attributes], "inner": see check_green_strip, hex}
--      · green: the green parts as one collection or NULL · width of the green strip or NULL · verified
-- out: one row per fact; ask says which question it answers, ref the rule (setback, coverage of what it looks at around,
--      with {"looked_m2"}) or kind; geometry as WKB
-- why: one round trip per check; the judging (severity, classes, tolerance, texts) stays in Python where it is tested
CREATE OR REPLACE FUNCTION check_facts(
    zone geometry, asks jsonb, green geometry DEFAULT NULL, width double precision DEFAULT NULL,
    verified boolean DEFAULT false
)
RETURNS TABLE (
    ask text, ref text, edition bigint, feature bigint, source text, name text, class text, hash text, dims integer,
    area_m2 double precision, perimeter_m double precision, distance_m double precision, required_m double precision,
    sound boolean, piece bytea, line bytea, extra jsonb
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 100
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    day date := (asks ->> 'day')::date;
    unit bigint := (asks ->> 'unit')::bigint;
    clusters bigint[] := ARRAY(SELECT jsonb_array_elements_text(asks -> 'clusters')::bigint);
    proposals text[] := ARRAY(SELECT jsonb_array_elements_text(asks -> 'proposals'));
    detailed bigint[] := ARRAY(SELECT jsonb_array_elements_text(asks -> 'detailed')::bigint);
    place bigint;
BEGIN
    RETURN QUERY
    SELECT 'overlap', NULL, found.edition_id, found.feature_id, row.source_id::text, row.name::text,
           row.class_code::text, row.geom_hash::text, found.dims, found.overlap_m2, found.perimeter_m,
           NULL::double precision, NULL::double precision, found.sound, ST_AsBinary(found.piece), NULL::bytea,
           CASE WHEN found.edition_id = ANY (detailed)
                THEN jsonb_build_object('area_m2', row.area_m2, 'attributes', row.attributes) END
    FROM check_overlap(zone, ARRAY(SELECT jsonb_array_elements_text(asks -> 'overlap')::bigint), verified) found
    LEFT JOIN layers_feature row ON row.id = found.feature_id;

    IF asks ? 'setback' THEN
        RETURN QUERY SELECT * FROM check_around(zone, asks, verified);
    END IF;

    RETURN QUERY
    SELECT 'coverage', NULL, found.edition_id, NULL::bigint, NULL, NULL, NULL, NULL, 2, found.uncovered_m2,
           found.perimeter_m, NULL::double precision, NULL::double precision, found.sound, ST_AsBinary(found.piece),
           NULL::bytea, NULL::jsonb
    FROM check_coverage(
        zone, ARRAY(SELECT jsonb_array_elements_text(asks -> 'coverage')::bigint), verified
    ) found;

    IF jsonb_array_length(asks -> 'looked') > 0 THEN
        RETURN QUERY
        SELECT 'coverage', found.rule, found.edition_id, NULL::bigint, NULL, NULL, NULL, NULL, 2, found.uncovered_m2,
               found.perimeter_m, NULL::double precision, NULL::double precision, found.sound, NULL::bytea, NULL::bytea,
               jsonb_build_object('looked_m2', found.looked_m2)
        FROM check_looked(asks -> 'looked', ST_SRID(zone), verified) found;
    END IF;

    FOR ask, ref, feature, name, area_m2, perimeter_m, piece, sound, extra IN
        SELECT 'units', found.kind, found.unit_id, found.name, found.area_m2, found.perimeter_m,
               ST_AsBinary(found.piece), found.sound, jsonb_build_object('mountainous', found.mountainous)
        FROM check_units(zone, unit, day, verified) found
        ORDER BY found.kind DESC, found.area_m2 DESC NULLS LAST, found.name
    LOOP
        place := coalesce(place, CASE WHEN ref = 'commune' THEN feature END);
        RETURN NEXT;
    END LOOP;

    RETURN QUERY
    SELECT 'register', found.kind, NULL::bigint, NULL::bigint, found.key, found.name, NULL, found.geom_hash, 2,
           found.overlap_m2, found.perimeter_m, found.distance_m, NULL::double precision, found.sound,
           ST_AsBinary(found.piece), ST_AsBinary(found.line), NULL::jsonb
    FROM check_register(zone, day, clusters, proposals, (asks ->> 'reach')::double precision, verified) found;

    IF width IS NOT NULL THEN
        RETURN QUERY
        SELECT 'green', NULL, NULL::bigint, NULL::bigint, NULL, NULL, NULL, NULL, 2, found.missing_m2,
               NULL::double precision, NULL::double precision, found.strip_m2, found.sound, ST_AsBinary(found.piece),
               NULL::bytea, NULL::jsonb
        FROM check_green_strip(
            zone, green, ST_GeomFromWKB(decode(asks ->> 'inner', 'hex'), ST_SRID(zone)), verified
        ) found;
    END IF;

    RETURN QUERY
    SELECT 'register_state', NULL, NULL::bigint, NULL::bigint, NULL, NULL, NULL, NULL, NULL::integer,
           NULL::double precision, NULL::double precision, NULL::double precision, NULL::double precision, true,
           NULL::bytea, NULL::bytea,
           jsonb_build_object(
               'plan', check_plan_list((asks ->> 'entry')::bigint, unit, place, day),
               'occupancy', check_occupancy(coalesce(unit, place), day, asks ->> 'scope', clusters),
               'expanded', check_expanded(zone, clusters, day, verified)
           );
END
$$;
