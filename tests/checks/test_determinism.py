"""Same question, same bytes? Whatever the vertex start, ring direction, order of parts, order of features."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPoint, Polygon
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.models import Edition, FeaturePart, Layer
from planning.checks.engine import check_report
from planning.checks.models import RuleSet
from planning.checks.services import load_catalogue
from planning.checks.types import Level, Outcome, Subject
from tests.cast import make_land, multi, point, rectangle, square
from tests.checks.golden.shapes import dressed
from tests.checks.ground import EVERYWHERE, basis, check, line, publish, row

pytestmark = pytest.mark.django_db


ROWS: dict[str, list[Any]] = {
    "forest_special": [
        row(point(1_500, 1_200).buffer(150, quadsegs=7), "Rừng A"),
        row(point(1_400, 1_300).buffer(180, quadsegs=9), "Rừng B"),
        row(square(1_600, 1_600, 90), "Rừng C"),
    ],
    "land_parcel": [
        row(rectangle(900 + 130 * i, 900 + 170 * j, 130, 170), f"{i}-{j}", ("LUC", "CLN", "HNK", "ONT")[(i + j) % 4])
        for i in range(6)
        for j in range(5)
    ],
    "road": [
        row(
            line((900, 1_000), (1_300, 1_333), (1_900, 1_450)),
            "QL26",
            "national",
            technical_class="III",
            half_width_m=9,
        ),
        row(line((1_510, 900), (1_530, 2_000)), "ĐT 693", "provincial", technical_class="V", half_width_m=4.5),
    ],
    "residential": [row(square(1_640, 1_010, 120), "Buôn Thử"), row(square(800, 1_010, 120), "Thôn 5")],
    "intake_point": [
        row(point(2_100, 1_400), "Trạm A", "mountain", flow_bearing=75),
        row(point(2_100, 1_400), "Trạm B", "mountain", flow_bearing=75),  # the same place twice
        row(
            MultiPoint(point(1_250, 900), point(1_900, 2_000), srid=point(0, 0).srid),
            "Trạm C",
            "plain",
            flow_bearing=200,
        ),
        row(point(700, 1_300), "Trạm D", "mountain"),  # nobody said where its water flows to
        row(point(1_400, 1_000), "Giếng", "well"),
    ],
    "cemetery": [row(square(700, 1_700, 60), "Nghĩa trang", "burial")],
}
# Where the publisher looked less far than the rules about the layer do.
COVERED = {"cemetery": (-5_000.0, -5_000.0, 6_900.0, 30_000.0)}
ZONE = multi(
    Polygon(
        *[
            tuple(tuple(pair) for pair in ring)
            for ring in (
                point(1_300, 1_300).buffer(260, quadsegs=5).coords[0],
                tuple(reversed(point(1_310, 1_290).buffer(60, quadsegs=3).coords[0])),
            )
        ],
        srid=point(0, 0).srid,
    ),
    square(1_620, 1_620, 50),
)


def publish_all(order: random.Random | None) -> None:
    for code, rows in ROWS.items():
        shuffled = list(rows)
        if order is not None:
            order.shuffle(shuffled)
        publish(code, shuffled, coverage=COVERED.get(code, EVERYWHERE))


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_any_face_of_the_zone_gives_the_same_bytes(rules: RuleSet, level: Level) -> None:
    publish_all(None)
    against = basis()
    expected = check_report(Subject(ZONE), against, level=level)
    assert {finding.outcome for finding in expected.findings} >= set(Outcome) - {Outcome.ADVICE, Outcome.CONTACT}
    shares = {finding.rule: finding.unchecked_share for finding in expected.findings if finding.unchecked_share != 1}
    assert 0 < (shares["cemetery_separation"] or 0) < 1

    @settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 40), st.booleans(), st.booleans())
    def same(shift: int, reverse: bool, backwards: bool) -> None:
        report = check_report(Subject(dressed(ZONE, shift, reverse, backwards)), against, level=level)
        assert report.canonical_bytes() == expected.canonical_bytes()
        assert report.findings_hash == expected.findings_hash
        assert report.geom_hash == expected.geom_hash
        assert [finding.key for finding in report.findings] == [finding.key for finding in expected.findings]

    same()


def test_any_order_of_features_gives_the_same_bytes(rules: RuleSet) -> None:
    publish_all(None)
    expected = check(ZONE)
    for seed in range(4):
        publish_all(random.Random(seed))  # new editions, new row numbers
        report = check(ZONE)
        assert report.canonical_bytes() == expected.canonical_bytes()
    assert Edition.objects.filter(layer=Layer.objects.get(code="road")).count() == 5


def test_live_and_stored_agree(rules: RuleSet) -> None:
    publish_all(None)
    assert check(ZONE).canonical_bytes() == check(ZONE, level=Level.STORED).canonical_bytes()


def test_another_source_row_is_another_hash(rules: RuleSet) -> None:
    publish_all(None)
    before = check(ZONE)
    publish("forest_special", [row(GEOSGeometry(ROWS["forest_special"][0].geom.ewkt), "Rừng A, đo lại")])
    assert check(ZONE).findings_hash != before.findings_hash


def test_keys_are_unique(rules: RuleSet) -> None:
    publish_all(None)
    keys = [finding.key for finding in check(ZONE).findings]
    assert len(keys) == len(set(keys))


# What an administrator of the database may set otherwise, and what a busy server does by itself.
SERVER_SETTINGS = [
    {"enable_seqscan": "off"},
    {"enable_indexscan": "off", "enable_bitmapscan": "off", "enable_indexonlyscan": "off"},
    {"enable_nestloop": "off"},
    {"enable_hashjoin": "off", "enable_mergejoin": "off"},
    {"enable_sort": "off", "enable_hashagg": "off"},
    {"enable_material": "off", "enable_memoize": "off"},
    {"work_mem": "64kB"},
    {"work_mem": "512MB"},
    {
        "max_parallel_workers_per_gather": "4",
        "parallel_setup_cost": "0",
        "parallel_tuple_cost": "0",
        "min_parallel_table_scan_size": "0",
        "parallel_leader_participation": "off",
    },
    {"jit": "on", "jit_above_cost": "0"},
    {"extra_float_digits": "0"},
    {"TimeZone": "Pacific/Auckland", "lc_numeric": "C"},
]


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_any_setting_of_the_server_gives_the_same_bytes(rules: RuleSet, level: Level) -> None:
    publish_all(None)
    against = basis()
    expected = check_report(Subject(ZONE), against, level=level)
    for settings_of_the_server in SERVER_SETTINGS:
        with transaction.atomic(), connection.cursor() as cursor:
            for name, value in settings_of_the_server.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            report = check_report(Subject(ZONE), against, level=level)
            assert report.canonical_bytes() == expected.canonical_bytes(), settings_of_the_server
            transaction.set_rollback(True)


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_any_order_of_parts_gives_the_same_bytes(rules: RuleSet, level: Level) -> None:
    """Lay the parts of a feature of many vertices in any order, whichever one the database made first."""
    publish_all(None)
    publish("forest_special", [row(point(1_450, 1_250).buffer(260, quadsegs=300), "Rừng lớn"), *ROWS["forest_special"]])
    against = basis()
    expected = check_report(Subject(ZONE), against, level=level)
    parts = list(FeaturePart.objects.order_by("pk"))
    assert len([part for part in parts if part.feature.name == "Rừng lớn"]) > 4
    for seed in range(3):
        random.Random(seed).shuffle(parts)
        FeaturePart.objects.all().delete()
        for part in parts:
            part.pk = None
        FeaturePart.objects.bulk_create(parts)
        report = check_report(Subject(ZONE), against, level=level)
        assert report.canonical_bytes() == expected.canonical_bytes()
        assert [total.overlap_m2 for total in report.totals] == pytest.approx(
            [total.overlap_m2 for total in expected.totals], rel=1e-12
        )


def test_equal_distances_are_told_apart_by_what_the_features_are(rules: RuleSet) -> None:
    """Put the same home thrice at the same distance under other names: the answer names the same one in any order."""
    home = square(1_900, 1_250, 60)
    rows = [row(home, name, "rural") for name in ("Ba", "Hai", "Một")]
    named = set()
    for seed in range(4):
        shuffled = list(rows)
        random.Random(seed).shuffle(shuffled)
        publish("residential", shuffled)
        report = check(ZONE)
        named.add(
            json.dumps([finding.canonical() for finding in report.findings if finding.layer_code == "residential"])
        )
    assert len(named) == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_give_the_same_bytes() -> None:
    """Ask from eight threads, each over a connection of its own."""
    make_land()
    load_catalogue()
    publish_all(None)
    against = basis()
    expected = check_report(Subject(ZONE), against, level=Level.STORED).canonical_bytes()

    def ask(turn: int) -> bytes:
        try:
            level = Level.STORED if turn % 2 else Level.LIVE
            return check_report(
                Subject(dressed(ZONE, turn, bool(turn % 3), False)), against, level=level
            ).canonical_bytes()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(ask, range(24))) == {expected}
