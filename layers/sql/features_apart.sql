-- in:  edition, its parts built
-- out: true when no two of its features share ground
-- why: the check counts a square metre once however many features lie there, so it compares the parts in a zone in pairs:
--      3 of 6 ms of an overlap. Of a published tessellation that is known beforehand, once (0.09 ms a feature).
--      It asks the very question the check would ask, of all parts, so a mark never changes an answer.
CREATE OR REPLACE FUNCTION layers_features_apart(edition_in bigint) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
SELECT NOT EXISTS (
    SELECT FROM layers_feature f
    JOIN layers_featurepart one ON one.feature_id = f.id
    JOIN layers_featurepart other
      ON other.edition_id = one.edition_id AND other.feature_id > one.feature_id
     AND layers_sheet(other.edition_id, other.geom) && layers_sheet(one.edition_id, one.geom)
     AND ST_Relate(one.geom, other.geom, '2********')
    WHERE f.edition_id = edition_in
)
$$;
