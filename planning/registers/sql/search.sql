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
               concat_ws(', ', nullif(v.hamlets, ''), v.unit_name) AS place,
               concat_ws(' ', v.unit_as_reported, v.former_district_name, v.trade_name_vi, v.trade_name_en) AS beside
        FROM public_village v
        UNION ALL
        SELECT 'cluster', c.id, c.slug::text, c.name::text, c.unit_name,
               concat_ws(' ', c.unit_as_reported, c.former_district_name, c.trades)
        FROM public_cluster c
    ),
    -- every text is folded once per search; folding is what a search costs
    spelt AS MATERIALIZED (
        SELECT l.kind, l.id, l.slug, l.name, l.place,
               registers_fold(l.name) AS name_folded, registers_fold_tones(l.name) AS name_toned,
               registers_fold(l.place) AS place_folded, registers_fold_tones(l.place) AS place_toned,
               registers_fold(l.beside) AS beside_folded, registers_fold_tones(l.beside) AS beside_toned
        FROM listed l WHERE EXISTS (SELECT FROM question)
    ),
    judged AS (
        SELECT s.*, field.number AS field, field.level,
               greatest(word_similarity(q.folded, s.name_folded),
                        0.8 * word_similarity(q.folded, s.place_folded),
                        0.6 * word_similarity(q.folded, s.beside_folded))::real AS score
        FROM spelt s
        CROSS JOIN question q
        CROSS JOIN LATERAL (
            SELECT 1 AS number, CASE WHEN s.name_toned ~ q.toned_pattern THEN 1
                                     WHEN s.name_folded ~ q.folded_pattern THEN 2 END AS level
            UNION ALL
            SELECT 2, CASE WHEN s.place_toned ~ q.toned_pattern THEN 1
                           WHEN s.place_folded ~ q.folded_pattern THEN 2 END
            UNION ALL
            SELECT 3, CASE WHEN s.beside_toned ~ q.toned_pattern THEN 1
                           WHEN s.beside_folded ~ q.folded_pattern THEN 2 END
            UNION ALL
            SELECT 4, CASE WHEN word_similarity(
                q.folded, concat_ws(' ', s.name_folded, s.place_folded, s.beside_folded)) >= 0.5 THEN 3 END
        ) AS field
        WHERE field.level IS NOT NULL
    ),
    best AS (
        SELECT DISTINCT ON (j.kind, j.id) j.* FROM judged j ORDER BY j.kind, j.id, j.level, j.field
    )
    SELECT j.kind, j.id, j.slug, j.name, j.place, j.level, j.score
    FROM best j
    ORDER BY j.level, j.field, j.score DESC, j.name, j.id
    LIMIT how_many
$$;
