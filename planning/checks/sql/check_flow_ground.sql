-- Which ground does a point on flowing water guard, and which half of the plane lies upstream of it?
-- in:  spot · flows_to: bearing the water flows to, radians clockwise from grid north · up_m, down_m: distances upstream
--      and downstream, NULL or 0 for none · sign: 1 upstream, -1 downstream · far: how far the half reaches, metres
-- out: check_flow_ground: half a disc upstream and half a disc downstream as one area; check_half_plane: a rectangle
--      beside the line through the spot across the flow
-- why: drawn corner by corner, the two halves need no overlay that could go wrong: seen from the spot the outline is met
--      once in every direction. Round to 2.5 cm of the true arc, as the corridors of check_setback are
CREATE OR REPLACE FUNCTION check_flow_ground(
    spot geometry, flows_to double precision, up_m double precision, down_m double precision
) RETURNS geometry
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    SELECT ST_SetSRID(ST_MakePolygon(ST_AddPoint(outline.open, ST_StartPoint(outline.open))), ST_SRID(spot))
    FROM (
        SELECT ST_MakeLine(
                   ST_MakePoint(ST_X(spot) + half.radius * sin(at), ST_Y(spot) + half.radius * cos(at))
                   ORDER BY half.place, step.place
               ) AS open
        FROM (
            VALUES (1, coalesce(up_m, 0), flows_to + pi() / 2), (2, coalesce(down_m, 0), flows_to + 1.5 * pi())
        ) AS half(place, radius, begins)
        CROSS JOIN LATERAL (SELECT 2 * greatest(8, ceil(sqrt(12.4 * half.radius)))::integer AS chords) AS drawn
        CROSS JOIN LATERAL generate_series(0, drawn.chords) AS step(place)
        CROSS JOIN LATERAL (SELECT half.begins + pi() * step.place / drawn.chords AS at) AS turned
    ) AS outline
$$;

CREATE OR REPLACE FUNCTION check_half_plane(
    spot geometry, flows_to double precision, sign integer, far double precision
) RETURNS geometry
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    SELECT ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[
        ST_MakePoint(x + far * c, y - far * s),
        ST_MakePoint(x + far * (c - sign * s), y - far * (s + sign * c)),
        ST_MakePoint(x - far * (c + sign * s), y + far * (s - sign * c)),
        ST_MakePoint(x - far * c, y + far * s),
        ST_MakePoint(x + far * c, y - far * s)
    ])), ST_SRID(spot))
    FROM (SELECT ST_X(spot) AS x, ST_Y(spot) AS y, sin(flows_to) AS s, cos(flows_to) AS c) AS way
$$;
