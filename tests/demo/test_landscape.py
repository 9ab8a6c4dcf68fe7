"""Is the generated ground sound, and do the sites of the guided story run into what the story says?"""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from project.demo import fabric, hindrances, landscape, relief
from project.demo.cluster_sites import cluster_sites
from project.demo.figures_reader import parse_path, read_figures
from project.demo.row import Row
from project.demo.shapes import straight_ring
from project.demo.units import communes

THEMES = {
    "roads": landscape.roads,
    "rivers": landscape.rivers,
    "lakes": landscape.all_lakes,
    "special": landscape.special_forests,
    "protection": landscape.protection_forests,
    "residential": landscape.residential,
    "power": landscape.power_lines,
    "heritage": landscape.heritage,
    "parks": landscape.parks,
    "zones": landscape.economic_zones,
    "parcels": fabric.parcels,
    "dwellings": fabric.dwellings,
    "elevation": relief.elevation,
    "slope": relief.slope,
    "land_plan": hindrances.land_plan,
    "projects": hindrances.projects,
    "minerals": hindrances.minerals,
    "forest_cover": hindrances.forest_cover,
    "water_corridors": hindrances.water_corridors,
    "ponds": hindrances.ponds,
    "intake_zones": hindrances.intake_zones,
    "intake_points": hindrances.intake_points,
    "cemeteries": hindrances.cemeteries,
    "landfills": hindrances.landfills,
    "railways": hindrances.railways,
    "canals": hindrances.canals,
    "airports": hindrances.airports,
    "military": hindrances.military_cells,
    "coast": hindrances.coastline,
    "floods": hindrances.floods,
}


def _site(key: str) -> Any:
    return straight_ring(parse_path(read_figures("story")[key]["ring"]))


def _metres(site: Any, rows: tuple[Row, ...] | list[Row]) -> float:
    return float(min(site.distance(row.geom) for row in rows))


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_is_valid_and_not_empty(theme: str) -> None:
    rows = THEMES[theme]()
    assert rows
    assert shapely.is_valid([row.geom for row in rows]).all()
    assert not any(row.geom.is_empty for row in rows)


def test_the_military_grid_is_coarse_and_names_nothing() -> None:
    for cell in hindrances.military_cells():
        west, south, east, north = cell.geom.bounds
        assert (east - west, north - south) == (10_000, 10_000)
        assert cell.name.startswith("Ô ")
        assert not cell.attributes


def test_about_4000_parcels_are_a_coverage() -> None:
    rows = fabric.parcels()
    assert 3_500 < len(rows) < 5_000
    assert shapely.coverage_is_valid([row.geom for row in rows])
    assert {"LUC", "LUK", "HNK", "CLN", "RSX", "ONT", "ODT", "DGT", "SON", "SKN"} <= {row.class_code for row in rows}


def test_story_sites_lie_in_ea_kar_and_are_about_30_ha() -> None:
    ea_kar = next(commune for commune in communes() if commune.name == "Ea Kar").geom
    for key in ("clear", "rival", "collision", "forest", "spare"):
        assert ea_kar.covers(_site(key)), key
        assert 27e4 < _site(key).area < 33e4, key


def test_the_clear_site_runs_into_nothing() -> None:
    site = _site("clear")
    rice = [row for row in fabric.parcels() if row.class_code in {"LUC", "LUK"}]
    for rows in (
        landscape.roads(),
        landscape.residential(),
        landscape.power_lines(),
        landscape.heritage(),
        landscape.rivers(),
        landscape.all_lakes(),
        landscape.protection_forests(),
        landscape.special_forests(),
        cluster_sites(),
        fabric.dwellings(),
        rice,
        hindrances.forest_cover(),
        hindrances.projects(),
        hindrances.minerals(),
        hindrances.ponds(),
        hindrances.intake_zones(),
        hindrances.floods(),
    ):
        assert _metres(site, rows) > 400
    planned = shapely.union_all([row.geom for row in hindrances.land_plan()])
    assert planned.covers(site)
    assert [row.class_code for row in relief.slope() if row.geom.intersects(site)] == ["0-8"]


def test_the_collision_site_meets_road_reservoir_rice_houses() -> None:
    site = _site("collision")
    for rows in (landscape.roads(), landscape.reservoirs(), landscape.rivers(), fabric.dwellings()):
        assert site.intersects(shapely.union_all([row.geom for row in rows]))
    rice = [row.geom for row in fabric.parcels() if row.class_code == "LUC"]
    assert 0.1e4 < shapely.intersection(site, shapely.union_all(rice)).area < 6e4


def test_the_forest_site_touches_protection_forest_and_the_rival_touches_rice() -> None:
    forest = shapely.union_all([row.geom for row in landscape.protection_forests()])
    assert 0.5e4 < shapely.intersection(_site("forest"), forest).area < 12e4
    rice = shapely.union_all([row.geom for row in fabric.parcels() if row.class_code == "LUK"])
    assert 0.3e4 < shapely.intersection(_site("rival"), rice).area < 8e4
