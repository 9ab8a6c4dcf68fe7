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
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, public
AS $$
#variable_conflict use_column
DECLARE
    sources text := $q$
        SELECT 'cluster'::text AS kind, cluster.slug::text AS key, cluster.name::text AS name,
               boundary.geom_hash::text AS geom_hash, boundary.geom AS geom
        FROM registers_clusterboundary boundary
        JOIN registers_industrialcluster cluster ON cluster.id = boundary.cluster_id
        WHERE ST_DWithin(boundary.geom, $1, $5)
          AND boundary.valid_from <= $2 AND (boundary.valid_to IS NULL OR boundary.valid_to > $2)
          AND cluster.id <> ALL ($3) AND cluster.lifecycle <> 'removed'
    $q$;
BEGIN
    IF to_regclass('approved_zone') IS NOT NULL THEN
        sources := sources || $q$
            UNION ALL
            SELECT 'approved', zone.proposal_code::text, zone.name::text, zone.geom_hash::text, zone.geom
            FROM approved_zone zone
            WHERE ST_DWithin(zone.geom, $1, $5)
              AND zone.valid_from <= $2 AND (zone.valid_to IS NULL OR zone.valid_to > $2)
              AND zone.proposal_code <> ALL ($4)
              AND NOT EXISTS (
                  SELECT 1 FROM registers_clusterboundary boundary
                  WHERE boundary.proposal_code = zone.proposal_code AND boundary.valid_from <= $2
              )
        $q$;
    END IF;
    RETURN QUERY EXECUTE format($q$
        SELECT source.kind, source.key, source.name, source.geom_hash, ST_Distance(source.geom, $1),
               ST_Area(common.piece), ST_Perimeter(common.piece), common.piece,
               ST_ShortestLine($1, source.geom), coalesce(common.sound, true)
        FROM (%s) AS source
        LEFT JOIN LATERAL (
            SELECT ST_CollectionExtract(ST_Intersection(source.geom, $1), 3) AS piece, true AS sound WHERE NOT $6
            UNION ALL
            SELECT checked.piece, checked.sound FROM check_verified(source.geom, $1) checked WHERE $6
            OFFSET 0
        ) AS common ON ST_Intersects(source.geom, $1)
        $q$, sources)
    USING zone, day, ignore_clusters, ignore_proposals, reach, verified;
    RETURN QUERY
    SELECT 'unplaced', cluster.slug::text, cluster.name::text, '', ST_Distance(cluster.location, zone),
           NULL::double precision, NULL::double precision, NULL::geometry, ST_ShortestLine(zone, cluster.location), true
    FROM registers_industrialcluster cluster
    WHERE ST_DWithin(cluster.location, zone, reach)
      AND cluster.valid_from <= day AND (cluster.valid_to IS NULL OR cluster.valid_to > day)
      AND cluster.id <> ALL (ignore_clusters) AND cluster.lifecycle NOT IN ('planned', 'removed')
      AND NOT EXISTS (
          SELECT 1 FROM registers_clusterboundary boundary
          WHERE boundary.cluster_id = cluster.id
            AND boundary.valid_from <= day AND (boundary.valid_to IS NULL OR boundary.valid_to > day)
      );
END
$$;
