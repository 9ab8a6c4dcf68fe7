-- in:  screening, shape ("square", "hexagon"), length of a side of the cells of this level in metres, level (0: the cells
--      themselves), tile z/x/y, largest number of cells
-- out: the tile as MVT, layer "cells", extent 4096. Level 0: c class number, s score, x answered exactly, i, j.
--      Above: c the most frequent class (the worse one when two are equal), n cells, p prohibited, u not checked,
--      g without prohibition and checked, s mean score, i, j
-- why: cells keep no geometry: outlines are derived here, for display only. Larger cells stand for smaller ones, so a
--      tile of any zoom holds a few thousand. The fence (OFFSET 0) keeps ST_AsMVTGeom from running twice.
CREATE OR REPLACE FUNCTION glass_screening_tile(
    screening_in bigint, shape text, side double precision, level_in integer, z integer, x integer, y integer,
    max_cells integer DEFAULT 12000
) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = public, pg_temp
AS $$
DECLARE
    srid integer := find_srid('public', 'layers_adminunit', 'geom');
    origin geometry := ST_SetSRID(ST_Point(0, 0), srid);
    box geometry := ST_Transform(ST_Segmentize(ST_TileEnvelope(z, x, y, margin => 0.02), 1e5), srid);
    wide double precision := CASE shape WHEN 'square' THEN side ELSE 1.5 * side END;
    high double precision := CASE shape WHEN 'square' THEN side ELSE sqrt(3) * side END;
    i0 integer := floor(ST_XMin(box) / wide) - 1;
    i1 integer := ceil(ST_XMax(box) / wide) + 1;
    j0 integer := floor(ST_YMin(box) / high) - 1;
    j1 integer := ceil(ST_YMax(box) / high) + 1;
    tile bytea;
BEGIN
    IF level_in = 0 THEN
        SELECT ST_AsMVT(q, 'cells', 4096, 'geom') INTO tile FROM (
            SELECT cell.code AS c, cell.score AS s, cell.exact AS x, cell.i, cell.j,
                   ST_AsMVTGeom(
                       ST_Transform(
                           CASE shape WHEN 'square' THEN ST_Square(side, cell.i, cell.j, origin)
                                      ELSE ST_Hexagon(side, cell.i, cell.j, origin) END, 3857),
                       ST_TileEnvelope(z, x, y), 4096, 64, true) AS geom
            FROM proposals_screeningcell cell
            WHERE cell.screening_id = screening_in AND cell.i BETWEEN i0 AND i1 AND cell.j BETWEEN j0 AND j1
            LIMIT max_cells OFFSET 0
        ) q WHERE q.geom IS NOT NULL;
    ELSE
        SELECT ST_AsMVT(q, 'cells', 4096, 'geom') INTO tile FROM (
            SELECT (SELECT code - 1 FROM unnest(ARRAY[n0, n1, n2, n3, n4, n5]) WITH ORDINALITY AS each(n, code)
                    ORDER BY n DESC, code DESC LIMIT 1)::integer AS c,
                   n0 + n1 + n2 + n3 + n4 + n5 AS n, n5 AS p, n3 + n4 AS u, n0 + n1 + n2 AS g,
                   round(score::numeric / (n0 + n1 + n2 + n3 + n4 + n5))::integer AS s, summed.i, summed.j,
                   ST_AsMVTGeom(
                       ST_Transform(
                           CASE shape WHEN 'square' THEN ST_Square(side, summed.i, summed.j, origin)
                                      ELSE ST_Hexagon(side, summed.i, summed.j, origin) END, 3857),
                       ST_TileEnvelope(z, x, y), 4096, 64, true) AS geom
            FROM (
                SELECT each.i, each.j, sum(each.n0)::integer AS n0, sum(each.n1)::integer AS n1,
                       sum(each.n2)::integer AS n2, sum(each.n3)::integer AS n3, sum(each.n4)::integer AS n4,
                       sum(each.n5)::integer AS n5, sum(each.score)::bigint AS score
                FROM proposals_screeningsum each
                WHERE each.screening_id = screening_in AND each.level = level_in
                  AND each.i BETWEEN i0 AND i1 AND each.j BETWEEN j0 AND j1
                GROUP BY each.i, each.j
            ) summed
            LIMIT max_cells OFFSET 0
        ) q WHERE q.geom IS NOT NULL;
    END IF;
    RETURN coalesce(tile, ''::bytea);
END
$$;
