"""Does every feature of a file get the verdict that the catalogue asks for, with nothing changed silently?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import override

from layers.errors import DatNgheError, InputRefused, TooManyRequests
from layers.intake import read_vector_file, to_zone
from layers.intake.read import Intake
from layers.intake.verdicts import FeatureVerdict, each_verdict, verdicts
from layers.models import AdminUnit
from layers.vetting import VettedFeature
from tests.cast import EAST0, NORTH0, Land, multi
from tests.layers import files
from tests.layers.files import home

E0, N0 = EAST0 + 12_000, NORTH0 + 5_000


def ring(*corners: tuple[float, float], holes: list[list[tuple[float, float]]] | None = None) -> shapely.Polygon:
    def moved(points: Any) -> list[tuple[float, float]]:
        return [(E0 + x, N0 + y) for x, y in points]

    return shapely.Polygon(moved(corners), [moved(hole) for hole in holes or []])


SQUARE = ((0, 0), (500, 0), (500, 500), (0, 500))
BOW_TIE = ring((0, 0), (500, 400), (500, 0), (0, 500))
PENTAGRAM = ring((0, 190), (500, 190), (100, 480), (250, 0), (400, 480))
HOLE_OUTSIDE = ring(*SQUARE, holes=[[(600, 600), (700, 600), (700, 700)]])


def intake_of(tmp_path: Path, shapes: list[Any], land: Land, **options: Any) -> Intake:
    path = files.shapefile_zip(tmp_path, shapes, **options)
    return read_vector_file(path, path.name, declared_unit=land.east)


def judged(tmp_path: Path, shapes: list[Any], land: Land, unit: AdminUnit | None = None) -> list[FeatureVerdict]:
    intake = intake_of(tmp_path, shapes, land)
    return list(verdicts(intake, intake.candidates[0], unit=unit))


def codes(verdict: FeatureVerdict) -> set[str]:
    return {notice.code for notice in verdict.notices}


def test_a_sound_feature_is_taken_as_it_is_with_its_number_and_name(tmp_path: Path, land: Land) -> None:
    (one,) = judged(tmp_path, [home()], land)
    assert (one.number, one.label, one.outcome, one.notices, one.refused) == (1, "Khu 0", "ok", (), None)
    assert one.area_before_m2 == pytest.approx(250_000) and one.area_after_m2 == pytest.approx(250_000)
    assert one.geom is not None and one.geom.srid == 9218


def test_a_repair_shows_its_place_and_the_areas_before_and_after(tmp_path: Path, land: Land) -> None:
    (one,) = judged(tmp_path, [BOW_TIE], land)
    assert one.outcome == "repaired" and one.confirm
    notice = one.notices[0]
    assert notice.code == "SELF_INTERSECTION" and notice.at is not None
    assert notice.before_m2 is not None and notice.after_m2 == one.area_after_m2
    assert one.area_before_m2 == notice.before_m2


def test_an_ambiguous_feature_is_asked_about_with_both_ways_and_either_can_be_taken(tmp_path: Path, land: Land) -> None:
    intake = intake_of(tmp_path, [PENTAGRAM], land)
    best = intake.candidates[0]
    (one,) = verdicts(intake, best)
    assert one.outcome == "ask" and one.geom is None and one.refused is not None
    structure, linework = one.variants
    assert (structure.key, linework.key) == ("structure", "linework")
    assert structure.area_m2 > linework.area_m2 > 0 and structure.text != linework.text
    for variant in one.variants:
        assert to_zone(intake, best, choices={1: variant.key}).area_m2 == pytest.approx(variant.area_m2, abs=0.5)
    with pytest.raises(InputRefused) as caught:
        to_zone(intake, best)
    assert caught.value.code == "REPAIR_AMBIGUOUS"


@pytest.mark.parametrize("choices", [{1: "inside"}, {1: ""}, {2: "structure"}, {1: "__class__"}])
def test_a_way_nobody_offered_cannot_be_chosen(choices: dict[int, str], tmp_path: Path, land: Land) -> None:
    intake = intake_of(tmp_path, [PENTAGRAM], land)
    with pytest.raises(InputRefused) as caught:
        to_zone(intake, intake.candidates[0], choices=choices)
    assert caught.value.code == "CHOICE_UNKNOWN"


def test_a_hole_outside_is_refused_with_its_place_and_the_others_are_not(tmp_path: Path, land: Land) -> None:
    path = files.geojson(tmp_path / "a.geojson", [HOLE_OUTSIDE, home()])
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    bad, good = verdicts(intake, intake.candidates[0])
    assert (bad.outcome, good.outcome) == ("refused", "ok")
    assert bad.refused is not None and bad.refused.code == "HOLE_OUTSIDE" and bad.refused.where
    assert bad.variants == () and bad.geom is None


def test_too_small_is_refused(tmp_path: Path, land: Land) -> None:
    tiny, thin = ring((0, 0), (0.5, 0), (0.5, 0.5)), ring((0, 0), (900, 0), (900, 0.03), (0, 0.03))
    for one in judged(tmp_path, [tiny, thin], land):
        assert one.outcome == "refused" and one.refused is not None and one.refused.code == "GEOM_TOO_SMALL"


def test_equal_and_overlapping_areas_are_noticed_with_each_others_number(tmp_path: Path, land: Land) -> None:
    other = home(east=12_250)
    with override("en"):
        first, second, third = judged(tmp_path, [home(), other, home()], land)
    assert codes(first) == codes(second) == {"FEATURES_OVERLAP"} and codes(third) == {"DUPLICATE_FEATURE"}
    assert "area 2" in first.notices[0].message and "125,000" in first.notices[0].message
    assert "area 1" in second.notices[0].message and "area 1" in third.notices[0].message
    assert third.confirm and not first.confirm
    assert {first.outcome, second.outcome, third.outcome} == {"ok"}


def test_areas_that_touch_do_not_overlap(tmp_path: Path, land: Land) -> None:
    for one in judged(tmp_path, [home(), home(east=12_500)], land):
        assert codes(one) == set()


# --- the province and the commune ------------------------------------------------------------------------------------

WEST = EAST0 - 5_000  # the border of the province in the west


def at_border(width_outside: float) -> Any:
    return shapely.box(WEST - width_outside, NORTH0 + 5_000, WEST + 1_000, NORTH0 + 6_000)


@pytest.mark.parametrize(
    ("outside", "outcome", "code", "confirm"),
    [
        (0.0, "ok", "", False),
        (0.8, "ok", "BORDER_SNAP", False),
        (60.0, "ok", "PARTLY_OUTSIDE", True),
    ],
)
def test_near_the_border_nothing_is_cut_but_it_is_said(
    outside: float, outcome: str, code: str, confirm: bool, tmp_path: Path, land: Land
) -> None:
    (one,) = judged(tmp_path, [at_border(outside)], land)
    assert one.outcome == outcome and codes(one) == ({code} if code else set()) and one.confirm is confirm
    assert one.area_after_m2 == pytest.approx(1_000 * (1_000 + outside), abs=1)


def test_far_beyond_the_border_the_part_inside_is_offered(tmp_path: Path, land: Land) -> None:
    intake = intake_of(tmp_path, [at_border(500)], land)
    best = intake.candidates[0]
    with override("en"):
        (one,) = verdicts(intake, best)
    assert one.outcome == "ask" and one.refused is not None and one.refused.code == "PARTLY_OUTSIDE"
    assert "50.00 ha" in one.refused.message and "500.00 m" in one.refused.message and one.refused.where
    (inside,) = one.variants
    assert inside.key == "inside" and inside.area_m2 == pytest.approx(1_000_000, abs=1)
    assert to_zone(intake, best, choices={1: "inside"}).area_m2 == pytest.approx(1_000_000, abs=1)


def test_across_a_bay_of_the_border_all_corners_inside_are_no_excuse(tmp_path: Path, land: Land) -> None:
    province = land.province
    notch = shapely.box(WEST - 10, NORTH0 + 9_000, WEST + 2_000, NORTH0 + 11_000)
    left = shapely.difference(shapely.from_wkb(bytes(province.geom.wkb)), notch)
    province.geom = multi(GEOSGeometry(left.wkt, srid=9218))
    province.save()
    across = shapely.box(WEST + 500, NORTH0 + 8_500, WEST + 1_500, NORTH0 + 11_500)
    (one,) = judged(tmp_path, [across], land)
    assert one.outcome == "ask" and one.refused is not None and one.refused.code == "PARTLY_OUTSIDE"


def test_wholly_outside_is_refused_alone(tmp_path: Path, land: Land) -> None:
    away = shapely.box(WEST - 5_000, NORTH0 + 5_000, WEST - 4_000, NORTH0 + 6_000)
    first, second, third = judged(tmp_path, [home(), home(east=14_000), away], land)
    assert (first.outcome, second.outcome, third.outcome) == ("ok", "ok", "refused")
    assert third.refused is not None and third.refused.code == "OUTSIDE_PROVINCE" and third.refused.todo


def test_outside_the_declared_commune_is_told_with_the_hectares(tmp_path: Path, land: Land) -> None:
    (one,) = judged(tmp_path, [home()], land, unit=land.west)
    assert one.outcome == "ok" and codes(one) == {"OUTSIDE_UNIT"} and one.confirm
    assert land.west.full_name in one.notices[0].message
    (mine,) = judged(tmp_path, [home()], land, unit=land.east)
    assert codes(mine) == set()


def test_layers_of_others_may_go_beyond_the_province(tmp_path: Path, land: Land) -> None:
    intake = intake_of(tmp_path, [at_border(500)], land)
    (one,) = verdicts(intake, intake.candidates[0], in_province=False)
    assert one.outcome == "ok"


def test_order_and_numbers_are_the_files_also_across_blocks(
    tmp_path: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.intake.verdicts._BLOCK", 2)
    shapes = [home(100, east=12_000 + 200 * step) for step in range(5)]
    intake = intake_of(tmp_path, shapes, land)
    assert [one.number for one in each_verdict(intake, intake.candidates[0])] == [1, 2, 3, 4, 5]


def test_when_nobody_could_look_there_is_no_verdict(
    tmp_path: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = intake_of(tmp_path, [home()], land)
    busy = TooManyRequests("busy", code="BUSY")
    monkeypatch.setattr("layers.intake.verdicts.vet_features", lambda *_args: iter([VettedFeature(b"", refused=busy)]))
    with pytest.raises(DatNgheError) as caught:
        verdicts(intake, intake.candidates[0])
    assert caught.value.code == "BUSY"


def test_too_many_areas_over_one_another_are_not_compared_and_that_is_said(
    tmp_path: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = [home(100 + step) for step in range(220)]  # 24,090 pairs
    found = judged(tmp_path, shapes, land)
    assert codes(found[0]) == {"NEIGHBOURS_NOT_COMPARED"} and codes(found[1]) == set()
