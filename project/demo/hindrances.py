"""What else stands in the way of a cluster in the demo? Plans, projects, corridors, intakes, airports, coast, floods.

Roads, waters, forests and settlements are in `landscape`. Nothing here is true but the names of places.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, box

from project.demo import landscape
from project.demo.cluster_sites import cluster_sites
from project.demo.figures_reader import parse_path, read_figures, read_rows
from project.demo.frame import on_grid, path, place, rng, storage_xy
from project.demo.row import Row
from project.demo.shapes import as_multi, blob, meander, plot, ring, straight_ring
from project.demo.units import province

CELL_M = 10_000.0
MILITARY_CELLS = 9
PLANNED_KINDS = frozenset({"new_cluster", "expansion", "craft_village_cluster"})
PLAN_MARGIN_M = 60.0
SHORE_M = 1_500.0


def _figures(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_figures("hindrances")[name]
    return found


def _inside(geometry: Any) -> Any:
    return on_grid(shapely.intersection(geometry, province()))


def _plots(name: str) -> list[Row]:
    return [
        Row(
            as_multi(
                plot(f["at"], f["area_ha"] * 1e4, ratio=f.get("ratio", 1.3), bearing=float(f.get("bearing", 0))),
            ),
            f["name"],
            f.get("class", ""),
            {"area_ha": f["area_ha"]},
        )
        for f in _figures(name)
    ]


def land_plan() -> list[Row]:
    """Return the land planned for clusters (SKN) and parks (SKK), without overlaps."""
    wanted = [(f["name"], straight_ring(parse_path(f["ring"])), "SKN") for f in _figures("plan")]
    wanted += [(row.name, shapely.buffer(row.geom, PLAN_MARGIN_M), "SKN") for row in cluster_sites()]
    for proposal in read_figures("proposals")["proposal"]:
        if "at" in proposal and proposal["kind"] in PLANNED_KINDS:
            shape = plot(
                proposal["at"], proposal["area_ha"] * 1e4, ratio=proposal["ratio"], bearing=float(proposal["bearing"])
            )
            margin = shapely.buffer(shape, PLAN_MARGIN_M, join_style="mitre")
            wanted.append((f"Quy hoạch {proposal['name']}", margin, "SKN"))
    wanted += [(row.name, row.geom, "SKK") for row in landscape.parks()]
    rows, taken = [], shapely.Polygon()
    for name, shape, code in wanted:
        free = _inside(shapely.difference(shape, taken))
        if free.area > 1.0:
            rows.append(Row(as_multi(free), name, code))
            taken = shapely.union(taken, shape)
    return rows


def projects() -> list[Row]:
    """Return other projects in force."""
    return _plots("project")


def minerals() -> list[Row]:
    """Return licensed mines and reserved minerals."""
    return _plots("mineral")


@cache
def forest_cover() -> tuple[Row, ...]:
    """Return natural forest (the inner part of special-use and protection forests) and planted production forest."""
    rows = []
    for forest in (*landscape.special_forests(), *landscape.protection_forests()):
        depth = min(1_500.0, 0.25 * float(np.sqrt(forest.geom.area)))
        core = on_grid(shapely.simplify(shapely.buffer(forest.geom, -depth, quad_segs=2), 15.0))
        if core.area > 1e4:
            rows.append(Row(as_multi(core), f"Rừng tự nhiên, {forest.name}", "natural"))
    for figure in _figures("planted"):
        shape = ring(figure["name"], parse_path(figure["ring"]), step_m=200.0, rough=0.06)
        rows.append(Row(as_multi(_inside(shape)), figure["name"], "planted"))
    return tuple(rows)


def water_corridors() -> list[Row]:
    """Return the corridors the province is said to have published."""
    waters = {row.name: row for row in (*landscape.rivers(), *landscape.all_lakes())}
    return [
        Row(
            as_multi(_inside(shapely.buffer(waters[f["name"]].geom, f["width_m"], quad_segs=3))),
            f"Hành lang {f['name']} (minh hoạ)",
            f["class"],
            {"width_m": f["width_m"]},
        )
        for f in _figures("corridor")
    ]


def ponds() -> list[Row]:
    """Return ponds, which the layer of lakes carries besides the large waters."""
    return [
        Row(as_multi(blob(f["name"], f["at"], f["area_ha"] * 1e4)), f["name"], "pond", {"urban": f["urban"]})
        for f in _figures("pond")
    ]


def lakes() -> list[Row]:
    """Return lakes, lagoons and ponds; reservoirs on rivers are on the list of waters not to be filled."""
    large = [
        Row(row.geom, row.name, row.class_code, {**row.attributes, "listed": row.class_code == "hydropower"})
        for row in landscape.lakes()
    ]
    return large + ponds()


def intake_zones() -> list[Row]:
    """Return the published protection zones of drinking-water intakes."""
    return [
        Row(
            as_multi(on_grid(shapely.buffer(place(*f["at"]), f["radius_m"], quad_segs=8))),
            f["name"],
            "published",
            {"radius_m": f["radius_m"]},
        )
        for f in _figures("intake_zone")
    ]


def intake_points() -> list[Row]:
    """Return intakes whose zone is not published, with the bearing the water flows to."""
    return [
        Row(
            place(*f["at"]),
            f["name"],
            f["class"],
            {"flow_bearing": f["flow_bearing"]} if "flow_bearing" in f else {},
        )
        for f in _figures("intake")
    ]


def cemeteries() -> list[Row]:
    """Return cemeteries by kind of burial."""
    return _plots("cemetery")


def landfills() -> list[Row]:
    """Return landfills and waste plants."""
    return _plots("landfill")


def railways() -> list[Row]:
    """Return railway axes with half the width of their protected land."""
    half = {"national": 10.0, "high_speed": 15.0}
    return [
        Row(
            _inside(meander(f["name"], path(parse_path(f["path"])), step_m=400.0, rough=0.02)),
            f["name"],
            f["class"],
            {"half_width_m": half[f["class"]]},
        )
        for f in _figures("railway")
    ]


def canals() -> list[Row]:
    """Return the axes of main irrigation canals with half the width of canal and banks, classed by discharge."""
    return [
        Row(
            _inside(meander(f["name"], path(parse_path(f["path"])), step_m=300.0, rough=0.02)),
            f["name"],
            f["class"],
            {"half_width_m": f["half_width_m"]},
        )
        for f in _figures("canal")
    ]


def airports() -> list[Row]:
    """Return the two airports as elongated plots."""
    return [
        Row(
            as_multi(plot(f["at"], f["area_ha"] * 1e4, ratio=4.0, bearing=float(f["bearing"]))),
            f["name"],
            "civil",
            {"area_ha": f["area_ha"]},
        )
        for f in _figures("airport")
    ]


def military_cells() -> list[Row]:
    """Return grid cells drawn by lot, away from the guided story: where the military command would be asked."""
    west, south, east, north = province().bounds
    corners = [
        (float(x), float(y))
        for x in np.arange(np.floor(west / CELL_M), np.ceil(east / CELL_M)) * CELL_M
        for y in np.arange(np.floor(south / CELL_M), np.ceil(north / CELL_M)) * CELL_M
    ]
    told = shapely.union_all([box(*shapely.buffer(place(*at), 12_000).bounds) for at in _told_places()])
    cells = [(x, y, box(x, y, x + CELL_M, y + CELL_M)) for x, y in corners]
    free = [cell for cell in cells if province().contains(cell[2]) and not told.intersects(cell[2])]
    drawn = rng("military").choice(len(free), size=MILITARY_CELLS, replace=False)
    return [
        Row(as_multi(free[index][2]), f"Ô {free[index][0] / 1000:.0f}-{free[index][1] / 1000:.0f}", "consult")
        for index in sorted(drawn)
    ]


def _told_places() -> list[tuple[float, float]]:
    places = [tuple(proposal["at"]) for proposal in read_figures("proposals")["proposal"] if "at" in proposal]
    return [(float(lon), float(lat)) for lon, lat in [*places, (108.48, 12.80)]]


def coastline() -> list[Row]:
    """Return the shore: the generated border of the province along the sea."""
    sea = [row for row in read_rows("outline") if row["neighbour"] == "Biển Đông"]
    rough = LineString(storage_xy([float(r["lon"]) for r in sea], [float(r["lat"]) for r in sea]))
    shore = shapely.intersection(province().boundary, shapely.buffer(rough, SHORE_M))
    merged = shapely.line_merge(shore)
    lines = [line for line in shapely.get_parts(merged) if line.length > 100]
    return [Row(on_grid(line), "Bờ biển", "sea") for line in lines]


def floods() -> list[Row]:
    """Return flooded land by depth class, without overlaps."""
    streams = {row.name: row.geom for row in landscape.river_lines()}
    rows, taken = [], shapely.Polygon()
    for figure in _figures("flood"):
        if "along" in figure:
            shape = shapely.buffer(streams[figure["along"]], figure["half_width_m"], quad_segs=3)
        else:
            shape = ring(figure["name"], parse_path(figure["ring"]), step_m=300.0, rough=0.08)
        free = _inside(shapely.difference(shape, taken))
        rows.append(Row(as_multi(free), f"{figure['name']} (minh hoạ)", figure["class"]))
        taken = shapely.union(taken, shape)
    return rows
