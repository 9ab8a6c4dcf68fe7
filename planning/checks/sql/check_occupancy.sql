-- How full are the clusters that count for a new or expanded one?
-- in:  unit · day · scope: "unit" (what the unit covers), "former_district" (all that took over the unit's abolished
--      district), "province" · only: cluster ids (an expansion looks at these instead of the scope)
-- out: [{"name", "leasable_ha", "leased_ha", "on"}], figures null when never reported
-- why: the decree wrote "per district"; districts are gone and the law named no successor, so the scope is a setting
--      of the rule. The latest half-yearly report counts, else the latest dated areas
CREATE OR REPLACE FUNCTION check_occupancy(unit bigint, day date, scope text, only_clusters bigint[]) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    reached bigint[];
BEGIN
    IF cardinality(only_clusters) > 0 OR scope = 'province' THEN
        reached := NULL;
    ELSIF scope = 'former_district' THEN
        SELECT array_agg(DISTINCT covered) INTO reached
        FROM (
            SELECT unit AS id
            UNION
            SELECT origin.predecessor_id
            FROM layers_adminsuccession origin
            JOIN layers_adminunit old ON old.id = origin.predecessor_id AND old.level_id = 'district'
            WHERE origin.successor_id = unit
        ) AS office
        CROSS JOIN LATERAL units_covered_by(office.id) AS covered;
    ELSE
        SELECT array_agg(covered) INTO reached FROM units_covered_by(unit) AS covered;
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'name', cluster.name,
            'leasable_ha', coalesce(report.leasable_ha, leasable.area_ha),
            'leased_ha', CASE WHEN report.leasable_ha IS NOT NULL THEN report.leased_ha ELSE leased.area_ha END,
            'on', CASE WHEN report.leasable_ha IS NOT NULL THEN report.period_end
                       ELSE greatest(leasable."on", leased."on") END
        ) ORDER BY cluster.name, cluster.slug), '[]'::jsonb)
        FROM registers_industrialcluster cluster
        LEFT JOIN LATERAL (
            SELECT r.leasable_ha, r.leased_ha, r.period_end FROM registers_clusterreport r
            WHERE r.cluster_id = cluster.id AND r.period_end <= day AND r.leasable_ha IS NOT NULL AND r.leased_ha IS NOT NULL
            ORDER BY r.period_end DESC LIMIT 1
        ) AS report ON true
        LEFT JOIN LATERAL (
            SELECT a.area_ha, a."on" FROM registers_clusterarea a
            WHERE a.cluster_id = cluster.id AND a."on" <= day AND a.kind IN ('leasable', 'industrial_land')
            ORDER BY a.kind = 'leasable' DESC, a."on" DESC LIMIT 1
        ) AS leasable ON true
        LEFT JOIN LATERAL (
            SELECT a.area_ha, a."on" FROM registers_clusterarea a
            WHERE a.cluster_id = cluster.id AND a."on" <= day AND a.kind = 'leased'
            ORDER BY a."on" DESC LIMIT 1
        ) AS leased ON true
        WHERE cluster.valid_from <= day AND (cluster.valid_to IS NULL OR cluster.valid_to >= day)
          AND cluster.lifecycle NOT IN ('planned', 'removed')
          AND (cardinality(only_clusters) = 0 OR cluster.id = ANY (only_clusters))
          AND (reached IS NULL OR cluster.unit_id = ANY (reached))
    );
END
$$;
