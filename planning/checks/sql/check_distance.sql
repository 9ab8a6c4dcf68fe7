-- How far is a feature part from the zone, and which piece of the zone's edge is the near one?
-- in:  part · zone · edge: the zone's edge in pieces (check_edge), NULL for a zone of few vertices · reach: metres
-- out: distance_m (0 when they meet; beyond reach any value above reach), near: what to draw the shortest line from
-- why: ST_Distance compares every segment with every segment once the boxes meet: 2,000 corners cost 16 ms for one
--      river. Pieces whose box is farther than the best distance found cannot be nearer and are not looked at, and of
--      the part only what lies within that distance of a piece: it tells which piece is nearest (a tenth of the time),
--      the figure itself is measured to the part as it is
-- check_edge cuts by overlapping boxes: ST_Subdivide takes 15 ms for the same edge, and a box without overlap
--      would lose a side that lies on its border
CREATE OR REPLACE FUNCTION check_edge(zone geometry) RETURNS geometry[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    edge geometry := ST_Boundary(zone);
    side integer := ceil(sqrt(ST_NPoints(zone) / 64.0));
    west double precision := ST_XMin(zone);
    south double precision := ST_YMin(zone);
    wide double precision := (ST_XMax(zone) - ST_XMin(zone)) / side;
    high double precision := (ST_YMax(zone) - ST_YMin(zone)) / side;
BEGIN
    IF ST_NPoints(zone) <= 300 THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(
        SELECT clipped.piece
        FROM generate_series(0, side - 1) AS i, generate_series(0, side - 1) AS j,
        LATERAL (
            SELECT ST_ClipByBox2D(edge, ST_MakeEnvelope(
                west + i * wide - 0.01, south + j * high - 0.01,
                west + (i + 1) * wide + 0.01, south + (j + 1) * high + 0.01, ST_SRID(zone)
            )::box2d) AS piece
            OFFSET 0
        ) AS clipped
        WHERE NOT ST_IsEmpty(clipped.piece)
    );
END
$$;

CREATE OR REPLACE FUNCTION check_distance(
    part geometry, zone geometry, edge geometry[], reach double precision,
    OUT distance_m double precision, OUT near geometry
)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    other geometry;
    box_m double precision;
    found_m double precision;
    best double precision;
BEGIN
    IF edge IS NULL THEN
        near := zone;
        distance_m := ST_Distance(part, zone);
        RETURN;
    END IF;
    SELECT piece, piece <#> part INTO near, distance_m FROM unnest(edge) AS piece ORDER BY piece <#> part LIMIT 1;
    IF distance_m > reach THEN
        RETURN;
    END IF;
    IF ST_Intersects(zone, part) THEN
        distance_m := 0;
        RETURN;
    END IF;
    distance_m := ST_Distance(near, part);
    best := distance_m;
    FOR other, box_m IN SELECT piece, piece <#> part FROM unnest(edge) AS piece ORDER BY piece <#> part LOOP
        EXIT WHEN box_m >= best;
        found_m := ST_Distance(other, ST_ClipByBox2D(part, ST_Expand(other::box2d, best)));
        IF found_m < best THEN
            best := found_m;
            near := other;
        END IF;
    END LOOP;
    IF best < distance_m THEN
        distance_m := ST_Distance(near, part);
    END IF;
END
$$;
