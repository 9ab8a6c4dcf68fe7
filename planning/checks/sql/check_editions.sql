-- Which edition of each layer held on a day?
-- in:  day
-- out: one row per layer that has one: promoted, effective by that day, not retired by then, its parts built.
--      review_after_days: from the day of effect until review is due, less when its publisher looked earlier.
--      coverage_key is equal for editions whose publishers looked at the same area
-- why: a layer without a row here is "not checked"; a kept run names the edition, so an old report can be run again
CREATE OR REPLACE FUNCTION check_editions(day date)
RETURNS TABLE (
    edition_id bigint, layer_code text, name_vi text, name_en text, number integer, effective_from date,
    sha256 text, schematic boolean, source text, coverage_key text, review_after_days integer
)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 40
SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (layer.code)
        edition.id, layer.code::text, layer.name_vi::text, layer.name_en::text, edition.number, edition.effective_from,
        edition.sha256::text, edition.schematic, edition.source::text, md5(ST_AsBinary(edition.coverage)),
        layer.review_after_days - (edition.effective_from - coalesce(edition.looked_on, edition.effective_from))
    FROM layers_edition edition
    JOIN layers_layer layer ON layer.id = edition.layer_id
    WHERE edition.status IN ('current', 'retired')
      AND edition.parts_built
      AND edition.effective_from <= day
      AND (edition.retired_on IS NULL OR edition.retired_on > day)
    ORDER BY layer.code, edition.number DESC;
END
$$;
