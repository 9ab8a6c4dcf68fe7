-- What lies around a zone, nearer than a rule allows or nearest of all?
-- in:  zone: as check_facts · asks: {"setback": [see check_setback], "flow": [see check_setback_flow],
--      "parts": [{"geom": WKB in hex, "setback": ..}: asked from planned parts, not yet joined],
--      "nearest": [edition ..], "reach": m} · verified: test the overlays
-- out: rows as those of check_facts: setback, ref the rule; nearest
-- why: half of the time of a check, and it reads nothing but editions, which never change: a live check asks it on a
--      second connection at the same time as the rest
CREATE OR REPLACE FUNCTION check_around(zone geometry, asks jsonb, verified boolean DEFAULT false)
RETURNS TABLE (
    ask text, ref text, edition bigint, feature bigint, source text, name text, class text, hash text, dims integer,
    area_m2 double precision, perimeter_m double precision, distance_m double precision, required_m double precision,
    sound boolean, piece bytea, line bytea, extra jsonb
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 50
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 'setback', found.rule, found.edition_id, found.feature_id, row.source_id::text, row.name::text,
           found.class_code, row.geom_hash::text, NULL::integer, found.overlap_m2, found.perimeter_m, found.distance_m,
           found.required_m, found.sound, ST_AsBinary(found.piece), ST_AsBinary(found.line), NULL::jsonb
    FROM check_setback(zone, asks -> 'setback', verified) found
    JOIN layers_feature row ON row.id = found.feature_id;

    IF jsonb_array_length(asks -> 'flow') > 0 THEN
        RETURN QUERY
        SELECT 'setback', found.rule, found.edition_id, found.feature_id, row.source_id::text, row.name::text,
               found.class_code, row.geom_hash::text, NULL::integer, found.overlap_m2, found.perimeter_m,
               found.distance_m, found.required_m, found.sound, ST_AsBinary(found.piece), ST_AsBinary(found.line),
               jsonb_build_object('side', found.side)
        FROM check_setback_flow(zone, asks -> 'flow', verified) found
        JOIN layers_feature row ON row.id = found.feature_id;
    END IF;

    IF jsonb_array_length(asks -> 'parts') > 0 THEN
        RETURN QUERY
        WITH planned AS MATERIALIZED (
            SELECT joined.geom, joined.sound, given.setback
            FROM jsonb_to_recordset(asks -> 'parts') AS given(geom text, setback jsonb)
            CROSS JOIN LATERAL check_joined(
                ARRAY(
                    SELECT part.geom FROM ST_Dump(ST_GeomFromWKB(decode(given.geom, 'hex'), ST_SRID(zone))) AS part
                    ORDER BY part.path
                ),
                verified
            ) AS joined
        )
        SELECT 'setback', found.rule, found.edition_id, found.feature_id, row.source_id::text, row.name::text,
               found.class_code, row.geom_hash::text, NULL::integer, found.overlap_m2, found.perimeter_m,
               found.distance_m, found.required_m, found.sound, ST_AsBinary(found.piece), ST_AsBinary(found.line),
               NULL::jsonb
        FROM planned
        CROSS JOIN LATERAL check_setback(planned.geom, planned.setback, verified) found
        JOIN layers_feature row ON row.id = found.feature_id
        WHERE planned.sound
        UNION ALL
        -- parts that cannot be put together: nothing may be concluded from them
        SELECT 'setback', ask ->> 'rule', (ask ->> 'edition')::bigint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, false, NULL, NULL, NULL
        FROM planned CROSS JOIN LATERAL jsonb_array_elements(planned.setback) AS ask
        WHERE NOT planned.sound;
    END IF;

    RETURN QUERY
    SELECT 'nearest', NULL, found.edition_id, found.feature_id, row.source_id::text, row.name::text,
           row.class_code::text, row.geom_hash::text, NULL::integer, NULL::double precision, NULL::double precision,
           found.distance_m, NULL::double precision, true, NULL::bytea, ST_AsBinary(found.line), NULL::jsonb
    FROM check_nearest(zone, ARRAY(SELECT jsonb_array_elements_text(asks -> 'nearest')::bigint),
                       (asks ->> 'reach')::double precision) found
    JOIN layers_feature row ON row.id = found.feature_id;
END
$$;
