"""Are features found by their place, in the editions asked for, though only their parts are indexed?"""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString
from django.db import connection

from layers.derived import drop_derived
from layers.models import Edition, FeaturePart
from layers.queries import features_near
from layers.services import LayerRow
from tests.cast import EAST0, NORTH0, multi, rectangle, square
from tests.layers.make import make_layer, stage

pytestmark = pytest.mark.django_db


def names(box: GEOSGeometry, *editions: Edition) -> list[str]:
    return sorted(features_near([edition.pk for edition in editions], box).values_list("name", flat=True))


def test_only_what_lies_there_in_the_editions_asked_for_is_found() -> None:
    rice = stage(make_layer("rice"), [LayerRow(square(0, 0, 100), "A"), LayerRow(square(500, 0, 100), "B")])
    wood = stage(make_layer("forest"), [LayerRow(square(50, 0, 100), "C")])
    assert names(square(20, 20, 50), rice) == ["A"]
    assert names(square(20, 20, 50), rice, wood) == ["A", "C"]
    assert names(square(300, 20, 50), rice, wood) == []
    assert names(square(20, 20, 50)) == []


def test_a_feature_of_many_parts_is_found_once() -> None:
    several = LayerRow(multi(square(0, 0, 100), square(200, 0, 100), square(400, 0, 100)), "A")
    road = LineString(*[(EAST0 + 3 * step, NORTH0 + step % 2) for step in range(1_000)], srid=9218)
    rice = stage(make_layer("rice"), [several])
    roads = stage(make_layer("road", geometry_kind="line"), [LayerRow(road, "B")])
    assert FeaturePart.objects.filter(edition=roads).count() > 1
    assert names(rectangle(0, -10, 3_000, 100), rice, roads) == ["A", "B"]


def test_what_lies_between_its_parts_does_not_find_a_feature() -> None:
    rice = stage(make_layer("rice"), [LayerRow(multi(square(0, 0, 100), square(400, 0, 100)), "A")])
    assert names(square(200, 0, 50), rice) == []


def test_an_edition_without_parts_still_finds_its_features() -> None:
    rice = stage(make_layer("rice"), [LayerRow(square(0, 0, 100), "A"), LayerRow(square(500, 0, 100), "B")])
    drop_derived(rice)
    assert names(square(20, 20, 50), rice) == ["A"]


def test_copying_rows_keeps_two_indexes_and_no_more() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "layers_feature")
    indexed = sorted(item["columns"] for item in found.values() if item["index"] or item["primary_key"])
    assert indexed == [["edition_id", "class_code"], ["id"]]
