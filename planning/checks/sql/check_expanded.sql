-- How large is the whole cluster when the zone is added to it?
-- in:  zone · clusters being expanded · day · verified: test every overlay
-- out: {"total_m2", "placed": every cluster has a boundary that day, "boundaries": their hashes, "sound"}; total_m2 is
--      null when nothing is being expanded
-- why: size rules test an expansion on the total; the drawn zone may or may not repeat the old boundary, so areas are
--      united, not added. A cluster without a boundary adds its latest established (or planned) area
CREATE OR REPLACE FUNCTION check_expanded(
    zone geometry, clusters bigint[], day date, verified boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF cardinality(clusters) = 0 THEN
        RETURN jsonb_build_object('total_m2', NULL, 'placed', true, 'sound', true);
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'total_m2', (united.area_m2 + coalesce(present.listed_m2, 0))::double precision,
            'placed', present.placed, 'boundaries', to_jsonb(present.hashes), 'sound', united.sound
        )
        FROM (
            SELECT array_agg(old.geom ORDER BY old.geom) AS geoms, sum(old.listed_m2::numeric) AS listed_m2,
                   bool_and(old.geom IS NOT NULL) AS placed, array_agg(old.geom_hash ORDER BY old.geom_hash) AS hashes
            FROM (
                SELECT boundary.geom, boundary.geom_hash,
                       CASE WHEN boundary.geom IS NULL THEN area.area_ha * 10000 END AS listed_m2
                FROM unnest(clusters) AS asked(id)
                LEFT JOIN registers_clusterboundary boundary
                       ON boundary.cluster_id = asked.id AND boundary.valid_from <= day
                      AND (boundary.valid_to IS NULL OR boundary.valid_to >= day)
                LEFT JOIN LATERAL (
                    SELECT a.area_ha FROM registers_clusterarea a
                    WHERE a.cluster_id = asked.id AND a."on" <= day
                      AND a.kind IN ('established', 'planned', 'detailed_plan')
                    ORDER BY array_position(ARRAY['established', 'detailed_plan', 'planned'], a.kind::text), a."on" DESC
                    LIMIT 1
                ) AS area ON true
            ) AS old
        ) AS present
        CROSS JOIN LATERAL (
            SELECT sum(added.fresh_m2::numeric) AS area_m2, bool_and(added.sound) AS sound
            FROM check_once(array_prepend(zone, present.geoms), verified) AS added
        ) AS united
    );
END
$$;
