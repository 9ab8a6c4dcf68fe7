"""Which two hundred zones are asked about in the golden province? Simple and hard ones, drawn with a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import LineString, MultiPolygon

from layers.crs import as_multi
from layers.grid import on_grid
from planning.checks.cutting import cut_into_parts
from planning.checks.declared import Declared
from planning.checks.types import Part, Subject
from planning.registers.models import IndustrialCluster, PlanListEntry
from tests.cast import EAST0, NORTH0, Land
from tests.checks.golden.province import SEED
from tests.checks.golden.shapes import blob, box, comb, line, multi, polygon

COUNT = 200
USES = ("factory", "green", "road", "technical", "service")


@dataclass(frozen=True)
class Golden:
    """Name one zone and the question asked about it."""

    name: str
    subject: Subject


def golden_zones(land: Land) -> Iterator[Golden]:
    """Draw the zones over the golden province, always the same ones in the same order."""
    dice = random.Random(SEED + 1)
    entries = {entry.unit_id: entry.pk for entry in PlanListEntry.objects.all()}
    clusters = dict(IndustrialCluster.objects.values_list("slug", "pk"))
    for number in range(COUNT):
        name, drawn = _shape(dice, number)
        zone = as_multi(on_grid(drawn))
        unit = (land.west, land.east, land.old_district, None)[(number // 10 + number) % 4]
        expands = number % 25 == 7
        kind = "expansion" if expands else ("new_cluster", "craft_village_cluster", "new_cluster")[number % 3]
        parts: tuple[Part, ...] = ()
        if number % 2 == 0:
            parts = tuple(cut_into_parts(zone, _cuts(zone), _uses(dice, zone)))
        yield Golden(
            f"{number:03d} {name}",
            Subject(
                zone=zone,
                kind=kind,
                unit_id=None if unit is None else unit.pk,
                parts=parts,
                plan_entry_id=None if unit is None else entries.get(unit.pk),
                ignore_cluster_ids=(clusters["c2"],) if expands else (),
                declared=Declared.of(
                    {"wastewater_m3_day": 150, "wastewater_technology": "open", "plot_density": 0.6 + number % 3 / 10}
                ),
            ),
        )


def _shape(dice: random.Random, number: int) -> tuple[str, MultiPolygon]:
    """Draw one zone; the family goes by its number, the place is drawn."""
    east, north = dice.uniform(800, 18_500), dice.uniform(800, 8_800)
    size = dice.uniform(180, 480)
    match number % 10:
        case 0 | 1:
            return "blob of 30", multi(polygon(blob(dice, east, north, size, 30)))
        case 2:
            return "rectangle", multi(polygon(box(east, north, 2 * size, size)))
        case 3:
            hole = list(reversed(blob(dice, east, north, size * 0.4, 12)))
            return "blob with a hole", multi(polygon(blob(dice, east, north, size, 24), hole))
        case 4:
            pair = (
                polygon(blob(dice, east, north, size * 0.6, 18)),
                polygon(blob(dice, east + 2 * size, north, size * 0.6, 9)),
            )
            return "two pieces", multi(*pair)
        case 5:
            return "wiggly of 900", multi(polygon(blob(dice, east, north, size, 900, 0.05)))
        case 6:
            return "comb", multi(polygon(comb(east, north, 12, 20, size)))
        case 7:
            # along the border of two communes, some millimetres to one side of it
            return "on the border", multi(polygon(box(10_000 - size + dice.choice([0, 0.001, 0.3]), north, size, size)))
        case 8:
            column, row = round(east / 1_000), round(north / 1_000)
            return "on the slope grid", multi(polygon(box(1_000.0 * column, 1_000.0 * row, 500, 500)))
        case _:
            return "spiky star", multi(polygon(blob(dice, east, north, size, 40, 0.8)))


def _cuts(zone: MultiPolygon) -> list[LineString]:
    west, south, east, north = zone.extent
    e, n = west - EAST0, south - NORTH0
    wide, high = east - west, north - south
    return [
        line([(e - 5, n + high * 0.3), (e + wide + 5, n + high * 0.35)]),
        line([(e + wide * 0.5, n - 5), (e + wide * 0.55, n + high + 5)]),
    ]


def _uses(dice: random.Random, zone: MultiPolygon) -> list[dict[str, object]]:
    west, south, east, north = zone.extent
    spots = [(0.25, 0.15), (0.8, 0.15), (0.25, 0.7), (0.8, 0.7)]
    return [
        {"at": [round(west + x * (east - west), 3), round(south + y * (north - south), 3)], "use": dice.choice(USES)}
        for x, y in spots
    ]
