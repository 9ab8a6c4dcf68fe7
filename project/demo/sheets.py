"""Which layers does the demo publish, with which rows and coverage? Generated rows, and base-map lines of the units.

Nothing is written here: `publish` stages and promotes.
"""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import Point
from shapely.ops import linemerge

from project.demo import fabric, hindrances, landscape, relief
from project.demo.figures_reader import read_figures, read_rows
from project.demo.frame import GRID_M, on_grid, place
from project.demo.ground import Boundaries
from project.demo.row import Row, Sheet
from project.demo.shapes import as_multi

ISLAND_RADIUS_M = 900.0
KNOWN_BEYOND = ("airport", "coastline")
BEYOND_M = 20_000.0
SHIELDED = ("expressway", "national", "provincial")


def sheets(boundaries: Boundaries) -> list[Sheet]:
    """Return every layer of the demo; *boundaries* are the units that were loaded (generated or real)."""
    drawn = as_multi(
        shapely.intersection(shapely.union_all([a for _, a in fabric.fabric_areas()]), boundaries.province)
    )
    rows: dict[str, tuple[Row, ...] | list[Row]] = {
        "land_parcel": fabric.parcels(),
        "forest_special": landscape.special_forests(),
        "forest_protection": landscape.protection_forests(),
        "water": landscape.rivers(),
        "reservoir": landscape.reservoirs(),
        "lake": hindrances.lakes(),
        "residential": landscape.residential(),
        "dwelling": fabric.dwellings(),
        "road": landscape.roads(),
        "power_line": landscape.power_lines(),
        "heritage": landscape.heritage(),
        "slope": relief.slope(),
        "industrial_park": landscape.parks(),
        "economic_zone": landscape.economic_zones(),
        "border_belt": landscape.border_belt(),
        "land_use_plan": hindrances.land_plan(),
        "active_project": hindrances.projects(),
        "mineral": hindrances.minerals(),
        "forest_cover": hindrances.forest_cover(),
        "water_corridor": hindrances.water_corridors(),
        "water_intake": hindrances.intake_zones(),
        "intake_point": hindrances.intake_points(),
        "cemetery": hindrances.cemeteries(),
        "landfill": hindrances.landfills(),
        "railway": hindrances.railways(),
        "canal": hindrances.canals(),
        "airport": hindrances.airports(),
        "military_consult": hindrances.military_cells(),
        "coastline": hindrances.coastline(),
        "flood": hindrances.floods(),
        "relief": relief.elevation(),
        "basemap_roads": _short_roads(),
        "basemap_rivers": landscape.river_lines(),
        "basemap_lakes": landscape.all_lakes(),
        "basemap_communes": _mesh(boundaries.communes, "commune"),
        "basemap_districts": _mesh(boundaries.districts, "district"),
        "basemap_province": _mesh({"66": boundaries.province}, "province"),
        "province_outline": [Row(boundaries.province, "Đắk Lắk", "province")],
        "places": _towns(),
        "neighbours": _named("neighbour"),
        "sea_names": _sea_names(),
        "islands": _islands(),
    }
    covered = dict.fromkeys(("land_parcel", "dwelling"), drawn)
    # Airports and the coast are known beyond the province, and their rules look farthest.
    covered |= dict.fromkeys(KNOWN_BEYOND, as_multi(shapely.buffer(boundaries.province, BEYOND_M, quad_segs=2)))
    return [Sheet(code, list(found), covered.get(code, boundaries.province)) for code, found in rows.items()]


def _short_roads() -> list[Row]:
    """Return the roads with their number as name, as shields show it."""
    return [
        Row(row.geom, row.attributes["ref"], row.class_code, {"ref": row.attributes["ref"]})
        for row in landscape.roads()
        if row.class_code in SHIELDED
    ] + [Row(row.geom, "", row.class_code) for row in landscape.roads() if row.class_code not in SHIELDED]


def _mesh(shapes: dict[str, Any], kind: str) -> list[Row]:
    """Return every border once, as lines, so that a dashed line is not drawn over itself."""
    network: Any = shapely.unary_union([shape.boundary for shape in shapes.values()], grid_size=GRID_M)
    merged: Any = linemerge(network) if network.geom_type == "MultiLineString" else network
    return [Row(line, "", kind) for line in shapely.get_parts(merged)]


def _towns() -> list[Row]:
    return [
        Row(
            place(float(town["lon"]), float(town["lat"])),
            town["name"],
            f"town_{town['rank']}",
            {"rank": int(town["rank"]), "note": town["note"]},
        )
        for town in read_rows("towns")
    ]


def _named(kind: str) -> list[Row]:
    return [Row(place(*entry["at"]), entry["name"], kind) for entry in read_figures("sea")[kind]]


def _sea_names() -> list[Row]:
    figures = read_figures("sea")
    archipelagos = [
        Row(place(*group["label_at"]), f"{group['name']} ({group['belongs']})", "archipelago")
        for group in figures["archipelago"]
    ]
    return [Row(place(*figures["label"][0]["at"]), figures["label"][0]["name"], "sea"), *archipelagos, *_named("inlet")]


def _islands() -> list[Row]:
    """Return the islands as small discs: marks on a map, not shapes of land."""
    rows = []
    for group in read_figures("sea")["archipelago"]:
        for island in group["islands"]:
            centre: Point = place(*island["at"])
            disc = on_grid(shapely.buffer(centre, ISLAND_RADIUS_M, quad_segs=4))
            rows.append(Row(as_multi(disc), island["name"], group["name"], {"belongs": group["belongs"]}))
    return rows
