-- in:  nothing
-- out: fresh planner statistics of the layer tables
-- why: after a bulk load the planner knows nothing for up to a minute; the application role may not ANALYZE what it
--      does not own, so this function runs with its owner's right and does nothing else.
CREATE OR REPLACE FUNCTION layers_analyze() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    ANALYZE layers_feature, layers_featurepart, layers_adminunit;
END
$$;
