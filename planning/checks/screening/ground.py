"""What lies in and around a block of cells? Published objects and register rows as polygons to be rastered, per rule.

Corridors are drawn around the objects a little too wide rather than too narrow: a screen may warn of what the exact
check clears, never the reverse. It deliberately judges nothing.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.db import connection

from layers.crs import storage_srid
from planning.checks.distances import LOOK_AROUND_M, widest_m
from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.screening.copied import copied
from planning.checks.screening.question import Asked
from planning.checks.screening.rings import rings_in

# West, south, east, north in metres.
Box = tuple[float, float, float, float]

# Corners of a quarter circle; the circle is drawn around the true one.
_CORNERS = 16
_WIDER = 1 / math.cos(math.pi / (4 * _CORNERS))
# Questions about the objects themselves, all of a class.
_WHOLE_OBJECTS = frozenset({Question.OVERLAP.value, Question.SHARE.value})
# What has no area is given one: a point a metre across, a line of a hand's breadth.
_POINT_M, _LINE_M = 0.5, 0.05


@dataclass(frozen=True)
class Source:
    """Hold what a rule may ask of a published object besides its shape."""

    class_code: str
    area_m2: float
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Sources:
    """Hold parts of published objects in columns: a block holds tens of thousands of parcels, few are looked at singly.

    *named*: the classes that occur; *classes*: of every part the place of its class in *named*; *written*: its shape as
    well-known binary. *areas_m2* and *attributes* (JSON) are empty where no rule asks for them.
    """

    named: list[str]
    classes: Any
    written: Any
    areas_m2: Any
    attributes: list[Any]

    @cached_property
    def geoms(self) -> Any:
        """Return the shapes as an array."""
        return shapely.from_wkb(self.written)

    def taken_by(self, rule: CompiledRule) -> Sources:
        """Return those whose class the rule concerns."""
        if not rule.classes:
            return self
        return self.chosen(np.array([code in rule.classes for code in self.named], dtype=bool)[self.classes])

    def counting_for(self, rule: CompiledRule) -> Sources:
        """Return those that are large enough for the rule."""
        if not rule.values.keys() & _BY_SIZE:
            return self
        return self.chosen(np.array([_counts(rule, source) for source in self], dtype=bool))

    def __iter__(self) -> Iterator[Source]:
        for number, area, more in zip(self.classes.tolist(), self.areas_m2.tolist(), self.attributes, strict=True):
            yield Source(self.named[number], area, _table(more))

    def chosen(self, chosen: Any) -> Sources:
        """Return some of them, by a mask."""
        attributes = [self.attributes[place] for place in np.flatnonzero(chosen)] if self.attributes else []
        areas_m2 = self.areas_m2[chosen] if len(self.areas_m2) else self.areas_m2
        return Sources(self.named, self.classes[chosen], self.written[chosen], areas_m2, attributes)


class Ground:
    """Read what lies in and around a box; every edition is read once, as far and as finely as its rules need."""

    def __init__(self, asked: Asked, box: Box) -> None:
        self._asked = asked
        self._box = box
        self._sources: dict[int, Sources] = {}
        self._register: list[tuple[str, str, Any]] | None = None

    def polygons(self, rule: CompiledRule) -> Any:
        """Return what the rule looks at inside the box, ready for `cover`: objects, or the corridors around them."""
        edition = self._asked.basis.editions.get(rule.layer_code)
        if rule.question == Question.REGISTER_OVERLAP.value:
            return self._register_pieces("cluster", "approved")
        if edition is None:
            return np.empty(0, dtype=object)
        sources = self._sources_of(edition.id).taken_by(rule)
        if rule.question == Question.SETBACK.value:
            return _corridors(rule, sources, self._box)
        if rule.question == Question.OVERLAP.value:
            sources = sources.counting_for(rule)
        if rule.question == Question.COUNT_INSIDE.value:
            return _areas(sources.geoms)
        return rings_in(sources.written)

    def key_of(self, rule: CompiledRule) -> tuple[object, ...]:
        """Return what tells the polygons of a rule from those of others: rules with the same key have the same."""
        edition = self._asked.basis.editions.get(rule.layer_code)
        if edition is None or rule.question not in _WHOLE_OBJECTS or rule.values.keys() & _BY_SIZE:
            return (rule.code,)
        return edition.id, rule.classes

    def undirected(self, rule: CompiledRule) -> Any:
        """Return circles around points of which it is not known to which side the rule asks for which distance."""
        edition = self._asked.basis.editions.get(rule.layer_code)
        flow = rule.settings.get("flow_attribute")
        if edition is None or not flow:
            return np.empty(0, dtype=object)
        sources = self._sources_of(edition.id).taken_by(rule)
        open_ = [
            not _is_number(source.attributes.get(flow)) and len(set(distances_of(rule, source))) > 1
            for source in sources
        ]
        return _corridors(rule, sources.chosen(np.array(open_, dtype=bool)), self._box)

    def unplaced(self) -> Any:
        """Return circles around clusters of the register without a boundary; in them the register is not checked."""
        keys = [key for kind, key, _piece in self._register_rows() if kind == "unplaced"]
        if not keys:
            return np.empty(0, dtype=object)
        with connection.cursor() as cursor:
            cursor.execute("SELECT ST_AsBinary(location) FROM registers_industrialcluster WHERE slug = ANY(%s)", [keys])
            points = shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])
        return shapely.buffer(points, LOOK_AROUND_M * _WIDER, quad_segs=_CORNERS)

    def unseen(self, coverage_key: str, within_m: float) -> Any:
        """Return the ground of the box within *within_m* metres of what the coverage leaves out, as polygons."""
        from django.contrib.gis.geos import Polygon

        west, south, east, north = self._box
        margin = within_m * _WIDER
        around = (west - margin, south - margin, east + margin, north + margin)
        coverage = self._asked.basis.coverages[coverage_key]
        if coverage.covers(Polygon.from_bbox(around)):
            return np.empty(0, dtype=object)
        left_out = shapely.difference(
            shapely.box(*around), shapely.clip_by_rect(shapely.from_wkb(coverage.wkb), *around)
        )
        if within_m:
            left_out = shapely.buffer(left_out, margin, quad_segs=_CORNERS)
        parts = shapely.get_parts(shapely.clip_by_rect(left_out, *self._box))
        return parts[shapely.area(parts) > 0]

    def _register_pieces(self, *kinds: str) -> Any:
        pieces = [bytes(piece) for kind, _key, piece in self._register_rows() if kind in kinds and piece]
        return shapely.from_wkb(pieces) if pieces else np.empty(0, dtype=object)

    def _register_rows(self) -> list[tuple[str, str, Any]]:
        if self._register is None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT kind, key, ST_AsBinary(piece) FROM check_register("
                    "ST_MakeEnvelope(%s, %s, %s, %s, %s), %s, '{}', '{}', %s, false)",
                    [*self._box, storage_srid(), self._asked.basis.date, LOOK_AROUND_M],
                )
                self._register = [(str(kind), str(key), piece) for kind, key, piece in cursor.fetchall()]
        return self._register

    def _sources_of(self, edition: int) -> Sources:
        if edition not in self._sources:
            named = {code for code, known in self._asked.basis.editions.items() if known.id == edition}
            rules = [rule for rule in self._asked.rules if rule.layer_code in named and not rule.unresolved]
            self._sources[edition] = _read(edition, rules, self._box)
        return self._sources[edition]


def looked_for_m(rule: CompiledRule) -> float:
    """Return how far around a cell the rule has to know; nothing is declared of a cell."""
    return widest_m(rule, rule.distance_m) if rule.question == Question.SETBACK.value else 0.0


def reach_of(rule: CompiledRule) -> float:
    """Return how far beyond a cell the rule can see, in metres."""
    if rule.question != Question.SETBACK.value:
        return 0.0
    return max([rule.reach_m(), rule.values.get("downstream", 0.0), *rule.downstream.values()])


def _read(edition: int, rules: Iterable[CompiledRule], box: Box) -> Sources:
    rules = list(rules)
    reach = max(reach_of(rule) for rule in rules) * _WIDER
    west, south, east, north = box
    everything = any(not rule.classes for rule in rules)
    classes = sorted({code for rule in rules for code in rule.classes})
    plain = not any(
        rule.question == Question.SETBACK.value or rule.values.keys() & _BY_SIZE or rule.settings.get("flow_attribute")
        for rule in rules
    )
    more = "" if plain else ", f.area_m2, f.attributes::text"
    columns = copied(
        f"SELECT f.class_code, ST_AsBinary(p.geom, 'NDR'){more}"  # noqa: S608 - our own names, values apart
        " FROM layers_featurepart p JOIN layers_feature f ON f.id = p.feature_id"
        " WHERE p.edition_id = %s"
        " AND layers_sheet(p.edition_id, p.geom) && layers_sheet(%s, ST_MakeEnvelope(%s, %s, %s, %s, %s))"
        " AND (%s OR f.class_code = ANY(%s))",
        [
            edition,
            edition,
            west - reach,
            south - reach,
            east + reach,
            north + reach,
            storage_srid(),
            everything,
            classes,
        ],
        2 if plain else 4,
    )
    codes, written, areas, attributes = (*columns, [], [])[:4]
    named: dict[bytes | None, int] = {}
    return Sources(
        classes=np.array([named.setdefault(code, len(named)) for code in codes], dtype=np.int64),
        named=[(code or b"").decode() for code in named],
        written=np.array(written, dtype=object),
        areas_m2=np.array([struct.unpack(">d", area)[0] if area else 0.0 for area in areas]),
        attributes=attributes,
    )


def _table(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str | bytes):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


_BY_SIZE = frozenset({"min_feature_ha", "min_feature_urban_ha"})


def _counts(rule: CompiledRule, source: Source) -> bool:
    """Tell whether an object is large enough to count for the rule; the rule's own answer decides the same way."""
    general, urban = rule.values.get("min_feature_ha"), rule.values.get("min_feature_urban_ha")
    if source.attributes.get(rule.settings.get("always_attribute", "")) is True:
        return True
    in_town = source.attributes.get(rule.settings.get("urban_attribute", "")) is True
    least = urban if in_town and urban is not None else general
    return least is None or round(source.area_m2, 1) >= least * 10_000


def _areas(geoms: Any) -> Any:
    """Return *geoms* with an area given to those that have none."""
    dims = shapely.get_dimensions(geoms)
    thin = dims < 2
    if thin.any():
        geoms = geoms.copy()
        geoms[thin] = shapely.buffer(geoms[thin], np.where(dims[thin] == 0, _POINT_M, _LINE_M), quad_segs=4)
    return geoms


def _corridors(rule: CompiledRule, sources: Sources, box: Box) -> Any:
    asked = np.array([required_m(rule, source) for source in sources], dtype=np.float64)  # none asked is NaN
    drawn = np.isfinite(asked)
    if not drawn.any():
        return np.empty(0, dtype=object)
    geoms, widths = sources.geoms[drawn], asked[drawn] * _WIDER
    west, south, east, north = box
    left, low, right, high = shapely.bounds(geoms).T
    # what was read for a wider corridor or another rule may lie too far away to matter
    near = (left - widths < east) & (right + widths > west) & (low - widths < north) & (high + widths > south)
    # whole parts, not cut to the box: so the corridor of a part is the same in every block
    return shapely.buffer(geoms[near], widths[near], quad_segs=_CORNERS)


def required_m(rule: CompiledRule, source: Source) -> float | None:
    """Return the distance a setback rule asks of an object, from its geometry; None when it asks for none.

    The same order as ``check_setback``: the class in the named column, the object's own class, the common distance;
    half the width is added. Where the distance depends on the side, the larger one holds all round.
    """
    distances = distances_of(rule, source)
    if not distances:
        return None
    wide: Any = source.attributes.get(rule.settings.get("half_width_attribute", ""))
    if not _is_number(wide):
        wide = rule.settings.get("half_widths", {}).get(source.class_code, 0)
    return max(distances) + float(wide)


def distances_of(rule: CompiledRule, source: Source) -> list[float]:
    """Return the distance asked of an object upstream (or on every side) and that downstream, where there are any."""
    graded = source.attributes.get(rule.settings.get("class_attribute", ""))
    return [
        distance
        for table, common in ((rule.distances, rule.distance_m), (rule.downstream, rule.values.get("downstream")))
        if (distance := table.get(str(graded), table.get(source.class_code, common))) is not None
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
