"""Do editions stage, compare, promote and stay closed?"""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from layers.derived import build_derived, drop_derived
from layers.errors import Conflict, InputRefused, TransitionRefused
from layers.grid import geometry_hash, on_grid
from layers.models import Edition, EditionStatus, Feature, FeaturePart, Layer
from layers.queries import current_editions, editions_on, is_overdue
from layers.services import (
    LayerRow,
    discard_staged,
    drop_old_derived,
    promote_edition,
    rebuild_derived,
    refresh_statistics,
    stage_rows,
)
from mapping.glass.models import TileFeature
from tests.cast import multi, point, square
from tests.layers.make import current, make_layer, stage

pytestmark = pytest.mark.django_db


def bow_tie() -> GEOSGeometry:
    return GEOSGeometry(
        "POLYGON((480000 1400000,480100 1400100,480100 1400000,480000 1400100,480000 1400000))", srid=9218
    )


def test_stage_keeps_rows_parts_tiles_and_counts() -> None:
    edition = stage(
        make_layer(),
        [LayerRow(square(0, 0, 500), "Cánh đồng A", "LUC", {"ref": "x", "n": 1}, "7"), square(600, 0, 100)],
    )
    assert edition.status == EditionStatus.STAGED and edition.number == 1 and edition.feature_count == 2
    feature = edition.features.get(source_id="7")
    assert (feature.name, feature.class_code, feature.attributes) == ("Cánh đồng A", "LUC", {"ref": "x", "n": 1})
    assert feature.area_m2 == 250_000 and feature.geom_hash == geometry_hash(on_grid(square(0, 0, 500)))
    assert edition.parts.count() == 2 and edition.report["built"]["parts"] == 2
    assert TileFeature.objects.filter(edition=edition).exists() and len(edition.sha256) == 64


def test_large_features_are_subdivided_without_losing_ground() -> None:
    ring = point(5_000, 5_000).buffer(3_000, 500)
    edition = stage(make_layer(), [ring])
    parts = list(edition.parts.all())
    assert len(parts) > 4 and all(part.geom.num_coords <= 256 for part in parts)
    assert sum(part.geom.area for part in parts) == pytest.approx(edition.features.get().geom.area, rel=1e-9)


def test_text_is_nfc_and_without_control_characters() -> None:
    edition = stage(make_layer(), [LayerRow(square(0, 0, 100), "Đắk\x00 Lắk", "", {"ghi chú": "a\x07b\tc"})])
    feature = edition.features.get()
    assert feature.name == "Đắk Lắk" and feature.attributes == {"ghi chú": "ab\tc"}


def test_repairs_are_reported_with_area_before_and_after() -> None:
    edition = stage(make_layer(), [square(0, 0, 100), LayerRow(bow_tie(), "nơ")])
    (repair,) = edition.report["repairs"]
    assert repair["row"] == 2 and repair["name"] == "nơ" and repair["code"] == "SELF_INTERSECTION"
    assert repair["after_m2"] == pytest.approx(5_000) and repair["confirm"] is True
    assert edition.report["to_confirm"] == 1


def test_ambiguous_rows_keep_the_larger_reading_and_ask() -> None:
    from tests.layers.test_vetting import star

    edition = stage(make_layer(), [star(5)])
    (repair,) = edition.report["repairs"]
    assert repair["code"] == "REPAIR_AMBIGUOUS" and repair["confirm"] is True
    assert repair["before_m2"] < repair["after_m2"] == pytest.approx(edition.features.get().area_m2)


def test_rows_without_area_are_skipped_and_counted() -> None:
    edition = stage(make_layer(), [square(0, 0, 100), square(0, 200, 0.4)])
    assert edition.report["skipped"] == [2] and edition.feature_count == 1


def test_a_row_that_cannot_be_used_stops_the_whole_edition() -> None:
    with pytest.raises(InputRefused) as refused:
        stage(make_layer(), [square(0, 0, 100), LineString((480000, 1400000), (480010, 1400000), srid=9218)])
    assert refused.value.code == "EDITION_REFUSED"
    assert refused.value.detail["refused"][0]["row"] == 2 and not Edition.objects.exists()


def test_nothing_and_too_little_are_refused() -> None:
    for rows in ([], [square(0, 0, 0.1)]):
        with pytest.raises(InputRefused) as refused:
            stage(make_layer(), rows)
        assert refused.value.code == "NO_FEATURES"


def test_coverage_is_the_province_unless_told(land) -> None:
    assert stage(make_layer(), [square(0, 0, 100)]).coverage.equals(land.province.geom)
    told = stage(make_layer(), [square(0, 0, 100)], coverage=square(0, 0, 1_000))
    assert told.coverage.area == 1_000_000


def test_changes_against_the_current_edition() -> None:
    layer = make_layer()
    current(layer, [LayerRow(square(0, 0, 100), "a"), square(200, 0, 100), square(400, 0, 100)])
    changes = stage(layer, [LayerRow(square(0, 0, 100), "b"), square(200, 0, 150)]).report["changes"]
    counts = [changes[name] for name in ("unchanged", "added", "removed", "moved", "relabelled")]
    assert counts == [0, 0, 1, 1, 1]
    assert changes["gained_ha"] == pytest.approx(1.25) and changes["lost_ha"] == pytest.approx(1.0)


def test_changes_of_lines_are_metres() -> None:
    layer = make_layer("roads", geometry_kind="line", theme="traffic")
    line = LineString((480000, 1400000), (481000, 1400000), srid=9218)
    current(layer, [line])
    longer = LineString((480000, 1400000), (481500, 1400000), srid=9218)
    assert stage(layer, [longer]).report["changes"]["gained_m"] == pytest.approx(500, abs=0.1)


def test_promotion_retires_the_predecessor_on_its_day() -> None:
    layer = make_layer()
    first = current(layer, [square(0, 0, 100)], effective_from=date(2025, 1, 1))
    second = promote_edition(stage(layer, [square(0, 0, 200)], effective_from=date(2026, 1, 1)), on=date(2026, 3, 1))
    first.refresh_from_db()
    assert (first.status, first.retired_on, second.status) == ("retired", date(2026, 3, 1), "current")
    assert current_editions(date(2026, 2, 1))["rice"].number == 2  # effective already, and the later one wins
    assert current_editions(date(2025, 6, 1))["rice"].number == 1
    assert current_editions(date(2024, 6, 1)) == {}
    assert [edition.number for edition in editions_on(date(2026, 4, 1))] == [2]
    assert is_overdue(first, date(2026, 1, 2)) and not is_overdue(first, date(2025, 12, 31))


def test_what_is_not_staged_or_overtaken_is_not_promoted() -> None:
    layer = make_layer()
    older = stage(layer, [square(0, 0, 100)])
    newer = stage(layer, [square(0, 0, 200)])
    promote_edition(newer)
    with pytest.raises(TransitionRefused):
        promote_edition(newer)
    with pytest.raises(Conflict) as refused:
        promote_edition(older)
    assert refused.value.code == "EDITION_STALE"


def test_without_parts_there_is_no_promotion() -> None:
    edition = stage(make_layer(), [square(0, 0, 100)])
    drop_derived(edition)
    assert not edition.parts.exists() and not TileFeature.objects.filter(edition=edition).exists()
    with pytest.raises(TransitionRefused):
        promote_edition(edition)
    assert rebuild_derived(edition)["parts"] == 1
    assert promote_edition(edition).status == EditionStatus.CURRENT


@pytest.mark.parametrize(
    "act",
    [
        lambda edition: Feature.objects.filter(edition=edition).update(name="x"),
        lambda edition: Feature.objects.filter(edition=edition).delete(),
        lambda edition: Feature.objects.create(edition=edition, geom=square(0, 0, 1)),
        lambda edition: Edition.objects.filter(pk=edition.pk).update(source="x"),
        lambda edition: Edition.objects.filter(pk=edition.pk).update(status="staged"),
        lambda edition: Edition.objects.filter(pk=edition.pk).update(coverage=multi(square(0, 0, 5))),
        lambda edition: edition.delete(),
    ],
)
def test_a_promoted_edition_is_closed(act) -> None:
    edition = current(make_layer(), [square(0, 0, 100)])
    FeaturePart.objects.filter(edition=edition).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        act(edition)


def test_discarding_is_for_staged_editions() -> None:
    layer = make_layer()
    discard_staged(stage(layer, [square(0, 0, 100)]))
    assert not Edition.objects.exists() and not FeaturePart.objects.exists()
    with pytest.raises(TransitionRefused):
        discard_staged(current(layer, [square(0, 0, 100)]))


def test_old_derived_data_can_be_dropped_and_rebuilt() -> None:
    layer = make_layer()
    first = current(layer, [square(0, 0, 100)], effective_from=date(2025, 1, 1))
    current(layer, [square(0, 0, 200)], effective_from=date(2025, 6, 1))
    assert drop_old_derived(date(2025, 6, 1)) == 0
    assert drop_old_derived(date(2025, 7, 1)) == 1
    first.refresh_from_db()
    assert not first.parts_built and not first.tiles_built and first.features.count() == 1
    rebuild_derived(first)
    first.refresh_from_db()
    assert first.parts_built and first.parts.count() == 1


def test_ten_thousand_rows_are_staged_in_as_many_queries_as_ten() -> None:
    layer = make_layer("parcels", min_zoom=13)
    asked = []
    for count in (10, 10_000):
        rows = [LayerRow(square(100 * (i % 100), 100 * (i // 100), 90), f"Thửa {i}", "LUC") for i in range(count)]
        with CaptureQueriesContext(connection) as queries:
            stage_rows(layer, rows, effective_from=date(2026, 1, 1), source="Sở Thử")
        asked.append(len(queries))
    refresh_statistics()
    assert asked[1] <= asked[0] + 2, asked  # 24 and 25


@pytest.mark.django_db(transaction=True)
def test_two_promotions_at_once_leave_one_current() -> None:
    layer = make_layer()
    editions = [stage(layer, [square(0, 0, side)]) for side in (100, 200)]
    outcomes: list[str] = []

    def run(edition: Edition) -> None:
        try:
            promote_edition(edition)
            outcomes.append("promoted")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(edition,)) for edition in editions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Edition.objects.filter(status="current").count() == 1
    assert Edition.objects.get(status="current").number == 2
    assert sorted(outcomes) in (["promoted", "promoted"], ["promoted", "refused"])


@pytest.mark.django_db(transaction=True)
def test_a_layer_is_free_while_an_edition_of_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, found = make_layer(), []

    def lock() -> None:
        with transaction.atomic():
            found.append(Layer.objects.select_for_update(nowait=True).get(pk=layer.pk))
        connection.close()

    def build(edition: Edition) -> dict[str, int]:
        other = threading.Thread(target=lock)
        other.start()
        other.join(10)
        return build_derived(edition)

    monkeypatch.setattr("layers.services.stage.build_derived", build)
    assert [stage(layer, [square(0, 0, 100)]).number for _turn in range(2)] == [1, 2] and found == [layer, layer]


def test_a_polygon_and_a_multipolygon_of_one_part_are_the_same_feature() -> None:
    layer = make_layer()
    current(layer, [multi(square(0, 0, 100)), square(200, 0, 100)])
    changes = stage(layer, [square(0, 0, 100), multi(square(200, 0, 100))]).report["changes"]
    assert (changes["unchanged"], changes["added"], changes["changed_ha"]) == (2, 0, 0)
