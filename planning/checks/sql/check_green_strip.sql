-- How much of the strip along the perimeter is green?
-- in:  zone · green: the green parts as one collection (or NULL) · inner_zone: the zone drawn in by the width of the strip, NULL when
--      nothing is left of it · verified: test every overlay
-- out: strip_m2, missing_m2, piece: the part of the strip that is not green; sound
-- why: the ratio of greenery says nothing about where it lies; the standard asks for a strip inside the perimeter.
--      The drawing in is done by the geometry child, which can be killed: no query can be while GEOS buffers a zone
CREATE OR REPLACE FUNCTION check_green_strip(
    zone geometry, green geometry, inner_zone geometry, verified boolean,
    OUT strip_m2 double precision, OUT missing_m2 double precision, OUT piece geometry, OUT sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    strip geometry;
    bare record;
    together record;
BEGIN
    strip := zone;
    sound := true;
    IF inner_zone IS NOT NULL THEN
        SELECT outer_ring.piece, outer_ring.sound INTO strip, sound
        FROM check_beyond(zone, inner_zone, verified) AS outer_ring;
    END IF;
    strip_m2 := ST_Area(strip);
    piece := strip;
    IF sound AND green IS NOT NULL THEN
        SELECT joined.geom, joined.sound INTO together
        FROM check_joined(ARRAY(SELECT part.geom FROM ST_Dump(green) AS part ORDER BY part.path), verified) AS joined;
        sound := together.sound;
        IF sound THEN
            SELECT rest.piece, rest.sound INTO bare FROM check_beyond(strip, together.geom, verified) AS rest;
            piece := bare.piece;
            sound := bare.sound;
        END IF;
    END IF;
    missing_m2 := coalesce(ST_Area(piece), 0);
END
$$;
