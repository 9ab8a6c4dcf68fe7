-- Where does the index over parts look for a geometry of an edition?
-- in:  edition, geometry (storage CRS)
-- out: the geometry moved to the sheet of its edition: every edition has a square of 1,000 km of its own, 64 in a row
-- why: one index answers "in this edition, near this place". Over (edition, geometry) GiST must first split by the number
--      and then mixes editions in its upper pages: 24 to 65 pages a search among 6.6 million parts, where this takes 2 to 4,
--      and it is half as large. What it finds is judged by the true geometry; the edition is asked for
--      besides. There is no index over the edition alone: joined with it, this one would be asked for half as much; all parts
--      of an edition are found through its features.
CREATE OR REPLACE FUNCTION layers_sheet(edition bigint, geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ST_Translate(geom, (edition % 64) * 1000000.0, (edition / 64) * 1000000.0);
