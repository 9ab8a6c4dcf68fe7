"""Does the loading report say what became of each feature? Added, gone, moved, renamed, mended, published twice."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString

from layers.changes import drawn
from layers.models import Edition, EditionLine, LineKind
from layers.services import LayerRow, drop_old_derived, ensure_derived
from tests.cast import EAST0, NORTH0, multi, point, rectangle, square
from tests.layers.make import current, make_layer, stage

pytestmark = pytest.mark.django_db


def row(geom: GEOSGeometry, name: str = "", class_code: str = "", key: str = "") -> LayerRow:
    return LayerRow(geom, name, class_code, {}, key)


def lines(edition: Edition, kind: LineKind) -> list[EditionLine]:
    return list(edition.lines.filter(kind=kind))


def test_a_feature_with_the_same_identifier_and_another_boundary_moved() -> None:
    layer = make_layer()
    current(layer, [row(square(0, 0, 100), "Rừng A", key="r1"), row(square(500, 0, 100), "Rừng B", key="r2")])
    new = stage(
        layer, [row(rectangle(0, 0, 150, 100), "Rừng A", key="r1"), row(square(500, 0, 100), "Rừng B", key="r2")]
    )
    (moved,) = lines(new, LineKind.MOVED)
    assert (moved.name, moved.source_id) == ("Rừng A", "r1")
    assert (moved.size_before, moved.size_after, moved.gained, moved.lost) == (10_000, 15_000, 5_000, 0)
    changes = new.report["changes"]
    assert (changes["unchanged"], changes["moved"], changes["added"], changes["removed"]) == (1, 1, 0, 0)
    assert (changes["moved_ha"], changes["gained_ha"], changes["lost_ha"], changes["changed_ha"]) == (0.5, 0.5, 0, 0.5)
    assert moved.at is not None and moved.at.within(rectangle(0, 0, 150, 100))


def test_without_identifiers_the_most_common_ground_decides() -> None:
    layer = make_layer()
    current(layer, [row(square(0, 0, 100), key="1"), row(square(100, 0, 100), key="2")])
    # a row was put in before: the row numbers shifted by one
    new = stage(
        layer,
        [row(square(900, 0, 10), key="1"), row(rectangle(0, 0, 90, 100), key="2"), row(square(100, 0, 100), key="3")],
    )
    (moved,) = lines(new, LineKind.MOVED)
    assert (moved.size_before, moved.size_after, moved.lost) == (10_000, 9_000, 1_000)
    assert [line.size_after for line in lines(new, LineKind.ADDED)] == [100]
    assert lines(new, LineKind.REMOVED) == []


def test_little_common_ground_is_not_the_same_object() -> None:
    layer = make_layer()
    current(layer, [row(square(0, 0, 100))])
    new = stage(layer, [row(rectangle(80, 0, 100, 100))])
    assert not lines(new, LineKind.MOVED)
    (added,), (removed,) = lines(new, LineKind.ADDED), lines(new, LineKind.REMOVED)
    assert (added.gained, removed.lost) == (10_000, 10_000)
    changes = new.report["changes"]
    assert (changes["gained_ha"], changes["lost_ha"]) == (0.8, 0.8)  # 2,000 m² are in both


def test_renamed_and_reclassed_features_say_what_they_were() -> None:
    layer = make_layer()
    current(layer, [row(square(0, 0, 100), "Cũ", "RSX")])
    new = stage(layer, [row(square(0, 0, 100), "Mới", "RPH")])
    (line,) = lines(new, LineKind.RELABELLED)
    assert (line.name_before, line.name, line.class_before, line.class_code) == ("Cũ", "Mới", "RSX", "RPH")
    assert new.report["changes"]["changed_ha"] == 0


def test_features_published_twice_are_listed_and_matched_one_by_one() -> None:
    layer = make_layer()
    current(layer, [row(square(0, 0, 100)), row(square(0, 0, 100))])
    new = stage(layer, [row(square(0, 0, 100)), row(square(0, 0, 100)), row(square(0, 0, 100))])
    assert new.report["duplicates"] == 2 and len(lines(new, LineKind.DUPLICATE)) == 2
    changes = new.report["changes"]
    assert (changes["unchanged"], changes["added"]) == (2, 1)
    assert changes["gained_ha"] == 0


def test_every_repair_is_listed_with_its_place() -> None:
    bow_tie = GEOSGeometry(
        "POLYGON((480000 1400000,480300 1400100,480300 1400000,480000 1400090,480000 1400000))", srid=9218
    )
    edition = stage(make_layer(), [row(bow_tie, "Nơ", key="n7")])
    repaired = lines(edition, LineKind.REPAIRED)
    assert len(repaired) == edition.report["repair_count"] >= 1
    assert repaired[0].name == "Nơ" and repaired[0].source_id == "n7" and repaired[0].text
    assert repaired[0].size_before is not None and repaired[0].size_after is not None


def test_lines_count_metres_and_points_nothing() -> None:
    def road(*points: tuple[float, float]) -> LineString:
        return LineString(*[(EAST0 + e, NORTH0 + n) for e, n in points], srid=9218)

    roads = make_layer("road", geometry_kind="line")
    current(roads, [row(road((0, 0), (1_000, 0)), "ĐT.687", key="a")])
    new = stage(roads, [row(road((0, 0), (600, 0), (600, 300)), "ĐT.687", key="a")])
    (moved,) = lines(new, LineKind.MOVED)
    assert (moved.size_before, moved.size_after, moved.gained, moved.lost) == (1_000, 900, 300, 400)
    assert (new.report["changes"]["gained_m"], new.report["changes"]["lost_m"]) == (300, 400)

    houses = make_layer("dwelling", geometry_kind="point")
    current(houses, [row(point(0, 0), class_code="nhà"), row(point(900, 0), class_code="nhà")])
    new = stage(
        houses, [row(point(30, 0), class_code="nhà"), row(point(900, 0), class_code="nhà"), row(point(5_000, 0))]
    )
    changes = new.report["changes"]
    assert (changes["moved"], changes["unchanged"], changes["added"]) == (1, 1, 1)
    assert "gained_ha" not in changes and "gained_m" not in changes


def test_coverage_gained_and_lost_is_measured_and_drawn() -> None:
    layer = make_layer()
    current(layer, [square(0, 0, 100)], coverage=multi(rectangle(0, 0, 10_000, 10_000)))
    new = stage(layer, [square(0, 0, 100)], coverage=multi(rectangle(5_000, 0, 10_000, 10_000)))
    change = new.report["changes"]["coverage"]
    assert (change["gained_ha"], change["lost_ha"]) == (5_000, 5_000)
    gained, lost = drawn(change["gained_shape"], 9218), drawn(change["lost_shape"], 9218)
    assert gained is not None and lost is not None
    assert gained.area == pytest.approx(50_000_000) and gained.touches(lost) is False
    same = stage(layer, [square(0, 0, 100)], coverage=multi(rectangle(0, 0, 10_000, 10_000)))
    assert same.report["changes"]["coverage"] == {"gained_ha": 0, "lost_ha": 0, "gained_shape": "", "lost_shape": ""}


def test_discarding_takes_the_lists_along() -> None:
    from layers.services import discard_staged

    layer = make_layer()
    current(layer, [square(0, 0, 100)])
    discard_staged(stage(layer, [square(0, 0, 150)]))
    assert not EditionLine.objects.exists()


def test_dropped_parts_come_back_on_demand() -> None:
    layer = make_layer()
    old = current(layer, [square(0, 0, 100)])
    current(layer, [square(0, 0, 150)], effective_from=date(2026, 2, 1))
    assert drop_old_derived(date(2026, 2, 1)) == 0  # retired on that day, not before
    assert drop_old_derived(date(2026, 2, 2)) == 1
    old.refresh_from_db()
    assert not old.parts_built and not old.parts.exists()
    assert drop_old_derived(date(2026, 2, 2)) == 0
    again = ensure_derived(old)
    assert again.parts_built and again.parts.count() == 1
    assert not again.tiles_built  # no question needs them
    assert ensure_derived(again) is again


def test_comparing_a_layer_that_moved_as_a_whole_takes_a_small_multiple_of_bringing_it_in() -> None:
    layer = make_layer("parcels", min_zoom=13)
    places = [(100 * (i % 80), 100 * (i // 80)) for i in range(4_000)]
    began = time.monotonic()
    current(layer, [row(square(x, y, 90), f"Thửa {i}", key=f"t{i}") for i, (x, y) in enumerate(places)])
    brought_in = time.monotonic() - began
    began = time.monotonic()
    new = stage(layer, [row(square(x + 5, y, 90), key=f"t{i}") for i, (x, y) in enumerate(places[:3_000])])
    # Measured 2.3 times; joined row by row it was more than 25 times (40 s).
    assert time.monotonic() - began < 8 * brought_in
    changes = new.report["changes"]
    assert (changes["moved"], changes["removed"], changes["added"]) == (3_000, 1_000, 0)
    assert changes["gained_ha"] == pytest.approx(3_000 * 5 * 90 / 10_000)
