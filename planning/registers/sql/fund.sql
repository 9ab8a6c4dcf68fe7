-- Where does the fund's money stand, and what needs a second look?
-- in:  the ledger; a day for the flags
-- out: fund_money (one row per funded project), fund_flags(day) (one row per remark), fund_lines(day) (what totals add up)
-- why: every page, paper and total reads the same sums. "Committed" counts a payment when it is entered and lets it go when
--      its reversal takes effect (at once for a payment nobody confirmed, at confirmation otherwise); "paid" counts
--      confirmed rows only; money recovered is shown beside, it does not reopen a year's allocation.
CREATE OR REPLACE VIEW fund_money AS
SELECT project.id AS funded_project_id,
       project.allocation_id,
       fund_year.year,
       fund_year.settlement_due,
       project.granted_vnd,
       project.counterpart_vnd,
       coalesce(ledger.committed_vnd, 0) AS committed_vnd,
       coalesce(ledger.paid_vnd, 0) AS paid_vnd,
       coalesce(ledger.recovered_vnd, 0) AS recovered_vnd,
       coalesce(ledger.waiting, 0) AS waiting,
       settlement.settled_vnd,
       settlement.settled_on,
       acceptance.accepted_on,
       acceptance.passed
FROM registers_fundedproject project
JOIN registers_allocation allocation ON allocation.id = project.allocation_id
JOIN registers_fundyear fund_year ON fund_year.id = allocation.fund_year_id
LEFT JOIN registers_settlement settlement ON settlement.funded_project_id = project.id
LEFT JOIN registers_acceptance acceptance ON acceptance.funded_project_id = project.id
LEFT JOIN (
    SELECT payment.funded_project_id,
           sum(payment.amount_vnd) FILTER (
               WHERE payment.kind IN ('advance', 'final')
                  OR (payment.kind = 'reversal' AND (own.id IS NOT NULL OR first.id IS NULL))
           ) AS committed_vnd,
           sum(payment.amount_vnd) FILTER (
               WHERE own.id IS NOT NULL AND payment.kind <> 'recovery'
           ) AS paid_vnd,
           -sum(payment.amount_vnd) FILTER (WHERE own.id IS NOT NULL AND payment.kind = 'recovery') AS recovered_vnd,
           count(*) FILTER (
               WHERE own.id IS NULL AND undone.id IS NULL
                 AND NOT (payment.kind = 'reversal' AND first.id IS NULL)
           ) AS waiting
    FROM registers_payment payment
    LEFT JOIN registers_paymentconfirmation own ON own.payment_id = payment.id
    LEFT JOIN registers_paymentconfirmation first ON first.payment_id = payment.reverses_id
    LEFT JOIN registers_payment undone ON undone.reverses_id = payment.id
    GROUP BY payment.funded_project_id
) AS ledger ON ledger.funded_project_id = project.id;

CREATE OR REPLACE FUNCTION fund_flags(day date) RETURNS TABLE (
    code text, funded_project_id bigint, allocation_id bigint, since date, amount_vnd numeric, other_code text
)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    -- settlement overdue, or made after the day it was due
    SELECT CASE WHEN money.settled_on IS NULL THEN 'late_settlement' ELSE 'settled_late' END,
           project.id, project.allocation_id, money.settlement_due,
           greatest(money.paid_vnd - money.recovered_vnd, 0), NULL::text
    FROM registers_fundedproject project
    JOIN fund_money money ON money.funded_project_id = project.id
    WHERE (money.settled_on IS NULL AND day > money.settlement_due
           AND project.state NOT IN ('planned', 'stopped', 'recovered', 'settled'))
       OR money.settled_on > money.settlement_due
    UNION ALL
    -- above the ceiling of its activity on the day of the contract; the most generous valid ceiling counts
    SELECT 'over_ceiling', project.id, project.allocation_id, dated.day,
           project.granted_vnd - least(limits.by_amount, limits.by_share), NULL
    FROM registers_fundedproject project
    JOIN registers_allocation allocation ON allocation.id = project.allocation_id
    LEFT JOIN registers_contract contract ON contract.funded_project_id = project.id
    CROSS JOIN LATERAL (
        SELECT coalesce(contract.signed_on, project.starts_on, allocation.decided_on) AS day
    ) AS dated
    CROSS JOIN LATERAL (
        SELECT max(ceiling.max_vnd) AS by_amount,
               CASE WHEN project.counterpart_vnd > 0
                    THEN max(ceiling.max_share) * (project.granted_vnd + project.counterpart_vnd) END AS by_share
        FROM registers_supportceiling ceiling
        WHERE ceiling.activity = project.activity
          AND ceiling.valid_from <= dated.day AND (ceiling.valid_to IS NULL OR ceiling.valid_to >= dated.day)
          AND ceiling.level = coalesce(
              (SELECT own.level FROM registers_supportceiling own
               WHERE own.activity = project.activity AND own.level = project.level
                 AND own.valid_from <= dated.day AND (own.valid_to IS NULL OR own.valid_to >= dated.day) LIMIT 1),
              'national')
    ) AS limits
    WHERE project.granted_vnd > limits.by_amount OR project.granted_vnd > limits.by_share
    UNION ALL
    -- the same content for the same beneficiary, twice
    SELECT 'funded_twice', project.id, project.allocation_id, NULL, project.granted_vnd, twin.code
    FROM registers_fundedproject project
    CROSS JOIN LATERAL (
        SELECT other.code FROM registers_fundedproject other
        WHERE other.id <> project.id AND other.beneficiary_id = project.beneficiary_id
          AND registers_fold(other.content_key) = registers_fold(project.content_key)
          AND other.state <> 'stopped'
        ORDER BY other.code LIMIT 1
    ) AS twin
    WHERE registers_fold(project.content_key) <> '' AND project.state <> 'stopped'
    UNION ALL
    -- meant for a cluster, but standing outside its boundary
    SELECT 'outside_boundary', project.id, project.allocation_id, boundary.valid_from, NULL, boundary.name
    FROM registers_fundedproject project
    JOIN cluster_boundaries_asof(day) boundary ON boundary.cluster_id = project.cluster_id
    WHERE project.location IS NOT NULL AND NOT public.ST_Intersects(boundary.geom, project.location)
    UNION ALL
    -- the plan year ended without an acceptance
    SELECT 'not_accepted_in_year', project.id, project.allocation_id, make_date(money.year::integer, 12, 31), NULL, NULL
    FROM registers_fundedproject project
    JOIN fund_money money ON money.funded_project_id = project.id
    WHERE day > make_date(money.year::integer, 12, 31) AND project.state NOT IN ('stopped', 'recovered')
      AND (money.accepted_on IS NULL OR NOT money.passed OR money.accepted_on > make_date(money.year::integer, 12, 31))
    UNION ALL
    -- history that was paid above its allocation
    SELECT 'over_allocated', NULL, allocation.id, allocation.decided_on, allocation.imported_overrun_vnd, NULL
    FROM registers_allocation allocation
    WHERE allocation.imported_overrun_vnd > 0
$$;

CREATE OR REPLACE FUNCTION fund_lines(day date) RETURNS TABLE (
    funded_project_id bigint, year integer, level text, activity text, state text,
    commune_id bigint, commune text, district_id bigint, district text, trade text, trade_vi text, trade_en text,
    granted_vnd numeric, counterpart_vnd numeric, paid_vnd numeric, recovered_vnd numeric, settled_vnd numeric
)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public
AS $$
    -- each place is resolved once, however many projects it has
    WITH places AS MATERIALIZED (
        SELECT reported.unit_id, registers_unit_today(reported.unit_id, day) AS commune_id,
               registers_former_district(reported.unit_id) AS district_id
        FROM (SELECT DISTINCT unit_id FROM registers_fundedproject) AS reported
    ),
    named AS MATERIALIZED (
        SELECT places.*, registers_unit_name(commune_id) AS commune, registers_unit_name(district_id) AS district
        FROM places
    )
    SELECT project.id, money.year::integer, project.level::text, project.activity::text, project.state::text,
           place.commune_id, place.commune, place.district_id, place.district,
           coalesce(village.trade::text, ''), coalesce(village.trade_name_vi::text, ''),
           coalesce(village.trade_name_en::text, ''),
           project.granted_vnd, project.counterpart_vnd, money.paid_vnd, money.recovered_vnd,
           coalesce(money.settled_vnd, 0)
    FROM registers_fundedproject project
    JOIN fund_money money ON money.funded_project_id = project.id
    JOIN named place ON place.unit_id = project.unit_id
    LEFT JOIN registers_craftvillage village ON village.id = project.village_id
$$;
