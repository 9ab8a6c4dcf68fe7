"""Is it known of an edition whether its features share ground, and does knowing it never change an answer?"""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.crs import storage_srid
from layers.derived import drop_parts
from layers.models import Edition
from layers.services import rebuild_derived
from tests.cast import multi, point, square
from tests.layers.make import make_layer, stage

pytestmark = pytest.mark.django_db

NEIGHBOURS = [square(0, 0, 100), square(100, 0, 100), square(100, 100, 100)]
LARGE = point(500, 500).buffer(400, 500)

CASES: list[tuple[str, list[GEOSGeometry], bool]] = [
    ("neighbours that share an edge and a corner", NEIGHBOURS, True),
    ("one feature of many parts", [LARGE], True),
    ("a feature of many parts and one in its middle", [LARGE, square(500, 500, 10)], False),
    ("an overlap of one millimetre", [square(0, 0, 100), square(99.999, 0, 100)], False),
    ("the same area twice", [square(0, 0, 100), square(0, 0, 100)], False),
    ("areas far apart", [square(0, 0, 100), square(5_000, 0, 100)], True),
    ("a feature whose own two parts touch in a corner", [multi(square(0, 0, 100), square(100, 100, 100))], True),
    ("no feature but one", [square(0, 0, 100)], True),
]


@pytest.mark.parametrize(("geoms", "apart"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_staged_edition_says_whether_its_features_lie_apart(geoms: list[GEOSGeometry], apart: bool) -> None:
    edition = stage(make_layer(), geoms)
    assert Edition.objects.get(pk=edition.pk).features_apart is apart


def test_the_mark_goes_with_the_parts_and_comes_back_with_them() -> None:
    edition = stage(make_layer(), NEIGHBOURS)
    drop_parts(edition)
    assert Edition.objects.get(pk=edition.pk).features_apart is None
    rebuild_derived(edition)
    assert Edition.objects.get(pk=edition.pk).features_apart is True


@pytest.mark.parametrize(("geoms", "apart"), [case[1:] for case in CASES[:7]], ids=[case[0] for case in CASES[:7]])
def test_an_unmarked_edition_is_answered_like_a_marked_one(geoms: list[GEOSGeometry], apart: bool) -> None:
    edition = stage(make_layer(), geoms)
    assert edition.features_apart is apart
    marked = _overlap(edition)
    Edition.objects.filter(pk=edition.pk).update(features_apart=None)
    assert _overlap(edition) == marked
    assert any(row[1] is None for row in marked) is not apart


def _overlap(edition: Edition) -> list[tuple[object, ...]]:
    """Return the rows of the overlap with a square of 1 km, those of ground counted twice among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT edition_id, feature_id, dims, overlap_m2, ST_AsBinary(piece), sound"
            " FROM check_overlap(ST_GeomFromWKB(%s, %s), ARRAY[%s]::bigint[])"
            " ORDER BY feature_id",
            [bytes(square(-10, -10, 1_000).wkb), storage_srid(), edition.pk],
        )
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]
