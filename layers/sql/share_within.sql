-- in:  a vetted zone, a unit
-- out: share (0–1) of the zone's area inside the unit
-- why: "inside its unit" is a share, because zones are drawn along unit borders; the unit is clipped to the zone's box
--      first, so a border of 10,000 vertices costs only what lies near the zone.
CREATE OR REPLACE FUNCTION layers_share_within(zone geometry, unit_in bigint) RETURNS double precision
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
SELECT CASE
    WHEN u.geom IS NULL OR NOT u.geom && zone THEN 0
    WHEN ST_Covers(u.geom, zone) THEN 1
    ELSE least(1, ST_Area(ST_Intersection(ST_CollectionExtract(ST_MakeValid(
             ST_ClipByBox2D(u.geom, ST_Expand(box2d(zone), 1))), 3), zone)) / ST_Area(zone))
    END
FROM layers_adminunit u WHERE u.id = unit_in
$$;
