-- Which unit is a register row in today, and which abolished district was that?
-- in:  registers_unit_today(unit, day): the unit of a row · registers_former_district(unit): the same or today's unit
-- out: one unit, or null when the succession is not recorded
-- why: registers keep the unit as it was reported; totals by today's commune and by former district both need the other
--      one. When several units share a territory, the one with the largest piece stands for the row.
CREATE OR REPLACE FUNCTION registers_unit_today(place bigint, day date) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    WITH RECURSIVE step(id, depth) AS (
        SELECT place, 0
        UNION ALL
        SELECT heir.successor_id, step.depth + 1
        FROM step
        JOIN layers_adminunit unit ON unit.id = step.id AND unit.valid_to < day
        CROSS JOIN LATERAL (
            SELECT s.successor_id FROM layers_adminsuccession s
            JOIN layers_adminunit heir ON heir.id = s.successor_id
            WHERE s.predecessor_id = step.id ORDER BY s.share DESC, s.id LIMIT 1
        ) AS heir
        WHERE step.depth < 10
    )
    SELECT id FROM step ORDER BY depth DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION registers_former_district(place bigint) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    WITH origins AS (
        SELECT origin.id, s.share, s.id AS link
        FROM layers_adminsuccession s
        JOIN layers_adminunit origin ON origin.id = s.predecessor_id AND origin.level_id = 'district'
        WHERE s.successor_id = place
    )
    SELECT coalesce(
        (SELECT unit.id FROM layers_adminunit unit WHERE unit.id = place AND unit.level_id = 'district'),
        -- areas are measured only when there is a choice: detoasting a district's boundary costs a millisecond
        CASE WHEN (SELECT count(*) FROM origins) = 1 THEN (SELECT id FROM origins) ELSE (
            SELECT origins.id FROM origins JOIN layers_adminunit origin ON origin.id = origins.id
            ORDER BY origins.share * public.ST_Area(origin.geom) DESC, origins.link LIMIT 1
        ) END
    )
$$;

CREATE OR REPLACE FUNCTION registers_unit_name(place bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$ SELECT btrim(kind_name || ' ' || name) FROM layers_adminunit WHERE id = place $$;
