-- What of the zone do these pieces leave?
-- in:  zone · pieces of it, NULLs are passed over · verified: test every overlay
-- out: piece (polygons only), NULL when nothing is left; area_m2; sound: false when that could not be computed
-- why: where a least share is not reached the report shows the land that lacks it, and a way out may cut it off: the same
--      care as for what is there
CREATE OR REPLACE FUNCTION check_left_over(
    zone geometry, pieces geometry[], verified boolean, OUT piece geometry, OUT area_m2 double precision, OUT sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    taken record;
BEGIN
    SELECT joined.geom, joined.sound INTO taken FROM check_joined(pieces, verified) AS joined;
    IF NOT taken.sound THEN
        sound := false;
        RETURN;
    END IF;
    piece := zone;
    sound := true;
    IF taken.geom IS NOT NULL THEN
        SELECT rest.piece, rest.sound INTO piece, sound FROM check_beyond(zone, taken.geom, verified) AS rest;
    END IF;
    area_m2 := CASE WHEN sound THEN coalesce(ST_Area(piece), 0) END;
END
$$;
