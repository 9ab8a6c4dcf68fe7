-- Which tables of the way back from the survey are never changed?
-- in:  append_only_close(table), installed by planning/people
-- out: on each table a guard against UPDATE and DELETE, and no such right for anybody but the owner
-- why: what a team sent, how its link was used and what was ruled on it happened; a later return or ruling answers it
SET LOCAL search_path = public, pg_catalog;
SELECT append_only_close(closed::regclass)
FROM unnest(ARRAY[
    'proposals_surveyuse', 'proposals_surveyreturn', 'proposals_surveyruling', 'proposals_handover'
]) AS closed;
