"""What lies in the bench province besides parcels? For every layer its rows, at a density that does not depend on size.

A layer this file does not know gets shapes of its kind with the classes its rules name, so that new rules are measured.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from tests.bench.province.noise import SEED
from tests.bench.province.shapes import Room, box, points_in, ragged, ribbon, winding

FULL_KM2 = 13_000.0
SEEN_M = 15_000.0  # the widest look of a rule: building heights around an airport
LOOKED_BEYOND_M = {"airport": 20_000.0}  # so they are known beyond the province, too
LARGE_FOREST = 400  # one forest in so many has 20,000 corners
ROADS: tuple[tuple[str, str, float, float], ...] = (  # class, technical class, half width, share of the length
    ("expressway", "I", 15.0, 0.02), ("national", "III", 10.0, 0.08), ("provincial", "IV", 7.0, 0.15),
    ("district", "V", 5.0, 0.35), ("rural", "VI", 3.5, 0.4),
)  # fmt: skip
LINES = (("22kV", 1.2, 0.45), ("35kV", 2.0, 0.2), ("110kV", 5.0, 0.2), ("220kV", 8.0, 0.1), ("500kV", 12.0, 0.05))


@dataclass
class SheetRows:
    """Hold the rows of one layer: shapely geometry on the grid, class and attributes, in the order of the file."""

    geoms: list[Any] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    attributes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, geom: Any, code: str, **attributes: Any) -> None:
        """Add a row; nothing when there is no geometry."""
        if geom is not None and not shapely.is_empty(geom):
            self.geoms.append(shapely.normalize(geom))
            self.classes.append(code)
            self.attributes.append(attributes)

    def meeting(self, land: Any) -> SheetRows:
        """Return the rows that meet *land*, whole."""
        shapely.prepare(land)
        kept = np.flatnonzero(shapely.intersects(land, np.array(self.geoms, dtype=object))).tolist()
        return SheetRows(
            [self.geoms[at] for at in kept], [self.classes[at] for at in kept], [self.attributes[at] for at in kept]
        )


def sheet_of(code: str, kind: str, classes: tuple[str, ...], land: Any) -> SheetRows:
    """Return the rows of layer *code* (of geometry *kind*) on *land*; *classes* are those its rules name."""
    chance = np.random.default_rng([SEED, zlib.crc32(code.encode())])
    share = float(land.area) / 1e6 / FULL_KM2
    rows = SheetRows()
    known = KNOWN.get(code)
    if known is not None:
        known(rows, land, share, chance)
    elif kind == "line":
        _lines(rows, land, 1_000 * share, 8_000, chance, [(name, {}) for name in classes or ("",)])
    elif kind == "point":
        for number, at in enumerate(points_in(land, _many(1_000 * share), chance)):
            rows.add(shapely.points(at), classes[number % len(classes)] if classes else "")
    else:
        _areas(rows, land, 300 * share, (60, 900), (24, 90), chance, classes or ("",))
    return rows


def _many(count: float) -> int:
    return max(1, round(count))


def _areas(
    rows: SheetRows, land: Any, count: float, radius: tuple[float, float], corners: tuple[int, int],
    chance: np.random.Generator, classes: tuple[str, ...], **attributes: Any,
) -> None:  # fmt: skip
    room = Room(land, chance)
    for number in range(_many(count)):
        reach = chance.uniform(*radius)
        at = room.place(reach)
        if at is not None:
            rows.add(
                ragged(at, reach, int(chance.integers(*corners)), chance), classes[number % len(classes)], **attributes
            )


def _lines(
    rows: SheetRows, land: Any, km: float, length: float, chance: np.random.Generator,
    kinds: list[tuple[str, dict[str, Any]]], step: float = 70.0,
) -> None:  # fmt: skip
    """Add lines in turn of every kind until they are *km* long together."""
    done, number = 0.0, 0
    while done < km * 1000:
        line = winding(land, min(length * chance.uniform(0.5, 1.5), 2 * km * 1000), step, chance)
        if line is not None:
            done += float(line.length)
            name, attributes = kinds[number % len(kinds)]
            rows.add(line, name, **attributes)
            number += 1


def _forests(number: int, classes: tuple[str, ...]) -> Callable[[SheetRows, Any, float, np.random.Generator], None]:
    def fill(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
        room = Room(land, chance)
        wanted = _many(number * share)
        corners = [20_000 if n < max(1, wanted // LARGE_FOREST) else _forest_corners(chance) for n in range(wanted)]
        for place, count in enumerate(corners):
            reach = 5_000.0 if count == 20_000 else 160.0 + 16.0 * count**0.5 * chance.uniform(0.5, 1.2)
            at = room.place(min(reach, 0.3 * float(np.sqrt(land.area))), tries=200)
            if at is not None:
                rows.add(ragged(at, reach, count, chance), classes[place % len(classes)])

    return fill


def _forest_corners(chance: np.random.Generator) -> int:
    return int(np.clip(chance.lognormal(6.2, 0.95), 60, 12_000))


def _water(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    axes = SheetRows()
    _lines(axes, land, 3_000 * share, 30_000, chance, [("bank", {}), ("bank", {}), ("supply", {}), ("culture", {})])
    for line, code in zip(axes.geoms, axes.classes, strict=True):
        width = round(float(chance.lognormal(3.0, 0.6)), 1)
        rows.add(ribbon(line, min(width, 160.0)), code, width_m=width, rank=1 if width >= 80 else 2)


def _roads(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    for code, technical, half, part in ROADS:
        attributes = {"technical_class": technical, "half_width_m": half, "width_m": 2 * half}
        _lines(rows, land, 6_000 * share * part, 9_000, chance, [(code, attributes)])


def _power(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    for code, half, part in LINES:
        _lines(rows, land, 2_500 * share * part, 20_000, chance, [(code, {"half_width_m": half})], step=250.0)


def _settlements(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    _areas(rows, land, 2_000 * share, (120, 700), (24, 120), chance, ("rural", "rural", "rural", "rural", "urban"))


def _dwellings(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    """Put houses on a raster of 16 m around places, so that they never overlap."""
    taken: set[tuple[int, int]] = set()
    for middle in points_in(land, _many(2_000 * share), chance):
        spots = np.round((middle + chance.normal(0, 110, size=(30, 2))) / 16.0).astype(int)
        for spot in sorted({(int(x), int(y)) for x, y in spots} - taken):
            taken.add(spot)
            rows.add(box((spot[0] * 16.0, spot[1] * 16.0), 6 + 4 * chance.random(), 7 + 5 * chance.random()), "house")


def _slope(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    _areas(rows, land, 4_000 * share, (150, 900), (30, 200), chance, ("8-15", "15-25", "25+"))


def _heritage(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    """Draw zone 1 in the middle of zone 2, which surrounds it."""
    room = Room(land, chance)
    for _number in range(_many(250 * share)):
        reach = chance.uniform(80, 300)
        at = room.place(reach)
        if at is not None:
            inner = ragged(at, reach / 3, 24, chance)
            rows.add(inner, "kv1")
            rows.add(shapely.set_precision(shapely.difference(ragged(at, reach, 40, chance), inner), 0.001), "kv2")


def _airports(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
    """Draw two, as provinces have them: one in the middle, where every size of province sees it, one somewhere else.

    The rules about them look 15 km around. More of them, strewn like other things, would be seen from everywhere, and
    by how many would hang on the size of the province.
    """
    middle = land.centroid
    far = min(2 * SEEN_M, 0.3 * float(np.sqrt(land.area)))
    (elsewhere,) = points_in(land.difference(middle.buffer(far)), 1, chance)
    for at in ((middle.x, middle.y), (float(elsewhere[0]), float(elsewhere[1]))):
        rows.add(ragged(at, chance.uniform(1_200, 1_600), 40, chance), "airport")


def _blobs(number: float, radius: tuple[float, float], *classes: str) -> Callable[..., None]:
    def fill(rows: SheetRows, land: Any, share: float, chance: np.random.Generator) -> None:
        _areas(rows, land, number * share, radius, (24, 140), chance, classes)

    return fill


KNOWN: dict[str, Callable[[SheetRows, Any, float, np.random.Generator], None]] = {
    "forest_special": _forests(1_000, ("nature_reserve", "national_park", "landscape", "species_reserve")),
    "forest_protection": _forests(4_000, ("watershed", "border")),
    "water": _water,
    "reservoir": _blobs(600, (80, 900), "dam_II", "dam_III", "dam_IV", "dam_I", "dam_V"),
    "lake": _blobs(500, (60, 700), "natural", "hydropower", "lagoon"),
    "residential": _settlements,
    "dwelling": _dwellings,
    "road": _roads,
    "power_line": _power,
    "heritage": _heritage,
    "slope": _slope,
    "airport": _airports,
    "industrial_park": _blobs(15, (500, 1_200), "industrial_park"),
    "economic_zone": _blobs(2, (2_000, 4_000), "coastal"),
    "border_belt": _blobs(4, (1_000, 2_500), "border"),
}
