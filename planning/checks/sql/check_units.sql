-- In which communes does the zone lie, and how much of it lies outside the planner's unit?
-- in:  zone · unit (may be an abolished one: its own extent counts) · day · verified: test every overlay
-- out: kind "unit": the unit, m² of the zone outside it and that piece; kind "commune": each commune of that day,
--      m² of the zone in it; sound
-- why: the law speaks of the unit; size rules depend on the commune (mountainous or not)
CREATE OR REPLACE FUNCTION check_units(zone geometry, unit bigint, day date, verified boolean DEFAULT false)
RETURNS TABLE (
    kind text, unit_id bigint, name text, mountainous boolean, area_m2 double precision, perimeter_m double precision,
    piece geometry, sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 3
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 'unit', own.id, concat_ws(' ', own.kind_name, own.name), own.mountainous,
           coalesce(ST_Area(outside.piece), 0), ST_Perimeter(outside.piece), outside.piece, outside.sound
    FROM layers_adminunit own
    CROSS JOIN LATERAL check_beyond(zone, own.geom, verified) AS outside
    WHERE own.id = unit
    UNION ALL
    SELECT 'commune', commune.id, concat_ws(' ', commune.kind_name, commune.name), commune.mountainous,
           ST_Area(inside.piece), ST_Perimeter(inside.piece), NULL, inside.sound
    FROM layers_adminunit commune
    CROSS JOIN LATERAL (
        SELECT zone AS piece, true AS sound WHERE ST_Contains(commune.geom, zone)
        UNION ALL
        SELECT ST_CollectionExtract(ST_Intersection(commune.geom, zone), 3), true
        WHERE NOT verified AND NOT ST_Contains(commune.geom, zone)
        UNION ALL
        SELECT checked.piece, checked.sound FROM check_verified(zone, commune.geom) AS checked
        WHERE verified AND NOT ST_Contains(commune.geom, zone)
        OFFSET 0
    ) AS inside
    WHERE commune.level_id = 'commune' AND ST_Intersects(commune.geom, zone)
      AND commune.valid_from <= day AND (commune.valid_to IS NULL OR commune.valid_to >= day);
END
$$;
