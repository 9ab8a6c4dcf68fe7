"""Are the rings read from well-known binary those of the shapes, whatever stands among them?"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from planning.checks.screening.rings import Rings, rings_in, rings_of

SQUARE = shapely.box(0, 0, 10, 10)
HOLED = shapely.Polygon(shapely.box(20, 0, 40, 20).exterior, [shapely.box(25, 5, 30, 10).exterior])
SEVERAL = shapely.MultiPolygon([shapely.box(50, 0, 60, 10), shapely.box(70, 0, 80, 10)])
OTHER = [shapely.Point(3, 3), shapely.LineString([(0, 0), (5, 5)]), shapely.Polygon(), shapely.MultiPolygon()]


def as_set(rings: Rings) -> set[tuple[bytes, bool]]:
    ends = rings.ends.tolist()
    pairs = zip([0, *ends][: len(ends)], ends, rings.hole.tolist(), strict=True)
    return {(np.ascontiguousarray(rings.points[begin:end]).tobytes(), hole) for begin, end, hole in pairs}


@pytest.mark.parametrize(
    "shapes",
    [[], [SQUARE], OTHER, [SQUARE, HOLED, SEVERAL, *OTHER, shapely.box(1, 1, 2, 2)], [SEVERAL], [HOLED, HOLED]],
)
def test_rings_from_binary_are_those_of_the_shapes(shapes: list[shapely.Geometry]) -> None:
    of_shapes = rings_of(np.array(shapes, dtype=object))
    read = rings_in([shapely.to_wkb(shape, byte_order=1) for shape in shapes])
    assert as_set(read) == as_set(of_shapes)
    assert len(read) == len(of_shapes)


def test_a_hole_is_told_from_the_outline_of_the_next_polygon() -> None:
    assert rings_of(np.array([HOLED, SQUARE])).hole.tolist() == [False, True, False]


def test_parts_together_are_the_whole() -> None:
    many = np.array([shapely.Point(100 * x, 0).buffer(40, quad_segs=x % 40 + 2) for x in range(900)])
    whole = rings_of(many)
    parts = list(whole.in_parts())
    assert len(parts) > 2
    assert sum(len(part) for part in parts) == len(whole)
    assert (np.concatenate([part.points for part in parts]) == whole.points).all()
    assert set().union(*(as_set(part) for part in parts)) == as_set(whole)
