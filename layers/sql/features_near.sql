-- Which features of some editions lie at a place?
-- in:  editions, box (storage CRS)
-- out: row numbers of the features of which a part's box touches it, each once; of an edition whose parts were dropped,
--      those whose own box does
-- why: features have no index over places of their own: filling it took a quarter of copying them, and the one over parts
--      knows the edition besides. Parts only go some time after an edition retired; its papers still find its features.
CREATE OR REPLACE FUNCTION layers_features_near(editions_in bigint[], box geometry) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = public, pg_temp
AS $$
SELECT DISTINCT near.feature_id
FROM unnest(editions_in) AS asked (id)
CROSS JOIN LATERAL (
    SELECT part.feature_id FROM layers_featurepart part
    WHERE part.edition_id = asked.id AND layers_sheet(part.edition_id, part.geom) && layers_sheet(asked.id, box)
    OFFSET 0
) near
UNION ALL
SELECT f.id
FROM layers_edition e
JOIN layers_feature f ON f.edition_id = e.id AND f.geom && box
WHERE e.id = ANY (editions_in) AND NOT e.parts_built
$$;
