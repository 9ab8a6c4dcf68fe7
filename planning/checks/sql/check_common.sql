-- Which piece do two areas have in common?
-- in:  other · zone: (multi)polygons · verified: test the overlay
-- out: piece (polygons only): NULL when they do not meet, empty when they only touch; sound
-- why: boundaries of the register and pieces of features are compared in the same way, with the same tests
CREATE OR REPLACE FUNCTION check_common(
    other geometry, zone geometry, verified boolean, OUT piece geometry, OUT sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF NOT ST_Intersects(other, zone) THEN
        piece := NULL;
        sound := true;
    ELSIF verified THEN
        SELECT checked.piece, checked.sound INTO piece, sound FROM check_verified(other, zone) checked;
    ELSE
        piece := ST_CollectionExtract(ST_Intersection(other, zone), 3);
        sound := true;
    END IF;
END
$$;
