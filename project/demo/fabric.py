"""How is a piece of land divided into parcels with land codes? About 4,000 parcels in seven places, a coverage.

Roads, streams, lakes, fields, forests, settlements and clusters cut the land first, so parcels follow them exactly;
what is left is halved again and again across its longer side. Owners do not exist here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from project.demo import landscape
from project.demo.cluster_sites import cluster_sites
from project.demo.figures_reader import read_figures
from project.demo.frame import GRID_M, on_grid, rng, storage_xy
from project.demo.row import Row
from project.demo.shapes import polygons
from project.demo.units import communes, province

OVERSHOOT_M = 0.02
PARCEL_HA = {"ONT": 0.9, "ODT": 1.2, "LUC": 1.6, "LUK": 1.4, "SKN": 2.5, "RPH": 9.0, "RDD": 9.0, "SKK": 6.0}
OPEN_LAND = (("CLN", 0.58), ("HNK", 0.27), ("RSX", 0.11), ("NTS", 0.01), ("BHK", 0.03))


@cache
def fabric_areas() -> tuple[tuple[str, Polygon], ...]:
    """Return the rectangles where parcels are drawn: the coverage of parcels and dwellings."""
    return tuple((figure["name"], _rectangle(figure["box"])) for figure in read_figures("land")["fabric"])


def _rectangle(box: list[float]) -> Any:
    west, south, east, north = box
    return on_grid(Polygon(storage_xy([west, east, east, west], [south, south, north, north])))


@cache
def parcels() -> tuple[Row, ...]:
    """Return all parcels: land code as class, sheet and number as attributes."""
    rows: list[Row] = []
    for figure in read_figures("land")["fabric"]:
        rows.extend(_parcels_of(figure, sheet=len(rows)))
    return tuple(rows)


def _themes(area: Polygon) -> list[tuple[str, Any, str]]:
    """Return what cuts *area*, the strongest first: land code, geometry, name."""
    found: list[tuple[str, Any, str]] = []

    def add(code: str, rows: list[Row] | tuple[Row, ...], shape: Callable[[Row], Any] = lambda row: row.geom) -> None:
        for row in rows:
            geom = shapely.intersection(shape(row), area)
            if geom.area > 1.0:
                found.append((code, on_grid(geom), row.name))

    add(
        "DGT", landscape.roads(), lambda row: shapely.buffer(row.geom, row.attributes["half_width_m"], cap_style="flat")
    )
    add("MNC", landscape.all_lakes())
    add("SON", landscape.rivers())
    add("SKN", cluster_sites())
    add("SKK", landscape.parks())
    add("RDD", landscape.special_forests())
    add("RPH", landscape.protection_forests())
    add("ODT", [row for row in landscape.residential() if row.class_code == "urban"])
    add("ONT", [row for row in landscape.residential() if row.class_code == "rural"])
    for code in ("LUC", "LUK"):
        add(code, [row for row in landscape.rice_fields() if row.class_code == code])
    return found


def _parcels_of(figure: dict[str, Any], *, sheet: int) -> list[Row]:
    area = _rectangle(figure["box"])
    land = shapely.intersection(area, province())
    themes = _themes(area)
    blocks = _faces([land.boundary, *(geom.boundary for _, geom, _ in themes)], land)
    random = rng("fabric", figure["name"])
    cuts: list[Any] = []
    for block in blocks:
        code = _code_at(block.representative_point(), themes)
        if code not in {"DGT", "SON", "MNC"}:
            wanted = PARCEL_HA.get(code, figure["parcel_ha"]) * 1e4
            cuts.extend(_halve(block, wanted, np.radians(figure["bearing"]), random))
    faces = _faces([land.boundary, *(geom.boundary for _, geom, _ in themes), *cuts], land)
    return _rows(faces, themes, random, figure["name"])


def _faces(lines: list[Any], land: Any) -> list[Polygon]:
    """Node lines on the grid and return the faces inside *land*, west to east."""
    noded = shapely.unary_union(np.array(lines, dtype=object), grid_size=GRID_M)
    faces = np.array(list(shapely.polygonize([noded]).geoms), dtype=object)
    inside = shapely.covers(shapely.buffer(land, 0.01), shapely.point_on_surface(faces))
    kept = faces[inside & (shapely.area(faces) > 0.5)]
    order = np.lexsort((shapely.get_y(shapely.centroid(kept)), shapely.get_x(shapely.centroid(kept))))
    return list(kept[order])


def _code_at(point: Any, themes: list[tuple[str, Any, str]]) -> str:
    for code, geom, _name in themes:
        if geom.covers(point):
            return code
    return ""


def _halve(block: Polygon, wanted_m2: float, bearing: float, random: np.random.Generator) -> list[LineString]:
    """Return cuts that halve *block* across its longer side until pieces are near the wanted area."""
    cuts: list[LineString] = []
    queue = [block]
    axes = np.array([[np.cos(bearing), np.sin(bearing)], [-np.sin(bearing), np.cos(bearing)]])
    while queue:
        piece = queue.pop()
        if piece.area < wanted_m2 * random.uniform(1.1, 2.1):
            continue
        local = shapely.get_coordinates(piece) @ axes.T
        low, high = local.min(axis=0), local.max(axis=0)
        size = high - low
        along = int(size[1] > size[0])
        at = low[along] + size[along] * random.uniform(0.4, 0.6)
        lean = random.normal(0, 0.03) * size[1 - along]
        ends = np.empty((2, 2))
        ends[:, along] = (at - lean, at + lean)
        ends[:, 1 - along] = (low[1 - along] - 1, high[1 - along] + 1)
        knife = LineString(ends @ axes)
        pieces = _cut(piece, knife)
        if len(pieces) < 2:
            continue
        for part in shapely.get_parts(shapely.intersection(knife, piece)):
            if part.geom_type == "LineString" and part.length > 1.0:
                cuts.append(_longer(part))
        queue.extend(pieces)
    return cuts


def _cut(piece: Polygon, knife: LineString) -> list[Polygon]:
    return [
        part
        for part in polygons(shapely.polygonize([shapely.union(piece.boundary, knife)]))
        if piece.covers(part.representative_point())
    ]


def _longer(line: LineString) -> LineString:
    """Lengthen a cut by 2 cm at both ends, so that noding meets the block's edge for certain."""
    start, end = np.array(line.coords[0]), np.array(line.coords[-1])
    unit = (end - start) / np.hypot(*(end - start)) * OVERSHOOT_M
    return LineString([start - unit, end + unit])


def _rows(
    faces: list[Polygon], themes: list[tuple[str, Any, str]], random: np.random.Generator, place: str
) -> list[Row]:
    codes = [code for code, _ in OPEN_LAND]
    chances = [chance for _, chance in OPEN_LAND]
    units = communes()
    tree = shapely.STRtree([unit.geom for unit in units])
    rows = []
    for number, face in enumerate(faces, start=1):
        point = face.representative_point()
        code = _code_at(point, themes) or str(random.choice(codes, p=chances))
        unit = units[int(tree.nearest(point))]
        rows.append(
            Row(
                geom=face,
                name=f"Thửa {number}, {place}",
                class_code=code,
                attributes={"parcel": number, "sheet": place, "commune": unit.name, "commune_code": unit.code},
            )
        )
    return rows


@cache
def dwellings() -> tuple[Row, ...]:
    """Return houses as small rectangles inside the settlements, and a few lone ones, where parcels are drawn."""
    streets = shapely.union_all([row.geom for row in parcels() if row.class_code in {"DGT", "SON", "MNC"}])
    shapely.prepare(streets)
    random = rng("dwellings")
    rows: list[Row] = []
    areas = [area for _, area in fabric_areas()]
    for settlement in landscape.residential():
        wanted = int(settlement.attributes.get("houses", 0))
        inside = [area for area in areas if area.intersects(settlement.geom)]
        if wanted and inside:
            rows.extend(
                _houses(shapely.intersection(settlement.geom, inside[0]), streets, wanted, settlement.name, random)
            )
    for number, (lon, lat) in enumerate(read_figures("land")["lone_houses"]["at"], start=1):
        x, y = storage_xy(lon, lat)[0]
        rows.append(Row(_house(float(x), float(y), random), f"Nhà đơn lẻ {number}", "lone"))
    return tuple(rows)


def _houses(land: Any, streets: Any, wanted: int, name: str, random: np.random.Generator) -> list[Row]:
    min_x, min_y, max_x, max_y = land.bounds
    spots = random.uniform((min_x, min_y), (max_x, max_y), size=(wanted * 4, 2)).round(-1)
    spots = np.unique(spots, axis=0)
    random.shuffle(spots)
    inner = shapely.buffer(land, -15)
    kept = spots[shapely.contains_xy(inner, spots)][:wanted]
    houses = [_house(float(x), float(y), random) for x, y in kept]
    return [Row(house, f"Nhà ở, {name}", "house") for house in houses if not streets.intersects(house)]


def _house(x: float, y: float, random: np.random.Generator) -> Any:
    """Return a rectangle smaller than the 10 m raster of spots, so that houses never overlap."""
    wide, deep = random.uniform(3.0, 4.5), random.uniform(3.0, 4.8)
    return on_grid(shapely.box(x - wide, y - deep, x + wide, y + deep))
