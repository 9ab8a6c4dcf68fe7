-- In which communes does the zone lie, and how much of it lies outside the planner's unit?
-- in:  zone · unit (may be an abolished one: its own extent counts) · day
-- out: kind "unit": the unit, m² of the zone outside it and that piece; kind "commune": each commune of that day,
--      m² of the zone in it
-- why: the law speaks of the unit; size rules depend on the commune (mountainous or not)
CREATE OR REPLACE FUNCTION check_units(zone geometry, unit bigint, day date)
RETURNS TABLE (
    kind text, unit_id bigint, name text, mountainous boolean, area_m2 double precision, piece geometry
)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 'unit', own.id, concat_ws(' ', own.kind_name, own.name), own.mountainous, coalesce(ST_Area(beyond.piece), 0),
           beyond.piece
    FROM layers_adminunit own
    LEFT JOIN LATERAL (
        SELECT ST_CollectionExtract(ST_Difference(zone, own.geom), 3) AS piece WHERE NOT ST_Covers(own.geom, zone)
    ) AS beyond ON true
    WHERE own.id = unit
    UNION ALL
    SELECT 'commune', commune.id, concat_ws(' ', commune.kind_name, commune.name), commune.mountainous,
           CASE WHEN ST_Contains(commune.geom, zone) THEN ST_Area(zone)
                ELSE ST_Area(ST_Intersection(commune.geom, zone)) END, NULL
    FROM layers_adminunit commune
    WHERE commune.level_id = 'commune' AND ST_Intersects(commune.geom, zone)
      AND commune.valid_from <= day AND (commune.valid_to IS NULL OR commune.valid_to >= day);
END
$$;
