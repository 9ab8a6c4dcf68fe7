"""Does a map sheet show the right land at the right scale, of the right editions, with numbers that stay readable?"""

from __future__ import annotations

import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from hypothesis import given
from hypothesis import strategies as st

from layers.models import Edition, Layer
from mapping.papers.map_context import borders_in, features_in
from mapping.papers.map_labels import Labels
from mapping.papers.map_sheet import LOOKS, Sheet, SheetPiece, path_data, sheet_svg
from mapping.papers.map_window import FILL, SCALES, window_around
from tests.cast import EAST0, NORTH0, TODAY, Land, multi, rectangle, square
from tests.proposals.plans import Plans, load_forest

FRAME = (158.5, 186.0)
sides = st.floats(1, 4_000, allow_nan=False)


@given(width=sides, height=sides, east=st.floats(0, 50_000), north=st.floats(0, 50_000))
def test_the_boundary_always_lies_inside_its_frame(width: float, height: float, east: float, north: float) -> None:
    window = window_around(rectangle(east, north, width, height), *FRAME)
    left, lower = window.place(EAST0 + east, NORTH0 + north)
    right, upper = window.place(EAST0 + east + width, NORTH0 + north + height)
    assert 0 < left < right < FRAME[0]
    assert 0 < upper < lower < FRAME[1]
    assert right - left == pytest.approx(width * 1_000 / window.scale)
    coarser = SCALES[: SCALES.index(window.scale)]
    assert all(width * 1_000 / scale > FRAME[0] * FILL or height * 1_000 / scale > FRAME[1] * FILL for scale in coarser)


@given(side=sides)
def test_grid_lines_are_round_and_some_centimetres_apart(side: float) -> None:
    window = window_around(square(0, 0, side), *FRAME)
    step = window.grid_step_m()
    assert 25 <= step * 1_000 / window.scale <= 105
    assert re.fullmatch(r"[125]0*", str(step))


def test_the_sheet_shows_the_editions_of_the_run_not_today_s(plans: Plans) -> None:
    old = Edition.objects.get(layer__code="forest_special", number=1)
    window = window_around(multi(square(4_800, 5_200, 500)), *FRAME)
    new = load_forest(square(4_700, 5_100, 50), number=2)
    (then,) = features_in(window, [old.pk])
    (now,) = features_in(window, [new.pk])
    assert then.name == now.name == "Rừng Thử"
    assert then.geom.area > now.geom.area
    west, south, east, north = then.geom.extent
    assert west >= window.west - 1 and south >= window.south - 1
    assert east <= window.east + 1 and north <= window.north + 1


def test_a_layer_that_is_not_public_is_on_no_sheet(plans: Plans) -> None:
    edition = Edition.objects.get(layer__code="forest_special")
    Layer.objects.filter(code="forest_special").update(is_public=False)
    window = window_around(multi(square(4_800, 5_200, 500)), *FRAME)
    assert features_in(window, [edition.pk]) == []


def test_the_communes_are_those_of_the_day(land: Land) -> None:
    window = window_around(multi(square(9_800, 5_000, 500)), *FRAME)
    assert [border.name for border in borders_in(window, TODAY)] == ["Xã Tây", "Xã Đông"]
    assert borders_in(window, land.west.valid_from.replace(year=2024)) == []


def test_a_hole_stays_open_whatever_way_its_ring_runs() -> None:
    outer, hole = square(0, 0, 500).exterior_ring, square(100, 100, 50).exterior_ring
    window = window_around(square(0, 0, 500), *FRAME)
    turned = hole.clone()
    turned.reverse()
    drawn = {path_data(window, Polygon(outer, ring, srid=9218)) for ring in (hole, turned)}
    directions = {tuple(_signed(ring) > 0 for ring in re.findall(r"M([^Z]+)Z", data)) for data in drawn}
    assert directions == {(False, True)} or directions == {(True, False)}


def _signed(ring: str) -> float:
    places = [tuple(map(float, place.split())) for place in ring.split("L")]
    pairs = zip(places, places[1:] + places[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def test_every_severity_has_its_own_pattern_or_line() -> None:
    """Grey print and colour-blind eyes tell severities apart: no two look the same without colour."""
    assert len({(look.marks, look.dash) for look in LOOKS.values()}) >= 5
    fired = [LOOKS[code] for code in ("prohibited", "condition", "advice")]
    assert len({look.marks for look in fired}) == 3


def test_labels_never_cover_one_another() -> None:
    zone = square(0, 0, 500)
    window = window_around(zone, *FRAME)
    labels = Labels(window)
    before = len(labels.taken)
    labels.numbers((number, "prohibited", square(number * 9 % 400, number * 17 % 400, 40)) for number in range(1, 80))
    boxes = labels.taken[before:]
    assert len(boxes) > 20
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_sheet_without_anything_around_is_whole() -> None:
    zone = multi(square(0, 0, 500))
    svg = sheet_svg(Sheet(window_around(zone, *FRAME), zone))
    assert 'class="zone"' in svg
    assert "Tỷ lệ 1:5.000" in svg


def test_many_parts_and_a_tiny_piece_are_drawn() -> None:
    zone = MultiPolygon(square(0, 0, 300), square(400, 0, 300), srid=9218)
    pieces = [SheetPiece(1, "prohibited", square(10, 10, 0.05)), SheetPiece(2, "unheard-of", square(20, 20, 50))]
    svg = sheet_svg(Sheet(window_around(zone, *FRAME), zone, pieces))
    assert 'class="not_computable"' in svg, "an unknown severity is never drawn as harmless"
