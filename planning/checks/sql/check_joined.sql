-- Which ground do these areas cover together?
-- in:  pieces: areas in the order in which they are put together, NULLs are passed over · verified: test every overlay
-- out: geom: all of them as one area, NULL when there is none; sound: false when that could not be computed, then geom is
--      NULL, too
-- why: planned parts are asked about together, and what is left of a zone is what no piece covers. A union is an overlay
--      as much as an intersection is: what a piece adds is measured first, with every test (check_beyond), and the
--      union must have exactly that area more; else it is repeated on the 1 mm grid
CREATE OR REPLACE FUNCTION check_joined(pieces geometry[], verified boolean, OUT geom geometry, OUT sound boolean)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    piece geometry;
    joined geometry;
    added record;
    grid double precision;
BEGIN
    sound := true;
    IF NOT verified THEN
        geom := ST_CollectionExtract(ST_Union(pieces), 3);
        RETURN;
    END IF;
    FOREACH piece IN ARRAY coalesce(pieces, '{}') LOOP
        CONTINUE WHEN piece IS NULL OR ST_IsEmpty(piece);
        IF geom IS NULL THEN
            geom := piece;
            CONTINUE;
        END IF;
        BEGIN
            SELECT rest.piece, rest.sound INTO added FROM check_beyond(piece, geom, true) AS rest;
            sound := added.sound;
        EXCEPTION WHEN internal_error THEN
            sound := false;
        END;
        IF sound AND added.piece IS NOT NULL THEN
            FOREACH grid IN ARRAY ARRAY[-1, 0.001] LOOP
                BEGIN
                    joined := ST_CollectionExtract(ST_Union(geom, piece, grid), 3);
                    sound := abs(ST_Area(joined) - ST_Area(geom) - ST_Area(added.piece)) <= 0.1;
                EXCEPTION WHEN internal_error THEN
                    sound := false;
                END;
                EXIT WHEN sound;
            END LOOP;
            geom := joined;
        END IF;
        IF sound IS NOT TRUE THEN
            sound := false;
            geom := NULL;
            RETURN;
        END IF;
    END LOOP;
END
$$;
