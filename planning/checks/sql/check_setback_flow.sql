-- Which points on flowing water come too close, when the distance upstream is another than the one downstream?
-- in:  zone · asks: as check_setback, with "flow_attribute": column of the bearing the water flows to (degrees from
--      grid north), "distances"/"default" upstream, "downstream"/"default_downstream" behind the point · verified
-- out: as check_setback; distance and required distance of the side that falls short most (side: upstream, downstream,
--      unknown), the piece of both sides. A point without a bearing asks for the upstream distance on every side
-- why: a drinking-water intake is guarded ten times as far upstream. The straight half circle holds every place within
--      the distance along a winding river; where a zone is published as an area, that area is asked instead
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
DECLARE
    far constant double precision := 200000;  -- a half plane, as wide as any province
BEGIN
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT DISTINCT ask.rule, p.edition_id, feature.id, feature.class_code::text AS class_code, feature.geom_hash,
               ST_Centroid(feature.geom) AS spot,
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
        WHERE ask.classes IS NULL OR jsonb_typeof(ask.classes) = 'null' OR ask.classes ? feature.class_code
    ),
    side AS MATERIALIZED (
        SELECT near.*, half.is_up, half.required_m, half.plane,
               CASE WHEN half.plane IS NULL THEN zone
                    ELSE ST_CollectionExtract(ST_Intersection(zone, half.plane), 3) END AS land
        FROM near
        CROSS JOIN LATERAL (
            SELECT sign > 0 AS is_up, CASE WHEN sign > 0 THEN near.up_m ELSE near.down_m END AS required_m,
                   CASE WHEN near.flows_to IS NOT NULL THEN ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[
                       ST_MakePoint(ST_X(spot) + far * cos(flows_to), ST_Y(spot) - far * sin(flows_to)),
                       ST_MakePoint(ST_X(spot) + far * (cos(flows_to) - sign * sin(flows_to)),
                                    ST_Y(spot) - far * (sin(flows_to) + sign * cos(flows_to))),
                       ST_MakePoint(ST_X(spot) - far * (cos(flows_to) + sign * sin(flows_to)),
                                    ST_Y(spot) + far * (sin(flows_to) - sign * cos(flows_to))),
                       ST_MakePoint(ST_X(spot) - far * cos(flows_to), ST_Y(spot) + far * sin(flows_to)),
                       ST_MakePoint(ST_X(spot) + far * cos(flows_to), ST_Y(spot) - far * sin(flows_to))
                   ])), ST_SRID(zone)) END AS plane
            FROM unnest(CASE WHEN near.flows_to IS NULL THEN ARRAY[1] ELSE ARRAY[1, -1] END) AS sign
        ) AS half
        WHERE half.required_m IS NOT NULL
    ),
    worst AS (
        SELECT DISTINCT ON (rule, id) side.*, ST_Distance(spot, land) AS distance_m
        FROM side WHERE NOT ST_IsEmpty(land)
        ORDER BY rule, id, ST_Distance(spot, land) - required_m, is_up DESC
    ),
    guarded AS (
        SELECT side.rule, side.id, ST_Union(
                   CASE WHEN side.plane IS NULL THEN round.disc ELSE ST_Intersection(round.disc, side.plane) END
               ) AS geom
        FROM side
        CROSS JOIN LATERAL (
            SELECT ST_Buffer(side.spot, side.required_m,
                             greatest(8, ceil(sqrt(12.4 * side.required_m)))::integer) AS disc
        ) AS round
        GROUP BY side.rule, side.id
    ),
    ranked AS (
        SELECT worst.*, guarded.geom AS corridor,
               row_number() OVER (PARTITION BY worst.rule ORDER BY distance_m - required_m, geom_hash) AS place
        FROM worst JOIN guarded ON guarded.rule = worst.rule AND guarded.id = worst.id
    )
    SELECT ranked.rule, ranked.edition_id, ranked.id, ranked.class_code, ranked.distance_m, ranked.required_m,
           ST_Area(common.piece), ST_Perimeter(common.piece), common.piece,
           CASE WHEN ranked.distance_m > 0 THEN ST_ShortestLine(ranked.land, ranked.spot) END,
           coalesce(common.sound, true),
           CASE WHEN ranked.flows_to IS NULL THEN 'unknown' WHEN ranked.is_up THEN 'upstream' ELSE 'downstream' END
    FROM ranked
    LEFT JOIN LATERAL (
        SELECT ST_CollectionExtract(ST_Intersection(ranked.corridor, zone), 3) AS piece, true AS sound
        WHERE NOT verified
        UNION ALL
        SELECT checked.piece, checked.sound FROM check_verified(ranked.corridor, zone) checked
        WHERE verified
        OFFSET 0
    ) AS common ON ranked.distance_m < ranked.required_m
    WHERE ranked.place = 1 OR ranked.distance_m < ranked.required_m;
END
$$;
