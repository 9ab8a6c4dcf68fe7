-- Which piece of one area lies beyond another one?
-- in:  zone · cover: what it should lie in, of any size (a province's coverage) · verified: test the overlay
-- out: piece (polygons only), NULL when nothing lies beyond; sound: false when that could not be computed
-- why: "outside the unit", "outside the coverage" and "not green" are answers as much as an overlap is, so they get the
--      same tests
CREATE OR REPLACE FUNCTION check_beyond(
    zone geometry, cover geometry, verified boolean, OUT piece geometry, OUT sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    sound := true;
    IF ST_Covers(cover, zone) THEN
        RETURN;
    ELSIF verified THEN
        SELECT checked.beyond, checked.sound INTO piece, sound FROM check_verified(zone, cover) checked;
    ELSE
        piece := ST_CollectionExtract(ST_Difference(zone, cover), 3);
    END IF;
END
$$;
