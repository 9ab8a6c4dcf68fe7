-- in:  cells and sums of screenings as they come, screenings as they go
-- out: an error where a foreign key would give one: a cell or sum without its screening, a screening that goes before its
--      cells and sums, and either taking another number
-- why: a foreign key asks row by row when the transaction ends, 4 µs for each of the two million rows of a province in
--      hectares. One question for all rows of a statement promises the same: the screening is locked as a key would
--      lock it (FOR KEY SHARE), so that it cannot go meanwhile (layers: guard_rows.sql).
CREATE OR REPLACE FUNCTION proposals_cells_have_their_screening() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    screenings bigint[];
BEGIN
    SELECT array_agg(DISTINCT screening_id) INTO screenings FROM touched;
    PERFORM FROM proposals_screening s WHERE s.id = ANY (screenings) FOR KEY SHARE;
    IF cardinality(screenings) > (SELECT count(*) FROM proposals_screening s WHERE s.id = ANY (screenings)) THEN
        RAISE EXCEPTION 'a screened cell without its screening' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION proposals_screening_is_empty() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a screening and its cells keep their number' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM proposals_screeningcell c WHERE c.screening_id = OLD.id)
        OR EXISTS (SELECT FROM proposals_screeningsum c WHERE c.screening_id = OLD.id) THEN
        RAISE EXCEPTION 'a screening still has its cells' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END
$$;

DROP TRIGGER IF EXISTS cell_insert_of_screening ON proposals_screeningcell;
CREATE TRIGGER cell_insert_of_screening AFTER INSERT ON proposals_screeningcell
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION proposals_cells_have_their_screening();
DROP TRIGGER IF EXISTS sum_insert_of_screening ON proposals_screeningsum;
CREATE TRIGGER sum_insert_of_screening AFTER INSERT ON proposals_screeningsum
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION proposals_cells_have_their_screening();
DROP TRIGGER IF EXISTS cell_screening_stays ON proposals_screeningcell;
CREATE TRIGGER cell_screening_stays BEFORE UPDATE OF screening_id ON proposals_screeningcell
    FOR EACH ROW WHEN (OLD.screening_id IS DISTINCT FROM NEW.screening_id)
    EXECUTE FUNCTION proposals_screening_is_empty();
DROP TRIGGER IF EXISTS sum_screening_stays ON proposals_screeningsum;
CREATE TRIGGER sum_screening_stays BEFORE UPDATE OF screening_id ON proposals_screeningsum
    FOR EACH ROW WHEN (OLD.screening_id IS DISTINCT FROM NEW.screening_id)
    EXECUTE FUNCTION proposals_screening_is_empty();
DROP TRIGGER IF EXISTS screening_id_stays ON proposals_screening;
CREATE TRIGGER screening_id_stays BEFORE UPDATE OF id ON proposals_screening
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION proposals_screening_is_empty();
DROP TRIGGER IF EXISTS screening_delete_empty ON proposals_screening;
CREATE TRIGGER screening_delete_empty AFTER DELETE ON proposals_screening
    FOR EACH ROW EXECUTE FUNCTION proposals_screening_is_empty();
