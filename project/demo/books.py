"""Which plan lists, clusters and craft villages stand in the demo's registers? Published facts where cited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.contrib.gis.geos import Point
from django.utils import timezone

from layers.crs import storage_srid
from layers.models import LegalInstrument
from planning.registers.models import (
    AreaKind,
    BoundaryKind,
    ClusterArea,
    ClusterBoundary,
    ClusterPlan,
    ClusterReport,
    CraftVillage,
    IndustrialCluster,
    PlanListEntry,
    Product,
    VillageYear,
)
from planning.registers.services import record_boundary
from project.demo.cluster_sites import cluster_sites
from project.demo.figures_reader import read_figures
from project.demo.frame import rng, storage_xy
from project.demo.ground import Places, to_geos

LIFECYCLE = {"listed": "planned", "detailed_plan": "established"}
PLANS_FROM = date(2023, 12, 30)
HALF_YEARS = (date(2024, 12, 14), date(2025, 6, 14), date(2025, 12, 14), date(2026, 6, 14))
VILLAGE_YEARS = range(2019, 2026)


def point_at(lonlat: list[float]) -> Point:
    """Return a longitude and latitude of a figure file as a point in the storage CRS, whole metres."""
    east, north = np.round(storage_xy(lonlat[0], lonlat[1])[0], 0)
    return Point(float(east), float(north), srid=storage_srid())


def load_plan_lists(places: Places) -> dict[tuple[str, str], PlanListEntry]:
    """Create or refresh the plan lists; return the entries by unit code and name."""
    entries: dict[tuple[str, str], PlanListEntry] = {}
    sites = {row.name: row for row in cluster_sites()}
    for figure in read_figures("plan_list")["plan"]:
        instrument = LegalInstrument.objects.get(number=figure["instrument"])
        plan, _created = ClusterPlan.objects.update_or_create(
            instrument=instrument,
            defaults={
                "name": figure["name"],
                "period_from": figure["period"][0],
                "period_to": figure["period"][1],
                "valid_from": instrument.in_force_from or PLANS_FROM,
                "total_area_ha": sum(Decimal(str(entry[2])) for entry in figure["entries"]),
            },
        )
        for number, (name, unit_code, area_ha, phase) in enumerate(figure["entries"], start=1):
            unit = places.communes[unit_code]
            place = to_geos(sites[name].geom.centroid) if name in sites else unit.geom.point_on_surface
            entries[(unit_code, name)] = PlanListEntry.objects.update_or_create(
                plan=plan,
                code=f"{figure['prefix']}-{number:02d}",
                defaults={
                    "name": f"CCN {name}",
                    "unit": unit,
                    "area_ha": Decimal(str(area_ha)),
                    "phase": phase,
                    "craft_village_cluster": name.startswith("Làng nghề"),
                    "indicative_place": place,
                    "illustrative": name not in figure["sourced"],
                },
            )[0]
    return entries


def load_clusters(places: Places, entries: dict[tuple[str, str], PlanListEntry]) -> dict[str, IndustrialCluster]:
    """Create or refresh the 19 clusters with areas, boundary and half-yearly reports; return them by slug."""
    clusters: dict[str, IndustrialCluster] = {}
    for figure, site in zip(read_figures("clusters")["cluster"], cluster_sites(), strict=True):
        since = figure.get("decision_date", date(figure["since"], 6, 30))
        legacy = figure.get("legacy", False)
        cluster, _created = IndustrialCluster.objects.update_or_create(
            slug=figure["slug"],
            defaults={
                "name": f"CCN {figure['name']}",
                "kind": "legacy" if legacy else "cluster",
                "lifecycle": LIFECYCLE.get(figure["lifecycle"], figure["lifecycle"]),
                "unit": places.communes[figure["unit"]],
                "unit_as_reported": places.communes[figure["unit"]].full_name,
                "plan_entry": entries.get((figure["unit"], figure["name"])),
                "established_by": figure.get("decision", "" if not legacy else "2382/2005/QĐ-UBND"),
                "established_on": figure.get("decision_date"),
                "wastewater_state": figure["wastewater"],
                "location": point_at(figure["at"]),
                "source": figure.get("source", ""),
                "illustrative": "source" not in figure,
                "valid_from": since,
            },
        )
        _areas(cluster, figure, since)
        if not ClusterBoundary.objects.filter(cluster=cluster).exists():
            record_boundary(None, cluster, to_geos(site.geom), kind=BoundaryKind.ILLUSTRATIVE, valid_from=since)
        if figure["lifecycle"] in {"operating", "building"}:
            _reports(cluster, figure)
        clusters[cluster.slug] = cluster
    return clusters


def _areas(cluster: IndustrialCluster, figure: dict[str, Any], since: date) -> None:
    """State the several areas of a cluster, each with its day."""
    known = {
        AreaKind.PLANNED: figure.get("planned_ha", figure["established_ha"]),
        AreaKind.ESTABLISHED: figure["established_ha"],
        AreaKind.INDUSTRIAL_LAND: figure["industrial_ha"],
        AreaKind.LEASABLE: figure["industrial_ha"],
        AreaKind.LEASED: figure["leased_ha"],
        AreaKind.OUTSIDE_FENCE: figure.get("outside_ha"),
    }
    for kind, area_ha in known.items():
        if area_ha is not None:
            day = HALF_YEARS[-1] if kind == AreaKind.LEASED else since
            ClusterArea.objects.update_or_create(
                cluster=cluster,
                kind=kind,
                on=day,
                defaults={
                    "area_ha": Decimal(f"{area_ha:.2f}"),
                    "source": figure.get("source", "Số liệu minh hoạ")[:240],
                },
            )


def _reports(cluster: IndustrialCluster, figure: dict[str, Any]) -> None:
    random = rng("report", cluster.slug)
    leased = float(figure["leased_ha"])
    for age, day in enumerate(reversed(HALF_YEARS)):
        share = max(0.0, 1 - 0.06 * age * float(random.uniform(0.4, 1.4)))
        tenants = round(leased / 2.4)
        ClusterReport.objects.update_or_create(
            cluster=cluster,
            period_end=day,
            defaults={
                "leasable_ha": Decimal(f"{figure['industrial_ha']:.2f}"),
                "leased_ha": Decimal(f"{leased * share:.2f}"),
                "projects": tenants,
                "projects_operating": round(tenants * 0.75),
                "workers": round(leased * 9 * share),
                "revenue_vnd": Decimal(round(leased * share * 7.1) * 1_000_000_000),
            },
        )


def load_villages(places: Places) -> dict[str, CraftVillage]:
    """Create or refresh the 25 craft villages with products and seven years of figures; return them by slug."""
    villages: dict[str, CraftVillage] = {}
    for figure in read_figures("villages")["village"]:
        unit = places.communes[figure["unit"]]
        code, trade_vi, trade_en = figure["trade"]
        village, _created = CraftVillage.objects.update_or_create(
            slug=figure["slug"],
            defaults={
                "name": figure["name"],
                "kind": figure["kind"],
                "trade_group": figure["group"],
                "trade": code,
                "trade_name_vi": trade_vi,
                "trade_name_en": trade_en,
                "hamlets": figure["hamlets"],
                "unit": unit,
                "unit_as_reported": figure.get("reported", unit.full_name),
                "location": point_at(figure["at"]),
                "since_year": figure["since"],
                "recognition_text": figure.get("recognition_text", ""),
                "recognised_on": figure.get("recognised"),
                "environment_plan": figure.get("environment", False),
                "cultural_identity": figure.get("identity"),
                "about_vi": figure.get("about", ""),
                "about_en": figure.get("about_en", ""),
                "reporting_agency": "Sở Nông nghiệp và Môi trường" if "recognised" in figure else "Sở Công Thương",
                "source": figure.get("source", "")[:240],
                "illustrative": "source" not in figure,
            },
        )
        for name, stars, year in figure.get("products", []):
            Product.objects.update_or_create(
                village=village, name=name, defaults={"ocop_stars": stars, "ocop_year": year}
            )
        _village_years(village, figure)
        villages[village.slug] = village
    return villages


def _village_years(village: CraftVillage, figure: dict[str, Any]) -> None:
    random = rng("village", village.slug)
    total, engaged = figure["households"]
    per_worker = {"salt": 38, "ornamental": 70, "food": 85}.get(figure["group"], 52)
    rows = []
    for year in VILLAGE_YEARS:
        back = VILLAGE_YEARS[-1] - year
        drift = 1 + 0.02 * back * float(random.uniform(-0.6, 1.0))
        in_trade = min(total, max(2, round(engaged * drift)))
        workers = max(2, round(figure["workers"] * drift))
        rows.append(
            VillageYear(
                village=village,
                year=year,
                households_total=total,
                households_engaged=in_trade,
                workers=workers,
                artisans=1 if figure.get("identity") and engaged < 60 else None,
                revenue_vnd=Decimal(round(workers * per_worker * (1 - 0.045 * back)) * 1_000_000),
                stable=engaged > 10,
                sent_at=timezone.make_aware(datetime(year + 1, 1, 12, 9)),
            )
        )
    VillageYear.objects.bulk_create(rows, ignore_conflicts=True)
