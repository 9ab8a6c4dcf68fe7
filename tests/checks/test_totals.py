"""Does a total count each square metre once, and does every distance come with its line? Properties, by shapely."""

from __future__ import annotations

import random
from typing import Any

import pytest
import shapely
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.checks.engine import check_report
from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome, Subject
from tests.checks.golden.shapes import blob, box, line, multi, path, polygon
from tests.checks.ground import basis, publish, row

pytestmark = pytest.mark.django_db
RELATIVE = 1e-12
EXAMPLES = settings(max_examples=20, derandomize=True, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 10_000)


def ground() -> dict[str, dict[str, Any]]:
    """Publish features that overlap one another; return their shapes by layer and name."""
    dice = random.Random(42)
    layers: dict[str, list[Any]] = {
        "forest_special": [
            row(polygon(blob(dice, dice.uniform(0, 3_000), dice.uniform(0, 3_000), 350, 40)), f"F{n}")
            for n in range(25)
        ],
        "land_parcel": [
            row(polygon(blob(dice, dice.uniform(0, 3_000), dice.uniform(0, 3_000), 200, 12)), f"L{n}", "LUC")
            for n in range(40)
        ],
        "residential": [
            row(polygon(box(dice.uniform(0, 3_000), dice.uniform(0, 3_000), 80, 60)), f"R{n}", "rural")
            for n in range(25)
        ],
        "road": [
            row(
                line(path(dice, (0, 700.0 * n), (3_000, 2_800 - 500.0 * n), 30, 60)),
                f"Q{n}",
                "national",
                technical_class="III",
                half_width_m=9,
            )
            for n in range(5)
        ],
    }
    for code, rows in layers.items():
        publish(code, rows)
    return {code: {r.name: shapely.from_wkb(bytes(r.geom.wkb)) for r in rows} for code, rows in layers.items()}


def zone_of(seed: int) -> Any:
    dice = random.Random(seed)
    corners = dice.choice([4, 7, 30, 500])
    return multi(
        polygon(blob(dice, dice.uniform(300, 2_700), dice.uniform(300, 2_700), dice.uniform(80, 500), corners))
    )


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_totals_count_ground_once(rules: RuleSet, level: Level) -> None:
    shapes, against = ground(), basis()
    overlapping = 0

    @EXAMPLES
    @given(SEEDS)
    def once(seed: int) -> None:
        nonlocal overlapping
        report = check_report(Subject(zone_of(seed)), against, level=level)
        zone = shapely.from_wkb(bytes(report.zone.wkb))
        totals = {total.rule: total for total in report.totals}
        found = [f for f in report.findings if f.rule == "forest_special" and f.outcome == Outcome.CONFLICT]
        for finding in found:
            alone = shapely.intersection(zone, shapes["forest_special"][finding.feature_name]).area
            assert finding.overlap_m2 == pytest.approx(alone, rel=RELATIVE, abs=1e-6)
        if found:
            union = shapely.union_all([shapes["forest_special"][f.feature_name] for f in found])
            assert totals["forest_special"].overlap_m2 == pytest.approx(
                shapely.intersection(zone, union).area, rel=RELATIVE, abs=1e-6
            )
            assert totals["forest_special"].features == len(found)
            overlapping += sum(f.overlap_m2 or 0 for f in found) > totals["forest_special"].overlap_m2 + 1
        if "rice" in totals:
            hit = [shape for shape in shapes["land_parcel"].values() if shapely.intersection(zone, shape).area >= 1]
            union = shapely.intersection(zone, shapely.union_all(hit)).area
            assert totals["rice"].overlap_m2 == pytest.approx(union, rel=RELATIVE, abs=1)
            assert sum(r.area_m2 for r in report.land_use) == pytest.approx(report.area_m2, abs=0.01)
        for rule in ("road_corridor", "residential_separation"):
            pieces = [
                shapely.from_wkb(f.piece)
                for f in report.findings
                if f.rule == rule and f.outcome in {Outcome.CONFLICT, Outcome.CONDITION} and f.piece
            ]
            if pieces:
                united = shapely.union_all(pieces).area
                assert totals[rule].overlap_m2 == pytest.approx(united, rel=RELATIVE, abs=1e-6)
                overlapping += sum(shapely.area(pieces)) > united + 1

    once()
    assert overlapping > 5  # the property is about ground that several features take


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_every_distance_has_its_line(rules: RuleSet, level: Level) -> None:
    shapes, against = ground(), basis()
    lines = 0

    @EXAMPLES
    @given(SEEDS)
    def nearest(seed: int) -> None:
        nonlocal lines
        report = check_report(Subject(zone_of(seed)), against, level=level)
        zone = shapely.from_wkb(bytes(report.zone.wkb))
        for finding in report.findings:
            shape = shapes.get(finding.layer_code, {}).get(finding.feature_name)
            if finding.distance_m is None or shape is None:
                continue
            assert finding.distance_m == pytest.approx(shapely.distance(zone, shape), abs=1e-6)
            if not finding.distance_m:
                assert finding.nearest_line is None
                continue
            assert finding.nearest_line is not None
            drawn = shapely.from_wkb(finding.nearest_line)
            assert shapely.length(drawn) == pytest.approx(finding.distance_m, abs=1e-6)
            ends = [shapely.get_point(drawn, 0), shapely.get_point(drawn, -1)]
            assert shapely.distance(ends[0], zone) == pytest.approx(0, abs=1e-6)
            assert shapely.distance(ends[1], shape) == pytest.approx(0, abs=1e-6)
            lines += 1

    nearest()
    assert lines > 10


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_the_check_reads_only_and_asks_few_questions(rules: RuleSet, level: Level) -> None:
    """Ask in a read-only transaction: one round trip for the facts, one more per rule whose features share ground."""
    ground()
    against = basis()
    check_report(Subject(zone_of(1)), against, level=level)  # the versions of the libraries are asked once a process
    for seed in range(5):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            report = check_report(Subject(zone_of(seed)), against, level=level)
            transaction.set_rollback(True)
        asked = [query["sql"] for query in queries if query["sql"].lstrip().startswith("SELECT")]
        facts = [sql for sql in asked if "check_facts" in sql]
        again = [sql for sql in asked if "check_union" in sql or "check_once" in sql]
        assert len(facts) == 1
        assert len(asked) == 1 + len(again)
        assert len(again) <= len(report.totals) + 1  # and the land-use rows
