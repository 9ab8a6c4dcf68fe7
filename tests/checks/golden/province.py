"""What lies in the golden province? Its layers, books, thresholds and rules of every question; it asks nothing.

It stands on the units of `tests.cast` and on nothing of the house's catalogue, which grows.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.gis.geos import MultiPoint
from django.utils import timezone

from layers.grid import geometry_hash, on_grid
from layers.models import Layer
from layers.services.promote import promote_edition
from layers.services.stage import LayerRow, stage_rows
from planning.checks.basis import basis_on, forget_basis
from planning.checks.models import Parameter, Rule, RuleSet
from planning.checks.types import Basis
from planning.registers.models import (
    BoundaryKind,
    ClusterBoundary,
    ClusterPlan,
    ClusterReport,
    IndustrialCluster,
    Lifecycle,
    PlanListEntry,
)
from tests.cast import TODAY, Land, make_instrument, make_land, point, rectangle
from tests.checks.golden.shapes import blob, box, line, multi, path, polygon, ribbon

SEED = 9218
LAW = date(2024, 5, 1)
EVERYWHERE = (-5_000.0, -5_000.0, 60_000.0, 30_000.0)
WEST_ONLY = (-5_000.0, -5_000.0, 15_000.0, 30_000.0)  # up to 10 000 m east
VALUES = {
    "g_min": 10, "g_min_mountain": 5, "g_max": 75, "g_least_craft": 5, "g_occupied": 0.5, "g_unleased": 100,
    "g_strip": 10,    "g_green": 0.1, "g_road": 0.1, "g_steep": 0.1, "g_homes": 100, "g_drain": 50, "g_dense": 0.7,
    "g_band_1": 200, "g_band_2": 5000, "g_band_3": 50000, "g_plant_1": 30, "g_plant_2": 60,
}  # fmt: skip
RULES: list[dict[str, Any]] = [
    {"code": "forest", "question": "overlap", "severity": "prohibited", "layer_code": "g_forest"},
    {"code": "protection", "question": "overlap", "severity": "conditional", "layer_code": "g_protection"},
    {"code": "heritage", "question": "overlap", "severity": "prohibited", "layer_code": "g_heritage"},
    {
        "code": "rice", "question": "overlap", "severity": "conditional", "layer_code": "land_parcel",
        "classes": ["LUC", "LUK"], "settings": {"merge": True},
    },
    {
        "code": "road", "question": "setback", "severity": "prohibited", "layer_code": "g_road", "distance_m": 9,
        "distance_by_class": {"national": 17, "provincial": 13},
        "settings": {"half_width_attribute": "half", "max_half_width_m": 20},
    },
    {"code": "river", "question": "setback", "severity": "conditional", "layer_code": "g_river", "distance_m": 20},
    {
        "code": "homes", "question": "setback", "severity": "conditional", "layer_code": "g_homes",
        "settings": {"parameters": {"distance": "g_homes"}},
    },
    {
        "code": "intake", "question": "setback", "severity": "conditional", "layer_code": "g_intake",
        "distance_by_class": {"small": 500, "large": 900, "well": 80},
        "settings": {"flow_attribute": "flow", "downstream_by_class": {"small": 90, "large": 150, "well": 80}},
    },
    {
        "code": "graves", "question": "setback", "severity": "conditional", "layer_code": "g_graves",
        "distance_by_class": {"old": 150, "new": 350},
    },
    {"code": "dwellings", "question": "count_inside", "severity": "prohibited", "layer_code": "g_dwelling"},
    {
        "code": "slope", "question": "share", "severity": "advisory", "layer_code": "g_slope", "classes": ["steep"],
        "settings": {"parameters": {"limit": "g_steep"}},
    },
    {"code": "airport", "question": "overlap", "severity": "advisory", "layer_code": "g_airport"},
    {"code": "unit", "question": "containment", "severity": "conditional"},
    {
        "code": "size", "question": "size", "severity": "prohibited",
        "settings": {"parameters": {"min": "g_min", "min_mountain": "g_min_mountain", "min_craft": "g_least_craft",
                                    "max": "g_max"}},
    },
    {"code": "list", "question": "plan_list", "severity": "prohibited", "settings": {"kinds": ["new_cluster"]}},
    {"code": "clusters", "question": "register_overlap", "severity": "prohibited"},
    {
        "code": "occupancy", "question": "occupancy", "severity": "conditional",
        "settings": {"kinds": ["new_cluster"], "scope": "former_district",
                     "parameters": {"min_share": "g_occupied", "max_unleased_ha": "g_unleased"}},
    },
    {
        "code": "green", "question": "land_use_ratio", "severity": "conditional",
        "settings": {"uses": ["green"], "parameters": {"min": "g_green"}},
    },
    {
        "code": "roads_inside", "question": "land_use_ratio", "severity": "conditional",
        "settings": {"uses": ["road"], "parameters": {"min": "g_road"}},
    },
    {
        "code": "strip", "question": "green_buffer", "severity": "conditional",
        "settings": {"parameters": {"width": "g_strip"}},
    },
    {
        "code": "plant", "question": "part_setback", "severity": "conditional", "layer_code": "g_homes",
        "distance_by_class": {"open_1": "g_plant_1", "open_2": "g_plant_2"},
        "settings": {"uses": ["technical"], "parameters": {"band_1": "g_band_1", "band_2": "g_band_2",
                                                           "band_3": "g_band_3"}},
    },
    {
        "code": "dense", "question": "declared", "severity": "advisory",
        "settings": {"figure": "plot_density", "parameters": {"max": "g_dense"}},
    },
]  # fmt: skip


def make_province() -> tuple[Land, Basis]:
    """Write the province to the database; return its units and the basis of the tests' day."""
    land = make_land()
    publish_rules()
    dice = random.Random(SEED)
    _forests(dice)
    _parcels(dice)
    _networks(dice)
    _settlements(dice)
    _points(random.Random(SEED + 2))
    _books(land)
    forget_basis()
    return land, basis_on(TODAY)


def publish_rules(asked: Sequence[dict[str, Any]] = RULES) -> RuleSet:
    """Publish the golden rules (or some of them) with their thresholds."""
    instrument = make_instrument()
    for code, value in VALUES.items():
        Parameter.objects.create(code=code, title_vi=code, title_en=code, value=value, unit="", valid_from=LAW)
    rules = RuleSet.objects.create(version=1)
    texts = {"title_vi": "Câu hỏi", "title_en": "Question", "text_vi": "Có.", "text_en": "Yes."}
    for place, rule in enumerate(asked, start=1):
        Rule.objects.create(
            rule_set=rules, order=place * 10, instrument=instrument, valid_from=LAW, verified=True, **texts, **rule
        )
    rules.published_at = timezone.now()
    rules.save(update_fields=["published_at"])
    return rules


def _publish(code: str, kind: str, rows: list[LayerRow], coverage: tuple[float, ...] = EVERYWHERE) -> None:
    layer = Layer.objects.create(code=code, name_vi=code, name_en=code, theme="land", geometry_kind=kind)
    staged = stage_rows(
        layer, rows, effective_from=date(2025, 1, 1), source="golden", coverage=multi(rectangle(*coverage))
    )
    promote_edition(staged, on=TODAY)


def _row(geom: Any, name: str, class_code: str = "", **attributes: Any) -> LayerRow:
    return LayerRow(geom, name, class_code, attributes)


def _forests(dice: random.Random) -> None:
    rows = []
    for number in range(45):
        corners = dice.choice([9, 14, 25, 60, 400])
        place = dice.uniform(500, 19_500), dice.uniform(500, 9_500), dice.uniform(150, 700)
        rings = [blob(dice, *place, corners)]
        if number % 4 == 0:
            rings.append(list(reversed(blob(dice, place[0], place[1], place[2] * 0.3, 8))))
        rows.append(_row(polygon(*rings), f"F{number}"))
    _publish("g_forest", "polygon", rows)
    # Protection forests overlap one another: their ground counts once.
    _publish(
        "g_protection",
        "polygon",
        [
            _row(polygon(blob(dice, 1_000 + 850 * (n % 20), 1_500 + 2_200 * (n // 20), 800, 30)), f"P{n}")
            for n in range(60)
        ],
    )
    _publish(
        "g_heritage",
        "polygon",
        [
            _row(polygon(blob(dice, dice.uniform(0, 20_000), dice.uniform(0, 9_000), 120, 12)), f"H{n}")
            for n in range(25)
        ],
        WEST_ONLY,
    )
    _publish(
        "g_slope",
        "polygon",
        [
            _row(
                polygon(box(1_000.0 * i, 1_000.0 * j, 1_000, 1_000)),
                f"S{i}-{j}",
                dice.choice(["flat", "mild", "steep"]),
            )
            for i in range(20)
            for j in range(10)
        ],
    )


def _parcels(dice: random.Random) -> None:
    """Tile 20 × 10 km with parcels that share their moved corners."""
    side, wide, high = 250.0, 80, 40
    corners = {
        (i, j): (
            side * i + (dice.uniform(-70, 70) if 0 < i < wide else 0),
            side * j + (dice.uniform(-70, 70) if 0 < j < high else 0),
        )
        for i in range(wide + 1)
        for j in range(high + 1)
    }
    rows = []
    for i in range(wide):
        for j in range(high):
            around = [corners[i, j], corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]]
            code = dice.choice(["LUC", "LUK", "HNK", "CLN", "ONT", "DGT"])
            rows.append(_row(polygon(around), f"{i}/{j}", code))
    _publish("land_parcel", "polygon", rows)


def _networks(dice: random.Random) -> None:
    roads = []
    for number in range(14):
        start, end = (0.0, 700.0 * number), (20_000.0, 9_800 - 600.0 * number)
        course = path(dice, start, end, dice.choice([12, 60, 500]), 90)
        roads.append(
            _row(line(course), f"R{number}", ("national", "provincial", "rural")[number % 3], half=4.5 + number % 4)
        )
    _publish("g_road", "line", roads)
    rivers = [
        _row(polygon(ribbon(path(dice, (0.0, 900 + 1_400.0 * n), (20_000.0, 400 + 1_500.0 * n), 150, 25), 40)), f"W{n}")
        for n in range(6)
    ]
    _publish("g_river", "polygon", rivers)


def _settlements(dice: random.Random) -> None:
    homes = [
        _row(polygon(blob(dice, dice.uniform(300, 19_700), dice.uniform(300, 9_700), 200, 16)), f"T{n}")
        for n in range(70)
    ]
    _publish("g_homes", "polygon", homes)
    _publish(
        "g_dwelling",
        "polygon",
        [_row(polygon(box(dice.uniform(0, 20_000), dice.uniform(0, 10_000), 12, 9)), f"D{n}") for n in range(500)],
    )


def _points(dice: random.Random) -> None:
    """Draw intakes, one in five of which does not say where its water flows to, and graves known in the west only."""
    intakes = []
    for number in range(60):
        spots = [point(dice.uniform(0, 20_000), dice.uniform(0, 10_000)) for _ in range(2 if number % 10 == 3 else 1)]
        geom = spots[0] if len(spots) == 1 else MultiPoint(*spots, srid=spots[0].srid)
        flow = {} if number % 5 == 4 else {"flow": dice.choice([0, 45, 90, 180, 270, round(dice.uniform(0, 360), 1)])}
        intakes.append(_row(geom, f"I{number}", ("small", "large", "small", "well")[number % 4], **flow))
    _publish("g_intake", "point", intakes)
    graves = [
        _row(
            polygon(blob(dice, dice.uniform(0, 9_500), dice.uniform(0, 10_000), 90, 11)), f"M{n}", ("old", "new")[n % 2]
        )
        for n in range(40)
    ]
    _publish("g_graves", "polygon", graves, WEST_ONLY)


def _books(land: Land) -> None:
    def cluster(number: int, unit: Any, **more: Any) -> IndustrialCluster:
        return IndustrialCluster.objects.create(
            name=f"C{number}",
            slug=f"c{number}",
            unit=unit,
            lifecycle=Lifecycle.OPERATING,
            valid_from=date(2015, 1, 1),
            **more,
        )

    for number, (east, north, unit) in enumerate(
        [(3_000, 3_000, land.west), (7_500, 6_000, land.west), (12_500, 2_500, land.east), (16_000, 7_000, land.east)]
    ):
        geom = on_grid(multi(polygon(box(east, north, 600, 500))))
        made = cluster(number, unit)
        ClusterBoundary.objects.create(
            cluster=made, kind=BoundaryKind.DECIDED, geom=geom, geom_hash=geometry_hash(geom), area_m2=geom.area,
            valid_from=date(2015, 1, 1),
        )  # fmt: skip
        ClusterReport.objects.create(
            cluster=made, period_end=date(2026, 6, 14), leasable_ha=20 + number, leased_ha=12 - number
        )
    cluster(9, land.far, location=point(9_000, 9_000))
    plan = ClusterPlan.objects.create(
        name="G",
        instrument=make_instrument("1747/QĐ-TTg"),
        period_from=2021,
        period_to=2030,
        valid_from=date(2023, 12, 30),
    )
    for code, unit, area in (("A1", land.west, 40), ("A2", land.east, 60)):
        PlanListEntry.objects.create(plan=plan, code=code, name=f"Cụm {code}", unit=unit, area_ha=area)
