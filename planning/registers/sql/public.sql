-- What may anybody read of the books? Views with listed columns; open pages and open data read nothing else.
-- in:  the registers
-- out: public_product, public_funded_project, public_village, public_cluster
-- why: today is the day in Việt Nam, whatever the session's clock (Django's is UTC): a decision of this morning is public;
--      natural persons are never public (a household is named by its place, its point is the village's or the commune's),
--      and neither is anything unfinished: a project still in the plan, a payment not yet confirmed, a village's return
--      not yet sent. The columns are a contract, held by tests/registers/test_public_views.py.
DROP VIEW IF EXISTS public_cluster, public_village, public_funded_project, public_product;

CREATE VIEW public_product AS
SELECT product.id, product.village_id, village.slug AS village_slug, product.name, product.ocop_stars, product.ocop_year,
       product.typical_rural_product
FROM registers_product product
JOIN registers_craftvillage village ON village.id = product.village_id AND village.is_public;

CREATE VIEW public_funded_project AS
SELECT project.id,
       project.code,
       replace(
           CASE WHEN beneficiary.kind = 'household' THEN replace(project.title, beneficiary.name, beneficiary.public_name)
                ELSE project.title END,
           CASE WHEN implementer.kind = 'household' THEN implementer.name ELSE '' END,
           CASE WHEN implementer.kind = 'household' THEN implementer.public_name ELSE '' END
       ) AS title,
       project.activity,
       project.level,
       project.state,
       fund_year.year,
       source.name AS source_name,
       implementer.public_name AS implementer,
       beneficiary.public_name AS beneficiary,
       beneficiary.kind AS beneficiary_kind,
       project.unit_id,
       registers_unit_name(project.unit_id) AS unit_name,
       registers_former_district(project.unit_id) AS former_district_id,
       registers_unit_name(registers_former_district(project.unit_id)) AS former_district_name,
       CASE WHEN village.is_public THEN project.village_id END AS village_id,
       CASE WHEN cluster.is_public THEN project.cluster_id END AS cluster_id,
       project.granted_vnd,
       project.counterpart_vnd,
       coalesce(paid.vnd, 0) AS paid_vnd,
       settlement.settled_vnd,
       acceptance.accepted_on,
       settlement.settled_on,
       project.illustrative,
       CASE WHEN 'household' IN (beneficiary.kind, implementer.kind)
            THEN coalesce(village.location, ST_PointOnSurface(unit.geom))
            ELSE coalesce(project.location, village.location, cluster.location) END AS location
FROM registers_fundedproject project
JOIN registers_allocation allocation ON allocation.id = project.allocation_id
JOIN registers_fundyear fund_year ON fund_year.id = allocation.fund_year_id
JOIN registers_fundingsource source ON source.id = allocation.source_id
JOIN registers_party implementer ON implementer.id = project.implementer_id
JOIN registers_party beneficiary ON beneficiary.id = project.beneficiary_id
JOIN layers_adminunit unit ON unit.id = project.unit_id
LEFT JOIN registers_craftvillage village ON village.id = project.village_id
LEFT JOIN registers_industrialcluster cluster ON cluster.id = project.cluster_id
LEFT JOIN registers_acceptance acceptance ON acceptance.funded_project_id = project.id AND acceptance.passed
LEFT JOIN registers_settlement settlement ON settlement.funded_project_id = project.id
LEFT JOIN LATERAL (
    SELECT sum(payment.amount_vnd) AS vnd
    FROM registers_payment payment
    JOIN registers_paymentconfirmation confirmation ON confirmation.payment_id = payment.id
    WHERE payment.funded_project_id = project.id AND payment.kind <> 'recovery'
) AS paid ON true
WHERE project.state <> 'planned';

CREATE VIEW public_village AS
SELECT village.id,
       village.slug,
       village.name,
       village.kind,
       village.trade_group,
       village.trade,
       village.trade_name_vi,
       village.trade_name_en,
       village.hamlets,
       village.unit_id,
       registers_unit_name(village.unit_id) AS unit_name,
       village.unit_as_reported,
       registers_former_district(village.unit_id) AS former_district_id,
       registers_unit_name(registers_former_district(village.unit_id)) AS former_district_name,
       village.since_year,
       village.recognition_text,
       village.recognised_on,
       village.environment_plan,
       village.about_vi,
       village.about_en,
       village.source,
       village.illustrative,
       latest.year,
       latest.households_total,
       latest.households_engaged,
       latest.workers,
       latest.artisans,
       latest.revenue_vnd,
       latest.output_text,
       funded.projects AS funded_projects,
       funded.granted_vnd AS funded_vnd,
       funded.first_year AS funded_first_year,
       funded.last_year AS funded_last_year,
       village.location
FROM registers_craftvillage village
LEFT JOIN LATERAL (
    SELECT figures.* FROM registers_villageyear figures
    WHERE figures.village_id = village.id AND figures.sent_at IS NOT NULL
    ORDER BY figures.year DESC LIMIT 1
) AS latest ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS projects, coalesce(sum(project.granted_vnd), 0) AS granted_vnd,
           min(fund_year.year) AS first_year, max(fund_year.year) AS last_year
    FROM registers_fundedproject project
    JOIN registers_allocation allocation ON allocation.id = project.allocation_id
    JOIN registers_fundyear fund_year ON fund_year.id = allocation.fund_year_id
    WHERE project.village_id = village.id AND project.state <> 'planned'
) AS funded
WHERE village.is_public;

CREATE VIEW public_cluster AS
SELECT cluster.id,
       cluster.slug,
       cluster.name,
       cluster.kind,
       cluster.lifecycle,
       cluster.unit_id,
       registers_unit_name(cluster.unit_id) AS unit_name,
       cluster.unit_as_reported,
       registers_former_district(cluster.unit_id) AS former_district_id,
       registers_unit_name(registers_former_district(cluster.unit_id)) AS former_district_name,
       cluster.established_by,
       cluster.established_on,
       cluster.infrastructure_owner,
       cluster.wastewater_state,
       cluster.trades,
       cluster.source,
       cluster.illustrative,
       areas.planned_ha,
       areas.established_ha,
       areas.industrial_land_ha,
       coalesce(report.leasable_ha, areas.leasable_ha) AS leasable_ha,
       coalesce(report.leased_ha, areas.leased_ha) AS leased_ha,
       report.period_end AS reported_on,
       report.projects,
       report.workers,
       boundary.kind AS boundary_kind,
       boundary.valid_from AS boundary_from,
       boundary.area_m2 AS boundary_area_m2,
       funded.projects AS funded_projects,
       funded.granted_vnd AS funded_vnd,
       funded.first_year AS funded_first_year,
       funded.last_year AS funded_last_year,
       coalesce(cluster.location, ST_PointOnSurface(boundary.geom), ST_PointOnSurface(unit.geom)) AS location,
       boundary.geom AS boundary
FROM registers_industrialcluster cluster
JOIN layers_adminunit unit ON unit.id = cluster.unit_id
LEFT JOIN LATERAL (
    SELECT max(area_ha) FILTER (WHERE kind = 'planned') AS planned_ha,
           max(area_ha) FILTER (WHERE kind = 'established') AS established_ha,
           max(area_ha) FILTER (WHERE kind = 'industrial_land') AS industrial_land_ha,
           max(area_ha) FILTER (WHERE kind = 'leasable') AS leasable_ha,
           max(area_ha) FILTER (WHERE kind = 'leased') AS leased_ha
    FROM (
        SELECT DISTINCT ON (area.kind) area.kind, area.area_ha
        FROM registers_clusterarea area WHERE area.cluster_id = cluster.id ORDER BY area.kind, area.on DESC
    ) AS newest
) AS areas ON true
LEFT JOIN LATERAL (
    SELECT r.* FROM registers_clusterreport r
    WHERE r.cluster_id = cluster.id AND r.leasable_ha IS NOT NULL AND r.leased_ha IS NOT NULL
    ORDER BY r.period_end DESC LIMIT 1
) AS report ON true
LEFT JOIN LATERAL (
    SELECT b.* FROM registers_clusterboundary b
    WHERE b.cluster_id = cluster.id AND b.valid_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
      AND (b.valid_to IS NULL OR b.valid_to >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
    ORDER BY b.valid_from DESC LIMIT 1
) AS boundary ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS projects, coalesce(sum(project.granted_vnd), 0) AS granted_vnd,
           min(fund_year.year) AS first_year, max(fund_year.year) AS last_year
    FROM registers_fundedproject project
    JOIN registers_allocation allocation ON allocation.id = project.allocation_id
    JOIN registers_fundyear fund_year ON fund_year.id = allocation.fund_year_id
    WHERE project.cluster_id = cluster.id AND project.state <> 'planned'
) AS funded
WHERE cluster.is_public AND (cluster.valid_to IS NULL OR cluster.valid_to >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
