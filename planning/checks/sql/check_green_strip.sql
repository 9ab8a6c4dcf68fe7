-- How much of the strip along the perimeter is green?
-- in:  zone · green: union of the green parts (or NULL) · width in m
-- out: strip_m2, missing_m2, piece: the part of the strip that is not green
-- why: the ratio of greenery says nothing about where it lies; the standard asks for a strip inside the perimeter
CREATE OR REPLACE FUNCTION check_green_strip(
    zone geometry, green geometry, width double precision,
    OUT strip_m2 double precision, OUT missing_m2 double precision, OUT piece geometry
)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    piece := ST_CollectionExtract(ST_Difference(zone, ST_Buffer(zone, -width)), 3);
    strip_m2 := ST_Area(piece);
    IF green IS NOT NULL THEN
        piece := ST_CollectionExtract(ST_Difference(piece, green), 3);
    END IF;
    missing_m2 := ST_Area(piece);
END
$$;
