-- Which points on flowing water come too close, when the distance upstream is another than the one downstream?
-- in:  zone · asks: as check_setback, with "flow_attribute": column of the bearing the water flows to (degrees from
--      grid north), "distances"/"default" upstream, "downstream"/"default_downstream" behind the point · verified
-- out: as check_setback, with the side: upstream or downstream, whichever falls short most (distance and required
--      distance are of that side, the piece is of both); all where both distances are the same. Of a point whose flow is
--      not known: either, what is too close whichever way the water flows; and unknown, what hangs on the answer: not
--      sound when the zone is nearer than the larger distance, so that nothing is concluded
-- why: a drinking-water intake is guarded ten times as far upstream. Distances are straight and the sides are parted
--      by a straight line through the point, across the flow there: a river that winds within its half is guarded as far
--      as the law asks, one that doubles back behind the point is not followed
CREATE OR REPLACE FUNCTION check_setback_flow(zone geometry, asks jsonb, verified boolean DEFAULT false)
RETURNS TABLE (
    rule text, edition_id bigint, feature_id bigint, class_code text, distance_m double precision,
    required_m double precision, overlap_m2 double precision, perimeter_m double precision,
    piece geometry, line geometry, sound boolean, side text
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 4
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT DISTINCT ask.rule, p.edition_id, feature.id, feature.class_code::text AS class_code, feature.geom_hash,
               feature.source_id, feature.name, spot.geom AS spot,
               coalesce((ask.distances ->> feature.class_code)::double precision, ask.default) AS up_m,
               coalesce((ask.downstream ->> feature.class_code)::double precision, ask.default_downstream,
                        (ask.distances ->> feature.class_code)::double precision, ask.default) AS down_m,
               CASE WHEN jsonb_typeof(feature.attributes -> ask.flow_attribute) = 'number'
                    THEN radians((feature.attributes ->> ask.flow_attribute)::double precision) END AS flows_to
        FROM jsonb_to_recordset(asks) AS ask(
            rule text, edition bigint, classes jsonb, flow_attribute text, distances jsonb, "default" double precision,
            downstream jsonb, default_downstream double precision, reach double precision
        )
        JOIN layers_featurepart p ON p.edition_id = ask.edition
                                 AND layers_sheet(p.edition_id, p.geom) && layers_sheet(ask.edition, ST_Expand(zone, ask.reach))
                                 AND ST_DWithin(p.geom, zone, ask.reach)
        JOIN layers_feature feature ON feature.id = p.feature_id
        CROSS JOIN LATERAL ST_Dump(p.geom) AS spot
        WHERE ask.classes IS NULL OR jsonb_typeof(ask.classes) = 'null' OR ask.classes ? feature.class_code
    ),
    half AS MATERIALIZED (
        SELECT near.*, half.side, half.required_m, land.piece AS land, land.sound
        FROM near
        CROSS JOIN LATERAL (
            SELECT 'all' AS side, up_m AS required_m, NULL::integer AS sign WHERE up_m = down_m
            UNION ALL
            SELECT 'upstream', up_m, 1 WHERE flows_to IS NOT NULL AND up_m IS DISTINCT FROM down_m
            UNION ALL
            SELECT 'downstream', down_m, -1 WHERE flows_to IS NOT NULL AND up_m IS DISTINCT FROM down_m
            UNION ALL
            SELECT 'either', least(coalesce(up_m, 0), down_m), NULL WHERE flows_to IS NULL AND up_m IS DISTINCT FROM down_m
            UNION ALL
            SELECT 'unknown', greatest(up_m, down_m), NULL WHERE flows_to IS NULL AND up_m IS DISTINCT FROM down_m
        ) AS half
        CROSS JOIN LATERAL (
            SELECT zone AS piece, true AS sound WHERE sign IS NULL
            UNION ALL
            SELECT common.piece, common.sound
            FROM check_common(check_half_plane(spot, flows_to, sign, ST_MaxDistance(spot, zone) + 1), zone, verified) common
            WHERE sign IS NOT NULL
            OFFSET 0
        ) AS land
        WHERE half.required_m > 0
    ),
    -- of a feature of several points and two sides the one that falls short most; what hangs on the flow stays apart
    worst AS (
        SELECT DISTINCT ON (rule, id, side = 'unknown')
               half.*, ST_Distance(spot, coalesce(land, zone)) AS distance_m, side = 'unknown' AS open
        FROM half WHERE NOT sound OR NOT ST_IsEmpty(land)
        ORDER BY rule, id, side = 'unknown', sound, ST_Distance(spot, coalesce(land, zone)) - required_m, side DESC, spot
    ),
    ranked AS (
        SELECT worst.*,
               row_number() OVER (
                   PARTITION BY rule ORDER BY distance_m - required_m, geom_hash, source_id, name, open DESC
               ) AS place
        FROM worst
    )
    SELECT ranked.rule, ranked.edition_id, ranked.id, ranked.class_code, ranked.distance_m, ranked.required_m,
           ST_Area(taken.piece), ST_Perimeter(taken.piece), taken.piece,
           CASE WHEN ranked.distance_m > 0 THEN ST_ShortestLine(coalesce(ranked.land, zone), ranked.spot) END,
           -- what comes clearly closer than allowed has a piece of the zone in its ground
           ranked.sound AND NOT (ranked.open AND ranked.distance_m < ranked.required_m)
           AND coalesce(taken.sound AND (NOT verified OR ranked.required_m - ranked.distance_m <= 0.05
                                         OR ST_Area(taken.piece) > 0), true),
           ranked.side
    FROM ranked
    LEFT JOIN LATERAL (
        SELECT joined.geom AS piece, joined.sound AND given.sound AS sound
        FROM (
            SELECT array_agg(common.piece ORDER BY near.spot) AS pieces, bool_and(common.sound) AS sound
            FROM near
            CROSS JOIN LATERAL check_common(
                CASE WHEN ranked.side IN ('all', 'either') THEN check_flow_ground(spot, 0, ranked.required_m, ranked.required_m)
                     ELSE check_flow_ground(spot, flows_to, up_m, down_m) END,
                zone, verified
            ) AS common
            WHERE near.rule = ranked.rule AND near.id = ranked.id
        ) AS given
        CROSS JOIN LATERAL check_joined(given.pieces, verified) AS joined
    ) AS taken ON ranked.distance_m < ranked.required_m AND NOT ranked.open
    WHERE ranked.place = 1 OR ranked.distance_m < ranked.required_m;
END
$$;
