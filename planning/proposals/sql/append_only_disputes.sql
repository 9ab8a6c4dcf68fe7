-- Which tables of disagreements are never changed?
-- in:  append_only_close(table), installed by planning/people
-- out: on each table a guard against UPDATE and DELETE, and no such right for anybody but the owner
-- why: a verdict may rest on a ruling; what was said and what was ruled happened, a later one may answer it
SET LOCAL search_path = public, pg_catalog;
SELECT append_only_close(closed::regclass)
FROM unnest(ARRAY['proposals_dispute', 'proposals_disputeruling']) AS closed;
