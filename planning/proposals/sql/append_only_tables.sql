-- Which tables of the procedure are never changed?
-- in:  append_only_close(table), installed by planning/people
-- out: on each table a guard against UPDATE and DELETE, and no such right for anybody but the owner
-- why: what was kept, checked, submitted, returned, appraised, signed, decided, printed or handed out happened; a
--      later act may answer it, nothing may rewrite it. The function finds the roles in the tables' own grants, so
--      no role is named here
SET LOCAL search_path = public, pg_catalog;
SELECT append_only_close(closed::regclass)
FROM unnest(ARRAY[
    'proposals_zoneversion', 'proposals_zonepart', 'proposals_checkrun', 'proposals_checkfinding',
    'proposals_submission', 'proposals_return', 'proposals_appraisal', 'proposals_signoff', 'proposals_decision',
    'proposals_paper', 'proposals_surveydownload'
]) AS closed;
