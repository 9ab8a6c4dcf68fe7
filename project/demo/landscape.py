"""Which roads, waters, forests, settlements, lines, monuments and parks lie in the demo province?

Places are real names at rough positions; shapes are invented. Parcels are in `fabric`, relief in `relief`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from project.demo.figures_reader import parse_path, read_figures, read_rows
from project.demo.frame import on_grid, path, place, rng
from project.demo.row import Row
from project.demo.shapes import as_multi, blob, largest, meander, plot, polygons, ring
from project.demo.units import communes, province

DAM_CLASS = {"Hồ Krông Búk Hạ": "I", "Hồ Ea Súp Thượng": "I", "Hồ Ea Kao": "II", "Hồ Ea Kar": "III", "Hồ Ea Đar": "IV"}


def _inside(geometry: Any) -> Any:
    return on_grid(shapely.intersection(geometry, province()))


@cache
def roads() -> tuple[Row, ...]:
    """Return centre lines with class, technical class and width of road land."""
    rows = []
    for road in read_figures("roads")["road"]:
        local = road["class"] == "district"
        line = meander(road["ref"], path(parse_path(road["path"])), step_m=350.0, rough=0.0 if local else 0.025)
        rows.append(
            Row(
                geom=line if local else _inside(line),
                name=f"{road['ref']} – {road['name']}",
                class_code=road["class"],
                attributes={
                    "ref": road["ref"],
                    "technical_class": road["technical_class"],
                    "width_m": road["width_m"],
                    "half_width_m": road["width_m"] / 2,
                },
            )
        )
    return tuple(rows)


@cache
def river_lines() -> tuple[Row, ...]:
    """Return the rivers as lines with their width and function."""
    return tuple(
        Row(
            geom=_inside(meander(river["name"], path(parse_path(river["path"])), step_m=220.0, rough=0.11)),
            name=river["name"],
            class_code=river["function"],
            attributes={"width_m": river["width_m"], "rank": 1 if river["width_m"] >= 80 else 2},
        )
        for river in read_figures("waters")["river"]
    )


@cache
def rivers() -> tuple[Row, ...]:
    """Return the water surface of each river: its line widened to the assumed width."""
    return tuple(
        Row(
            geom=as_multi(_inside(shapely.buffer(row.geom, row.attributes["width_m"] / 2, quad_segs=3))),
            name=row.name,
            class_code=row.class_code,
            attributes=row.attributes,
        )
        for row in river_lines()
    )


@cache
def all_lakes() -> tuple[Row, ...]:
    """Return every lake, reservoir and lagoon with its kind as class."""
    rows = []
    for lake in read_figures("waters")["lake"]:
        shape = blob(
            lake["name"], lake["at"], lake["area_km2"] * 1e6, ratio=lake["ratio"], bearing=lake["bearing"], rough=0.16
        )
        attributes: dict[str, Any] = {"area_km2": lake["area_km2"], "kind": lake["kind"]}
        if lake["kind"] == "irrigation":
            attributes["dam_class"] = DAM_CLASS.get(lake["name"], "III")
        rows.append(Row(as_multi(_inside(shape)), lake["name"], lake["kind"], attributes))
    return tuple(rows)


def lakes() -> list[Row]:
    """Return the waters that are not irrigation works."""
    return [row for row in all_lakes() if row.class_code != "irrigation"]


def reservoirs() -> list[Row]:
    """Return the irrigation reservoirs, classed by their dam."""
    return [
        Row(row.geom, row.name, f"dam_{row.attributes['dam_class']}", row.attributes)
        for row in all_lakes()
        if row.class_code == "irrigation"
    ]


@cache
def special_forests() -> tuple[Row, ...]:
    """Return the special-use forests."""
    return tuple(
        Row(as_multi(_inside(ring(f["name"], parse_path(f["ring"])))), f["name"], f["class"])
        for f in read_figures("forests")["special_use"]
    )


@cache
def protection_forests() -> tuple[Row, ...]:
    """Return the protection forests, without what is special-use forest."""
    special = shapely.union_all([row.geom for row in special_forests()])
    rows = []
    for forest in read_figures("forests")["protection"]:
        small = "Cư Cúc" in forest["name"]
        shape = ring(forest["name"], parse_path(forest["ring"]), step_m=120.0 if small else 400.0, rough=0.06)
        rows.append(Row(as_multi(_inside(shapely.difference(shape, special))), forest["name"], forest["class"]))
    return tuple(rows)


@cache
def residential() -> tuple[Row, ...]:
    """Return residential areas: the named settlements, and one village at the middle of every other commune."""
    waters = shapely.union_all([row.geom for row in all_lakes()] + [row.geom for row in rivers()])
    rows = [
        Row(
            as_multi(
                shapely.difference(
                    blob(s["name"], (float(s["lon"]), float(s["lat"])), float(s["area_ha"]) * 1e4, ratio=1.5), waters
                )
            ),
            s["name"],
            s["kind"],
            {"houses": int(s["houses"])},
        )
        for s in read_rows("settlements")
    ]
    for town in read_rows("towns"):
        point = place(float(town["lon"]), float(town["lat"]))
        if all(row.geom.distance(point) > 2500 for row in rows):
            area = {"1": 1200e4, "2": 380e4, "3": 120e4}[town["rank"]]
            shape = _inside(blob(town["name"], (float(town["lon"]), float(town["lat"])), area, ratio=1.4))
            rows.append(Row(as_multi(shapely.difference(shape, waters)), town["name"], "urban"))
    reserved = shapely.union_all([row.geom for row in special_forests() + protection_forests()])
    for commune, seed in zip(communes(), read_rows("communes"), strict=True):
        name = f"Khu dân cư trung tâm {commune.kind.lower()} {commune.name}"
        shape = blob(name, (float(seed["lon"]), float(seed["lat"])), 60e4, ratio=1.5)
        if all(row.geom.distance(shape) > 2500 for row in rows) and not reserved.intersects(shape):
            rows.append(Row(as_multi(shapely.difference(_inside(shape), waters)), name, "rural"))
    return tuple(
        Row(on_grid(row.geom), row.name, row.class_code, row.attributes) for row in rows if row.geom.area > 1e4
    )


@cache
def power_lines() -> tuple[Row, ...]:
    """Return power lines with voltage and the half width of the outermost conductors."""
    half = {500: 12.0, 220: 8.0, 110: 5.0, 35: 2.0, 22: 1.2}
    return tuple(
        Row(
            _inside(path(parse_path(line["path"]))),
            line["name"],
            f"{line['voltage']}kV",
            {"voltage_kv": line["voltage"], "half_width_m": half[line["voltage"]]},
        )
        for line in read_figures("land")["power"]
    )


@cache
def heritage() -> tuple[Row, ...]:
    """Return zone I and the ring of zone II of each monument."""
    rows = []
    for site in read_figures("land")["heritage"]:
        inner = blob(site["name"] + "1", site["at"], np.pi * site["zone_1_m"] ** 2, ratio=1.2, rough=0.05)
        outer = on_grid(shapely.buffer(inner, site["zone_2_m"] - site["zone_1_m"], quad_segs=4))
        rows.append(Row(as_multi(inner), site["name"], "kv1"))
        rows.append(Row(as_multi(on_grid(shapely.difference(outer, inner))), site["name"], "kv2"))
    return tuple(rows)


@cache
def parks() -> tuple[Row, ...]:
    """Return industrial parks of the printed area."""
    return tuple(
        Row(
            as_multi(plot(park["at"], park["area_ha"] * 1e4, ratio=park["ratio"], bearing=park["bearing"])),
            park["name"],
            park["kind"],
            {"area_ha": park["area_ha"]},
        )
        for park in read_figures("land")["park"]
    )


@cache
def economic_zones() -> tuple[Row, ...]:
    """Return economic zones (ring scaled by nothing: the printed area is an attribute)."""
    return tuple(
        Row(
            as_multi(_inside(ring(zone["name"], parse_path(zone["ring"]), step_m=500.0, rough=0.05))),
            zone["name"],
            "coastal",
            {"area_ha": zone["area_ha"]},
        )
        for zone in read_figures("land")["zone"]
    )


@cache
def border_belt() -> tuple[Row, ...]:
    """Return the border communes as the border belt."""
    codes = set(read_figures("land")["border"]["communes"])
    return tuple(
        Row(commune.geom, f"Vành đai biên giới – {commune.kind.lower()} {commune.name}", "border")
        for commune in communes()
        if commune.code in codes
    )


@cache
def rice_fields() -> tuple[Row, ...]:
    """Return rice fields; they become parcels where parcels are drawn."""
    taken = shapely.union_all([row.geom for row in residential() + all_lakes()])
    streams = {row.name: row.geom for row in river_lines()}
    rows = []
    for field in read_figures("land")["rice"]:
        if "along" in field:
            random = rng("rice", field["name"])
            line = streams[field["along"]]
            marks = np.arange(0, line.length, 170.0)
            strips = [
                shapely.buffer(
                    shapely.line_interpolate_point(line, mark), field["half_width_m"] * random.uniform(0.6, 1.15)
                )
                for mark in marks
            ]
            shape = shapely.union_all([*strips, shapely.buffer(line, field["half_width_m"] * 0.55)])
            shape = on_grid(shapely.simplify(shape, 6.0))
        else:
            shape = ring(field["name"], parse_path(field["ring"]), step_m=200.0, rough=0.06)
        for part in polygons(shapely.difference(shape, taken)):
            if part.area > 5_000:
                rows.append(Row(on_grid(largest(part)), field["name"], field["class"]))
    return tuple(rows)
