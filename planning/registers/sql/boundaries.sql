-- Which boundary of which cluster was valid on a day?
-- in:  a day
-- out: one row per cluster that has a valid boundary then: identity, kind, unit, geometry (storage CRS), hash, area
-- why: the check asks registers *as of* its basis date; a cluster removed from the register is no longer in the way.
--      The columns are a contract with planning/checks, held by tests/registers/test_boundaries.py.
CREATE OR REPLACE FUNCTION cluster_boundaries_asof(day date) RETURNS TABLE (
    boundary_id bigint,
    cluster_id bigint,
    slug text,
    name text,
    cluster_kind text,
    lifecycle text,
    boundary_kind text,
    unit_id bigint,
    valid_from date,
    decision text,
    proposal_code text,
    geom_hash text,
    area_m2 double precision,
    geom public.geometry
)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    SELECT DISTINCT ON (boundary.cluster_id)
        boundary.id, cluster.id, cluster.slug::text, cluster.name::text, cluster.kind::text, cluster.lifecycle::text,
        boundary.kind::text, cluster.unit_id, boundary.valid_from, boundary.decision::text,
        boundary.proposal_code::text, boundary.geom_hash::text, boundary.area_m2, boundary.geom
    FROM registers_clusterboundary boundary
    JOIN registers_industrialcluster cluster ON cluster.id = boundary.cluster_id
    WHERE boundary.valid_from <= day AND (boundary.valid_to IS NULL OR boundary.valid_to >= day)
      AND cluster.valid_from <= day AND (cluster.valid_to IS NULL OR cluster.valid_to >= day)
      AND cluster.lifecycle <> 'removed'
    ORDER BY boundary.cluster_id, boundary.valid_from DESC, boundary.id DESC
$$;
