"""Where in a unit is the land that was wished for? Pixel by pixel, and how many hectares each criterion takes away.

It grows no site; it says which pixels may be taken, which may never be, and what taking them costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.db import connection

from layers.crs import storage_srid
from planning.checks.models import Question, Severity
from planning.checks.rules import CompiledRule
from planning.checks.screening.cover import cover
from planning.checks.screening.grid import PIXEL_M
from planning.checks.screening.ground import Ground, looked_for_m
from planning.checks.screening.question import Asked
from planning.checks.screening.raster import Raster
from planning.checks.screening.sieve import LEAST_M2
from planning.checks.screening.wishes import Wishes, slope_from
from planning.checks.verdict import MUST_BE_ANSWERED

# A pixel is steep when more than this of it is.
STEEP_SHARE = 0.05
# Of several spots with the same room the one nearer to a road is taken: distances in metres that make a difference.
NEAR_M = (400.0, 800.0, 1_500.0, 3_000.0)


@dataclass
class Suitable:
    """Hold what may be taken of a unit: arrays (rows, columns) of its raster, rows from the south.

    *free*: may be taken. *banned*: never, not even as a hole. *cost*: conditions met, 0 for none. *near*: 0–1,
    how near a wanted road is. *funnel*: hectares
    that are left and taken away, criterion by criterion, in order; the codes are those of rules or of wishes.
    """

    raster: Raster
    free: Any
    banned: Any
    cost: Any
    near: Any
    funnel: list[dict[str, Any]] = field(default_factory=list)

    def take_away(self, code: str, pixels: Any) -> None:
        """Take *pixels* away and note the hectares that criterion *code* cost."""
        lost = self.free & pixels
        self.free = self.free & ~pixels
        self.funnel.append({"code": code, "lost_ha": self.hectares(lost), "left_ha": self.hectares(self.free)})

    def hectares(self, pixels: Any) -> float:
        """Return the area of *pixels* in hectares."""
        return round(float(pixels.sum()) * self.raster.pixel_m2 / 10_000, 2)


def suitable(unit: Any, wishes: Wishes, asked: Asked) -> Suitable:
    """Sieve the pixels of *unit* (shapely area, metres) by *wishes* and by the rules of a place."""
    raster = _raster(unit.bounds)
    inside = cover(np.array([unit], dtype=object), raster) > 1 - 1e-9
    nothing = np.zeros(inside.shape, dtype=bool)
    found = Suitable(raster, inside, nothing, np.zeros(inside.shape), np.zeros(inside.shape))
    found.funnel.append({"code": "unit", "lost_ha": 0.0, "left_ha": found.hectares(inside)})
    ground = Ground(asked, raster.box)
    _by_distance(found, wishes, asked)
    _by_slope(found, wishes, asked)
    found.near = _near_roads(found, wishes, asked)
    for rule in asked.rules:
        _by_rule(found, rule, ground, wishes)
    _by_coverage(found, asked, ground, wishes)
    return found


def _raster(bounds: Any) -> Raster:
    west, south, east, north = bounds
    left, low = math.floor(west / PIXEL_M) - 1, math.floor(south / PIXEL_M) - 1
    columns, rows = math.ceil(east / PIXEL_M) + 1 - left, math.ceil(north / PIXEL_M) + 1 - low
    return Raster(left * PIXEL_M, low * PIXEL_M, PIXEL_M, PIXEL_M, columns, rows)


def _by_distance(found: Suitable, wishes: Wishes, asked: Asked) -> None:
    wanted = (
        ("road", wishes.road_m, "road", wishes.roads),
        ("power", wishes.power_m, "power_line", ()),
    )
    for code, most_m, layer, classes in wanted:
        if most_m is not None:
            edition = asked.basis.editions.get(layer)
            near = _around(edition.id, classes, found.raster, most_m) if edition else np.empty(0, dtype=object)
            found.take_away(code, cover(near, found.raster) < 0.5)
    if wishes.cluster_m is not None:
        around = shapely.buffer(clusters_around(asked, found.raster.box, wishes.cluster_m), wishes.cluster_m)
        found.take_away("cluster", cover(around, found.raster) < 0.5)


def _near_roads(found: Suitable, wishes: Wishes, asked: Asked) -> Any:
    """Return, for every pixel, the share of some distances within which a wanted road lies."""
    edition = asked.basis.editions.get("road")
    rings = [ring for ring in NEAR_M if ring <= (wishes.road_m or math.inf)]
    if edition is None or not rings:
        return found.near
    covers = [cover(_around(edition.id, wishes.roads, found.raster, ring), found.raster) for ring in rings]
    return np.mean([covered >= 0.5 for covered in covers], axis=0)


def _around(edition: int, classes: Iterable[str], raster: Raster, most_m: float) -> Any:
    """Return the circles around the objects of an edition that lie within reach of the raster."""
    west, south, east, north = raster.box
    geoms = _parts(edition, classes, (west - most_m, south - most_m, east + most_m, north + most_m))
    return shapely.buffer(geoms, most_m, quad_segs=16)


def _by_slope(found: Suitable, wishes: Wishes, asked: Asked) -> None:
    edition = asked.basis.editions.get("slope")
    if wishes.slope_below is None or edition is None:
        return
    geoms = _parts(edition.id, steep_classes(edition.id, wishes.slope_below) or ("",), found.raster.box)
    found.take_away("slope", cover(geoms, found.raster) > STEEP_SHARE)


def steep_classes(edition: int, percent: float) -> list[str]:
    """Return the classes of the slope edition that begin at *percent* or above, or that tell no figure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT class_code FROM layers_feature WHERE edition_id = %s ORDER BY 1", [edition])
        codes = [str(row[0]) for row in cursor.fetchall()]
    return [code for code in codes if (begin := slope_from(code)) is None or begin >= percent]


def _by_rule(found: Suitable, rule: CompiledRule, ground: Ground, wishes: Wishes) -> None:
    if rule.unresolved:
        return
    polygons = ground.polygons(rule)
    if rule.question == Question.SHARE.value and "min" not in rule.values:
        # a share of the whole site: the exact check answers it when the site is there
        return
    if not len(polygons) and rule.question != Question.SHARE.value:
        return
    covered = cover(polygons, found.raster)
    met = covered * found.raster.pixel_m2 >= LEAST_M2
    if rule.question == Question.SHARE.value:
        met, covered = covered < 0.5, 1 - covered
    if rule.severity == Severity.PROHIBITED.value:
        if rule.question != Question.SHARE.value:
            found.banned = found.banned | met
        found.take_away(rule.code, met)
    elif rule.severity == Severity.CONDITIONAL.value:
        found.cost += np.where(met, np.maximum(covered, 0.1), 0.0)
        if not wishes.conditions:
            found.take_away(rule.code, met)


def _by_coverage(found: Suitable, asked: Asked, ground: Ground, wishes: Wishes) -> None:
    if wishes.unchecked:
        return
    missing = np.zeros(found.free.shape, dtype=bool)
    farthest: dict[str, float] = {}
    for rule in asked.rules:
        edition = asked.basis.editions.get(rule.layer_code)
        if rule.severity not in MUST_BE_ANSWERED or (not rule.layer_code and not rule.unresolved):
            continue
        if rule.unresolved or edition is None:
            found.take_away(f"no_data:{rule.code}", np.ones(found.free.shape, dtype=bool))
        else:
            key = edition.coverage_key
            farthest[key] = max(farthest.get(key, 0.0), looked_for_m(rule))
    for key, within in farthest.items():
        left_out = ground.unseen(key, within)
        if len(left_out):
            missing |= cover(left_out, found.raster) > 1e-6
    found.take_away("unchecked", missing)


def _parts(edition: int, classes: Iterable[str], box: tuple[float, float, float, float]) -> Any:
    codes = list(classes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(p.geom) FROM layers_featurepart p JOIN layers_feature f ON f.id = p.feature_id"
            " WHERE p.edition_id = %s"
            " AND layers_sheet(p.edition_id, p.geom) && layers_sheet(%s, ST_MakeEnvelope(%s, %s, %s, %s, %s))"
            " AND (%s OR f.class_code = ANY(%s))",
            [edition, edition, *box, storage_srid(), not codes, codes],
        )
        return shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])


def clusters_around(asked: Asked, box: tuple[float, float, float, float], reach_m: float) -> Any:
    """Return boundaries and places of clusters that exist on the day, within *reach_m* of *box*, as shapely areas."""
    day = asked.basis.date
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(b.geom) FROM registers_clusterboundary b WHERE b.valid_from <= %s"
            " AND (b.valid_to IS NULL OR b.valid_to >= %s) AND ST_DWithin(b.geom, ST_MakeEnvelope(%s,%s,%s,%s,%s), %s)",
            [day, day, *box, storage_srid(), reach_m],
        )
        return shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])
