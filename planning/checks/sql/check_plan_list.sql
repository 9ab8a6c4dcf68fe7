-- Is this entry in the approved list of that day, and which entries could be meant?
-- in:  entry (NULL: none chosen) · unit of the proposal (or NULL) · place: the commune most of the zone lies in · day
-- out: {"entry": {...} | null, "candidates": [names of entries in that unit]}
-- why: the first legal condition; the listed area stands beside the drawn one
CREATE OR REPLACE FUNCTION check_plan_list(entry bigint, unit bigint, place bigint, day date) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    office bigint := coalesce(unit, place);
    reached bigint[];
BEGIN
    IF office IS NOT NULL THEN
        reached := ARRAY(SELECT units_covered_by(office) UNION SELECT units_covering(office));
    END IF;
    RETURN jsonb_build_object(
        'entry', (
            SELECT jsonb_build_object(
                'code', item.code, 'name', item.name, 'area_ha', item.area_ha, 'craft', item.craft_village_cluster,
                'instrument', instrument.number, 'unit', concat_ws(' ', home.kind_name, home.name),
                'in_force', plan.valid_from <= day AND (plan.valid_to IS NULL OR plan.valid_to >= day),
                'in_unit', office IS NULL OR item.unit_id = ANY (reached)
            )
            FROM registers_planlistentry item
            JOIN registers_clusterplan plan ON plan.id = item.plan_id
            JOIN layers_legalinstrument instrument ON instrument.id = plan.instrument_id
            JOIN layers_adminunit home ON home.id = item.unit_id
            WHERE item.id = entry
        ),
        'candidates', CASE WHEN entry IS NOT NULL THEN '[]'::jsonb ELSE (
            SELECT coalesce(jsonb_agg(concat(item.code, ' ', item.name) ORDER BY item.code), '[]'::jsonb)
            FROM registers_planlistentry item
            JOIN registers_clusterplan plan ON plan.id = item.plan_id
            WHERE plan.valid_from <= day AND (plan.valid_to IS NULL OR plan.valid_to >= day)
              AND item.unit_id = ANY (reached)
        ) END
    );
END
$$;
