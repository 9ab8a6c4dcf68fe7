-- Has anything that the basis of a check is built from changed?
-- in:  nothing
-- out: a text that differs whenever a rule set is published, an edition promoted or retired, a parameter changed
-- why: the basis is cached in every web process; asking this costs less than building it (about 0.1 ms)
CREATE OR REPLACE FUNCTION check_basis_stamp() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN concat_ws(
        '/',
        (SELECT concat(id, ':', published_at) FROM checks_ruleset WHERE published_at IS NOT NULL
         ORDER BY version DESC LIMIT 1),
        (SELECT md5(string_agg(concat(id, status, effective_from, retired_on, parts_built), ',' ORDER BY id))
         FROM layers_edition WHERE status <> 'staged'),
        (SELECT md5(string_agg(concat(id, value, valid_from, valid_to, verified), ',' ORDER BY id))
         FROM checks_parameter)
    );
END
$$;
