-- Which zones did the provincial committee approve, and from when to when does each one hold?
-- in:  the tables of the procedure
-- out: one row per approving decision about a boundary (columns below; valid_to is the last day it holds, null: open)
-- why: the check asks what is already promised to somebody, as of a day. It stands on the floor below and reads this
--      view by its name; the columns are a contract, held by tests/proposals/test_approved_zone.py
DROP VIEW IF EXISTS approved_zone;
CREATE VIEW approved_zone AS
SELECT
    proposal.code AS proposal_code,
    proposal.need_id AS need_id,
    version.id AS version_id,
    proposal.name AS name,
    version.geom AS geom,
    version.geom_hash AS geom_hash,
    decision.decided_on AS valid_from,
    ended.last_day AS valid_to
FROM proposals_decision decision
JOIN proposals_proposal proposal ON proposal.id = decision.proposal_id
JOIN proposals_zoneversion version ON version.id = decision.version_id
LEFT JOIN LATERAL (
    SELECT min(later.decided_on) - 1 AS last_day
    FROM proposals_decision later
    WHERE later.refers_to_id = decision.id AND later.outcome IN ('annulled', 'superseded')
) AS ended ON true
WHERE decision.outcome = 'approved'
  AND proposal.kind IN ('new_cluster', 'expansion', 'adjustment', 'craft_village_cluster');
