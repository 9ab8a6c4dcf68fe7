-- Which villages and clusters does a person mean who types without tones, apostrophes or spaces?
-- in:  what was typed, how many answers are wanted
-- out: kind, id, slug, name, place, level (1 exact tones, 2 base letters, 3 nearly), score; best first
-- why: "eakar", "Ea Kar" and "ea kar" are one place, "hoà" and "hòa" are one word, "banh trang" should find bánh tráng but
--      after an exact "bánh tráng"; abolished districts stay findable. A match starts at a word.
--      Folding uses Unicode decomposition and not unaccent, which is not immutable and leaves apostrophes in place.
CREATE OR REPLACE FUNCTION registers_fold(typed text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(translate(lower(normalize(translate(typed, 'ĐđÐð', 'dddd'), NFKD)), '''’‘ʼ`´', ''),
                       '[\u0300-\u036f]', '', 'g'),
        '[^a-z0-9]+', ' ', 'g'))
$$;

CREATE OR REPLACE FUNCTION registers_fold_tones(typed text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(translate(lower(normalize(translate(typed, 'ĐÐð', 'đđđ'), NFD)), '''’‘ʼ`´', ''),
                       '([\u0300\u0301\u0303\u0309\u0323])([a-zđ\u0302\u0306\u031b]*)', '\2\1', 'g'),
        '[^a-z0-9đ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]+', ' ', 'g'))
$$;

CREATE OR REPLACE FUNCTION registers_search(typed text, how_many integer DEFAULT 10) RETURNS TABLE (
    kind text, id bigint, slug text, name text, place text, level integer, score real
)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    WITH question AS (
        SELECT folded, toned,
               '(^| )' || regexp_replace(replace(folded, ' ', ''), '(.)', '\1 ?', 'g') AS folded_pattern,
               '(^| )' || regexp_replace(replace(toned, ' ', ''), '(.)', '\1 ?', 'g') AS toned_pattern
        FROM (SELECT registers_fold(left(typed, 100)) AS folded, registers_fold_tones(left(typed, 100)) AS toned) AS q
        WHERE folded <> ''
    ),
    listed AS (
        SELECT 'village' AS kind, v.id, v.slug::text, v.name::text,
               concat_ws(', ', v.hamlets, v.unit_name) AS place,
               concat_ws(' ', v.hamlets, v.unit_name, v.unit_as_reported, v.former_district_name, v.trade_name_vi,
                         v.trade_name_en) AS beside
        FROM public_village v
        UNION ALL
        SELECT 'cluster', c.id, c.slug::text, c.name::text, c.unit_name,
               concat_ws(' ', c.unit_name, c.unit_as_reported, c.former_district_name, c.trades)
        FROM public_cluster c
    ),
    judged AS (
        SELECT l.*,
               CASE
                   WHEN registers_fold_tones(l.name) ~ q.toned_pattern THEN 1
                   WHEN registers_fold(l.name) ~ q.folded_pattern THEN 2
                   WHEN registers_fold_tones(l.beside) ~ q.toned_pattern THEN 1
                   WHEN registers_fold(l.beside) ~ q.folded_pattern THEN 2
                   WHEN word_similarity(q.folded, registers_fold(l.name || ' ' || l.beside)) >= 0.5 THEN 3
               END AS level,
               registers_fold(l.name) ~ q.folded_pattern AS by_name,
               greatest(word_similarity(q.folded, registers_fold(l.name)),
                        0.8 * word_similarity(q.folded, registers_fold(l.beside)))::real AS score
        FROM listed l CROSS JOIN question q
    )
    SELECT j.kind, j.id, j.slug, j.name, j.place, j.level, j.score
    FROM judged j
    WHERE j.level IS NOT NULL
    ORDER BY j.level, j.by_name DESC, j.score DESC, j.name, j.id
    LIMIT how_many
$$;
