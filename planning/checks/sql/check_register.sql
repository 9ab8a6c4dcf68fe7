-- Which clusters and approved zones does the zone overlap or come near to?
-- in:  zone · day · ignore_clusters · ignore_proposals (codes) · reach: metres to look · verified
-- out: kind "cluster" (latest boundary valid that day), "approved" (an approved zone that is no cluster yet), or
--      "unplaced" (a cluster of the register without any boundary whose place lies within reach)
-- why: two clusters cannot share land; a cluster without a boundary cannot be tested and must not read as clear.
--      The view approved_zone belongs to the floor above; where it is not installed there are no approved zones
CREATE OR REPLACE FUNCTION check_register(
    zone geometry, day date, ignore_clusters bigint[], ignore_proposals text[], reach double precision,
    verified boolean DEFAULT false
)
RETURNS TABLE (
    kind text, key text, name text, geom_hash text, distance_m double precision, overlap_m2 double precision,
    perimeter_m double precision, piece geometry, line geometry, sound boolean
)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 3
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 'cluster', cluster.slug::text, cluster.name::text, boundary.geom_hash::text,
           ST_Distance(boundary.geom, zone), ST_Area(common.piece), ST_Perimeter(common.piece), common.piece,
           CASE WHEN ST_Disjoint(zone, boundary.geom) THEN ST_ShortestLine(zone, boundary.geom) END, common.sound
    FROM registers_clusterboundary boundary
    JOIN registers_industrialcluster cluster ON cluster.id = boundary.cluster_id
    CROSS JOIN LATERAL check_common(boundary.geom, zone, verified) AS common
    WHERE ST_DWithin(boundary.geom, zone, reach)
      AND boundary.valid_from <= day AND (boundary.valid_to IS NULL OR boundary.valid_to >= day)
      AND cluster.id <> ALL (ignore_clusters) AND cluster.lifecycle <> 'removed';

    -- planned only when it is reached, so the view need not exist
    IF to_regclass('approved_zone') IS NOT NULL THEN
        RETURN QUERY
        SELECT 'approved', approved.proposal_code::text, approved.name::text, approved.geom_hash::text,
               ST_Distance(approved.geom, zone), ST_Area(common.piece), ST_Perimeter(common.piece), common.piece,
               CASE WHEN ST_Disjoint(zone, approved.geom) THEN ST_ShortestLine(zone, approved.geom) END, common.sound
        FROM approved_zone approved
        CROSS JOIN LATERAL check_common(approved.geom, zone, verified) AS common
        WHERE ST_DWithin(approved.geom, zone, reach)
          AND approved.valid_from <= day AND (approved.valid_to IS NULL OR approved.valid_to >= day)
          AND approved.proposal_code <> ALL (ignore_proposals)
          AND NOT EXISTS (
              SELECT 1 FROM registers_clusterboundary boundary
              WHERE boundary.proposal_code = approved.proposal_code AND boundary.valid_from <= day
          );
    END IF;

    RETURN QUERY
    SELECT 'unplaced', cluster.slug::text, cluster.name::text, '', ST_Distance(cluster.location, zone),
           NULL::double precision, NULL::double precision, NULL::geometry, CASE WHEN ST_Disjoint(zone, cluster.location) THEN ST_ShortestLine(zone, cluster.location) END, true
    FROM registers_industrialcluster cluster
    WHERE ST_DWithin(cluster.location, zone, reach)
      AND cluster.valid_from <= day AND (cluster.valid_to IS NULL OR cluster.valid_to >= day)
      AND cluster.id <> ALL (ignore_clusters) AND cluster.lifecycle NOT IN ('planned', 'removed')
      AND NOT EXISTS (
          SELECT 1 FROM registers_clusterboundary boundary
          WHERE boundary.cluster_id = cluster.id
            AND boundary.valid_from <= day AND (boundary.valid_to IS NULL OR boundary.valid_to >= day)
      );
END
$$;
