-- Has anything in the registers been written since a sweep that the check could answer otherwise for?
-- in:  the day the check is asked about
-- out: a text that differs after any write to the books that the check reads (clusters, boundaries, areas, reports, plan
--      list, decisions, units), and when another boundary, zone, plan or unit is the valid one on that day
-- why: promotion confirms a sweep; between the two the land may have been promised to somebody. Comparing row versions
--      costs milliseconds and forgets no column; a false alarm costs a second sweep of a few proposals.
CREATE OR REPLACE FUNCTION proposals_register_stamp(day date) RETURNS text
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
SELECT md5(concat_ws('/',
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM registers_industrialcluster),
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM registers_clusterboundary),
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM registers_clusterarea),
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM registers_clusterreport),
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM registers_clusterplan),
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM registers_planlistentry),
    (SELECT string_agg(id || ':' || xmin, ',' ORDER BY id) FROM layers_adminunit),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM proposals_decision),
    (SELECT string_agg(boundary_id::text, ',' ORDER BY boundary_id) FROM cluster_boundaries_asof(day)),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM registers_clusterplan
     WHERE valid_from <= day AND (valid_to IS NULL OR valid_to >= day)),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM layers_adminunit
     WHERE valid_from <= day AND (valid_to IS NULL OR valid_to >= day)),
    (SELECT string_agg(version_id::text, ',' ORDER BY version_id) FROM approved_zone
     WHERE valid_from <= day AND (valid_to IS NULL OR valid_to >= day))
))
$$;
